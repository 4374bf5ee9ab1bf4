"""Whoever takes a list states what will be offered and said to the people on it, and the gate hears it of each of them."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from bonuses.models import Template, Terms
from compliance.asking import Ask, Incentive
from compliance.models import AuditEntry, Decision, Operator
from compliance.suppression import suppress
from players.models import Brand, Contact, Player
from segments import exported, exporting
from segments.models import Export
from segments.stating import MISSING, Says
from tests import cast
from tests.segments.test_exports import NOW, REASON, live, rows, taken

pytestmark = pytest.mark.django_db
SPINS = Incentive("free_spins", 50_00, "DKK", days=60, products=frozenset({"casino"}), stake=1_00, on_winnings=False)
DEAR = Incentive("free_spins", 2_000_00, "DKK", days=60, products=frozenset({"casino"}), stake=1_00, on_winnings=False)
CASINO = ("casino/email", "casino/phone")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def dansk(db: None) -> Brand:
    brand = cast.make_brand("dansk", "Dansk Spil", "DK", "DKK", "Europe/Copenhagen")
    for name in ("dagny", "dines"):
        player = cast.make_player(brand, name, consents=CASINO)
        cast.register_answer(player, register="rofus", at=NOW - timedelta(hours=1))
    return brand


def codes() -> set[str]:
    return set(Decision.objects.filter(reference__startswith="export:").values_list("code", flat=True))


def test_an_offer_to_fewer_than_a_hundred_leaves_nobody_on_a_danish_list(dansk: Brand, carla: Operator) -> None:
    segment = live(dansk)
    assert [row["player"] for row in rows(taken(segment, carla))] == ["dagny", "dines"]

    export = taken(segment, carla, says=Says(SPINS))

    assert rows(export) == []
    assert codes() == {"ALLOW", "DENY_INDIVIDUAL_TERMS"}
    assert export.told["audience"] == 2
    assert exported.summary(export) == {"left out altogether": "< 10; what is offered or said is not allowed"}
    export.left_out = {"offer": 20, "consent": 30}
    assert exported.summary(export)["what is offered or said is not allowed"] == "20"


def test_made_to_a_hundred_it_may_go_and_what_it_is_worth_counts(dansk: Brand, carla: Operator) -> None:
    segment = live(dansk)
    for says, expected in ((Says(SPINS), {"ALLOW"}), (Says(DEAR), {"DENY_BONUS_VALUE_CAP"})):
        with transaction.atomic():
            export = exporting.ask(segment, carla, channel="email", purpose="promotional", products=["casino"],
                                   reason=REASON, says=says, now=NOW)  # fmt: skip
        Export.objects.filter(pk=export.pk).update(told=says.told(100))
        while exporting.step(export.pk, now=NOW):
            pass
        asked = Decision.objects.filter(reference__startswith=f"export:{export.pk}:")
        assert set(asked.values_list("code", flat=True)) == expected
        assert {row.inputs["request"]["incentive"]["value"] for row in asked} == {says.incentive.value}  # type: ignore[union-attr]


def test_a_missing_notice_and_words_that_press_are_told(dansk: Brand, carla: Operator) -> None:
    assert rows(taken(live(dansk), carla, says=Says(content=frozenset({MISSING})))) == []
    assert codes() == {"DENY_CONTENT"}


def test_an_ask_for_a_deposit_meets_the_players_limit(anna: Player, carla: Operator) -> None:
    cast.set_limit(anna, 20_00)
    export = taken(live(anna.brand), carla, says=Says(ask=Ask("deposit", 50_00, "GBP")))
    assert rows(export) == []
    [decision] = Decision.objects.filter(reference__startswith="export:")
    assert any("POL-02" in reason for reason in decision.reasons)


def test_a_service_message_carries_no_offer(anna: Player, olivia: Operator) -> None:
    segment = live(anna.brand)
    for says in (Says(SPINS), Says(ask=Ask("deposit", 1, "GBP")), Says(content=frozenset({"urgency"}))):
        with pytest.raises(exporting.CannotExport, match="X-06"):
            taken(segment, olivia, "regulatory_notice", says=says)
    assert rows(taken(segment, olivia, "regulatory_notice", says=Says(content=frozenset({MISSING}))))


def test_a_list_to_call_asks_for_the_consent_to_calls_and_for_numbers(dansk: Brand, carla: Operator) -> None:
    for player in Player.objects.filter(brand=dansk):
        Contact.objects.create(player=player, channel="sms", address=f"+45{player.pk:08}", normal=f"+45{player.pk:08}")
    dines = Contact.objects.get(player__external_id="dines", channel="sms")
    suppress(dines, dansk, "objected", now=NOW)
    segment = live(dansk)

    export = taken(segment, carla, channel="phone")

    assert [(row["player"], row["address"][:4]) for row in rows(export)] == [("dagny", "'+45")]
    assert rows(taken(segment, carla, channel="sms")) == [], "nobody agreed to that"


def test_the_form_wants_it_stated_and_knows_the_brands_own_bonuses(
    client: Client, anna: Player, carla: Operator
) -> None:
    own = Template.objects.create(brand=anna.brand, name="Spring spins", kind="deposit_match", created_at=NOW)
    own.current = Terms.objects.create(template=own, version=1, currency="GBP", percent=100, cap=50_00, min_deposit=10_00,
                                       expiry_days=7, product="casino", created_at=NOW)  # fmt: skip
    own.save()
    segment = live(anna.brand)
    client.force_login(carla)
    address = f"/segments/{segment.pk}/export/"
    asked = {"channel": "email", "purpose": "promotional", "products": ["casino"], "reason": REASON, "notice": "on"}
    assert "Spring spins (deposit match)" in client.get(address).content.decode()
    assert client.post(address, asked).status_code == 422
    assert client.post(address, asked | {"offer": "other", "offer_type": "free_bet"}).status_code == 422
    assert not Export.objects.exists()

    assert client.post(address, asked | {"offer": f"terms:{own.current.pk}"}).status_code == 302
    other = {
        "offer": "other",
        "offer_type": "free_bet",
        "offer_value": "10",
        "offer_wagering": "2.5",
        "offer_days": "7",
    }
    assert client.post(address, asked | other | {"content": ["urgency"]}).status_code == 302

    match, bet = (one.told for one in Export.objects.order_by("pk"))
    assert (match["incentive"]["value"], match["ask"]["amount"], match["audience"]) == (50_00, 10_00, 1)
    assert (bet["incentive"]["type"], bet["incentive"]["value"]) == ("free_bet", 10_00)
    assert (Decimal(bet["incentive"]["wagering"]), bet["content"], "ask" in bet) == (Decimal("2.5"), ["urgency"], False)
    assert "free bet worth up to 10.00" in client.get(address).content.decode()
    said = AuditEntry.objects.filter(kind="segment.export_asked").latest("pk").payload
    assert "press for time" in said
