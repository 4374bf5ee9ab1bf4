"""F24: a file of exclusions against a running campaign, and against an import that is running besides."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import transaction
from django.test import override_settings

from campaigns import dispatch
from campaigns.advance import advance
from campaigns.models import Delivery
from compliance.models import Consent, Standing
from config.lib.clock import utcnow
from players import batches, inbox
from players.facts import NewFact, record, settle_owed
from players.imports import running
from players.models import Feed, Import, Owed, Player
from tests import cast
from tests.api.conftest import event
from tests.bench.gate import crowd
from tests.faults.another_process import another_process, over_and_over
from tests.faults.importing import COLUMNS, begin
from tests.faults.test_what_comes_in_between import elsewhere
from tests.hammer.acknowledging import Provider, address_of
from tests.hammer.people import address
from tests.journey import build
from tests.journey.conftest import Sink, post
from tests.spec.test_4_the_gate import clear, promo

__all__ = ["post"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.noon()
MESSAGES = 10_000  # of the campaign, at most
POST = 500  # events in one post: the API takes a thousand, a PAM that wants an answer soon sends fewer


def test_f24_a_file_of_exclusions_meets_a_running_campaign_without_a_deadlock_and_without_a_late_message(
    post: Sink,
) -> None:
    brand = cast.northlight()
    players = [cast.make_player(brand, f"f24-{number}", consents=("casino/email",)) for number in range(24)]
    feed, stop, failed = Feed.objects.get(brand=brand), threading.Event(), list[Exception]()
    arrived = list[float]()

    def arrives() -> None:
        arrived.append(time.monotonic())
        time.sleep(0.02)

    post.on_data = arrives
    build.simple(brand, NOW, name="f24", trigger_fact="custom.f24", launch_limit=10**6, reentry_days=0)
    for player in players:
        cast.tell(player, "custom.f24", now=NOW, at=NOW)
    settle_owed(now=NOW)
    advance(now=NOW)

    def send() -> None:
        try:
            while not stop.is_set():
                advance(now=NOW)
                dispatch.dispatch(now=NOW, limit=4)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    senders = [elsewhere(send) for _ in range(2)]
    closed = dict[str, float]()
    while not arrived:
        time.sleep(0.005)
    for start in range(0, len(players), 2):  # so few that answers come in the middle of a hand-over
        some = players[start : start + 2][::-1]
        events = [event("rg.self_excluded", one.external_id, measure_id="m", sequence=1, ends_at=None) for one in some]
        assert inbox.accept(feed, events, now=utcnow()).accepted == len(some)
        closed |= {f"{one.external_id}@example.test": time.monotonic() for one in some}
    stop.set()
    for thread in senders:
        thread.join(30)

    assert failed == []
    assert len(post.mails) == len(arrived)
    late = [mail["X-To"] for mail, at in zip(post.mails, arrived, strict=True) if at > closed[mail["X-To"]]]
    assert late == []
    assert {one.code for one in clear(*map(promo, players))} == {"DENY_SELF_EXCLUDED"}


def until_ready(players: Sequence[Player]) -> None:
    """A message to each waits to be handed over; what else came of their arrival is done."""
    Owed.objects.all().delete()
    build.simple(players[0].brand, NOW, name="f24", trigger_fact="custom.f24", launch_limit=10**6)
    for start in range(0, len(players), 500):
        told = [NewFact("custom.f24", one.pk, NOW, f"f24:{one.pk}", {}) for one in players[start : start + 500]]
        with transaction.atomic():
            record(told, now=NOW)
    while Delivery.objects.filter(status="ready").count() < len(players):
        assert settle_owed(now=NOW, limit=5000) + advance(now=NOW)


def journeys() -> int:
    """What else there is to do where somebody is excluded: journeys, segments, markers."""
    return settle_owed(now=NOW) + batches.settle(now=NOW) + advance(now=NOW)


def deadlocks() -> int:
    """Of this server, as it counts them; told with a second's delay."""
    time.sleep(1.1)
    with psycopg.connect(address("owner"), autocommit=True) as db:
        row = db.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


def consents_of(players: Sequence[Player]) -> str:
    """Two lines a player, the other way round: a yes, and a no, which locks its person."""
    return COLUMNS + "".join(
        f"{one.external_id},casino,push,yes,2025-01-02,v1,sign-up,northlight\n{one.external_id},casino,sms,no,2025-01-02,,,\n"
        for one in reversed(players)
    )


@pytest.mark.slow
@pytest.mark.parametrize("beside", ["a campaign", "a campaign and an import"])
@pytest.mark.parametrize("many", [2_000, 10_000, 50_000])
def test_f24_with_so_many_exclusions_everybody_is_closed_without_a_deadlock_and_without_a_late_message(
    tmp_path: Path, many: int, beside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two processes send, one does the journeys' work, and one brings the file in; the posts come one after the other."""
    players, provider, closed, posts = (
        crowd(many, first_name="Ella"),
        Provider(seconds=0.02),
        dict[str, float](),
        list[float](),
    )
    feed, before = Feed.objects.get(brand=players[0].brand), deadlocks()
    until_ready(players[:: max(1, many // MESSAGES)])
    with ExitStack() as stack:
        port = stack.enter_context(provider.listening())
        stack.enter_context(override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, DATA_DIR=tmp_path))
        if "import" in beside:
            one = begin("consents", players[0].brand, consents_of(players))
        work: list[Callable[[], int]] = [partial(dispatch.dispatch, now=NOW, limit=32)] * 2 + [journeys]
        work += [partial(running.work, clock=utcnow)] if "import" in beside else []
        workers = [stack.enter_context(another_process(over_and_over(each))) for each in work]
        began = time.monotonic()
        for start in range(0, many, POST):
            sent = time.monotonic()
            some = players[max(0, many - start - POST) : many - start][::-1]
            told = [event("rg.self_excluded", p.external_id, measure_id="m", sequence=1, ends_at=None) for p in some]
            assert inbox.accept(feed, told, now=utcnow()).accepted == len(some)
            there = time.monotonic()
            closed |= {address_of(player): there for player in some}
            posts.append(there - sent)
        took = time.monotonic() - began
        at_once = provider.messages
        while "import" in beside and Import.objects.get(pk=one.pk).running:
            time.sleep(0.2)
        time.sleep(1)  # whoever is late has a second to show it
        failures = sum(worker.times_told() for worker in workers)

    late = [address for address, moments in provider.began.items() for at in moments if at > closed[address]]
    assert (late, failures, deadlocks() - before) == ([], 0, 0)
    assert Standing.objects.filter(verdict="excluded").count() == many
    if "import" in beside:
        one.refresh_from_db()
        assert (one.status, one.new, one.refused) == ("done", 2 * many, 0)
        assert Consent.objects.filter(channel__in=["push", "sms"]).count() == 2 * many
    with capsys.disabled():
        print(f"\nF24: {many} exclusions in {took:.1f} s beside {beside}: {many / took:.0f} a second, a post of {POST}"  # noqa: T201
              f" {max(posts):.2f} s at most; {at_once} messages meanwhile, 0 late, 0 deadlocks")  # fmt: skip
