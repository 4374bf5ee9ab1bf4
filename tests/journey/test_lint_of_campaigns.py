"""Before anybody approves it: findings with rule ids, and a policy's finding overruled by an officer and another."""

import pytest
from django.test import Client
from django.urls import reverse

from bonuses.models import Terms
from campaigns import publishing, recipes
from campaigns.lint import findings
from campaigns.models import Variant, Version
from compliance.models import AuditEntry, Override
from config.lib.clock import utcnow
from players.models import Brand, Licence
from tests import cast
from tests.ledger.conftest import make_terms
from tests.pages.conftest import Enter, enter  # noqa: F401

pytestmark = pytest.mark.django_db
LURE = "A guaranteed win"


def draft(brand: Brand, body: str, **changes: object) -> Version:
    fields = {"trigger": "fact", "trigger_fact": "player.login", "products": ["casino"]} | changes
    version = recipes.create(brand, "blank", cast.carla(), name="Lint", now=utcnow(), **fields)
    recipes.message(version, 0, [{"subject": "Hello", "body": f"<p>{body}</p>"}])
    return version


def rules(version: Version) -> dict[str, str]:
    return {one.rule: one.level for one in findings(version, now=utcnow())}


def test_a_plain_message_is_in_order(northlight: Brand) -> None:
    assert "red" not in rules(draft(northlight, "Six new games.")).values()


def test_what_the_law_forbids_cannot_be_sent_for_approval_nor_overruled(northlight: Brand, client: Client) -> None:
    version = draft(northlight, "Win back your losses")
    with pytest.raises(publishing.NotReady) as refused:
        publishing.submit(version, cast.carla(), now=utcnow())
    [one] = [one for one in refused.value.findings if one.rule == "GB-19"]
    client.force_login(cast.carla())
    address = reverse("campaigns:overrule", args=[version.campaign_id, "GB-19", one.fingerprint])
    assert client.get(address).status_code == 404


def test_a_policy_is_overruled_by_an_officer_for_these_words_only(northlight: Brand, client: Client) -> None:
    version = draft(northlight, LURE)
    [one] = [one for one in findings(version, now=utcnow()) if one.rule == "POL-L6"]
    assert one.may_be_overruled
    client.force_login(cast.carla())
    assert "Ask compliance to overrule it" in client.get(f"/campaigns/{version.campaign_id}/launch/").content.decode()
    address = reverse("campaigns:overrule", args=[version.campaign_id, "POL-L6", one.fingerprint])
    assert client.post(address, {"reason": "no"}).status_code == 422
    client.post(address, {"reason": "it is the title of the game"})
    client.post(address, {"reason": "it is the title of the game"})
    row = Override.objects.get()
    assert LURE in row.text
    with pytest.raises(publishing.NotReady):
        publishing.submit(version, cast.carla(), now=utcnow())

    sign = reverse("compliance:override", args=[row.pk])
    assert client.post(sign).status_code == 403  # not an officer
    client.force_login(cast.olivia())
    assert LURE in client.get(sign).content.decode()
    client.post(sign)
    assert rules(version)["POL-L6"] == "amber"
    publishing.submit(version, cast.carla(), now=utcnow())
    kinds = AuditEntry.objects.filter(kind__startswith="override.").values_list("kind", flat=True)
    assert sorted(kinds) == ["override.asked", "override.signed"]

    publishing.send_back(version, cast.olivia(), "another word")
    Variant.objects.filter(step__version=version).update(body=f"<p>{LURE}, hurry</p>")
    assert rules(version)["POL-L6"] == "red"


def test_an_officer_who_asked_does_not_sign(northlight: Brand) -> None:
    from compliance.lint import checking, overriding

    finding = checking.Finding("red", "POL-L6", "promises", fingerprint="f", is_law=False)
    row = overriding.ask(finding, northlight, "campaign:1", cast.olivia(), "a reason", now=utcnow())
    with pytest.raises(overriding.CannotOverrule):
        overriding.sign(row, cast.olivia(), now=utcnow())
    with pytest.raises(overriding.CannotOverrule):
        overriding.sign(row, cast.carla(), now=utcnow())
    overriding.decline(row, cast.olivia(), "not a title", now=utcnow())
    with pytest.raises(overriding.CannotOverrule):
        overriding.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())


def test_terms_no_player_could_be_given_are_not_saved(northlight: Brand, enter: Enter) -> None:  # noqa: F811
    fields = {
        "name": "Too much", "kind": "no_deposit", "product": "casino", "amount": "10", "wagering_multiplier": "11",
        "wagering_base": "bonus", "expiry_days": "30", "share_slots": "100",
    }  # fmt: skip
    client = enter("crm_manager")
    address = reverse("bonuses:template-new") + f"?brand={northlight.pk}"
    refused = client.post(address, fields)
    assert refused.status_code == 422
    assert "GB-12" in refused.content.decode()
    assert not Terms.objects.exists()
    assert client.post(address, fields | {"wagering_multiplier": "10"}).status_code == 302


def test_the_demo_opens_with_something_to_sign(northlight: Brand) -> None:
    from config.casino import asking

    oskar = cast.make_operator("Oskar", cast.Role.COMPLIANCE_OFFICER)
    for _ in range(2):  # started again, it asks for nothing twice
        asking.ask(northlight, cast.carla(), oskar, now=utcnow())
    row = Override.objects.get()
    assert (row.rule, row.text.splitlines()[0]) == ("POL-L6", "New episode: No Such Thing as a Sure Bet")
    assert "<" not in row.text


def test_a_licence_without_a_footer_publishes_nothing(northlight: Brand) -> None:
    version = draft(northlight, "Six new games.")
    Licence.objects.filter(pk=northlight.licence_id).update(jurisdiction="XX")
    assert rules(Version.objects.get(pk=version.pk))["LINT-05"] == "red"


def test_a_message_that_tells_of_a_bonus_says_which(northlight: Brand) -> None:
    version = draft(northlight, "{{ bonus.amount }} is yours.")
    assert rules(version)["LINT-28"] == "red"
    version.steps.update(terms=make_terms(northlight, wagering_multiplier=0))
    assert "LINT-28" not in rules(version)


def test_the_page_says_before_publication_who_could_let_it_pass(northlight: Brand, client: Client) -> None:
    version = draft(northlight, "Win back your losses: a guaranteed win")
    client.force_login(cast.carla())
    page = client.get(f"/campaigns/{version.campaign_id}/launch/").content.decode()
    assert "A rule of the licence: nobody can overrule it" in page
    assert "a compliance officer may overrule it, a second person having asked" in page


def test_what_would_be_left_out_stands_beside_the_terms(bjork: Brand, client: Client) -> None:
    terms = make_terms(bjork, expiry_days=60)
    client.force_login(cast.carla())
    page = client.get(f"/bonuses/{terms.template_id}/").content.decode()
    assert "Players who have played before will not get it" in page
    assert "SE-04" in page
