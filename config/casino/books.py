"""The PAM's own books: what each gaming day adds up to as it happened, whatever became of the telling of it.

Every process that speaks for the PAM keeps a file of its own; a day is the sum over all of them.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.casino.houses import BY_SLUG, GAMES

LISTED_DAYS = 6  # payments of this many days are kept by id
PLAY = ("stake_real", "stake_bonus", "win_real", "win_bonus")
_KINDS = {
    "stake_real": "stakes_real",
    "stake_bonus": "stakes_bonus",
    "win_real": "wins_real",
    "win_bonus": "wins_bonus",
}
_AMOUNTS = {"amount", *PLAY}
_CATEGORY = {game.game_id: game.category for game in GAMES}
_DIRECTIONS = {"deposit": "deposits", "withdrawal": "withdrawals"}
Sums = dict[str, list[int]]  # "kind|category" -> count, amount


class Books:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / f"{os.getpid()}-{time.time_ns()}.json"
        self.days: dict[str, Sums] = defaultdict(lambda: defaultdict(lambda: [0, 0]))  # "brand|day"
        self.ids: dict[str, dict[str, list[Any]]] = defaultdict(dict)  # "brand|day" -> "kind|player|id" -> amount, at
        self._rounds: dict[str, tuple[str, dict[str, Any]]] = {}  # newest of each player: id, body
        self._bets: dict[str, dict[str, Any]] = {}
        self._changed = False

    def note(self, brand: str, body: dict[str, Any]) -> None:
        """One event as it is sent, in the order in which it happened. A garbled one moved no money."""
        kind, properties = str(body["event"]), body.get("properties", {})
        if any(type(amount) is not int or amount < 0 for amount in map(properties.get, _AMOUNTS & properties.keys())):
            return
        direction, _, status = kind.partition(".")
        if direction in _DIRECTIONS and status in ("approved", "rejected", "rolled_back", "charged_back"):
            self._payment(brand, body, _DIRECTIONS[direction], status)
        elif kind == "round.settled":
            self._play(brand, body, properties, 1)
            self._rounds[str(body["player"])] = (str(properties["round_id"]), body)
        elif kind == "round.rolled_back":
            round_id, told = self._rounds.get(str(body["player"]), ("", {}))
            if round_id == properties["round_id"]:
                self._play(brand, told, told["properties"], -1)
        elif kind == "bet.placed":
            self._bets[str(properties["bet_id"])] = properties
        elif kind == "bet.settled" and properties.get("outcome") != "void":
            self._play(brand, body, self._bets.pop(str(properties["bet_id"]), {}) | properties, 1, "sports")

    def _payment(self, brand: str, body: dict[str, Any], kind: str, status: str) -> None:
        said = body["properties"]
        at, name = str(body["occurred_at"]), f"{kind}|{body['player']}|{said['payment_id']}"
        if status == "approved":
            day = self._add(brand, at, kind, "", 1, said["amount"])
            self.ids[day][name] = [said["amount"], at]
        elif status == "rejected":
            if kind == "deposits":
                self._add(brand, at, "deposits_declined", "", 1, 0)
        else:  # taken back: it does not count on the day it was approved
            for day, listed in self.ids.items():
                if day.startswith(f"{brand}|") and name in listed:
                    amount, _ = listed.pop(name)
                    self._move(day, kind, "", -1, -amount)
                    return

    def _play(self, brand: str, body: dict[str, Any], said: dict[str, Any], sign: int, category: str = "") -> None:
        at = str(body["occurred_at"])
        category = category or str(said.get("category") or _CATEGORY.get(str(said.get("game_id")), "other"))
        self._add(brand, at, "rounds", category, sign, 0)
        for name in PLAY:
            self._add(brand, at, _KINDS[name], category, 0, sign * int(said.get(name, 0)))

    def _add(self, brand: str, at: str, kind: str, category: str, count: int, amount: int) -> str:
        local = datetime.fromisoformat(at).astimezone(ZoneInfo(BY_SLUG[brand].timezone))
        day = f"{brand}|{local.date()}"
        self._move(day, kind, category, count, amount)
        return day

    def _move(self, day: str, kind: str, category: str, count: int, amount: int) -> None:
        sums = self.days[day][f"{kind}|{category}"]
        sums[0] += count
        sums[1] += amount
        self._changed = True

    def flush(self) -> None:
        """Onto the disk, if anything was noted since."""
        if not self._changed:
            return
        self._changed = False
        keep = f"{datetime.now(ZoneInfo('UTC')).date() - timedelta(days=LISTED_DAYS)}"
        self.folder.mkdir(exist_ok=True)
        recent = {day: rows for day, rows in self.ids.items() if day.partition("|")[2] >= keep}
        partial = self.path.with_suffix(".new")
        partial.write_text(json.dumps({"days": self.days, "ids": recent}))
        partial.replace(self.path)


class Ledger:
    """All books together."""

    def __init__(self, folder: Path) -> None:
        self.days: dict[str, Sums] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self.ids: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        for path in sorted(folder.glob("*.json")):
            told = json.loads(path.read_text())
            for day, sums in told["days"].items():
                for name, (count, amount) in sums.items():
                    self.days[day][name][0] += count
                    self.days[day][name][1] += amount
            for day, rows in told["ids"].items():
                self.ids[day] |= rows

    def totals(self, brand: str, day: date) -> dict[str, Any]:
        """The body of PUT /api/v1/totals/<day>; a day on which nothing happened has deposits of nothing."""
        house, lines = BY_SLUG[brand], []
        told = dict(self.days.get(f"{brand}|{day}", {}))
        for kind in ("deposits", "withdrawals"):
            told.setdefault(f"{kind}|", [0, 0])
        for name, (count, amount) in sorted(told.items()):
            kind, _, category = name.partition("|")
            line: dict[str, Any] = {"kind": kind, "currency": house.currency}
            if category:
                line["category"] = category
            if kind in ("deposits", "withdrawals", "deposits_declined", "rounds"):
                line["count"] = count
            if kind not in ("deposits_declined", "rounds"):
                line["amount"] = amount
            lines.append(line)
        return {"zone": house.timezone, "day_start_hour": 0, "lines": lines}

    def listed(self, brand: str, day: date) -> Iterable[dict[str, Any]]:
        """Each payment of the day, as PUT …/ids takes it."""
        for name, (amount, at) in sorted(self.ids.get(f"{brand}|{day}", {}).items()):
            kind, player, ref = name.split("|", 2)
            yield {"kind": kind, "id": ref, "player": player, "amount": amount, "occurred_at": at}
