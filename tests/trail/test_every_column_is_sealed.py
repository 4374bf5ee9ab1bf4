"""What is not part of a row's line could be changed and nobody would ever know: every column is in it, or says why not."""

import json
from typing import Any

import pytest
from django.db import connection

from compliance.sealing.bundle import FIELDS, UNSEALED
from compliance.sealing.chain import TABLES

# Of every type of column values that a person who changes a row might choose between.
VALUES: dict[str, tuple[Any, ...]] = {
    "bigint": (1, 2),
    "integer": (1, 2),
    "boolean": (True, False),
    "text": ("a", "a "),
    "character varying": ("a", "A"),
    "jsonb": ({"a": 1}, {"a": 2}),
    "ARRAY": (["a"], ["a", "b"]),
    "timestamp with time zone": (
        "2026-11-23T09:00:00.000000Z", "2026-11-23T09:00:00.000001Z", "2026-11-23 09:00:00+00 BC", "infinity",
        "-infinity", None,
    ),
}  # fmt: skip
# A line says what a column is called where that is not its own name.
CALLED = {"actor_id": "operator", "decided_at": "at", "recorded_at": "at"}


def columns(table: str) -> dict[str, str]:
    with connection.cursor() as db:
        db.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        return dict(db.fetchall())


def line(table: str, row: dict[str, Any]) -> list[Any]:
    with connection.cursor() as db:
        db.execute(f"SELECT compliance_line(jsonb_populate_record(NULL::{table}, %s::jsonb))", [json.dumps(row)])  # noqa: S608
        found: list[Any] = json.loads(db.fetchone()[0])
        return found


@pytest.mark.django_db
@pytest.mark.parametrize("trail", [str(trail) for trail in TABLES])
def test_a_change_to_any_column_changes_the_line_that_is_hashed(trail: str) -> None:
    table = next(model for name, model in TABLES.items() if name == trail)._meta.db_table
    types = columns(table)
    row = {name: VALUES[kind][0] for name, kind in types.items()}
    before, open_to_change = line(table, row), []
    for name, kind in types.items():
        told = [line(table, row | {name: value}) for value in VALUES[kind]]
        assert len({json.dumps(one) for one in told}) in (1, len(told)), f"two values of {name} are written alike"
        after = told[1]
        places = [place for place, (was, now) in enumerate(zip(before, after, strict=True)) if was != now]
        if not places:
            open_to_change.append(name)
        else:
            [place] = places
            assert FIELDS[trail][place] == CALLED.get(name, name.removesuffix("_id")), "what the export calls it"

    assert sorted(open_to_change) == sorted(UNSEALED.get(table, {})), "not in the line, and no reason is given"
    assert len(FIELDS[trail]) == len(before)
    assert all(reason for reason in UNSEALED.get(table, {}).values())


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["infinity", "-infinity", "2026-11-23 09:00:00+00 BC", "12026-11-23 09:00:00+00"])
@pytest.mark.parametrize(("table", "column"), [
    ("compliance_consent", "occurred_at"), ("compliance_registercheck", "asked_at"), ("compliance_decision", "retry_at"),
    ("compliance_decision", "decided_at"), ("compliance_auditentry", "at"),
])  # fmt: skip
def test_no_row_is_of_a_time_outside_the_calendar(table: str, column: str, at: str) -> None:
    with connection.cursor() as db:
        db.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
                   " AND conname LIKE '%%in_time'", [table])  # fmt: skip
        [(held,)] = db.fetchall()
        row = {name: VALUES[kind][0] for name, kind in columns(table).items()}
        check = held.removeprefix("CHECK ")
        db.execute(f"SELECT {check} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)", [json.dumps(row)])
        assert db.fetchone() == (True,)
        db.execute(
            f"SELECT {check} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)", [json.dumps(row | {column: at})]
        )
        assert db.fetchone() == (False,)
