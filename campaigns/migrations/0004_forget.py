from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_gate")]

    operations = [migrations.RunSQL((SQL / "0004_forget.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)]
