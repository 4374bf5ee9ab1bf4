from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0003_gate.sql"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_immutable"), ("compliance", "0003_gate")]
    operations = [
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"),
            "DROP TRIGGER gate ON campaigns_attempt; DROP TRIGGER gate_key ON campaigns_attempt;"
            "DROP TRIGGER gate_about ON campaigns_attempt; DROP FUNCTION campaigns_gate_about();",
        )
    ]
