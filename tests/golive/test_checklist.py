"""From the key to the first message sent with a recorded yes, driven by the simulated PAM through the public API."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from campaigns.models import Attempt
from config.casino import cast as people
from config.casino import crowd, keys_file
from config.casino.books import Books
from config.casino.crowd import Casino, Memory
from config.casino.feed import Feed, batches
from config.casino.gamblers import DAY, iso
from config.casino.seed import seed
from config.casino.simulator import Simulator
from config.conformance import Run
from config.golive import going_live
from config.lib.clock import utcnow
from players import baseline, freshness, totals
from players.folding import fold_pending
from players.models import Brand, Player, TotalsDay
from tests import cast
from tests.api.test_conformance import Wire
from tests.journey import build
from tests.journey.conftest import Sink, post, work

__all__ = ["post"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BRAND = "northlight"


class Local(Feed):
    """The same requests, answered in this process and in order."""

    client = Client()

    def _request(self, method: str, path: str, brand: str, body: Any, *, lines: bool = False) -> dict[str, Any]:
        raw = ("\n".join(map(json.dumps, body)) if lines else json.dumps(body)).encode()
        answer = self.client.generic(
            method, path, raw, content_type="application/x-ndjson" if lines else "application/json",
            headers={"Authorization": f"Api-Key {self.keys[brand]}"},
        )  # fmt: skip
        assert answer.status_code < 300, answer.content
        return dict(answer.json())

    def post_all(self, brand: str, bodies: Iterable[dict[str, object]]) -> list["Future[dict[str, Any]]"]:
        done = []
        for batch in batches(bodies):
            done.append(future := Future())
            future.set_result(self.post(brand, batch))
        return done


@pytest.fixture
def simulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    monkeypatch.setattr(people, "CAST", {})
    monkeypatch.setattr(crowd.cast, "CAST", {})
    seed(tmp_path, now=utcnow())
    now = time.time()
    feed = Local("http://pam", json.loads(keys_file(tmp_path).read_text()), books=Books(tmp_path / "books"))
    casino = Casino(7, 24, Memory(tmp_path / "casino.json", opened=now - 6 * DAY), now)
    simulator = Simulator(casino, feed, None, lambda line: None)
    yield simulator
    simulator.stop()
    feed.close()


def fold() -> None:
    while fold_pending(now=utcnow()):
        pass


def compare() -> None:
    """As the worker does, turn by turn: a turn takes only so many days."""
    while totals.compare_due(now=utcnow()):
        pass


def done(brand: Brand) -> set[str]:
    return {step.key for step in going_live(brand, now=utcnow()).steps if step.done_at}


def test_the_checklist_completes_against_the_simulator_within_an_hour(simulator: Simulator, post: Sink) -> None:
    brand = Brand.objects.get(slug=BRAND)
    assert done(brand) == {"key"}

    simulator.catalogue()
    simulator.backfill()
    assert {"first:profile", "first:consents", "first:payments", "first:rounds", "first:restrictions"} <= done(brand)
    fold()
    baseline.apply_pending(now=utcnow())
    compare()
    assert {"baseline", "reconciled"} <= done(brand)
    assert set(TotalsDay.objects.exclude(brand__slug="azura").values_list("status", flat=True)) == {"matched"}

    _conform(simulator, brand)
    assert going_live(brand, now=utcnow()).next.key == "sent"
    _send_one(simulator, brand)

    whole = going_live(brand, now=utcnow())
    assert whole.next is None
    assert whole.is_live
    assert whole.elapsed is not None
    assert timedelta(0) < whole.elapsed < HOUR
    sent = Attempt.objects.filter(player__brand=brand, status=Attempt.Status.ACCEPTED).select_related("decision")
    assert {attempt.decision.outcome for attempt in sent} == {"allow"}


def _conform(simulator: Simulator, brand: Brand) -> None:
    with httpx.Client(transport=Wire(Client()), base_url="http://testserver") as client:
        run = Run(client, simulator.feed.keys[brand.slug], "golive1", lambda line: None)
        assert run.all().failures == []
        run.report()


def _send_one(simulator: Simulator, brand: Brand) -> None:
    """Somebody who may be written to logs in, and a campaign answers; the feed is fresh by then."""
    build.simple(brand, utcnow(), author=cast.carla())
    ada = next(g for g in simulator.casino.gamblers.values() if _may_be_written_to(g))
    player = Player.objects.get(external_id=ada.external_id)
    said = {"player": ada.external_id, "occurred_at": iso(time.time())}
    simulator.feed.number(simulator.casino.memory.numbers)
    simulator.feed.post(
        BRAND,
        [
            {"event": "player.updated", "event_id": "zone", "properties": {"timezone": cast.daylight()}, **said},
            {"event": "player.login", "event_id": "login", "properties": {}, **said},
        ],
    )
    fold()
    begun = utcnow()
    freshness.judge(now=begun)
    brand.feeds.update(heartbeat_at=begun + timedelta(seconds=20))
    freshness.judge(now=begun + timedelta(seconds=31))
    assert not freshness.is_stale(brand.pk)
    assert player.brand_id == brand.pk
    work(utcnow() + timedelta(seconds=1))


def _may_be_written_to(gambler: Any) -> bool:
    return bool(
        gambler.house.slug == BRAND and gambler.email_consent and gambler.kyc == "verified" and gambler.mix != "sports"
        and not gambler.plan and not gambler.is_test and gambler.registered_at < time.time() - DAY
    )  # fmt: skip


def test_what_the_simulated_pam_never_told_is_what_reconciliation_lists(simulator: Simulator) -> None:
    simulator.catalogue()
    simulator.backfill()
    fold()
    compare()
    forgotten = {
        name.rpartition("|")[2]
        for day in TotalsDay.objects.filter(brand__slug="azura", status="differs")
        for name in _listed_only_there(simulator, day)
    }

    found = {
        row.ref
        for day in TotalsDay.objects.filter(brand__slug="azura")
        for row in day.differences.filter(where="there", kind="deposits")
    }

    assert found == forgotten
    assert set(TotalsDay.objects.exclude(brand__slug="azura").values_list("status", flat=True)) == {"matched"}


def _listed_only_there(simulator: Simulator, day: TotalsDay) -> set[str]:
    from players.models import Payment

    assert simulator.feed.books
    rows = simulator.feed.books.ids.get(f"azura|{day.day}", {})
    deposits = {name for name in rows if name.startswith("deposits|")}
    told = set(Payment.objects.filter(status="approved").values_list("payment_id", flat=True))
    return {name for name in deposits if name.rpartition("|")[2] not in told}
