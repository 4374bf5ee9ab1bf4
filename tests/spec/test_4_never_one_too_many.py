"""Three promotional messages in seven days are three, however many senders decide in the same moment."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.db import transaction

from compliance import gate
from compliance.models import Decision
from compliance.models.decision import Purpose
from players.models import Player
from tests import cast
from tests.hammer.people import address
from tests.persons.test_races import at_once
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def ask(*requests: gate.Request) -> list[str]:
    with transaction.atomic():
        return [answer.code for answer in gate.clear_many(requests, now=cast.noon())]


@contextmanager
def without_the_lock() -> Iterator[None]:
    with psycopg.connect(address("owner"), autocommit=True) as owner:
        row = owner.execute("SELECT pg_get_functiondef('compliance_one_by_one'::regproc)").fetchone()
        assert row is not None
        owner.execute(
            "CREATE OR REPLACE FUNCTION compliance_one_by_one(players bigint[]) RETURNS bigint[] LANGUAGE sql"
            " SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT '{}'::bigint[] $$"
        )
        try:
            yield
        finally:
            owner.execute(row[0])


def while_another_decides(
    mine: gate.Request, theirs: gate.Request, patience: float
) -> tuple[list[str], list[str], bool]:
    """Both answers, and whether theirs came while my transaction was still open."""
    done = threading.Event()
    their_codes: list[str] = []

    def other() -> None:
        their_codes.extend(ask(theirs))
        done.set()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            my_codes = [answer.code for answer in gate.clear_many([mine], now=cast.noon())]
            theirs_at_last = threads.submit(at_once, other)
            before = done.wait(patience)
        assert theirs_at_last.result(10) == []
    return my_codes, their_codes, before


def two_sent(player: Player) -> None:
    assert ask(promo(player, reference="c1"), promo(player, reference="c2")) == ["ALLOW", "ALLOW"]


def sent() -> int:
    return Decision.objects.filter(outcome="allow", purpose=Purpose.PROMOTIONAL, channel="email").count()


def test_of_two_senders_at_once_one_has_the_third_message_also_at_another_brand() -> None:
    anna = cast.anna()
    twin = cast.make_player(cast.azura(), person=anna.person)
    two_sent(anna)

    mine, theirs, before = while_another_decides(promo(anna, reference="c3"), promo(twin, reference="c4"), 0.7)

    assert (mine, theirs, before, sent()) == (["ALLOW"], ["DENY_FREQUENCY"], False, 3)
    stored = Decision.objects.get(reference="c4")
    assert (stored.code, stored.reasons) == ("DENY_FREQUENCY", ["DENY_FREQUENCY DB"])
    again = gate.replay(stored)  # what the rules knew was two; the database knew of a third
    assert again.outcome == "allow"


def test_without_the_lock_there_would_be_four() -> None:
    anna = cast.anna()
    two_sent(anna)
    with without_the_lock():
        mine, theirs, _ = while_another_decides(promo(anna, reference="c3"), promo(anna, reference="c4"), 3)
    assert (mine, theirs, sent()) == (["ALLOW"], ["ALLOW"], 4)


def test_of_ten_senders_at_once_three_may() -> None:
    anna = cast.anna()
    start = threading.Barrier(10)
    codes: list[str] = []

    def one(number: int) -> Callable[[], None]:
        def act() -> None:
            start.wait(10)
            codes.extend(ask(promo(anna, reference=f"c{number}")))

        return act

    assert at_once(*(one(number) for number in range(10))) == []

    assert sorted(codes) == ["ALLOW"] * 3 + ["DENY_FREQUENCY"] * 7


def test_the_second_try_of_a_message_is_no_other_message() -> None:
    anna = cast.anna()
    two_sent(anna)
    mine, theirs, _ = while_another_decides(promo(anna, reference="c3"), promo(anna, reference="c3"), 0.7)
    assert (mine, theirs) == (["ALLOW"], ["ALLOW"])


@pytest.mark.parametrize("theirs", [{"purpose": Purpose.TRANSACTIONAL}, {"channel": "onsite"}])
def test_what_is_not_counted_waits_for_nobody(theirs: dict[str, object]) -> None:
    anna = cast.anna()
    _, codes, before = while_another_decides(promo(anna, reference="c1"), promo(anna, reference="c2", **theirs), 5)
    assert before
    assert codes[0].startswith("ALLOW")


def test_two_senders_to_different_people_do_not_wait_for_each_other() -> None:
    anna, other = cast.anna(), cast.make_player(cast.northlight())
    mine, theirs, before = while_another_decides(promo(anna), promo(other), 5)
    assert (mine, theirs, before) == (["ALLOW"], ["ALLOW"], True)
