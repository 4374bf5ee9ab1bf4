"""On the real tables: an allow for one message or one bonus is worth nothing for another, nor in another moment."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from compliance import stops
from config.lib.clock import utcnow
from players.models import Contact, Player
from tests import cast
from tests.hammer.changing import Target
from tests.hammer.people import address, make
from tests.spec.test_4_nothing_gets_around_the_gate import decide

pytestmark = pytest.mark.django_db
OFFER = {"request": {"incentive": {"value": 1, "currency": "GBP"}}}


@pytest.fixture
def targets(db: None) -> list[Target]:
    return make(2)


def put(table: str, player: Player, decision: int, **row: Any) -> None:
    now = utcnow()
    words = dict.fromkeys(("subject", "html", "text", "button", "url", "provider_id", "error"), "")
    common = {"person_id": player.person_id, "player_id": player.pk, "decision_id": decision, "purpose": "promotional"}
    own: dict[str, Any] = {
        "campaigns_attempt": words | {"channel": "email", "number": 1, "address": "", "status": "sending",
                                      "created_at": now, "lease_until": now},
        "bonuses_grant": {"channel": "bonus", "deposit": 0, "currency": "GBP", "status": "active", "amount": 1,
                          "wagering_required": 0, "wagering_done": 0, "reason": "", "criteria": "[]", "granted_at": now,
                          "expires_at": now, "credit": "none", "credit_tries": 0, "credit_detail": ""},
    }[table]  # fmt: skip
    values = common | own | row
    with transaction.atomic(), connection.cursor() as db:
        holes = ", ".join(["%s"] * len(values))
        db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({holes})", list(values.values()))


def send(target: Target, decision: int, **row: Any) -> None:
    player = Player.objects.get(pk=target.player)
    put("campaigns_attempt", player, decision, **({"delivery_id": target.delivery} | row))


def give(target: Target, decision: int, **row: Any) -> None:
    player = Player.objects.get(pk=target.player)
    put("bonuses_grant", player, decision, **({"terms_id": target.terms, "reference": "mine"} | row))


def allow(target: Target, channel: str = "email", **asked: Any) -> int:
    player = Player.objects.get(pk=target.player)
    usual = (
        {"reference": "mine", "inputs": OFFER} if channel == "bonus" else {"reference": f"delivery:{target.delivery}"}
    )
    return decide(player, channel=channel, **(usual | asked))


def update(decision: int, change: str) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute(f"UPDATE bonuses_grant SET {change}", [decision])


def rewritten(mine: Target, by: int) -> None:
    give(mine, allow(mine, "bonus"))
    update(by, "decision_id = %s")


Attempt = Callable[[Target, Target], object]
OTHERS: dict[str, Attempt] = {
    "an allow for another message of the same player": lambda mine, other: send(mine, allow(mine, reference="delivery:0")),
    "an allow for a message without a name": lambda mine, other: send(mine, allow(mine, reference="")),
    "somebody else's message under one's own allow": lambda mine, other: send(
        mine, allow(mine, reference=f"delivery:{other.delivery}"), delivery_id=other.delivery),
    "somebody else's mailbox": lambda mine, other: send(
        mine, allow(mine), address=Contact.objects.get(player_id=other.player).address),
    "a mailbox nobody knows": lambda mine, other: send(mine, allow(mine), address="press@paper.test"),
    "an allow to send, used to give": lambda mine, other: give(mine, allow(mine, reference="mine", inputs=OFFER),
                                                               channel="email"),
    "an allow to give, used to send": lambda mine, other: send(
        mine, allow(mine, "bonus", reference=f"delivery:{mine.delivery}"), channel="bonus"),
    "an allow for another grant": lambda mine, other: give(mine, allow(mine, "bonus", reference="another")),
    "an allow for less": lambda mine, other: give(mine, allow(mine, "bonus"), amount=500_00),
    "an allow in another currency": lambda mine, other: give(mine, allow(mine, "bonus"), currency="EUR"),
    "an allow that says nothing of what is given": lambda mine, other: give(mine, allow(mine, "bonus", inputs={})),
    "a fresh allow for another grant, put under an old one": lambda mine, other: rewritten(
        mine, allow(mine, "bonus", reference="another")),
    "a fresh allow for somebody else, put under an old grant": lambda mine, other: rewritten(mine, allow(other, "bonus")),
    "a fresh allow to send, put under an old grant": lambda mine, other: rewritten(mine, allow(mine)),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_refused(name: str, targets: list[Target]) -> None:
    with pytest.raises(DatabaseError) as refused:
        OTHERS[name](*targets)
    assert getattr(refused.value.__cause__, "sqlstate", None) == "RG002"


def test_the_same_with_what_was_allowed_goes_in_so_that_the_refusals_mean_something(targets: list[Target]) -> None:
    mine, _ = targets
    send(mine, allow(mine), address=Contact.objects.get(player_id=mine.player).address)
    give(mine, allow(mine, "bonus"))
    update(allow(mine, "bonus"), "decision_id = %s")  # the PAM was slow: asked again, about the same


def test_an_allow_is_used_once_whatever_for(targets: list[Target]) -> None:
    mine, _ = targets
    ok = allow(mine)
    send(mine, ok)
    with pytest.raises(DatabaseError) as refused:
        send(mine, ok, number=2)
    assert refused.value.__cause__.sqlstate == "23505"


def test_a_stopped_brand_goes_on_only_when_somebody_signs(anna: Player) -> None:
    olivia = cast.olivia()
    stops.stop(anna.brand, olivia, "something is wrong", now=utcnow())
    for change in ("lifted_at = now()", f"lifted_at = now(), lifted_by_id = {olivia.pk}"):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as db:
            db.execute(f"UPDATE compliance_brandstop SET {change}")
        assert refused.value.__cause__.sqlstate == "RG005"
    assert stops.lift(anna.brand, olivia, "mended", now=utcnow())
    assert not stops.lift(anna.brand, olivia, "mended", now=utcnow())


@pytest.fixture
def old_snapshot() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address("default")) as db:
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield db
        db.rollback()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_before_the_exclusion_cannot_write_as_if_it_had_not_been(
    old_snapshot: psycopg.Connection[Any],
) -> None:
    [mine] = make(1)
    player = Player.objects.get(pk=mine.player)
    ok = allow(mine, "bonus")
    old_snapshot.execute("SELECT FROM compliance_standing")
    cast.exclude(player)

    with pytest.raises(psycopg.Error) as refused:
        old_snapshot.execute(
            "INSERT INTO bonuses_grant (person_id, player_id, decision_id, channel, purpose, terms_id, reference, amount,"
            " deposit, currency, status, wagering_required, wagering_done, reason, criteria, granted_at, expires_at, credit,"
            " credit_tries, credit_detail) VALUES (%s, %s, %s, 'bonus', 'promotional', %s, 'mine', 1, 0, 'GBP', 'active', 0,"
            " 0, '', '[]', now(), now(), 'none', 0, '')",
            [player.person_id, player.pk, ok, mine.terms],
        )
    assert refused.value.sqlstate == "RG008"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ask", ["SELECT compliance_still_allowed(ARRAY[%s]::bigint[])",
                                 "SELECT * FROM compliance_decide(jsonb_build_array(jsonb_build_object('player_id', %s::int)))"])  # fmt: skip
def test_nor_ask_what_may_go_as_if_the_brand_had_not_been_stopped(
    old_snapshot: psycopg.Connection[Any], ask: str
) -> None:
    [mine] = make(1)
    ok = allow(mine)
    old_snapshot.execute("SELECT FROM compliance_brandstop")
    stops.stop(Player.objects.get(pk=mine.player).brand, cast.olivia(), "something is wrong", now=utcnow())

    with pytest.raises(psycopg.Error) as refused:
        old_snapshot.execute(ask, [ok])
    assert refused.value.sqlstate == "RG008"
