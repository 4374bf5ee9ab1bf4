from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("compliance", "0017_consent_by_phone"), ("players", "0013_quarantine_sealed")]

    operations = [
        migrations.CreateModel(
            name="SubjectKey",
            fields=[
                (
                    "player",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="players.player",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.AlterField(
            model_name="identity",
            name="sealed",
            field=models.BinaryField(help_text="national id, postcode, address: JSON under the account's own key."),
        ),
        migrations.RunSQL((SQL / "subject_keys.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
