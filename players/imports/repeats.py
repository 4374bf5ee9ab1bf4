"""What a check remembers of the lines before it. It writes nothing, so no table can tell it that a line came twice.

On disk, not in memory; and each line with its number, so that a check killed half-way counts nothing twice.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from players.imports.fields import Row
from players.imports.into import Outcome, history, payments, runs

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alike:
    """`key`: what makes two lines the same thing; `figures`: what both must say then, or `why` the second is refused."""

    key: Callable[[Values], tuple[Any, ...]]
    figures: Callable[[Values], tuple[Any, ...]] = lambda values: ()
    why: Callable[[Values], str] = lambda values: ""


def _named(*names: str) -> Alike:
    return Alike(lambda values: tuple(values.get(name, "") for name in names))


_ALIKE = {
    "players": _named("external_id"),
    "list": _named("external_id"),
    "attributes": _named("external_id", "key", "value", "told_at"),
    "suppressions": _named("email", "phone"),
    "consents": _named("external_id", "product", "channel", "occurred_at", "granted"),
    "history": Alike(
        lambda values: (values["external_id"], history.name_of(values)),
        lambda values: (values["category"].key, *(values[name] for name in ("stakes", "wins", "bets", "last_at"))),
        history.contradiction,
    ),
    "payments": Alike(
        lambda values: (*(values[name] for name in ("external_id", "payment_id", "direction")), payments.status_of(values)),
        lambda values: (values["amount"],),
        lambda values: payments.CONTRADICTION,
    ),
}  # fmt: skip


def once(path: Path, kind: str, rows: list[Row], bring: Callable[[list[Row]], Outcome]) -> Outcome:
    """`bring` gets the rows whose like has not been taken before in this file; of the others it is judged here."""
    alike = _ALIKE.get(kind)
    if alike is None:
        return bring(rows)
    outcome = Outcome()
    with closing(sqlite3.connect(path)) as met, met:
        met.execute("CREATE TABLE IF NOT EXISTS met (key TEXT PRIMARY KEY, line INT, figures TEXT) WITHOUT ROWID")
        for stretch in runs(rows, lambda row: _text(alike.key(row.values))):
            outcome.add(_stretch(met, alike, stretch, bring))
    return outcome


def _stretch(met: sqlite3.Connection, alike: Alike, rows: list[Row], bring: Callable[[list[Row]], Outcome]) -> Outcome:
    fresh, again = [], Outcome()
    for row in rows:
        key = _text(alike.key(row.values))
        line, figures = met.execute("SELECT line, figures FROM met WHERE key = ?", (key,)).fetchone() or (None, "")
        if line in (None, row.line.number):
            fresh.append(row)
        elif figures == _text(alike.figures(row.values)):
            again.unchanged += 1
        else:
            again.refused.append((row, alike.why(row.values)))
    outcome = bring(fresh)
    refused = {row.line.number for row, _ in outcome.refused}
    met.executemany(
        "INSERT OR REPLACE INTO met VALUES (?, ?, ?)",
        [
            (_text(alike.key(row.values)), row.line.number, _text(alike.figures(row.values)))
            for row in fresh
            if row.line.number not in refused  # what was refused is not there: a later line like it is the first
        ],
    )
    outcome.add(again)
    return outcome


def _text(values: tuple[Any, ...]) -> str:
    return "\x1f".join(f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) for value in values)
