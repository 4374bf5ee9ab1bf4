from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def unbound(to: str) -> models.ForeignKey:
    """A reference the database does not check: these rows live for seconds."""
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to
    )


class Migration(migrations.Migration):

    dependencies = [("players", "0003_watching")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Waiting",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("received_at", models.DateTimeField()),
                        ("feed", unbound("players.feed")),
                        ("player", unbound("players.player")),
                    ],
                ),
                migrations.RemoveField("event", "status"),
            ],
            database_operations=[migrations.RunSQL((SQL / "0004_waiting.sql").read_text(), migrations.RunSQL.noop)],
        ),
    ]
