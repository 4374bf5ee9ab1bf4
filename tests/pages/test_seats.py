"""A seat holds at its brand: what somebody is at one brand shows nothing and moves nothing of another."""

import pytest
from django.test import Client

from compliance import audit, stops
from compliance.models import AuditEntry, Operator, Seat
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, Player
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
REASON = "looked at with the platform's people"


@pytest.fixture
def both(enter: Enter, northlight: Brand, bjork: Brand) -> Client:
    """Writes campaigns at Northlight and is Björk's compliance officer."""
    browser = enter("crm_manager", northlight)
    Seat.objects.create(operator=Operator.objects.get(), role=Role.COMPLIANCE_OFFICER, brand=bjork)
    return browser


def test_protection_is_read_where_one_is_the_officer_and_not_elsewhere(both: Client, bo: Player) -> None:
    swede = cast.make_player(cast.bjork(), "sven")
    cast.tell(swede, "rg.time_out", measure_id="t", sequence=1, ends_at=utcnow().isoformat())
    pages = ("/compliance/players/{}/proof/", "/players/{}/timeline/?group=protection")

    proof, line = (both.get(page.format(swede.pk), headers=HTMX) for page in pages)
    assert proof.status_code == 200
    assert b"Time-out" in line.content or b"time-out" in line.content.lower()

    proof, line = (both.get(page.format(bo.pk), headers=HTMX) for page in pages)
    assert proof.status_code == 404
    assert b"xclu" not in line.content
    for page in ("/compliance/consents/?q=bo", "/compliance/restrictions/", "/compliance/decisions/?q=bo"):
        assert f"/players/{bo.pk}/" not in both.get(page).content.decode(), page


def test_what_an_officer_decides_is_decided_at_his_brand(both: Client, northlight: Brand, bjork: Brand) -> None:
    for brand in (northlight, bjork):
        stops.stop(brand, cast.carla(), REASON, now=utcnow())

    assert both.post(f"/compliance/stop/{northlight.pk}/resume/", {"reason": REASON}).status_code == 404
    assert both.post(f"/compliance/stop/{bjork.pk}/resume/", {"reason": REASON}).status_code == 302
    assert both.get(f"/compliance/rules/{northlight.pk}/POL-08/switch/").status_code == 404
    assert both.get(f"/compliance/rules/{bjork.pk}/POL-08/switch/").status_code == 200


def test_the_audit_trail_shows_what_happened_at_the_brands_whose_officer_one_is(
    both: Client, enter: Enter, northlight: Brand, bjork: Brand
) -> None:
    for brand in (northlight, bjork):
        stops.stop(brand, cast.olivia(), REASON, now=utcnow())
    audit.record(cast.olivia(), "definitions.started", "ngr-definitions", brand=None)

    def subjects(browser: Client, **asked: str) -> set[str]:
        return {row.subject for row, *_ in browser.get("/compliance/audit/", asked).context["rows"]}

    assert subjects(both) == subjects(both, q="") == {f"brand:{bjork.pk}"}
    assert subjects(both, q=f"Brand {northlight.pk}") == subjects(both, kind="key.") == set()
    everywhere = enter("compliance_officer")
    assert subjects(everywhere) == {f"brand:{northlight.pk}", f"brand:{bjork.pk}", "ngr-definitions"}


def test_a_search_over_two_brands_is_told_to_the_officers_of_both(enter: Enter, northlight: Brand) -> None:
    here, there = (cast.make_player(brand, "twin", last_name="Doppel") for brand in (northlight, cast.bjork()))
    enter("support_agent").get("/players/", {"q": "doppel"})

    found = {entry.brand_id: entry.payload for entry in AuditEntry.objects.filter(kind="player.searched")}
    for player, other in ((here, there), (there, here)):
        assert f'"players":[{player.pk}]' in found[player.brand_id]
        assert str(other.pk) not in found[player.brand_id]


def test_a_player_is_nobodys_business_where_one_only_looks_after_the_feed(enter: Enter, anna: Player) -> None:
    browser = enter("api_developer", anna.brand)
    Seat.objects.create(operator=Operator.objects.get(), role=Role.CRM_MANAGER, brand=cast.bjork())

    assert browser.get(f"/players/{anna.pk}/").status_code == 404
    assert f"/players/{anna.pk}/" not in browser.get("/players/").content.decode()
    assert f"/players/{anna.pk}/" not in browser.get("/search/", {"q": "anna"}, follow=True).content.decode()


def test_an_administrator_of_one_brand_gives_and_takes_seats_there_only(
    enter: Enter, northlight: Brand, bjork: Brand
) -> None:
    everywhere, there = cast.olivia(), cast.make_operator("there", Role.ANALYST, bjork)
    browser = enter("admin", northlight)
    new = {"name": "Nia", "email": "nia@example.test", "role": "admin", "password": "Not-so-common-77"}
    for brand in ("", str(bjork.pk)):
        assert browser.post("/settings/operators/new/", new | {"brand": brand}).status_code == 422
    assert browser.post("/settings/operators/new/", new | {"brand": str(northlight.pk)}).status_code == 302
    nia = Operator.objects.get(email="nia@example.test")

    assert browser.get(f"/settings/brands/{bjork.pk}/").status_code == 404
    assert browser.get(f"/settings/stages/{bjork.pk}/").status_code == 404
    closed = [
        browser.post(f"/settings/operators/{one.pk}/close/", {"reason": REASON}).status_code
        for one in (nia, everywhere, there)
    ]
    assert closed == [302, 404, 404]
