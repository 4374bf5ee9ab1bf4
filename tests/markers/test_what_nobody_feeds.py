"""What no feed delivers is unknown for everybody, and one event of it makes nothing known of the month before."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from compliance.markers.catalogue import BY_ID
from compliance.markers.definitions import Definition, of_brand
from compliance.markers.reading import read
from compliance.models import MarkerSource, MarkerVersion
from compliance.views.markers import MarkerForm
from players import facts
from tests import cast
from tests.folding.casino import DAY, NOW, brand, player

pytestmark = pytest.mark.django_db
RARE = {"M24", "M25", "M26"}


def test_what_no_feed_delivers_is_unknown_until_it_has_been_delivered_for_long_enough() -> None:
    house = brand()
    quiet, caller = (player(house, NOW - 200 * DAY) for _ in range(2))

    def unknown(at=NOW) -> set[str]:  # noqa: ANN001
        return set(read(house, [quiet.pk], now=at).unknown[quiet.pk]) & RARE

    assert unknown() == RARE
    with transaction.atomic():
        facts.record([facts.NewFact("rg.contact", caller.pk, NOW, "c", {"topic": "bonus_request"})], now=NOW)
    assert unknown() == RARE
    assert unknown(NOW + timedelta(days=7)) == RARE - {"M25"}  # it looks back 7 days
    assert unknown(NOW + timedelta(days=30)) == {"M24"}
    MarkerSource.objects.create(brand=house, kind="rg.tool_viewed", first_at=NOW)
    assert unknown(NOW + timedelta(days=30)) == set()


@pytest.mark.parametrize(
    ("currency", "typed", "minor"), [("EUR", "85.5", 85_50), ("JPY", "16000", 16_000), ("KWD", "33.125", 33_125)]
)
def test_an_amount_of_a_marker_has_the_digits_of_its_currency(currency: str, typed: str, minor: int) -> None:
    marker = BY_ID["M17"]
    values = dict(marker.values) | {"amounts": {currency: minor}}
    definition = Definition(marker, 0, True, 1, values)
    assert MarkerForm(definition=definition, currency=currency).fields["amounts"].initial == Decimal(typed)
    form = MarkerForm({"ratio": "3", "amounts": typed, "points": "1", "is_on": "on", "reason": "as counsel said"},
                      definition=definition, currency=currency)  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.values()["amounts"] == {currency: minor}
    assert typed.split(".")[0] in marker.in_words(values)


def test_a_currency_nobody_has_an_amount_for_gets_one_on_the_page(client: Client) -> None:
    house = cast.make_brand("sakura", "Sakura", "MT", "JPY", "Asia/Tokyo")
    client.force_login(cast.olivia())
    page = f"/compliance/markers/{house.pk}/M17/"
    told = {"ratio": "3", "points": "1", "is_on": "on", "reason": "as counsel said"}
    assert client.post(page, told | {"amounts": "1.5"}).status_code == 422
    assert client.post(page, told | {"amounts": "16000"}).status_code == 302
    assert MarkerVersion.objects.get().values["amounts"]["JPY"] == 16_000
    assert "JPY" not in of_brand(house).of["M17"].values["amounts"]  # not signed yet
