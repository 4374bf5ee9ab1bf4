from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "0006_announced.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0005_trust")]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="granted",
            field=models.BooleanField(help_text="Empty: a change was announced and is not told yet.", null=True),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
