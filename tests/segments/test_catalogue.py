"""The catalogue itself: everything that was promised is in it, and each attribute says exactly what it is."""

import re

import pytest

from players.families import families_named
from segments.language.attributes import Criterion, registry
from segments.language.criteria import criteria
from segments.language.parse import parse
from segments.language.sentence import sentence
from segments.library import STARTERS, Starter, offered
from segments.permitted import Rights

# What the product promises to tell players apart by, in its order, and the attributes that keep the promise.
PROMISED = {
    "preferred category by stakes, sessions, time": "top_category top_category_by",
    "game type, title and provider": "favourite_type favourite_title favourite_provider",
    "category share": "category_share category_sessions_share category_time_share",
    "product mix": "categories_played",
    "sport and league": "sports leagues",
    "odds, in-play and accumulator share": "average_odds in_play_share accumulator_share",
    "balance": "balance balance_bonus",
    "open offers": "open_offers open_bonuses",
    "device, payment method, acquisition channel": "device payment_method acquisition_channel",
    "session count": "sessions sessions_7d sessions_30d sessions_90d sessions_in sessions_in_window sessions_within",
    "session length": "session_average session_average_in session_average_window minutes_30d minutes_in",
    "last N sessions": "last5_average last10_average last5_average_in last10_average_in",
    "days since": "days_since_play days_since_play_in days_since_deposit days_since_login days_since_withdrawal",
    "deposits": "deposits deposits_7d deposits_30d deposits_90d deposits_window deposits_within deposit_gap",
    "amounts deposited": "deposit_sum deposit_sum_7d deposit_sum_30d deposit_sum_90d deposit_sum_window "
    "deposit_average deposit_average_window largest_deposit",
    "withdrawals": "withdrawals withdrawals_30d withdrawal_sum withdrawal_sum_30d withdrawal_average cancelled_within",
    "declined deposits": "declined_deposits days_since_declined declined_within",
    "bet size relative to deposits": "bet_to_deposit median_bet_to_deposit stake_after_deposit stake_to_deposit",
    "stakes": "stake stake_30d stake_window stake_average stake_average_window stake_trend stake_change",
    "GGR, NGR, hold": "ggr ggr_window ngr hold hold_window net_loss net_loss_window",
    "RTP sensitivity": "rtp_sensitivity bad_endings losing_sessions",
    "bonus uptake and ratio": "bonus_uptake bonuses_offered bonus_to_deposit bonus_sum bonus_count days_since_bonus",
    "time of day and weekday": "time_of_day weekday_share",
    "lifecycle, VIP, KYC": "stage days_in_stage vip_tier kyc days_since_kyc",
    "person": "age birthday country language currency affiliate tags status days_since_registration",
    "own attributes": "custom_number custom_text custom_flag custom_date",
    "consents and addresses": "consent address_known address_bounced",
    "campaign engagement": "messages_sent days_since_message cards_seen days_since_card_seen goals_reached",
    "journeys": "journeys campaigns campaign_goals campaigns_entered",
    "RG state": "standing limit_active days_since_limit deposits_in_play deposits_after_loss",
    "lists and segments": "lists segment was_in_segment",
}


@pytest.mark.parametrize("promise", PROMISED)
def test_every_promised_attribute_is_there(promise: str) -> None:
    assert [key for key in PROMISED[promise].split() if key not in registry] == []


def test_there_are_more_than_ninety_five_attributes_and_none_without_a_family() -> None:
    assert len(list(registry)) >= 95
    assert sum(map(len, registry.families().values())) == len(list(registry))


@pytest.mark.parametrize("key", [attribute.key for attribute in registry])
def test_each_attribute_says_what_it_is_with_an_example_and_what_else_people_call_it(key: str) -> None:
    attribute = registry.get(key)
    assert attribute.help.endswith("."), "a definition is a sentence"
    assert len(attribute.example) > 20
    assert attribute.words == attribute.words.lower()
    assert len(attribute.words.split()) >= 1
    assert families_named(attribute.feeds) or not attribute.feeds, f"{attribute.feeds} are no feeds"
    assert attribute.sensitivity in ("ordinary", "financial", "personal", "rg")


def test_what_tells_of_harm_exists_only_for_those_who_may_know_and_only_for_protection() -> None:
    for attribute in registry:
        assert (attribute.sensitivity == "rg") == (attribute.criterion is Criterion.RG_NEED), attribute.key


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("churn", "days_since_play"),
        ("turnover", "stake_30d"),
        ("birthday", "birthday"),
        ("blackjack", "favourite_type"),
        ("opt-in", "consent"),
        ("ftd", "deposits"),
        ("tilt", "rtp_sensitivity"),
        ("parlay", "accumulator_share"),
        ("cashout", "withdrawals"),
        ("gamstop", "standing"),
    ],
)
def test_words_of_the_trade_find_the_attribute(typed: str, found: str) -> None:
    attribute = registry.get(found)
    assert re.search(rf"\b{typed}", f"{attribute.label} {attribute.words}".lower())


@pytest.mark.django_db
@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.key)
def test_each_ready_rule_can_be_read_and_says_whether_it_is_about_harm(starter: Starter) -> None:
    rule = parse(starter.rule)

    assert sentence(rule).startswith("Players ")
    assert starter.protects == ("rg_need" in criteria(rule))


def test_rules_about_harm_are_offered_only_to_those_who_may_know() -> None:
    assert len(STARTERS) >= 15
    everybody = Rights(people=True, personal=True, financial=True, protection=False)
    assert {one.key for one in STARTERS} - {one.key for one in offered(everybody)} == {"night-players"}
