from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).parent / "sql"


def _person() -> models.Field:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0022_limits_looked_at")]

    operations = [
        migrations.AddField("markerversion", "declined_by", _person()),
        migrations.AddField("markerversion", "declined_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "markerversion",
            models.CheckConstraint(condition=Q(signed_by=None) | Q(declined_by=None), name="marker_signed_or_declined"),
        ),
        migrations.RemoveIndex("retention", "retention_newest"),
        migrations.RenameField("retention", "set_by", "asked_by"),
        migrations.RenameField("retention", "set_at", "asked_at"),
        migrations.AddField("retention", "signed_by", _person()),
        migrations.AddField("retention", "signed_at", models.DateTimeField(null=True)),
        migrations.AddField("retention", "declined_by", _person()),
        migrations.AddField("retention", "declined_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "retention",
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("asked_by")), name="retention_needs_two_people"
            ),
        ),
        migrations.AddConstraint(
            "retention",
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(declined_by=None), name="retention_signed_or_declined"
            ),
        ),
        migrations.AddConstraint(
            "retention",
            models.UniqueConstraint(
                fields=["licence", "data"], condition=Q(signed_at=None, declined_at=None), name="one_retention_asked"
            ),
        ),
        migrations.AddIndex(
            "retention", models.Index(fields=["licence", "data", "-signed_at"], name="retention_newest")
        ),
        migrations.CreateModel(
            "CounselAnswer",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(help_text="DE-11, …: one that is to be confirmed with counsel.", max_length=10)),
                ("reason", models.CharField(help_text="The answer, and where it is written.", max_length=300)),
                ("most", models.BigIntegerField(help_text="DE-11: what a bonus may be worth, EUR cents.", null=True)),
                ("times", models.PositiveSmallIntegerField(
                    help_text="DE-11: how often it may have to be played through.", null=True)),
                ("asked_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                               to=settings.AUTH_USER_MODEL)),
                ("signed_by", _person()),
                ("declined_by", _person()),
                ("licence", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                              to="players.licence")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(signed_by=None) | ~Q(signed_by=F("asked_by")), name="counsel_needs_two_people"
                    ),
                    models.CheckConstraint(
                        condition=Q(signed_by=None) | Q(declined_by=None), name="counsel_signed_or_declined"
                    ),
                    models.UniqueConstraint(
                        fields=["licence", "rule"], condition=Q(signed_at=None, declined_at=None), name="one_answer_asked"
                    ),
                ],
                "indexes": [models.Index(fields=["licence", "rule", "-signed_at"], name="counsel_newest")],
            },
        ),
        migrations.RunSQL((SQL / "two_people.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
