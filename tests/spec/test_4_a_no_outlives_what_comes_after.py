"""Ordinary words of the platform, in an order nobody planned for: none of them opens what is shut, and none is lost."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from compliance import erasing, gate, inbound, standings
from compliance.models import Case, Standing
from compliance.persons import joining
from config.lib.clock import utcnow
from players import facts, inbox
from players.models import Brand, Contact, Feed, Person, Player
from tests import cast
from tests.faults.test_what_comes_in_between import elsewhere
from tests.spec.test_4_the_gate import clear, promo

NUMBER = {"national_id": "198505170061", "national_id_country": "SE"}
together = pytest.mark.django_db(transaction=True)
alone = pytest.mark.django_db


def feed_of(player: Player) -> Feed:
    return Feed.objects.get(brand=player.brand)


def event(kind: str, player: str, **properties: Any) -> dict[str, Any]:
    return {"event": kind, "event_id": f"{kind}:{player}:{len(properties)}:{utcnow().isoformat()}"[:100], "player": player,
            "occurred_at": utcnow().isoformat(), "properties": properties}  # fmt: skip


def say(player: Player, kind: str, **properties: Any) -> None:
    receipt = inbox.accept(feed_of(player), [event(kind, player.external_id, **properties)], now=utcnow())
    assert receipt.accepted == 1, receipt.results
    while facts.settle_owed(now=utcnow() + timedelta(seconds=1)):
        pass


def verdict(player: Player) -> str:
    return Standing.objects.get(person__players=player.pk).verdict


@alone
@pytest.mark.parametrize(
    ("kind", "properties"),
    [("player.updated", {"country": "GB"}), ("player.identified", {"postcode": "AB1 2CD"}), ("player.updated", {"email": "b@x.test"})],
)  # fmt: skip
def test_who_was_erased_while_excluded_is_recognised_whatever_the_platform_says_of_them_afterwards(
    kind: str, properties: dict[str, str]
) -> None:
    bo = cast.bo()
    say(bo, "player.identified", **NUMBER)
    erasing.erase(bo, cast.olivia(), "asked", now=utcnow())
    say(bo, kind, **properties)

    again = cast.make_player(cast.northlight(), "bo-again", first_name="Bo", last_name="Baker")
    say(again, "player.identified", **NUMBER)

    assert verdict(again) == "excluded"


@alone
def test_three_accounts_with_two_open_cases_become_one_person_and_no_case_is_lost() -> None:
    three = [cast.make_player(cast.northlight(), f"m{n}", first_name=f"X{n}", last_name=f"Y{n}") for n in range(3)]
    for player in three[1:]:
        Case.objects.create(person_id=player.person_id, player=player, level="strong", rule="GB-06", opened_at=utcnow(),
                            why="", due_at=utcnow())  # fmt: skip
    cast.exclude(three[2])
    for player in (three[1], three[2], three[0]):
        say(player, "player.identified", **NUMBER)

    assert {verdict(player) for player in three} == {"excluded"}
    assert len({player.person_id for player in Player.objects.filter(pk__in=[one.pk for one in three])}) == 1
    assert Case.objects.filter(closed_at=None).count() == 2


@alone
@pytest.mark.parametrize("said", [{"birth_date": "2015-05-17"}, {"email": "new@example.test"}])
def test_what_was_decided_by_another_birth_date_or_for_another_address_is_worthless(
    anna: Player, said: dict[str, str]
) -> None:
    [answer] = clear(promo(anna))
    say(anna, "player.updated", **said)
    with transaction.atomic():
        assert gate.still_allowed([answer.decision_id], now=utcnow()) == set()


@alone
def test_a_name_that_changed_leaves_what_was_decided_as_it_is(anna: Player) -> None:
    [answer] = clear(promo(anna))
    say(anna, "player.updated", first_name="Anne")
    with transaction.atomic():
        assert gate.still_allowed([answer.decision_id], now=utcnow()) == {answer.decision_id}


@alone
def test_stop_is_heard_though_the_provider_numbers_its_messages_anew(anna: Player, northlight: Brand) -> None:
    Contact.objects.create(player=anna, channel="sms", address="+447700900123", normal="+447700900123")
    inbound.take(northlight, "+447700900123", "STOP", "1", now=utcnow() - timedelta(days=3))
    cast.consent(anna, "casino/sms", at=utcnow() - timedelta(days=2))
    assert clear(promo(anna, channel="sms"))[0].allowed

    inbound.take(northlight, "+447700900123", "STOP", "1", now=utcnow())

    assert not clear(promo(anna, channel="sms"))[0].allowed


@alone
def test_a_verified_identity_of_tomorrow_does_not_outlast_a_rejection_of_today(anna: Player) -> None:
    ahead = event("player.kyc", "anna", status="verified") | {
        "occurred_at": (utcnow() + timedelta(hours=20)).isoformat()
    }
    assert inbox.accept(feed_of(anna), [ahead], now=utcnow()).accepted == 1
    say(anna, "player.kyc", status="rejected")
    anna.refresh_from_db()
    assert anna.kyc == "rejected"


def both(one: Callable[[], object], other: Callable[[], object]) -> None:
    """At once, each in a connection of its own; raises what either raised."""
    failed: list[Exception] = []

    def guarded(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001
                failed.append(error)

        return run

    threads = [elsewhere(guarded(work)) for work in (one, other)]
    for thread in threads:
        thread.join(30)
    assert failed == []


@together
def test_an_account_is_closed_while_it_turns_out_to_be_somebodys_without_a_deadlock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = cast.make_player(cast.northlight(), "ja"), cast.make_player(cast.northlight(), "jb")
    locked, real, waits = threading.Event(), joining._people, []

    def slowly(*players: Player) -> dict[int, int]:
        people = real(*players)
        locked.set()
        _until(lambda: _somebody_waits(), waits)
        return people

    monkeypatch.setattr(joining, "_people", slowly)

    def close() -> None:
        assert locked.wait(10)
        say(b, "player.closed")

    both(lambda: joining.join(a, b, now=utcnow()), close)
    b.refresh_from_db()
    assert (b.status, b.person_id, waits) == (Player.Status.CLOSED, a.person_id, [True])


@together
def test_two_batches_about_the_same_people_do_not_lock_each_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    first, middle, last = sorted((Person.objects.create() for _ in range(3)), key=lambda person: person.pk)
    brand = cast.northlight()
    d1, _, _, _ = (
        cast.make_player(brand, name, person=person)
        for name, person in (("d1", first), ("d2a", middle), ("d2b", middle), ("d3", last))
    )
    meet, real, calls = threading.Barrier(2, timeout=1), standings.lock_players, []

    def pausing(ids: Any) -> dict[int, int]:
        found = real(ids)
        calls.append(found)
        if len(calls) <= 2:
            try:
                meet.wait()
            except threading.BrokenBarrierError:
                pass  # the other one waits for our locks, as it should
        return found

    monkeypatch.setattr(standings, "lock_players", pausing)
    no = {"product": "casino", "channel": "email", "granted": False, "wording": "v", "screen": "s"}

    def post(*events: dict[str, Any]) -> None:
        assert inbox.accept(feed_of(d1), list(events), now=utcnow()).accepted == len(events)

    kyc = {"status": "verified"}
    both(
        lambda: post(event("consent.changed", "d1", **no), event("player.kyc", "d2a", **kyc), event("consent.changed", "d3", **no)),
        lambda: post(event("player.kyc", "d2b", **kyc), event("consent.changed", "d3", **no | {"channel": "sms"})),
    )  # fmt: skip


def _somebody_waits() -> bool:
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(db.fetchone()[0])


def _until(true: Callable[[], bool], waits: list[bool]) -> None:
    deadline = utcnow() + timedelta(seconds=5)
    while utcnow() < deadline:
        if true():
            waits.append(True)
            return
        threading.Event().wait(0.01)
