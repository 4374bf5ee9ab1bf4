"""Refuses to start when the wall has a hole: a gate trigger that is missing, disabled or not ALWAYS; or when this
code is older than the database, so that it cannot know what the gate asks of it by now."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections

GATED = ("campaigns_attempt", "bonuses_grant")
_GATE = ("players", "compliance", "bonuses", "campaigns")  # apps whose schema the gate is made of


@register(Tags.database)
def gate_triggers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for alias in databases or ():
        try:
            errors += [
                Error(f"{table} can be written without the gate: {why}.", id="compliance.E001")
                for table, why in holes(alias)
            ]
            errors += [
                Error(
                    f"The database knows {name}, this code does not.",
                    id="compliance.E002",
                    hint="Start the version that was migrated for. A migration that was squashed: migrate --prune.",
                )
                for name in unknown_migrations(alias)
            ]
        except DatabaseError:
            continue  # not migrated yet, or not reachable: other checks say so
    return errors


@register(Tags.security, deploy=True)
def trail_is_signed_outside(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    from compliance.sealing import anchor

    trouble = anchor.trouble()
    hint = "Without it whoever owns the database can cut the audit trail or seal it anew, and nobody can tell."
    return [Warning(trouble, hint=hint, id="compliance.W001")] if trouble else []


def holes(alias: str) -> list[tuple[str, str]]:
    """(table, what is wrong) for every existing gated table that is not fully guarded. INSERT and UPDATE both count."""
    found: list[tuple[str, str]] = []
    with connections[alias].cursor() as db:
        db.execute(
            "SELECT c.relname, bool_or(t.tgtype & 4 > 0 AND t.tgenabled = 'A'),"
            " bool_or(t.tgtype & 16 > 0 AND t.tgenabled = 'A')"
            " FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid"
            "  AND t.tgfoid = (SELECT oid FROM pg_proc WHERE proname = 'compliance_enforce'"
            "   AND pronamespace = 'public'::regnamespace)"
            " WHERE c.relname = ANY (%s) AND c.relnamespace = 'public'::regnamespace GROUP BY 1",
            [list(GATED)],
        )
        for table, guards_insert, guards_update in db.fetchall():
            if not guards_insert:
                found.append((table, "no active trigger on INSERT"))
            if not guards_update:
                found.append((table, "no active trigger on UPDATE"))
    return found


def unknown_migrations(alias: str) -> list[str]:
    """What the database has been through and this code has never heard of: somebody rolled the code back alone."""
    with connections[alias].cursor() as db:
        db.execute("SELECT app, name FROM django_migrations WHERE app = ANY (%s) ORDER BY id", [list(_GATE)])
        applied = db.fetchall()
    return [f"{app}.{name}" for app, name in applied if find_spec(f"{app}.migrations.{name}") is None]
