from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("compliance", "0002_initial"), ("players", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("standing", "guards", "limits", "signatures", "dossiers", "decide")
    ]
