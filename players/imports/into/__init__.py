"""Where the lines go. Each module brings up to 500 of them in, set-based, in the transaction of its caller.

`bring(job, rows)` counts what is new, changed, unchanged and refused. With `job.dry` it counts and writes
nothing. Doing the same lines twice changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection

from config.lib.money import exponent
from players import registration
from players.imports.fields import Row
from players.imports.values import Wrong
from players.models import Brand
from players.registration import Known


@dataclass(frozen=True, slots=True)
class Job:
    brand: Brand
    id: int
    dry: bool
    now: datetime
    is_minor: bool = False  # amounts in the file are minor units
    list_name: str = ""


@dataclass(slots=True)
class Outcome:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[Row, str]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused += other.refused


Bring = Callable[[Job, list[Row]], Outcome]
# What a file changes is no event: segments look at these players at their next tick. Locked in id order.
_DUE = """
    UPDATE players_playerstate s SET next_check_at = %(now)s
    FROM (SELECT player_id FROM players_playerstate WHERE player_id = ANY(%(ids)s) ORDER BY player_id
          FOR NO KEY UPDATE) AS mine
    WHERE s.player_id = mine.player_id AND (s.next_check_at IS NULL OR s.next_check_at > %(now)s)
"""
UNKNOWN = "No player of this brand has this id. Import the players first."


def known(job: Job, rows: list[Row], outcome: Outcome) -> list[tuple[Row, Known]]:
    """Each row with its player; rows of players nobody knows are refused."""
    found = registration.known_players(job.brand.pk, {row.values["external_id"] for row in rows})
    outcome.refused += [(row, UNKNOWN) for row in rows if row.values["external_id"] not in found]
    return [(row, found[row.values["external_id"]]) for row in rows if row.values["external_id"] in found]


def look_again(job: Job, player_ids: Iterable[int]) -> None:
    with connection.cursor() as db:
        db.execute(_DUE, {"now": job.now, "ids": sorted(player_ids)})


def minor(amount: Decimal, currency: str, *, is_minor: bool) -> int:
    """The amount of a cell in minor units. Raises Wrong for more digits than the currency has."""
    digits = 0 if is_minor else exponent(currency)
    scaled = amount.scaleb(digits)
    if scaled != scaled.to_integral_value():
        what = "whole minor units" if is_minor else f"at most {digits} digits after the point in {currency}"
        raise Wrong(f"Amounts have {what}.")
    return int(scaled)


def _whom(row: Row) -> str:
    return str(row.values["external_id"])


def runs(rows: list[Row], key: Callable[[Row], str] = _whom) -> Iterable[list[Row]]:
    """The rows in stretches in which no key occurs twice: a later line about somebody meets what an earlier did."""
    stretch: dict[str, Row] = {}
    for row in rows:
        name = key(row)
        if name in stretch:
            yield list(stretch.values())
            stretch = {}
        stretch[name] = row
    if stretch:
        yield list(stretch.values())
