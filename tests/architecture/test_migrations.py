"""What the migrations left in the database: complete, guarded, and nothing that needs an extension."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

pytestmark = pytest.mark.django_db

# table -> its gate triggers; each must fire ALWAYS, also for a session that plays replica.
GATED = ("campaigns_attempt", "bonuses_grant")


def test_no_model_change_is_without_its_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.parametrize("table", GATED)
def test_the_gate_guards_inserts_and_changed_keys_always(table: str) -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT pg_get_triggerdef(t.oid), t.tgenabled FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND p.proname = 'compliance_enforce'",
            [table],
        )
        triggers = db.fetchall()

    assert {enabled for _, enabled in triggers} == {"A"}
    assert any("BEFORE INSERT" in definition for definition, _ in triggers)
    assert any("BEFORE UPDATE" in definition and "WHEN" in definition for definition, _ in triggers)


def test_every_function_that_runs_as_its_owner_pins_where_it_looks_names_up() -> None:
    with connection.cursor() as db:
        db.execute("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        functions = dict(db.fetchall())

    assert functions
    assert {
        name for name, settings in functions.items() if "search_path=public, pg_temp" not in (settings or [])
    } == set()


def test_the_schema_needs_no_extension() -> None:
    with connection.cursor() as db:
        db.execute("SELECT extname FROM pg_extension")

        assert db.fetchall() == [("plpgsql",)]


def test_history_cannot_be_rewritten_by_the_application() -> None:
    """Privileges as PostgreSQL holds them, against what the apps declare."""
    wrong = []
    role = connections["default"].settings_dict["USER"]
    with connection.cursor() as db:
        for config in apps.get_app_configs():
            declared = {table: {"UPDATE", "DELETE", "TRUNCATE"} for table in getattr(config, "append_only", ())}
            declared |= {t: {"INSERT", "UPDATE", "DELETE", "TRUNCATE"} for t in getattr(config, "select_only", ())}
            declared |= {table: {"DELETE", "TRUNCATE"} for table in getattr(config, "update_only", {})}
            declared |= {table: {"DELETE", "TRUNCATE"} for table in getattr(config, "kept", ())}
            for table, forbidden in declared.items():
                for right in forbidden:
                    db.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
                    if db.fetchone()[0]:
                        wrong.append(f"{right} on {table}")

    assert wrong == []
