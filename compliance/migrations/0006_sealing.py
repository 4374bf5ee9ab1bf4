from pathlib import Path

from django.db import migrations, models

import compliance.models.sealing

SQL = Path(__file__).parent / "sql"
SEALED = {
    "auditentry": "audit_sealing",
    "decision": "decision_sealing",
    "consent": "consent_sealing",
    "registercheck": "register_check_sealing",
}


class Migration(migrations.Migration):
    dependencies = [("compliance", "0005_asked_from_outside")]

    operations = [
        migrations.RunSQL((SQL / "epoch.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "trail",
                    models.CharField(
                        choices=[
                            ("audit", "What people did"),
                            ("decision", "Decisions"),
                            ("consent", "Consents"),
                            ("register", "Register answers"),
                        ],
                        max_length=10,
                    ),
                ),
                ("after_xid", models.BigIntegerField()),
                ("after_id", models.BigIntegerField()),
                ("last_xid", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("sealed_at", models.DateTimeField()),
                ("before", models.BinaryField(help_text="Hash of the block before it.", max_length=32)),
                ("content", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["trail", "-number"], name="block_of_trail")],
                "constraints": [
                    models.UniqueConstraint(fields=("trail", "last_xid", "last_id"), name="block_ends_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                (
                    "anchored",
                    models.BigIntegerField(
                        help_text="The newest block whose hash was signed outside and is the same here."
                    ),
                ),
                ("problems", models.JSONField(default=list, help_text="[[block, what is wrong]]")),
            ],
            options={"indexes": [models.Index(fields=["-at"], name="trail_check_newest")]},
        ),
        *[migrations.AddField(model, "xid", compliance.models.sealing.SealedField()) for model in SEALED],
        *[
            migrations.AddIndex(model, models.Index(fields=["xid", "id"], name=name))
            for model, name in SEALED.items()
        ],
        migrations.RunSQL((SQL / "sealing.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
