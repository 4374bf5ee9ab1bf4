"""What the application role may do to each table, applied after every migration.

Everything by default; less where an app says so in its AppConfig: `append_only` (INSERT and SELECT),
`select_only` (SELECT), `destroy_only` (SELECT and DELETE: the database makes them), `unchanged` (no UPDATE),
`update_only` (UPDATE of the named columns, no DELETE), `kept` (no DELETE). Privileges, not triggers, keep history: an owner-run flush in tests still works,
the application cannot.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections

ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def apply_grants(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """post_migrate receiver; idempotent. Runs once per migrate, on the owner's connection."""
    role = settings.DATABASES["default"]["USER"]
    if sender.name != _last_app() or using not in connections or connections[using].settings_dict["USER"] == role:
        return
    rules = _rules()
    with connections[using].cursor() as db:
        db.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        db.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
        db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition"
        )
        for (table,) in db.fetchall():
            rights, columns = rules.get(table, (ALL, ()))
            db.execute(f'REVOKE ALL ON "{table}" FROM "{role}"')
            db.execute(f'GRANT {", ".join(sorted(rights))} ON "{table}" TO "{role}"')
            if columns:
                db.execute(f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO "{role}"')


def _last_app() -> str:
    return [config.name for config in apps.get_app_configs() if config.models_module][-1]


def _rules() -> dict[str, tuple[set[str], tuple[str, ...]]]:
    rules: dict[str, tuple[set[str], tuple[str, ...]]] = {"django_migrations": ({"SELECT"}, ())}
    for config in apps.get_app_configs():
        for table in getattr(config, "append_only", ()):
            rules[table] = ({"SELECT", "INSERT"}, ())
        for table in getattr(config, "select_only", ()):
            rules[table] = ({"SELECT"}, ())
        for table in getattr(config, "kept", ()):
            rules[table] = (ALL - {"DELETE"}, ())
        for table in getattr(config, "unchanged", ()):
            rules[table] = (ALL - {"UPDATE"}, ())
        for table in getattr(config, "destroy_only", ()):
            rules[table] = ({"SELECT", "DELETE"}, ())
        for table, columns in getattr(config, "update_only", {}).items():
            rules[table] = ({"SELECT", "INSERT"}, tuple(columns))
    return rules
