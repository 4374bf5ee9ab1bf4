from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("compliance", "0019_retention")]

    operations = [
        migrations.AlterField(
            model_name="retention",
            name="data",
            field=models.CharField(
                choices=[
                    ("identity", "Who the player is"),
                    ("unread", "Events that could not be read"),
                    ("case_notes", "Notes of cases"),
                    ("messages", "Words of messages"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="forgotten_at",
            field=models.DateTimeField(
                null=True, help_text="Its notes were deleted: their time was over. Written by the database."
            ),
        ),
        migrations.RunSQL((SQL / "letting_go.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
