"""The example of every schema ends in the same state as its twin in our own format."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.casino.operator_api import Account, details_of
from config.lib.clock import utcnow
from players import folding
from players.models import Player, Quarantine
from players.pam.fasttrack import SCHEMAS
from tests import cast
from tests.fasttrack.conftest import example, fetch
from tests.fasttrack.twins import all_of, standing_of

pytestmark = pytest.mark.django_db

NOW = utcnow().replace(microsecond=0) - timedelta(minutes=5)
LATER = NOW + timedelta(minutes=1)
LEG = {
    "sport": "football", "league": "Premier League", "event": "Arsenal – Everton", "market": "1X2", "odds": "1.85",
    "in_play": False,
}  # fmt: skip
BET = {"bet_id": "b-501", "stake_real": 1000, "stake_bonus": 0, "ticket": "single", "legs": [LEG], "odds": "1.85"}
SETTLED = {"type": "Settlement", "activity_id": "b-502", "activity_id_reference": "b-501", "amount": 18.5}


def own(kind: str, at: datetime = NOW, event_id: str = "", /, **properties: Any) -> dict[str, Any]:
    return {"event": kind, "event_id": event_id or f"own-{kind}-{at:%H%M%S}", "occurred_at": at.isoformat(),
            "properties": properties}  # fmt: skip


def ft(schema: str, at: datetime = NOW, /, **more: Any) -> tuple[str, dict[str, Any]]:
    return schema, {"timestamp": at.isoformat()} | more


PAID = {"payment_id": "p-1001", "amount": 5025, "method": "card", "fee": 50}
SPUN = {"round_id": "r-1", "bet_id": "a-1", "stake_real": 150, "stake_bonus": 50, "category": "slots"}
RELOAD = {"bonus_ref": "ub-17", "amount": 2000, "type": "reload", "product": "casino"}

TWINS: dict[str, tuple[list[Any], list[Any]]] = {
    "LOGIN_V2": (
        [ft("LOGIN_V2", user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)")], [own("player.login", device="mobile")],
    ),
    "LOGOUT": ([ft("LOGOUT")], [own("player.logout")]),
    "USER_BALANCES_UPDATE": ([ft("USER_BALANCES_UPDATE")], [own("balance.changed", real=12050, bonus=0)]),
    "USER_TAG": ([ft("USER_TAG")], [own("player.tagged", add=["vip-watch"])]),
    "CUSTOM": ([ft("CUSTOM")], [own("custom.level_up", level=12)]),
    "PAYMENT": (
        [ft("PAYMENT", status="Requested"), ft("PAYMENT", LATER)],
        [own("deposit.requested", **PAID), own("deposit.approved", LATER, **PAID)],
    ),
    "PAYMENT rolled back": (
        [ft("PAYMENT"), ft("PAYMENT", LATER, status="Rollback")],
        [own("deposit.approved", **PAID), own("deposit.rolled_back", LATER, **PAID)],
    ),
    "PAYMENT declined": (
        [ft("PAYMENT", status="Rejected", note="insufficient funds")],
        [own("deposit.rejected", **PAID, reason="insufficient funds")],
    ),
    "PAYMENT authorised and captured": (
        [ft("PAYMENT", type="Authorization"), ft("PAYMENT", LATER, type="Capture")],
        [own("deposit.requested", **PAID), own("deposit.approved", LATER, **PAID)],
    ),
    "PAYMENT authorised and let go": (
        [ft("PAYMENT", type="Authorization"), ft("PAYMENT", LATER, type="Void")],
        [own("deposit.requested", **PAID), own("deposit.cancelled", LATER, **PAID)],
    ),
    "PAYMENT out": (
        [ft("PAYMENT", type="Debit", status="Requested"), ft("PAYMENT", LATER, type="Debit", status="Cancelled")],
        [own("withdrawal.requested", **PAID), own("withdrawal.cancelled", LATER, **PAID)],
    ),
    "CASINO": (
        [ft("CASINO"), ft("CASINO", LATER, activity_id="a-2", type="Win", amount=3.5, wager_amount=..., bonus_wager_amount=...)],
        [own("round.bet", **SPUN),
         own("round.win", LATER, round_id="r-1", win_id="a-2", win_real=350, win_bonus=0, category="slots")],
    ),
    "CASINO lost": (
        [ft("CASINO"), ft("CASINO", LATER, activity_id="a-2", type="Loss")],
        [own("round.bet", **SPUN),
         own("round.win", LATER, round_id="r-1", win_id="a-2", win_real=0, win_bonus=0, category="slots")],
    ),
    "CASINO rolled back": (
        [ft("CASINO"), ft("CASINO", LATER, status="Rollback")],
        [own("round.bet", **SPUN), own("round.rolled_back", LATER, round_id="r-1", bet_id="a-1")],
    ),
    "CASINO free spin with locked money": (
        [ft("CASINO", amount=1, wager_amount=0.25, bonus_wager_amount=0, locked_wager_amount=0.75, is_free_money=True)],
        [own("round.bet", **(SPUN | {"stake_real": 25, "stake_bonus": 0, "stake_locked": 75, "is_free_spin": True}))],
    ),
    "BONUS": (
        [ft("BONUS", status="Claimed"), ft("BONUS", LATER)],
        [own("bonus.status", status="claimed", **RELOAD), own("bonus.status", LATER, status="active", **RELOAD)],
    ),
    "BONUS lost": (
        [ft("BONUS", status="Lost", type="FreeSpins", product="Sportsbook")],
        [own("bonus.status", status="lost", **(RELOAD | {"type": "free_spins", "product": "betting"}))],
    ),
    "SPORTSBOOK": (
        [ft("SPORTSBOOK"), ft("SPORTSBOOK", LATER, **SETTLED)],
        [own("bet.placed", **BET),
         own("bet.settled", LATER, bet_id="b-501", outcome="won", win_real=1850, win_bonus=0)],
    ),
    "SPORTSBOOK cashed out": (
        [ft("SPORTSBOOK"), ft("SPORTSBOOK", LATER, **SETTLED | {"amount": 7.1, "is_cashout": True})],
        [own("bet.placed", **BET),
         own("bet.settled", LATER, bet_id="b-501", outcome="cashed_out", win_real=710, win_bonus=0)],
    ),
    "SPORTSBOOK void": (
        [ft("SPORTSBOOK"), ft("SPORTSBOOK", LATER, status="Rollback")],
        [own("bet.placed", **BET), own("bet.voided", LATER, bet_id="b-501")],
    ),
}  # fmt: skip


@pytest.fixture
def pair(northlight) -> tuple[Player, Player]:
    """Two players who differ in nothing but their ids."""
    anna, twin = (cast.make_player(northlight, name, now=NOW, first_name="Anna") for name in ("anna", "twin"))
    return anna, twin


def tell(sender, player: str, events: list[dict[str, Any]]) -> None:
    body = json.dumps([event | {"player": player} for event in events])
    response = sender.client.post(
        "/api/v1/events", body, content_type="application/json", headers={"Authorization": f"Api-Key {sender.key}"}
    )
    assert response.json()["accepted"] == len(events), response.json()


def fold() -> None:
    while folding.fold_pending(now=utcnow()):
        pass


@pytest.mark.parametrize("name", TWINS)
def test_a_payload_and_its_twin_end_in_the_same_state(sender, pair, name):
    anna, twin = pair
    payloads, events = TWINS[name]
    before = all_of(anna), all_of(twin)
    for schema, more in payloads:
        receipt = sender.send(schema, example(schema, **more))
        assert receipt["accepted"] == 1, receipt
        assert sender.send(schema, example(schema, **more))["duplicate"] == 1
    tell(sender, "twin", events)
    fold()

    ours, theirs = all_of(anna), all_of(twin)
    for model in ours.keys() | theirs.keys():
        assert _new(ours, before[0], model) == _new(theirs, before[1], model), model
    assert ours != before[0]
    assert standing_of(anna) == standing_of(twin)
    assert not Quarantine.objects.exists()


def _new(after: dict[str, list[str]], before: dict[str, list[str]], model: str) -> list[str]:
    """Rows that were not there before; what the two were made of differs in nothing but dates."""
    known = set(before.get(model, ()))
    return [row for row in after.get(model, ()) if row not in known]


OPTED_IN = {"email": "email", "siteNotification": "onsite"}


def consents(at: datetime, granted: bool, channels: list[str], products: list[str]) -> list[dict[str, Any]]:
    return [
        own("consent.changed", at, f"c-{product}-{channel}-{at:%H%M%S}", product=product, channel=channel,
            granted=granted, wording="v3", screen="operator API")
        for product in products for channel in channels
    ]  # fmt: skip


PROFILE = {
    "email": "anna@example.test", "first_name": "Anna", "last_name": "Archer", "birth_date": "1985-05-17",
    "country": "GB", "language": "en", "phone": "+447700900123", "affiliate": "AFF_1234A_UK", "is_test": False,
}  # fmt: skip
NO = ["sms", "phone", "post", "push"]
ALL = ["casino", "betting", "bingo"]


def anna_told(sender, twin_id: str, *, at: datetime) -> None:
    """What the operator's three answers say, in our own format, of a new player."""
    opened = datetime.fromisoformat("2026-01-05T10:00:00+00:00")
    registered = own("player.registered", opened, "reg", **PROFILE, currency="GBP")
    kyc = own("player.kyc", at, "kyc", status="verified")
    baseline = own("rg.baseline", at, "base", restrictions=[])
    tell(sender, twin_id, [registered, kyc, *consents(at, True, ["email", "onsite"], ["casino"]),
                           *consents(at, False, NO, ALL), baseline])  # fmt: skip


def same(one: str, other: str) -> None:
    first, second = (Player.objects.get(external_id=name) for name in (one, other))
    assert standing_of(first) == standing_of(second)
    ours, theirs = all_of(first), all_of(second)
    for model in ours.keys() | theirs.keys():
        assert ours.get(model) == theirs.get(model), model


def test_user_create_and_its_twin_end_in_the_same_state(sender, operator):
    operator.accounts["nora"] = Account(
        details_of("nora", first_name="Anna", email="anna@example.test"), {"email": True, "siteNotification": True}
    )
    sender.send("USER_CREATE_V2", example("USER_CREATE_V2", user_id="nora", timestamp=NOW.isoformat()))
    fetch()
    anna_told(sender, "nina", at=NOW)

    same("nora", "nina")


def test_user_update_consents_and_block_and_their_twins_end_in_the_same_state(sender, operator):
    account = operator.accounts["nora"] = Account(
        details_of("nora", first_name="Anna", email="anna@example.test"), {"email": True, "siteNotification": True}
    )
    sender.send("USER_CREATE_V2", example("USER_CREATE_V2", user_id="nora", timestamp=NOW.isoformat()))
    fetch()
    account.details |= {"language": "sv", "last_name": "Berg"}
    account.consents = {"email": False, "siteNotification": True}
    account.excluded = True
    for schema in ("USER_UPDATE_V2", "USER_CONSENTS_V2", "USER_BLOCK_V2"):
        sender.send(schema, example(schema, user_id="nora", timestamp=LATER.isoformat()))
    assert fetch() == 3

    anna_told(sender, "nina", at=NOW)
    excluded = own(
        "rg.self_excluded", LATER, measure_id="ft.excluded", sequence=int(LATER.timestamp() * 1e6), ends_at=None
    )
    tell(sender, "nina", [
        own("consent.announced", LATER), own("rg.announced", LATER), excluded,
        own("player.updated", LATER, **(PROFILE | {"language": "sv", "last_name": "Berg"})),
        *consents(LATER, True, ["onsite"], ["casino"]), *consents(LATER, False, ["email", *NO], ALL),
    ])  # fmt: skip

    same("nora", "nina")
    assert standing_of(Player.objects.get(external_id="nora"))["verdict"] == "excluded"


def test_a_game_and_its_twin_are_the_same_row(sender):
    from players.models import Game

    assert sender.one("GAME", example("GAME", timestamp=...))["status"] == "accepted"
    one = Game.objects.values("title", "category", "provider", "rtp").get(external_id="copper-canyon")
    sender.client.put(
        "/api/v1/games",
        json.dumps([{"game_id": "twin", "title": "Copper Canyon", "category": "slots", "provider": "Sixfold Studio",
                     "rtp": "96.2"}]),
        content_type="application/json", headers={"Authorization": f"Api-Key {sender.key}"},
    )  # fmt: skip
    assert one == Game.objects.values("title", "category", "provider", "rtp").get(external_id="twin")


def test_every_schema_has_a_twin_or_says_why_it_is_refused(sender, anna):
    announced = {"USER_CREATE_V2", "USER_UPDATE_V2", "USER_CONSENTS_V2", "USER_BLOCK_V2", "GAME"}
    twinned = {name.split()[0] for name in TWINS} | announced
    for name in SCHEMAS.keys() - twinned:
        result = sender.one(name, example(name))
        assert result["status"] == "quarantined"
        assert result["reason"] == "not_supported"
    assert Quarantine.objects.count() == len(SCHEMAS) - len(twinned)
