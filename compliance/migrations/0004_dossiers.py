from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "0004_dossiers.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_gate"), ("players", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["player"],
                condition=models.Q(channel="bonus", outcome="allow"),
                include=["reference"],
                name="decision_bonuses",
            ),
        ),
        migrations.AddIndex(
            model_name="suppression", index=models.Index(fields=["digest"], name="suppression_digest")
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
