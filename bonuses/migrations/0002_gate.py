from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0002_gate.sql"


class Migration(migrations.Migration):
    dependencies = [("bonuses", "0001_initial"), ("compliance", "0003_gate")]
    operations = [
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"),
            "DROP TRIGGER gate_update ON bonuses_grant; DROP TRIGGER gate ON bonuses_grant;"
            "DROP TRIGGER gate_about ON bonuses_grant; DROP TRIGGER gate_about_update ON bonuses_grant;"
            "DROP FUNCTION bonuses_gate_about();",
        )
    ]
