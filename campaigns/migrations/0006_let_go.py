from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_what_the_gate_is_told"), ("compliance", "0020_words_go")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(condition=models.Q(("text__gt", "")), fields=["created_at"], name="attempt_words"),
        ),
        migrations.RunSQL((SQL / "0006_let_go.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
