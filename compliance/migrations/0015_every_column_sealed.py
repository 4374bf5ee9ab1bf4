from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("compliance", "0014_erasure")]

    operations = [migrations.RunSQL((SQL / "lines.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)]
