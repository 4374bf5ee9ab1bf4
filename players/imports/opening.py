"""Players and their opening totals, set-based, in short transactions.

A row is a dict:

    external_id, currency, registered_at                       must be there
    first_name, last_name, birth_date (ISO text), country, language      may be
    first_deposit_at                                           when it is known; no amount is invented for it
    openings                                                   a list of `Opening`

Openings become rounds that stand for `bets` bets, dated when the player last played; so every sum is
right, and windows see the whole of it on that day (`Player.known_since` says from when on they are exact).
Importing the same player again changes nothing: the fact `player.opening` is recorded once.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from players import partitions, rebuild, registration
from players.facts import NewFact, record
from players.folding.claim import born
from players.models import Brand, Category, Player
from players.registration import Known, NewPlayer

CHUNK = 500

ROUNDS = """
    INSERT INTO players_round (player_id, round_id, category, occurred_at, recorded_at, stake_real, stake_bonus,
        win_real, win_bonus, bets)
    SELECT p, 'opening:' || r, c, o, %s, s, 0, w, 0, n
    FROM jsonb_to_recordset(%s::jsonb) AS row(p bigint, r text, c smallint, o timestamptz, s bigint, w bigint, n int)
    ORDER BY p
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a player had staked and won in one category by the time of the import; minor units."""

    category: Category
    stakes: int
    wins: int
    bets: int
    first_at: datetime
    last_at: datetime
    active_days: int
    label: str = ""  # tells two openings of one category apart: 'live'

    @property
    def name(self) -> str:
        return f"{self.category.key}:{self.label}" if self.label else self.category.key


@dataclass(slots=True)
class ImportReport:
    received: int = 0
    created: int = 0
    opened: int = 0  # players whose opening totals were new
    bets: int = 0
    stakes: int = 0
    wins: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # (external id, what is wrong)


def import_players(brand: Brand, rows: Iterable[dict[str, Any]], *, now: datetime) -> ImportReport:
    """Imports `rows`; reads them as they come, so a generator over a file of any size will do."""
    report = ImportReport()
    waiting: Iterator[dict[str, Any]] = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        report.received += len(chunk)
        fine: dict[str, dict[str, Any]] = {}
        for row in chunk:
            wrong = _wrong(row)
            if wrong:
                report.refused.append((str(row.get("external_id", ""))[:64], wrong))
            else:
                fine[row["external_id"]] = row
        _import(brand, fine, report, now)
    return report


def _wrong(row: dict[str, Any]) -> str:
    """Empty if the row can be imported."""
    external_id = row.get("external_id")
    if not isinstance(external_id, str) or not 0 < len(external_id) <= 64:
        return "external_id is a text of 1 to 64 characters."
    if not row.get("currency") or not isinstance(row.get("registered_at"), datetime):
        return "currency and registered_at are missing."
    for one in row.get("openings", ()):
        if min(one.stakes, one.wins) < 0 or one.bets < 1:
            return f"{one.name}: stakes and wins are not negative, and there was at least one bet."
        if one.first_at > one.last_at:
            return f"{one.name}: the first bet lies after the last."
    return ""


def _import(brand: Brand, rows: dict[str, dict[str, Any]], report: ImportReport, now: datetime) -> None:
    known = registration.known_players(brand.id, rows)
    new = [NewPlayer(key, row["registered_at"], row) for key, row in rows.items() if key not in known]
    created = registration.create(brand, new, now=now)
    report.created += len(created)
    known |= created
    partitions.ensure_for({one.last_at.date() for row in rows.values() for one in row.get("openings", ())})
    with transaction.atomic():
        opened = {fact.player_id for fact in record([_fact(known[key], row) for key, row in rows.items()], now=now)}
        Player.objects.filter(id__in=opened, known_since=None).update(known_since=now)
        fresh = {known[key].id: row for key, row in rows.items() if known[key].id in opened}
        _insert_rounds(fresh, now)
        told = {id_ for id_, row in fresh.items() if row.get("openings") or row.get("first_deposit_at")}
        rebuild.rebuild_players(sorted(told), now=now)
        born(sorted(fresh.keys() - told))  # of these there is nothing to add up
    report.opened += len(opened)
    for one in (one for row in fresh.values() for one in row.get("openings", ())):
        report.bets += one.bets
        report.stakes += one.stakes
        report.wins += one.wins


def _fact(player: Known, row: dict[str, Any]) -> NewFact:
    openings = row.get("openings", ())
    data: dict[str, Any] = {
        "openings": [
            {
                "category": one.category.key, "label": one.label, "stakes": one.stakes, "wins": one.wins,
                "bets": one.bets, "first_at": one.first_at.isoformat(), "last_at": one.last_at.isoformat(),
                "active_days": one.active_days,
            }
            for one in openings
        ]
    }  # fmt: skip
    if row.get("first_deposit_at"):
        data["first_deposit_at"] = row["first_deposit_at"].isoformat()
    at = max((one.last_at for one in openings), default=row["registered_at"])
    return NewFact("player.opening", player.id, at, f"player.opening:{player.id}", data, is_replay=True)


def _insert_rounds(fresh: dict[int, dict[str, Any]], now: datetime) -> None:
    rounds = [
        {
            "p": player_id, "r": one.name, "c": int(one.category), "o": one.last_at.isoformat(),
            "s": one.stakes, "w": one.wins, "n": one.bets,
        }
        for player_id, row in fresh.items()
        for one in row.get("openings", ())
    ]  # fmt: skip
    with connection.cursor() as db:
        db.execute(ROUNDS, [now, json.dumps(rounds)])
