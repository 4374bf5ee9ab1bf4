"""F19, F21, F22: somebody else's transaction at the worst moment. Real connections, real commits."""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from campaigns import admission, dispatch, tasks, writing
from campaigns.advance import advance
from campaigns.models import Attempt, Delivery
from compliance import gate, troubles
from compliance.models import GateTrouble, Standing
from compliance.persons import joining
from config.celery import hear_failure
from config.lib.clock import utcnow
from players.facts import settle_owed
from players.models import Brand, Player
from tests import cast
from tests.hammer.people import address
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.spec.test_4_the_gate import clear, promo

__all__ = ["post"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.noon()


def elsewhere(act: Callable[[], object]) -> threading.Thread:
    """In a thread with a connection of its own; whoever needs it done joins it."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# A step of a message's way -> what is called there. The exclusion commits just before it.
BARRIERS = {
    "segment calculation": (admission, "_admit"), "queue": (dispatch, "_claim"), "render": (writing, "prepare"),
    "batch": (gate, "_decide"), "hand-off": (gate, "still_allowed"),
}  # fmt: skip


def test_f19_an_exclusion_at_any_step_of_a_messages_way_stops_it_there_and_nothing_is_handed_over_after_it(
    post: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    players = {}
    for wait_minutes, kind in ((0, "custom.f19"), (60, "custom.f19_waits")):
        build.simple(cast.northlight(), NOW, name=kind, trigger_fact=kind, wait_minutes=wait_minutes)
    for name in (*BARRIERS, "retry", "journey wait"):
        player = players[name] = cast.make_player(cast.northlight(), name.replace(" ", "-"))
        cast.tell(player, "custom.f19_waits" if name == "journey wait" else "custom.f19", now=NOW, at=NOW)
        with monkeypatch.context() as patch:
            if name in BARRIERS:
                _stop_before(patch, *BARRIERS[name], functools.partial(cast.exclude, player))
            post.refuse = "451 later" if name == "retry" else ""
            work(NOW, rounds=2)
        if name not in BARRIERS:
            assert Delivery.objects.filter(player=player).exists() == (name == "retry")
            cast.exclude(player)
    post.refuse = ""
    work(NOW + timedelta(hours=2))

    assert post.mails == []
    found = {row.player_id: row.decision.code for row in Delivery.objects.select_related("decision")}
    assert found == {player.pk: "DENY_SELF_EXCLUDED" for player in players.values()}


def _say_something(player: Player, wait_minutes: int) -> None:
    kind = f"custom.{player.external_id.replace('-', '_')}"
    build.simple(player.brand, NOW, name=kind, trigger_fact=kind, wait_minutes=wait_minutes)
    cast.tell(player, kind, now=NOW, at=NOW)


def _stop_before(patch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], None]) -> None:
    real, done = getattr(module, name), []

    def after(*args: Any, **options: Any) -> Any:
        if not done:
            done.append(True)
            thread = elsewhere(act)
            thread.join(20)
            assert not thread.is_alive()
        return real(*args, **options)

    patch.setattr(module, name, after)


def test_f19_an_exclusion_during_the_hand_over_waits_for_it_and_nothing_follows(post: Sink) -> None:
    anna, closed, threads = cast.anna(), [], []
    _say_something(anna, 0)

    def exclude() -> None:
        cast.exclude(anna)
        closed.append(time.monotonic())

    def meanwhile() -> None:
        threads.append(elsewhere(exclude))
        time.sleep(0.1)  # it has every chance to come first
        assert closed == []

    post.on_data = meanwhile
    work(NOW, rounds=2)
    threads[0].join(20)

    assert len(post.mails) == len(closed) == 1
    assert clear(promo(anna))[0].code == "DENY_SELF_EXCLUDED"
    post.on_data = None
    work(NOW + timedelta(hours=2))
    assert len(post.mails) == 1


@contextmanager
def held(statement: str, *parameters: object) -> Iterator[None]:
    """Somebody's transaction that hangs."""
    with psycopg.connect(address("owner")) as owner:
        owner.execute(statement, parameters)
        yield
        owner.rollback()


@contextmanager
def impatient() -> Iterator[None]:
    """The gate waits 3 s for a lock; here a tenth of that."""
    connection = connections["default"]
    with connection.cursor() as db:
        db.execute("SET lock_timeout = '300ms'")
    try:
        yield
    finally:
        with connection.cursor() as db:
            db.execute("RESET lock_timeout")


def test_f21_whose_standing_is_missing_or_held_by_somebody_else_is_refused_and_the_others_go_on(post: Sink) -> None:
    anna, ella = cast.anna(), cast.make_player(cast.northlight(), "ella")
    with held("SELECT FROM compliance_standing WHERE person_id = %s FOR UPDATE", anna.person_id), impatient():
        assert [one.code for one in clear(promo(anna), promo(ella))] == ["DENY_STATE_UNAVAILABLE", "ALLOW"]

    allowed = [one.decision_id for one in clear(promo(anna), promo(ella))]
    with held("SELECT compliance_lock_persons(ARRAY[%s]::bigint[])", anna.person_id), impatient(), transaction.atomic():
        assert gate.still_allowed(allowed, now=NOW) == {allowed[1]}

    with psycopg.connect(address("owner"), autocommit=True) as owner:
        owner.execute("DELETE FROM compliance_standing WHERE person_id = %s", [anna.person_id])
    assert [one.code for one in clear(promo(anna), promo(ella))] == ["DENY_STATE_UNAVAILABLE", "ALLOW"]
    assert clear(promo(anna, purpose="regulatory_notice"))[0].code == "DENY_STATE_UNAVAILABLE"
    brands = Brand.objects.all()
    assert troubles.lately(brands, now=utcnow()).refused == 2, "without a state: twice"
    assert troubles.lately(brands, now=utcnow(), held=True).refused == 3, "and once it was held by somebody else"


@contextmanager
def raising(function: str) -> Iterator[None]:
    """Whoever calls it is told that the disk is gone."""
    with psycopg.connect(address("owner"), autocommit=True) as owner:
        found = owner.execute("SELECT pg_get_functiondef(%s::regproc)", [function]).fetchone()
        assert found is not None
        broken = found[0].replace(
            "\nBEGIN\n", "\nBEGIN\n  RAISE EXCEPTION 'the disk is gone' USING ERRCODE = '58030';\n", 1
        )
        assert broken != found[0]
        owner.execute(broken)
        try:
            yield
        finally:
            owner.execute(found[0])


@pytest.mark.parametrize("function", ["compliance_dossiers", "compliance_decide", "compliance_still_allowed",
                                      "compliance_enforce"])  # fmt: skip
def test_f21_a_function_of_the_database_that_raises_lets_nothing_out_and_is_heard(post: Sink, function: str) -> None:
    anna = cast.anna()
    _say_something(anna, 0)
    settle_owed(now=NOW)
    advance(now=NOW)
    with raising(function), pytest.raises(DatabaseError, match="the disk is gone") as raised:
        dispatch.dispatch(now=NOW)
    hear_failure(sender=tasks.dispatch, exception=raised.value)  # as Celery says of a task that failed

    [trouble] = GateTrouble.objects.all()  # once, whoever heard of it
    assert (trouble.state, trouble.times, trouble.words.splitlines()[0][:16]) == ("58030", 1, "the disk is gone")
    failed = troubles.lately(Brand.objects.all(), now=utcnow())
    assert (failed.refused, failed.unanswered) == (0, 1)
    assert post.mails == []
    assert not Attempt.objects.filter(status="accepted").exists()
    if function != "compliance_still_allowed":
        assert not Attempt.objects.exists()
        dispatch.dispatch(now=NOW)  # whatever it was is over
        assert len(post.mails) == 1


def test_f22_two_accounts_that_turn_out_to_be_one_human_take_the_stricter_state_also_for_what_was_allowed(
    post: Sink,
) -> None:
    anna, bo = cast.anna(), cast.bo()
    _say_something(anna, 0)
    real = gate.still_allowed

    def joined_just_before(*args: Any, **options: Any) -> set[int]:
        elsewhere(lambda: joining.join(anna, bo, now=utcnow())).join(20)
        return real(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "still_allowed", joined_just_before)
        work(NOW, rounds=1)
    work(NOW)

    assert post.mails == []
    assert Standing.objects.get(person=Player.objects.get(pk=anna.pk).person_id).verdict == "excluded"
    assert clear(promo(anna))[0].code == "DENY_LINKED_ACCOUNT_EXCLUDED"
