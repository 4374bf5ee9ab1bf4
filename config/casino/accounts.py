"""What the PAM says besides events: who is restricted at the start, and what each day added up to.

On one day of the history a few deposits are never told, as it happens to a feed: the totals know them.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from config.casino import cast
from config.casino.books import LISTED_DAYS, Ledger
from config.casino.feed import Feed
from config.casino.gamblers import DAY, iso
from config.casino.houses import HOUSES
from config.casino.play import Happening
from config.conformance import Run

if TYPE_CHECKING:
    from config.casino.crowd import Casino

TOLD_DAYS = 30
CHUNK = 500
FORGETFUL, FORGOTTEN = "azura", 4  # deposits on the third day before the demo began
_STATES = ("rg.limit_set", "rg.time_out", "rg.self_excluded", "rg.blocked")


class Accounts:
    def __init__(self, feed: Feed, now: float) -> None:
        self.feed = feed
        self._sent: dict[str, str] = {}
        self._forgotten = 0
        self._gap = now - 3 * DAY

    def forgets(self, event: Happening) -> bool:
        """True for what stands in the books and is never told."""
        house = event.gambler.house
        if event.kind != "deposit.approved" or house.slug != FORGETFUL or self._forgotten >= FORGOTTEN:
            return False
        zone = ZoneInfo(house.timezone)
        if datetime.fromtimestamp(event.at, zone).date() != datetime.fromtimestamp(self._gap, zone).date():
            return False
        if event.gambler.external_id in cast.CAST or event.gambler.visits < 2:
            return False
        self._forgotten += 1
        if self.feed.books:
            self.feed.books.note(house.slug, event.body(replay=True))
        return True

    def send(self, now: float) -> None:
        """Totals of the days that are over, as far as they have changed since they were sent."""
        if self.feed.books is None:
            return
        self.feed.books.flush()
        ledger = Ledger(self.feed.books.folder)
        for house in HOUSES:
            for day in _days(house.timezone, now):
                told, listed = ledger.totals(house.slug, day), list(ledger.listed(house.slug, day))
                name, said = f"{house.slug}|{day}", f"{told}{listed}"
                known = f"{house.slug}|{day}" in ledger.days
                if known and self._sent.get(name) != said:
                    recent = day >= datetime.fromtimestamp(now, UTC).date() - timedelta(days=LISTED_DAYS - 1)
                    self.feed.put_totals(house.slug, day, told, listed if recent else ())
                    self._sent[name] = said

    def conform(self, url: str) -> None:
        """Every good and bad example once per brand, as an integrator runs them before going live."""
        with httpx.Client(base_url=url, timeout=120) as client:
            for house in HOUSES:
                run = Run(client, self.feed.keys[house.slug], uuid4().hex[:8], lambda line: None)
                run.all()
                run.report()

    def state_baseline(self, casino: "Casino") -> None:
        """Everybody who registered, with what is in force: what the cast's own events say is left to them."""
        now = casino.now
        for house in HOUSES:
            rows = [
                {"player": one.external_id, "restrictions": list(_in_force(one.plan, now))}
                for one in casino.gamblers.values()
                if one.house is house and one.registered_at <= now and one.external_id not in cast.CAST
            ]
            counts = {"players": len(rows), "restrictions": sum(len(_list(row)) for row in rows), "consents": 0}
            head = {"snapshot": f"opening-{iso(now)[:10]}", "as_of": iso(now), "declared": counts}
            for number, start in enumerate(range(0, len(rows), CHUNK), 1):
                last = start + CHUNK >= len(rows)
                self.feed.post_baseline(
                    house.slug, head | {"chunk": number, "players": rows[start : start + CHUNK], "commit": last}
                )


def _list(row: dict[str, Any]) -> list[Any]:
    found: list[Any] = row["restrictions"]
    return found


def _in_force(plan: list[tuple[float, str, dict[str, object]]], now: float) -> Iterator[dict[str, Any]]:
    for at, kind, said in plan:
        ends = said.get("ends_at")
        over = isinstance(ends, str) and datetime.fromisoformat(ends).timestamp() <= now
        if at <= now and kind in _STATES and not over:
            yield {"event": kind, "occurred_at": iso(at), "properties": said}


def _days(zone: str, now: float) -> Iterator[date]:
    today = datetime.fromtimestamp(now, ZoneInfo(zone)).date()
    yield from (today - timedelta(days=n) for n in range(1, TOLD_DAYS + 1))
