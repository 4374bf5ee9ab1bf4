"""Play before the feed began: totals per category, and signed corrections of them.

A line becomes one round that stands for its bets, dated when the player last played; so every sum is right.
A correction is a line with a reference: added to what is there, up or down, once.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from players import partitions, rebuild
from players.facts import NewFact, record
from players.imports.fields import Row
from players.imports.into import Job, Outcome, known, look_again, minor
from players.imports.opening import ROUNDS
from players.imports.values import Wrong
from players.models import Fact, Player
from players.registration import Known

_SAME = ("category", "stakes", "wins", "bets", "last_at")


@dataclass(slots=True)
class Played:
    row: Row
    player: Known
    name: str
    data: dict[str, Any]

    @property
    def fact(self) -> NewFact:
        key = f"player.history:{self.player.id}:{self.name}"
        return NewFact("player.history", self.player.id, self.row.values["last_at"], key, self.data, is_replay=True)


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    told: dict[str, Played] = {}
    for row, player in known(job, rows, outcome):
        try:
            one = _played(job, row, player)
        except Wrong as wrong:
            outcome.refused.append((row, str(wrong)))
            continue
        _once(told, one, outcome)
    _apart_from_known(told, outcome)
    outcome.new += len(told)
    if not job.dry and told:
        _write(job, list(told.values()))
    return outcome


def _played(job: Job, row: Row, player: Known) -> Played:
    said = row.values
    reference = said.get("reference", "")
    stakes = minor(said["stakes"], player.currency, is_minor=job.is_minor)
    wins = minor(said["wins"], player.currency, is_minor=job.is_minor)
    if not reference and (stakes < 0 or wins < 0 or said["bets"] < 1):
        raise Wrong("Only a correction may be negative or without bets, and a correction has a reference of its own.")
    if said.get("first_at") and said["first_at"] > said["last_at"]:
        raise Wrong("First played lies after last played.")
    data = {
        "category": said["category"].key, "stakes": stakes, "wins": wins, "bets": said["bets"],
        "last_at": said["last_at"].isoformat(), "reference": reference,
    }  # fmt: skip
    return Played(row, player, name_of(said), data)


def name_of(said: dict[str, Any]) -> str:
    """What a line goes by: its own reference, else the category it opens."""
    return str(said.get("reference") or said["category"].key)


def contradiction(said: dict[str, Any]) -> str:
    what = f"The correction “{said['reference']}”" if said.get("reference") else f"Play in {said['category'].key}"
    return f"{what} was imported before with other figures. To change them, add a line with a reference of its own."


def _once(told: dict[str, Played], one: Played, outcome: Outcome) -> None:
    """The same figures under the same name are the same line; other figures under it are not a correction."""
    first = told.setdefault(one.fact.key, one)
    if first is not one:
        _compare(one, first.data, outcome)


def _apart_from_known(told: dict[str, Played], outcome: Outcome) -> None:
    for fact in Fact.objects.filter(key__in=list(told)):
        _compare(told.pop(fact.key), fact.data, outcome)


def _compare(one: Played, there: dict[str, Any], outcome: Outcome) -> None:
    if all(one.data[name] == there.get(name) for name in _SAME):
        outcome.unchanged += 1
        return
    outcome.refused.append((one.row, contradiction(one.row.values)))


def _write(job: Job, played: list[Played]) -> None:
    partitions.ensure_for({one.row.values["last_at"].date() for one in played})
    written = {fact.key for fact in record([one.fact for one in played], now=job.now)}
    fresh = sorted((one for one in played if one.fact.key in written), key=lambda one: one.player.id)
    ids = sorted({one.player.id for one in fresh})
    Player.objects.filter(id__in=ids, known_since=None).update(known_since=job.now)
    rounds = [
        {
            "p": one.player.id, "r": f"history:{one.name}"[:92], "c": int(one.row.values["category"]),
            "o": one.data["last_at"], "s": one.data["stakes"], "w": one.data["wins"], "n": one.data["bets"],
        }
        for one in fresh
    ]  # fmt: skip
    with connection.cursor() as db:
        db.execute(ROUNDS, [job.now, json.dumps(rounds)])
    rebuild.rebuild_players(ids, now=job.now)
    look_again(job, ids)
