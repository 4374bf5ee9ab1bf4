from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "0007_limits_that_end.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0006_announced")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
