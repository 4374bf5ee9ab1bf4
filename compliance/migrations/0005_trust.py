from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "0005_trust.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_dossiers")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
