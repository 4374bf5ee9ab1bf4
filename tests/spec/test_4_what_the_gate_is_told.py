"""Messages and bonuses tell the gate what laws ask about: the offer, to how many, the stake, the words."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from bonuses.forms import TermsForm
from bonuses.grants import GrantRequest, grant_many
from bonuses.models import Grant, Terms
from bonuses.offering import gate_request
from campaigns import asking, recipes
from campaigns.lint import findings
from campaigns.models import Arm, Delivery, Reach, Step, Version
from compliance import gate
from compliance.models import Decision
from players.models import Brand, Person, Player, Stage
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.ledger.conftest import make_terms
from tests.markers.test_levels import put, see
from tests.spec.test_4_eight_licences import house, player_of

__all__ = ["post"]

pytestmark = pytest.mark.django_db
NOW = cast.noon()
WHOLE = {"slots": 100}  # DK-04: what counts, counts in full
DANISH = {"kind": "no_deposit", "amount": 50_00, "wagering_multiplier": 10, "expiry_days": 60, "on_winnings": "no",
          "contributions": WHOLE}  # fmt: skip
MATCH = {"kind": "deposit_match", "amount": 0, "percent": 100, "cap": 500_00, "expiry_days": 60, "on_winnings": "no",
         "contributions": WHOLE}  # fmt: skip
ROUNDABOUT = {"subject": "Hello {{ player.first_name }}", "body": "<p>New games came in.</p>"}


def crowd(brand: Brand, players: int) -> None:
    """So many more players of the brand."""
    people = Person.objects.bulk_create([Person() for _ in range(players)])
    Player.objects.bulk_create(
        [Player(brand=brand, person=person, external_id=f"crowd{person.pk}", currency=brand.currency, registered_at=NOW,
                country=brand.licence.jurisdiction) for person in people]
    )  # fmt: skip


def offered(brand: Brand, terms: Terms | None = None, *, gives: bool = False, **message: Any) -> Version:
    """A draft that starts with a log-in, gives the bonus if asked to, and writes about it."""
    start = message.pop("start", {"trigger": "fact", "trigger_fact": "player.login", "products": ["casino"]})
    name = message.pop("name", "Offer")
    version = recipes.create(brand, "blank", cast.carla(), name=name, now=NOW, **start)
    if gives:
        Step.objects.create(version=version, position=0, kind=Step.Kind.BONUS, terms=terms, if_refused="leave")
    recipes.message(version, 1, [message.pop("words", ROUNDABOUT)], terms=terms, **message)
    return version


def reds(version: Version) -> set[str]:
    return {one.rule for one in findings(version, now=NOW) if one.level == "red"}


def answer(player: Player, version: Version, *, text: str = "", players: int | None = 5_000) -> gate.Answer:
    step = version.steps.select_related("terms__template").get(kind=Step.Kind.MESSAGE)
    audience = asking.Audience(asking.criteria_of(version), players)
    asked = asking.request(player.pk, step, version, audience=audience, reference="t", text=text)
    return gate.preview([asked], now=NOW)[0]


def in_arms(version: Version, *given: tuple[Terms, ...]) -> None:
    """After everything else, columns beside one another, each giving its terms."""
    branch = Step.objects.create(version=version, position=9, kind=Step.Kind.BRANCH)
    for place, bonuses in enumerate(given):
        arm = Arm.objects.create(step=branch, position=place, title=f"{place}")
        for position, terms in enumerate(bonuses):
            Step.objects.create(version=version, arm=arm, position=position, kind=Step.Kind.BONUS, terms=terms)


def test_all_that_one_way_through_a_danish_journey_gives_is_worth_a_thousand_crowns_at_most() -> None:
    brand = player_of("DK").brand
    crowd(brand, 100)
    large, small = (make_terms(brand, **(DANISH | {"amount": worth})) for worth in (800_00, 200_00))
    within, above = offered(brand, large, gives=True), offered(brand, large, gives=True, name="More")
    in_arms(within, (small,), (small,), ())
    in_arms(above, (small,), (small, small))
    assert (asking.worth_together(within), asking.worth_together(above)) == (1_000_00, 1_200_00)
    assert "DK-03" not in reds(within)
    assert "DK-03" in reds(above)


def test_a_bonus_that_takes_its_promotion_over_the_danish_cap_is_not_given() -> None:
    dane = player_of("DK")
    crowd(dane.brand, 100)
    large = make_terms(dane.brand, **(DANISH | {"amount": 800_00}))
    alone = GrantRequest(dane.pk, large.pk, "a", frozenset({"lifecycle"}), audience=101, together=1_000_01)
    (refused,) = grant_many([alone], now=NOW)
    assert refused.answer is not None
    assert refused.answer.code == "DENY_BONUS_VALUE_CAP"
    (given,) = grant_many([replace(alone, together=1_000_00)], now=NOW)
    assert given.grant is not None


def test_a_reward_on_another_product_is_asked_about_as_such(northlight: Brand) -> None:
    betting = {"trigger": "fact", "trigger_fact": "player.login", "products": ["betting"]}
    spins = make_terms(northlight, kind="no_deposit", wagering_multiplier=1, contributions=WHOLE)
    assert "GB-13" in reds(offered(northlight, spins, start=betting))
    assert "GB-13" not in reds(offered(northlight, spins, name="Alike"))
    mixed = make_terms(northlight, kind="no_deposit", wagering_multiplier=1, contributions=WHOLE | {"bingo": 100})
    assert "GB-13" in reds(offered(northlight, mixed, name="Counted"))


def test_a_designated_customer_gets_no_goodwill_before_the_checks(anna: Player) -> None:
    terms = make_terms(anna.brand, kind="goodwill", contributions=WHOLE)
    asked = GrantRequest(anna.pk, terms.pk, "a", frozenset({"manual"}), audience=1, amount=1_00)
    Player.objects.filter(pk=anna.pk).update(vip_tier=2)
    (refused,) = grant_many([asked], now=NOW)
    assert refused.answer is not None
    assert refused.answer.code == "DENY_VIP_NOT_CLEARED"
    Player.objects.filter(pk=anna.pk).update(vip_tier=0)
    assert grant_many([asked], now=NOW)[0].grant is not None


def test_a_lawful_danish_bonus_is_given_and_told_of(post: Sink) -> None:
    dane = player_of("DK")
    crowd(dane.brand, 100)
    version = build.live(offered(dane.brand, make_terms(dane.brand, **DANISH), gives=True), NOW)
    cast.tell(dane, "player.login", now=NOW, at=NOW)
    work(NOW)

    assert Grant.objects.get().audience == 101
    (mail,) = post.mails
    assert mail["X-To"].endswith("@example.test")
    said = Decision.objects.get(reference__startswith="delivery:")
    told = said.inputs["request"]
    assert (told["audience"], told["incentive"]["type"], told["incentive"]["on_winnings"]) == (101, "no_deposit", False)
    assert Reach.objects.filter(step__version=version, players=101).count() == 2


@pytest.mark.parametrize(
    ("changes", "rule", "code"),
    [
        ({}, "", "ALLOW"),
        ({"on_winnings": ""}, "DK-04w", "DENY_WAGERING_ON_WINNINGS"),
        ({"on_winnings": "yes"}, "DK-04w", "DENY_WAGERING_ON_WINNINGS"),
        ({"on_winnings": "", "wagering_multiplier": 0}, "", "ALLOW"),
        ({"wagering_multiplier": 11}, "DK-04", "DENY_WAGERING_CAP"),
        ({"expiry_days": 59}, "DK-05", "DENY_TERM_WINDOW"),
        ({"amount": 1_000_01}, "DK-03", "DENY_BONUS_VALUE_CAP"),
        (MATCH | {"wagering_multiplier": 20}, "", "ALLOW"),  # 10 times deposit and bonus together
        (MATCH | {"wagering_multiplier": 21}, "DK-04", "DENY_WAGERING_CAP"),
        (MATCH | {"percent": 50}, "DK-05d", "DENY_BONUS_DEPOSIT"),
    ],
)
def test_a_danish_offer_is_refused_by_the_rule_it_breaks(changes: dict[str, Any], rule: str, code: str) -> None:
    dane = player_of("DK")
    crowd(dane.brand, 100)
    version = offered(dane.brand, make_terms(dane.brand, **(DANISH | changes)))
    assert answer(dane, version).code == code
    assert reds(version) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("players", "code"), [(100, "ALLOW"), (99, "DENY_INDIVIDUAL_TERMS"), (None, "DENY_INDIVIDUAL_TERMS")]
)
def test_a_danish_offer_is_made_to_a_hundred_and_somebody_has_counted(players: int | None, code: str) -> None:
    dane = player_of("DK")
    assert answer(dane, offered(dane.brand, make_terms(dane.brand, **DANISH)), players=players).code == code


def test_an_offer_whose_group_has_shrunk_or_was_not_counted_since_is_refused_at_the_moment_of_sending() -> None:
    dane = player_of("DK")
    crowd(dane.brand, 100)
    build.live(offered(dane.brand, make_terms(dane.brand, **DANISH)), NOW)
    for age, players in ((timedelta(0), 99), (timedelta(days=2), 101)):
        Reach.objects.update(players=players, counted_at=NOW - age)
        other = player_of("DK", external_id=f"d{players}")
        cast.tell(other, "player.login", now=NOW, at=NOW)
        work(NOW)
        assert Delivery.objects.get(player=other).code == "DENY_INDIVIDUAL_TERMS"


def test_whom_a_branch_leads_elsewhere_and_the_control_group_are_not_counted() -> None:
    from campaigns import reach

    brand = house("DK")
    crowd(brand, 200)
    version = offered(brand, make_terms(brand, **DANISH))
    step = version.steps.get()
    assert reach.count(step) == 200
    Version.objects.filter(pk=version.pk).update(control_percent=25)
    assert reach.count(Step.objects.get(pk=step.pk)) == 150


def test_a_gift_chosen_by_hand_for_one_dane_is_refused_and_a_briton_gets_it(northlight: Brand, anna: Player) -> None:
    dane = player_of("DK")
    for player, code in ((dane, "DENY_INDIVIDUAL_TERMS"), (anna, "ALLOW")):
        terms = make_terms(player.brand, **(DANISH | {"kind": "goodwill"}))
        asked = GrantRequest(player.pk, terms.pk, f"g{player.pk}", criteria=frozenset({"all"}), audience=1)
        given = grant_many([asked], now=NOW)[0].answer
        assert given is not None
        assert given.code == code


def test_a_newsletter_goes_to_danes_slipping_away_and_an_offer_does_not() -> None:
    dane = player_of("DK")
    crowd(dane.brand, 100)
    away = {"trigger": "stage", "trigger_stage": Stage.LAPSED, "products": ["casino"]}
    assert answer(dane, offered(dane.brand, start=away)).code == "ALLOW"
    Version.objects.all().delete()
    dane.brand.campaigns.all().delete()
    offer = offered(dane.brand, make_terms(dane.brand, **DANISH), start=away)
    assert answer(dane, offer).code == "DENY_INACTIVITY_TARGETING"
    assert "DK-07" in reds(offer)


@pytest.mark.parametrize(("born", "spin", "code"), [
    (date(1985, 5, 17), 5_00, "ALLOW"), (date(1985, 5, 17), 5_01, "DENY_STAKE_CAP"),
    (NOW.date().replace(year=NOW.year - 20), 2_00, "ALLOW"),
    (NOW.date().replace(year=NOW.year - 20), 2_01, "DENY_STAKE_CAP"),
])  # fmt: skip
def test_a_free_spin_is_worth_what_the_age_of_the_briton_allows(
    northlight: Brand, born: date, spin: int, code: str
) -> None:
    spins = make_terms(northlight, "free_spins", amount=10 * spin, spins=10, spin_value=spin)
    player = cast.make_player(northlight, "spinner", birth_date=born)
    result = grant_many([GrantRequest(player.pk, spins.pk, "s", criteria=frozenset({"all"}))], now=NOW)[0]
    assert result.answer is not None
    assert result.answer.code == code
    assert answer(player, offered(northlight, spins)).code == code


@pytest.mark.parametrize(("games", "code"), [("slots", "DENY_STAKE_CAP"), ("", "DENY_STAKE_CAP"), ("table", "ALLOW")])
def test_a_german_is_asked_for_one_euro_at_slots_and_for_more_at_a_table(games: str, code: str) -> None:
    german = player_of("DE")
    assert answer(german, offered(german.brand, ask="stake", ask_amount=1_01, ask_on=games)).code == code
    german.brand.campaigns.all().delete()
    assert answer(german, offered(german.brand, ask="stake", ask_amount=1_00, ask_on=games)).code == "ALLOW"


def test_a_swede_is_told_of_the_one_bonus_just_given_and_offered_no_other(bjork: Brand, post: Sink) -> None:
    swede = cast.make_player(bjork, "sven")
    terms = make_terms(bjork, expiry_days=60)
    bare = offered(bjork, terms, gives=True)
    assert {"SE-05t", "SE-05n"} <= reds(bare)
    bjork.campaigns.all().delete()
    words = {
        "subject": "Yours",
        "body": "<p>A bonus, for new players only.</p>",
        "button": "Terms",
        "url": "https://bjork.example",
    }
    build.live(offered(bjork, terms, gives=True, words=words), NOW)
    cast.tell(swede, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert len(post.mails) == 1
    bjork.campaigns.update(name="The first")
    other = offered(bjork, make_terms(bjork, expiry_days=60))
    assert answer(swede, other).code == "DENY_BONUS_NOT_FIRST"


def test_38_an_offer_by_mail_needs_a_consent_of_the_ontario_site() -> None:
    ontarian = player_of("ON")
    offer = offered(ontarian.brand, make_terms(ontarian.brand))
    noon = asking.Audience(frozenset({"all"}), 5_000)
    step = offer.steps.select_related("terms__template").get()
    asked = asking.request(ontarian.pk, step, offer, audience=noon, reference="t")
    there = NOW + timedelta(hours=4)
    assert gate.preview([asked], now=there)[0].code == "ALLOW"
    cast.tell(ontarian, "consent.changed", at=NOW, product="casino", channel="email", granted=True, wording="v3",
              screen="registration", origin="elsewhere")  # fmt: skip
    assert gate.preview([asked], now=there)[0].code == "DENY_CONSENT_ORIGIN"


def test_whoever_shows_medium_signs_is_written_to_and_offered_nothing(northlight: Brand, anna: Player) -> None:
    see(anna, "M01", "M16", at=NOW - timedelta(days=1))
    put(anna, NOW)
    assert answer(anna, offered(northlight)).code == "ALLOW"
    northlight.campaigns.all().delete()
    assert answer(anna, offered(northlight, make_terms(northlight))).code == "DENY_HIGH_RISK"


def test_words_are_read_as_the_player_would_read_them(post: Sink, anna: Player) -> None:
    said = {"subject": "Hello", "body": "<p>See you at {{ brand.name }}.</p>"}
    build.live(offered(anna.brand, words=said), NOW)
    Brand.objects.filter(pk=anna.brand_id).update(name="Get even")
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert post.mails == []
    decision = Decision.objects.get(reference__startswith="delivery:")
    assert (decision.code, decision.reasons) == ("DENY_CONTENT", ["DENY_CONTENT GB-19"])


def test_what_the_author_declares_counts_like_what_is_found(northlight: Brand, anna: Player) -> None:
    assert answer(anna, offered(northlight, declares=["raise_stakes"])).code == "DENY_CONTENT"


def test_the_page_of_a_card_takes_what_is_declared_and_says_what_compliance_is_told(
    northlight: Brand, client: Client
) -> None:
    terms = make_terms(northlight)
    version = offered(northlight)
    step = version.steps.get()
    client.force_login(cast.carla())
    client.post(f"/campaigns/{version.campaign_id}/cards/{step.id}/", {
        "channel": "email", "purpose": "promotional", "terms": terms.pk, "ask": "stake", "at_least": "2",
        "ask_on": "slots", "declares": ["urgency"], "valid_hours": "48",
    })  # fmt: skip
    step.refresh_from_db()
    assert (step.terms_id, step.ask_on, step.declares) == (terms.pk, "slots", ["urgency"])
    page = client.get(f"/campaigns/{version.campaign_id}/?card={step.id}").content.decode()
    assert "What compliance is told" in page
    for told in ("up to 50.00", "press for time", "players on the same terms"):
        assert told in page


def test_nothing_a_rule_may_ask_about_is_left_without_a_caller(northlight: Brand, anna: Player) -> None:
    """Each input of the gate is told by a message or a grant of ours, in some campaign."""
    match = make_terms(northlight, **MATCH)
    spins = make_terms(northlight, "free_spins", amount=2_00, spins=10, spin_value=20, on_winnings="yes")
    version = offered(northlight, match, ask="deposit", ask_amount=20_00, declares=["urgency"])
    step = version.steps.select_related("terms__template").get()
    audience = asking.Audience(frozenset({"loss"}), 500, giver=7, together=700_00)
    told = [
        asking.request(anna.pk, step, version, audience=audience, reference="m", run=3),
        gate_request(anna.pk, match, 50_00, 500_00, "g", {"vip"}, deposit=50_00, audience=500),
        gate_request(anna.pk, spins, 2_00, 20_00, "s", {"all"}, audience=500),
    ]
    silent = {
        field.name for field in fields(gate.Request)
        if all(getattr(one, field.name) == field.default for one in told)
    } | {
        field.name for field in fields(gate.Incentive)
        if all(one.incentive is None or getattr(one.incentive, field.name) == field.default for one in told)
    }  # fmt: skip
    assert silent == {"wagering_base"}  # always said as times the bonus


def test_the_form_of_terms_begins_with_shares_that_its_licence_allows(northlight: Brand) -> None:
    for brand, least in ((player_of("DK").brand, 100), (northlight, 10)):
        offered = {field.name: field.field.initial for field in TermsForm(brand=brand).share_fields}
        assert (offered["share_slots"], offered["share_table"], offered["share_bingo"]) == (100, least, 0)
