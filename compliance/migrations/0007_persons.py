from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0006_sealing"),
        ("players", "0010_own_attributes_by_file"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="measure", name="measure_once"),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(fields=("player", "source", "ref", "form"), name="measure_once"),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="player",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="players.player",
            ),
        ),
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE;"
            " UPDATE compliance_registercheck c SET player_id ="
            " (SELECT min(p.id) FROM players_player p WHERE p.person_id = c.person_id);"
            " SET CONSTRAINTS ALL DEFERRED",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="registercheck",
            name="player",
            field=models.ForeignKey(
                db_index=False, help_text="Whose details were asked with; the answer goes where this account goes.",
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="players.player",
            ),
        ),
        migrations.AlterField(
            model_name="registercheck",
            name="person",
            field=models.ForeignKey(
                help_text="At that moment.", on_delete=django.db.models.deletion.PROTECT,
                related_name="register_checks", to="players.person",
            ),
        ),
        migrations.RemoveIndex(model_name="registercheck", name="register_check_newest"),
        migrations.AddIndex(
            model_name="registercheck",
            index=models.Index(fields=["player", "register", "-asked_at"], name="register_check_newest"),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="by",
            field=models.CharField(
                default="pam", help_text="pam: the operator's platform asked; us: we did.", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="reference",
            field=models.CharField(blank=True, help_text="The register's own number of the question.", max_length=80),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="detail",
            field=models.CharField(blank=True, help_text="Why there was no definite answer.", max_length=200),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="asked_with",
            field=models.CharField(blank=True, help_text="The form of the identifier, not itself.", max_length=40),
        ),
        migrations.AddField(
            model_name="registercheck",
            name="took_ms",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="standing",
            name="kin",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                help_text="Who may be the same human, not decided yet: theirs counts too.", null=True, size=None,
            ),
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "player",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="identity",
                        serialize=False, to="players.player",
                    ),
                ),
                (
                    "sealed",
                    models.BinaryField(
                        help_text="national id, postcode, address: JSON under a key of the environment."
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="By the PAM's clock.")),
            ],
        ),
        migrations.CreateModel(
            name="Keyed",
            fields=[
                (
                    "player",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+",
                        serialize=False, to="players.player",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="IdentityKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("national_id", "National id number"),
                            ("pam_person", "Person number in the PAM"),
                            ("email_birth", "Verified e-mail address and birth date"),
                            ("name_birth_postcode", "Name, birth date and postcode"),
                            ("phone", "Phone number"),
                            ("device", "Device"),
                            ("instrument", "Payment instrument"),
                        ],
                        max_length=20,
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("told_at", models.DateTimeField()),
                (
                    "player",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identity_keys", to="players.player"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "digest"], name="identity_key_shared")],
                "constraints": [
                    models.UniqueConstraint(fields=("player", "kind", "digest"), name="identity_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To be decided"), ("joined", "One person"), ("apart", "Different people")],
                        default="open",
                        max_length=6,
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list,
                        help_text="Kinds of keys they share.", size=None,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "high",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="players.player"
                    ),
                ),
                (
                    "low",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="players.player"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("status", "open")), fields=["low"], name="link_open_low"),
                    models.Index(condition=models.Q(("status", "open")), fields=["high"], name="link_open_high"),
                    models.Index(fields=["status", "-opened_at"], name="link_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("low", "high"), name="link_once"),
                    models.CheckConstraint(condition=models.Q(("low__lt", models.F("high"))), name="link_in_order"),
                ],
            },
        ),
        migrations.RunSQL((SQL / "persons.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
