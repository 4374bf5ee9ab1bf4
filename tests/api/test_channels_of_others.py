"""What leaves through others: call lists, letters, direct messages, affiliates, paid audiences. Each asks for its own yes."""

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from compliance import suppression
from compliance.api import clearances, suppressions
from compliance.asking import Incentive, Request
from compliance.dossier import Opinion
from compliance.ideal import consents, ideal
from compliance.judging import judge
from compliance.jurisdictions import PACKS
from compliance.markers import levels
from compliance.models import Decision, Operator
from compliance.models.decision import Purpose
from players.models import Brand, Contact, Player
from segments import exported
from tests import cast
from tests.api.test_clearances import Sender, _hash
from tests.markers.test_levels import STRONG, see
from tests.segments.test_exports import live, taken
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
OWN = ("phone", "social", "affiliate", "ads")  # a licence without a yes to it knows none of them
NOON = cast.noon()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (clearances, suppressions):
        monkeypatch.setattr(module, "utcnow", cast.noon)


@pytest.fixture
def sender(northlight: Brand) -> Sender:
    return Sender(northlight, "clearances", "suppressions")


def question(channel: str, **changes: Any) -> Request:
    asked: dict[str, Any] = {
        "purpose": Purpose.PROMOTIONAL,
        "products": frozenset({"casino"}),
        "criteria": frozenset({"all"}),
    }
    return Request(player_id=0, channel=channel, reference="t", **(asked | changes))


def codes(licence: str, channel: str, without: str = "", **changes: Any) -> set[str]:
    """Why not, of somebody who said yes to everything but `without`."""
    known = {
        cell: word for cell, word in consents(True, NOON).items() if not without or not cell.endswith(f"/{without}")
    }
    dossier = ideal(licence, "EUR", NOON, consents=known | changes.pop("words", {}))
    asked = question(channel, **changes)
    quiet = {"DENY_QUIET_HOURS", "DENY_RATE_MISSING"}  # Germany advertises casino games at night only
    return {reason.code for reason in judge(dossier, asked, NOON).reasons} - quiet


@pytest.mark.parametrize("licence", sorted(PACKS))
@pytest.mark.parametrize("channel", OWN)
def test_a_yes_to_everything_else_is_none_to_this(licence: str, channel: str) -> None:
    assert not codes(licence, channel)
    assert "DENY_NO_OPT_IN" in codes(licence, channel, without=channel)


@pytest.mark.parametrize("licence", sorted(PACKS))
def test_a_letter_needs_a_yes_where_the_licence_asks_for_one_and_ends_with_an_objection_everywhere(
    licence: str,
) -> None:
    assert not codes(licence, "post")
    assert ("DENY_NO_OPT_IN" in codes(licence, "post", without="post")) == (licence != "GB")
    no = Opinion(False, NOON, "v1", "letter", "")
    assert "DENY_OPTED_OUT" in codes(licence, "post", words={"casino/post": no})


def test_in_ontario_an_offer_is_made_by_the_operator_itself_or_not_at_all() -> None:
    offer = Incentive("free_cash", 10_00, "CAD", None, "bonus", 30, frozenset({"casino"}))
    for channel in ("ads", "affiliate"):
        assert "DENY_CONSENT_ORIGIN" in codes("ON", channel, incentive=offer)
        assert not codes("ON", channel)
    assert "DENY_CONSENT_ORIGIN" not in codes("ON", "email", incentive=offer)


@pytest.mark.parametrize("channel", OWN)
def test_another_sender_is_answered_by_the_yes_to_its_own_channel_and_the_database_reads_it_too(
    sender: Sender, anna: Player, channel: str
) -> None:
    assert sender.results(channel=channel)["anna"]["class"] == "consent"  # she said yes to e-mail
    cast.consent(anna, f"casino/{channel}")
    assert sender.results(channel=channel)["anna"]["outcome"] == "allow"
    assert sender.results(channel=channel, products=["betting"])["anna"]["class"] == "consent"
    cast.consent(anna, f"casino/{channel}", granted=False)
    assert sender.results(channel=channel)["anna"]["class"] == "consent"
    assert set(Decision.objects.values_list("channel", flat=True)) == {channel}


@pytest.mark.parametrize("channel", ["ads", "affiliate"])
def test_who_is_excluded_unsubscribed_or_in_trouble_is_handed_on_to_nobody(
    sender: Sender, anna: Player, bo: Player, dev: Player, channel: str
) -> None:
    for player in (anna, bo, dev):
        cast.consent(player, f"casino/{channel}", at=NOON)
    see(dev, *STRONG, at=NOON - timedelta(days=1))
    levels.put_in_force([dev.person_id], now=NOON, cause="test", known={dev.person_id})
    told = sender.results(channel=channel, players=["anna", "bo", "dev"])
    assert {name: one["class"] for name, one in told.items()} == {"anna": None, "bo": "protected", "dev": "protected"}
    with transaction.atomic():
        suppression.suppress(Contact.objects.get(player=anna, channel="email"), anna.brand, "unsubscribe", now=NOON)
    assert sender.results(channel=channel)["anna"]["class"] == "consent"


def test_an_audience_that_is_matched_anew_each_day_uses_up_no_mail(sender: Sender, anna: Player) -> None:
    cast.consent(anna, "casino/ads")
    assert {sender.results(channel="ads", reference=f"day {n}")["anna"]["outcome"] for n in range(5)} == {"allow"}
    assert sender.results()["anna"]["outcome"] == "allow"
    at_once = [
        promo(anna, channel=channel, reference=f"at once {n}") for n, channel in enumerate([*["ads"] * 4, "email"])
    ]
    assert {one.code for one in clear(*at_once)} == {"ALLOW"}
    cast.consent(anna, "casino/affiliate")
    for number in range(3):
        sender.results(channel="affiliate", reference=f"partner {number}")
    assert sender.results(reference="another")["anna"]["class"] == "caps"  # who writes in our stead writes


def test_the_list_of_hashes_is_told_for_what_the_address_would_be_used_for(sender: Sender, anna: Player) -> None:
    mine = _hash(sender, "anna@example.test")

    def listed(**more: str) -> bool:
        query = {"channel": "email", "product": "casino"} | more
        return mine in sender.client.get("/api/v1/suppressions", query).json()["results"]

    assert [listed(), listed(use="ads"), listed(use="affiliate")] == [False, True, True]
    cast.consent(anna, "casino/ads")
    assert [listed(), listed(use="ads"), listed(use="affiliate")] == [False, False, True]
    wrong = sender.client.get("/api/v1/suppressions", {"channel": "email", "product": "casino", "use": "pigeon"})
    assert wrong.status_code == 400


def test_a_list_for_an_ad_network_holds_hashes_alone_and_is_not_made_of_a_yes_to_mails(
    anna: Player, carla: Operator, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    segment = live(anna.brand)
    assert taken(segment, carla, channel="ads").rows == 0
    cast.consent(anna, "casino/ads")
    export = taken(segment, carla, channel="ads")
    text = b"".join(exported.download(export, cast.olivia(), now=NOON)).decode()
    [row] = csv.DictReader(io.StringIO(text))
    assert row["address"] == hashlib.sha256(b"anna@example.test").hexdigest()
    assert {row[name] for name in ("player", "first_name", "language", "country")} == {""}
    assert "anna" not in text
    assert exported.manifest(export)["channel"] == "ads"
    assert exported.manifest(export)["use_before"]
    assert "-ads-promotional-use-before-" in export.name


def test_channels_nobody_asked_about_are_in_no_matrix(client: Client, anna: Player) -> None:
    client.force_login(cast.olivia())
    page = f"/compliance/consents/?q={anna.external_id}"
    assert "Matched ads" not in client.get(page).content.decode()
    cast.consent(anna, "betting/ads", granted=False)
    assert "Matched ads" in client.get(page).content.decode()
