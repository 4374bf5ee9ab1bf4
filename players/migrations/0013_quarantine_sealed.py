from typing import Any

from django.db import migrations

import config.lib.secrecy


def seal_what_is_there(apps: Any, schema_editor: Any) -> None:
    field = config.lib.secrecy.SealedBytes(use="quarantine")
    with schema_editor.connection.cursor() as db:
        db.execute("SELECT id, raw FROM players_quarantine WHERE raw <> ''")
        for pk, raw in db.fetchall():
            db.execute("UPDATE players_quarantine SET raw = %s WHERE id = %s", [field.sealed(bytes(raw)), pk])


class Migration(migrations.Migration):
    dependencies = [("players", "0012_more_licences")]

    operations = [
        migrations.AlterField(
            model_name="quarantine",
            name="raw",
            field=config.lib.secrecy.SealedBytes(
                help_text="The bytes as received, sealed: a national id may be among them.", use="quarantine"
            ),
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
