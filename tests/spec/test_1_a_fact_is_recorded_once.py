"""Facts: recorded once, told to those who react, and owed to those who react later."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from config.lib import flow
from players.facts import NewFact, record, settle_owed
from players.models import Brand, Fact, Licence, Owed, Person, Player

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Player:
    licence = Licence.objects.create(jurisdiction="GB", licensee="Northlight Ltd", number="000-1")
    brand = Brand.objects.create(slug="facts", name="Facts", licence=licence, currency="GBP", timezone="Europe/London")
    return Player.objects.create(
        brand=brand, person=Person.objects.create(), external_id="anna", currency="GBP", registered_at=NOW
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A flow of our own: who was told what, and a reaction that can be made to fail."""
    heard = SimpleNamespace(at_once=[], later=[], fail_on=set())

    def at_once(facts: list[Fact], now: datetime) -> None:
        heard.at_once.append([fact.key for fact in facts])
        if any(fact.key in heard.fail_on for fact in facts):
            raise RuntimeError("no")

    def later(facts: list[Fact], now: datetime) -> None:
        if any(fact.key in heard.fail_on for fact in facts):
            raise RuntimeError("not now")
        heard.later.append([fact.key for fact in facts])

    table = {"IN_TRANSACTION": {"rg.time_out": ["at_once"]}, "AFTER_COMMIT": {"player.login": ["later"]}}
    monkeypatch.setattr(flow, "reactions", lambda speed, kind: table[speed].get(kind, ()))
    monkeypatch.setattr(flow, "call", lambda path, *args: {"at_once": at_once, "later": later}[path](*args))
    return heard


def login(player: Player, key: str, **more: object) -> NewFact:
    return NewFact("player.login", player.id, NOW, key, **more)


def test_a_fact_recorded_twice_is_there_once_and_only_the_first_is_returned(anna, told):
    first = record([login(anna, "l1"), login(anna, "l2"), login(anna, "l1")], now=NOW)
    again = record([login(anna, "l2"), login(anna, "l3")], now=NOW)

    assert [fact.key for fact in first] == ["l1", "l2"]
    assert [fact.key for fact in again] == ["l3"]
    assert Fact.objects.count() == 3


def test_a_returned_fact_is_the_stored_row(anna, told):
    [fact] = record([NewFact("player.login", anna.id, NOW, "l1", data={"device": "phone"})], now=NOW)

    stored = Fact.objects.get(id=fact.id)
    assert (stored.kind, stored.player_id, stored.occurred_at, stored.data) == (
        "player.login", anna.id, NOW, {"device": "phone"},
    )  # fmt: skip
    assert stored.recorded_at == NOW


def test_a_reaction_in_the_transaction_hears_of_new_facts_only(anna, told):
    record([NewFact("rg.time_out", anna.id, NOW, "m1:1")], now=NOW)
    record([NewFact("rg.time_out", anna.id, NOW, "m1:1"), NewFact("rg.time_out", anna.id, NOW, "m1:2")], now=NOW)

    assert told.at_once == [["m1:1"], ["m1:2"]]


def test_if_the_reaction_cannot_act_the_fact_is_not_swallowed(anna, told):
    told.fail_on = {"m1:1"}
    with pytest.raises(RuntimeError), transaction.atomic():
        record([NewFact("rg.time_out", anna.id, NOW, "m1:1")], now=NOW)

    assert not Fact.objects.exists()  # the PAM gets no 2xx and will come again


@pytest.mark.django_db(transaction=True)
def test_facts_cannot_be_recorded_outside_a_transaction(anna, told):
    with pytest.raises(transaction.TransactionManagementError):
        record([login(anna, "l1")], now=NOW)


def test_what_is_owed_is_done_once_and_then_forgotten(anna, told):
    record([login(anna, "l1"), login(anna, "l2")], now=NOW)
    assert Owed.objects.count() == 2

    assert settle_owed(now=NOW) == 2
    assert settle_owed(now=NOW) == 0
    assert told.later == [["l1", "l2"]]
    assert not Owed.objects.exists()


def test_replayed_history_owes_nothing(anna, told):
    record([login(anna, "l1", is_replay=True)], now=NOW)

    assert Fact.objects.get().is_replay
    assert not Owed.objects.exists()


def test_one_bad_fact_waits_alone_while_the_others_get_done(anna, told):
    told.fail_on = {"l2"}
    record([login(anna, key) for key in ("l1", "l2", "l3")], now=NOW)

    settle_owed(now=NOW)
    later = NOW + timedelta(seconds=5)
    settle_owed(now=later)

    assert sorted(told.later) == [["l1"], ["l3"]]
    [row] = Owed.objects.all()
    assert (row.fact.key, row.tries, row.error) == ("l2", 2, "RuntimeError: not now")
    assert row.due_at > later
    assert settle_owed(now=later) == 0  # not before it is due
    told.fail_on = set()
    assert settle_owed(now=later + timedelta(minutes=1)) == 1


def test_an_endless_failure_is_still_tried_once_an_hour(anna, told):
    told.fail_on = {"l1"}
    record([login(anna, "l1")], now=NOW)
    Owed.objects.update(tries=300)

    settle_owed(now=NOW)

    assert Owed.objects.get().due_at == NOW + timedelta(hours=1)
