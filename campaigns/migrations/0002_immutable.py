from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0002_immutable.sql"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"),
            "DROP FUNCTION campaigns_freeze_content CASCADE; DROP FUNCTION campaigns_freeze_version CASCADE;",
        )
    ]
