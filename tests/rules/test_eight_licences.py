"""Regulation §4 and §1.3-1.7 without a database: what each licence adds. Numbers in names are the scenarios there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from compliance.asking import Ask, Incentive
from compliance.dossier import Limit, Opinion, Rate, RegisterAnswer
from compliance.jurisdictions import PACKS
from compliance.models.decision import Purpose
from tests.rules.people import NOW, ask, codes, open_dossier, promo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY = list(PACKS)


def offer(value: int = 100_00, currency: str = "EUR", **changes: object) -> Incentive:
    fields = {"type": "free_bet", "value": value, "currency": currency, "products": frozenset({"casino"}),
              "on_winnings": False, "least_share": 100} | changes  # fmt: skip
    return Incentive(**fields)  # type: ignore[arg-type]


def danish(**changes: object):
    return promo(incentive=offer(currency="DKK", days=60), audience=100, **changes)


def noon(day: str, licence: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


@pytest.mark.parametrize("licence", EVERY)
def test_under_every_licence_a_player_of_whom_everything_is_proven_may_be_contacted(licence: str) -> None:
    assert ask(open_dossier(licence)).code == "ALLOW"


@pytest.mark.parametrize("licence", EVERY)
@pytest.mark.parametrize("purpose", [Purpose.TRANSACTIONAL, Purpose.RG_OUTREACH, Purpose.RG_CONFIRMATION,
                                     Purpose.REGULATORY_NOTICE])  # fmt: skip
def test_under_every_licence_service_and_protection_reach_whoever_may_not_be_promoted_to(
    licence: str, purpose: Purpose
) -> None:
    closed = open_dossier(
        licence, verdict="excluded", promotions_ok=False, risk="strong", registers=None, consents=None
    )
    assert ask(closed, promo(purpose=purpose)).code == "ALLOW_NOTICE"


@pytest.mark.parametrize("licence", EVERY)
def test_a_licence_knows_nothing_before_its_first_day(licence: str) -> None:
    first = datetime.combine(max(PACKS[licence].since, date(2019, 1, 1)), datetime.min.time(), ZoneInfo("UTC"))
    before = ask(open_dossier(licence, timezone="UTC"), now=first - 15 * DAY)
    assert (before.code == "DENY_RULESET_MISSING") == (PACKS[licence].since > date(2018, 12, 31))


# --- registers -----------------------------------------------------------------------------------

MONDAY_8 = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.mark.parametrize(("sent", "code"), [(24 * HOUR - timedelta(minutes=1), "ALLOW"), (24 * HOUR, "ALLOW"),
                                            (24 * HOUR + timedelta(minutes=1), "DENY_REGISTER_STALE")])  # fmt: skip
def test_23_a_rofus_answer_counts_for_24_hours(sent: timedelta, code: str) -> None:
    checked = {"rofus/marketing": RegisterAnswer("clear", MONDAY_8)}
    late = open_dossier("DK", registers=checked, switched_off=("POL-08",))
    assert ask(late, now=(MONDAY_8 + sent).astimezone(UTC)).code == code


def test_24_the_24_hour_break_of_rofus_is_a_registration() -> None:
    assert ask(open_dossier("DK", registers={"rofus/login": RegisterAnswer("listed", NOW)})).code == (
        "DENY_NATIONAL_REGISTER"
    )


def test_35_cruks_answers_at_a_login_only() -> None:
    lapsed = open_dossier("NL", registers={"cruks/login": RegisterAnswer("clear", NOW - 90 * DAY)})
    assert ask(lapsed).code == "DENY_REGISTER_STALE"
    assert ask(lapsed).retry_at is None  # waiting does not log anybody in
    never = {"cruks/marketing": RegisterAnswer("clear", NOW)}
    assert ask(open_dossier("NL", registers=never)).code == "DENY_REGISTER_UNSUPPORTED"


@pytest.mark.parametrize(
    ("licence", "register"), [("DE", "oasis"), ("ES", "rgiaj"), ("ON", "betguard"), ("DK", "rofus")]
)
@pytest.mark.parametrize(("answer", "code"), [
    (None, "DENY_REGISTER_UNAVAILABLE"), (RegisterAnswer("unavailable", NOW), "DENY_REGISTER_UNAVAILABLE"),
    (RegisterAnswer("clear", NOW - 25 * HOUR), "DENY_REGISTER_STALE"),
    (RegisterAnswer("listed", NOW - 25 * HOUR), "DENY_NATIONAL_REGISTER"),
    (RegisterAnswer("clear", NOW - 23 * HOUR), "ALLOW"),
])  # fmt: skip
def test_only_a_definite_answer_of_a_day_counts(
    licence: str, register: str, answer: RegisterAnswer | None, code: str
) -> None:
    known = {f"{register}/marketing": answer} if answer else {}
    assert ask(open_dossier(licence, registers=known)).code == code


def test_betguard_is_asked_from_14_may_2026_on() -> None:
    unasked = open_dossier("ON", registers={}, timezone="America/Toronto")
    assert ask(unasked, now=datetime(2026, 5, 13, 16, tzinfo=UTC)).code == "ALLOW"
    assert ask(unasked, now=datetime(2026, 5, 14, 16, tzinfo=UTC)).code == "DENY_REGISTER_UNAVAILABLE"


# --- Denmark -------------------------------------------------------------------------------------


def test_25_whoever_stayed_away_gets_the_newsletter_but_no_free_bet() -> None:
    away = frozenset({"inactivity"})
    assert ask(open_dossier("DK"), danish(criteria=away)).code == "DENY_INACTIVITY_TARGETING"
    assert ask(open_dossier("DK"), promo(criteria=away)).code == "ALLOW"
    before = datetime(2022, 12, 8, 12, tzinfo=UTC)
    fresh = {"rofus/marketing": RegisterAnswer("clear", before)}
    assert ask(open_dossier("DK", registers=fresh), danish(criteria=away), before).code == "ALLOW"


def test_27_bonus_100_deposit_100_wagering_1500() -> None:
    terms = {"wagering": Decimal(15), "days": 60}
    paid = {"ask": Ask("deposit", 100_00, "DKK"), "audience": 500}
    assert ask(open_dossier("GB"), promo(incentive=offer(currency="GBP", **terms))).code == "DENY_WAGERING_CAP"
    assert ask(open_dossier("DK"), promo(incentive=offer(currency="DKK", **terms), **paid)).code == "ALLOW"
    again = offer(currency="DKK", **terms, on_winnings=True)
    assert ask(open_dossier("DK"), promo(incentive=again, **paid)).code == "DENY_WAGERING_ON_WINNINGS"
    unsaid = offer(currency="DKK", **terms, on_winnings=None)
    assert ask(open_dossier("DK"), promo(incentive=unsaid, **paid)).code == "DENY_WAGERING_ON_WINNINGS"


@pytest.mark.parametrize(("times", "code"), [("20", "ALLOW"), ("20.01", "DENY_WAGERING_CAP")])
def test_the_danish_cap_counts_the_deposit_and_the_bonus(times: str, code: str) -> None:
    terms = offer(currency="DKK", wagering=Decimal(times), days=60)
    request = promo(incentive=terms, ask=Ask("deposit", 100_00, "DKK"), audience=100)
    assert ask(open_dossier("DK"), request).code == code


@pytest.mark.parametrize(("changes", "code"), [
    ({"value": 1_000_00}, "ALLOW"), ({"value": 1_000_01}, "DENY_BONUS_VALUE_CAP"),
    ({"wagering": Decimal(1), "days": 59}, "DENY_TERM_WINDOW"), ({"wagering": Decimal(1), "days": 60}, "ALLOW"),
    ({"value": 134_00, "currency": "EUR"}, "ALLOW"), ({"value": 134_05, "currency": "EUR"}, "DENY_BONUS_VALUE_CAP"),
    ({"currency": "SEK"}, "DENY_RATE_MISSING"),
])  # fmt: skip
def test_a_danish_promotion_is_worth_a_thousand_crowns_and_lasts_60_days(changes: dict, code: str) -> None:
    rates = {"DKK": Rate(Decimal("0.134"), NOW.date())}
    request = promo(incentive=replace(offer(currency="DKK"), **changes), audience=100)
    assert ask(open_dossier("DK", rates=rates), request).code == code


@pytest.mark.parametrize(("audience", "code"), [(100, "ALLOW"), (99, "DENY_INDIVIDUAL_TERMS"),
                                                (None, "DENY_INDIVIDUAL_TERMS")])  # fmt: skip
def test_a_danish_offer_is_the_same_for_a_hundred(audience: int | None, code: str) -> None:
    assert ask(open_dossier("DK"), replace(danish(), audience=audience)).code == code


@pytest.mark.parametrize(("paid", "code"), [(100_00, "ALLOW"), (99_99, "DENY_BONUS_DEPOSIT")])
def test_a_danish_deposit_equals_what_it_brings(paid: int, code: str) -> None:
    assert ask(open_dossier("DK"), danish(ask=Ask("deposit", paid, "DKK"))).code == code


# --- Netherlands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("birth", "code"), [(date(2002, 11, 24), "ALLOW"), (date(2002, 11, 25), "DENY_YOUNG_ADULT")])
def test_young_means_under_24_in_the_netherlands(birth: date, code: str) -> None:
    assert ask(open_dossier("NL", birth_date=birth)).code == code


def test_the_24th_birthday_begins_in_amsterdam() -> None:
    turns = open_dossier("NL", birth_date=date(2002, 11, 25), switched_off=("POL-08",))
    midnight = datetime(2026, 11, 25, 0, 0, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
    fresh = replace(turns, registers={"cruks/login": RegisterAnswer("clear", midnight - HOUR)})
    assert ask(fresh, now=midnight - timedelta(seconds=1)).code == "DENY_YOUNG_ADULT"
    assert ask(fresh, now=midnight).code == "ALLOW"


def test_36_no_bonus_while_playing_and_none_for_losses() -> None:
    spins = promo(channel="bonus", incentive=offer(type="free_spins", stake=10))
    assert ask(open_dossier("NL", in_session=True), spins).code == "DENY_IN_SESSION"
    assert ask(open_dossier("NL"), spins).code == "ALLOW"
    back = promo(channel="bonus", incentive=offer(type="cashback_loss"))
    assert ask(open_dossier("NL"), back).code == "DENY_LOSS_LINKED"
    chosen = promo(channel="bonus", incentive=offer(), criteria=frozenset({"loss"}))
    assert ask(open_dossier("NL"), chosen).code == "DENY_LOSS_LINKED"


def test_no_urgency_in_the_netherlands() -> None:
    assert ask(open_dossier("NL"), promo(content=frozenset({"urgency"}))).code == "DENY_CONTENT"
    assert ask(open_dossier("GB"), promo(content=frozenset({"urgency"}))).code == "ALLOW"


@pytest.mark.parametrize(("since", "code"), [(30 * DAY - HOUR, "DENY_POST_INTERVENTION"), (30 * DAY, "ALLOW")])
def test_after_an_intervention_a_dutch_player_gets_no_bonus_for_30_days(since: timedelta, code: str) -> None:
    talked = open_dossier("NL", intervened_at=NOW - since)
    assert ask(talked, promo(incentive=offer())).code == code
    assert ask(talked).code == "ALLOW"


@pytest.mark.parametrize(("since", "code"), [(DAY - HOUR, "DENY_POST_INTERVENTION"), (DAY, "ALLOW")])
def test_how_long_is_for_counsel_but_the_day_itself_is_law(since: timedelta, code: str) -> None:
    shorter = open_dossier("NL", intervened_at=NOW - since, switched_off=("NL-06", "NL-06d"))
    assert ask(shorter, promo(incentive=offer())).code == code


@pytest.mark.parametrize(("birth", "net", "day", "code"), [
    (date(1985, 1, 1), 700_00, NOW, "ALLOW"), (date(1985, 1, 1), 700_01, NOW, "DENY_DEPOSIT_BLOCKED"),
    (date(1985, 1, 1), None, NOW, "DENY_STATE_UNAVAILABLE"),
    (date(1985, 1, 1), 700_01, datetime(2024, 9, 30, 12, tzinfo=UTC), "ALLOW"),
    (date(1985, 1, 1), 700_01, datetime(2024, 10, 1, 12, tzinfo=UTC), "DENY_DEPOSIT_BLOCKED"),
])  # fmt: skip
def test_above_700_a_month_no_dutch_player_is_asked_to_pay_in(
    birth: date, net: int | None, day: datetime, code: str
) -> None:
    fresh = {"cruks/login": RegisterAnswer("clear", day - HOUR)}
    rich = open_dossier("NL", birth_date=birth, net_month=net, registers=fresh)
    assert ask(rich, promo(ask=Ask("deposit", 10_00, "EUR")), day).code == code


# --- Germany, Spain, Ontario, Great Britain ----------------------------------------------------------


def test_without_a_cross_operator_limit_no_german_player_is_asked_to_pay_in() -> None:
    lugas = Limit("cross_operator_limit", "month", 1_000_00, "EUR", "register", left=400_00)
    paying = promo(ask=Ask("deposit", 10_00, "EUR"))
    assert ask(open_dossier("DE"), paying).code == "DENY_STATE_UNAVAILABLE"
    assert ask(open_dossier("DE", limits=(lugas,)), paying).code == "ALLOW"
    assert ask(open_dossier("DE", limits=(replace(lugas, left=0),)), paying).code == "DENY_LIMIT_EXHAUSTED"


@pytest.mark.parametrize(("hour", "code"), [(20, "DENY_QUIET_HOURS"), (21, "ALLOW")])
def test_the_german_night_window_is_asked_for_by_two_people(hour: int, code: str) -> None:
    at = datetime(2026, 11, 24, hour, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    fresh = {"oasis/marketing": RegisterAnswer("clear", at - HOUR)}
    assert ask(open_dossier("DE", registers=fresh), now=at).code == "ALLOW"
    assert ask(open_dossier("DE", registers=fresh, switched_on=("DE-10",)), now=at).code == code


@pytest.mark.parametrize(("birth", "lost", "code"), [
    (date(2000, 11, 24), 599_99, "ALLOW"), (date(2000, 11, 24), 600_00, "DENY_INTENSIVE_PLAYER"),
    (date(2000, 11, 25), 199_99, "ALLOW"), (date(2000, 11, 25), 200_00, "DENY_INTENSIVE_PLAYER"),
    (date(2000, 11, 24), None, "DENY_STATE_UNAVAILABLE"),
])  # fmt: skip
def test_a_spanish_player_who_loses_600_in_three_weeks_is_left_alone_200_under_26(
    birth: date, lost: int | None, code: str
) -> None:
    assert ask(open_dossier("ES", birth_date=birth, net_loss=lost)).code == code
    assert ask(open_dossier("ES", birth_date=birth, net_loss=lost, switched_off=("ES-02",))).code == "ALLOW"


@pytest.mark.parametrize(("age", "code"), [(30 * DAY - HOUR, "DENY_NEW_ACCOUNT"), (30 * DAY, "ALLOW")])
def test_a_spanish_account_gets_no_promotion_for_30_days(age: timedelta, code: str) -> None:
    assert ask(open_dossier("ES", registered_at=NOW - age)).code == code


def test_after_a_raise_a_spanish_player_gets_general_promotions_only() -> None:
    for since, code in ((30 * DAY - HOUR, "DENY_RECENT_LIMIT_CHANGE"), (30 * DAY, "ALLOW")):
        raised = Limit("deposit_limit", "week", 500_00, "EUR", "player", left=500_00, relaxed_at=NOW - since)
        assert ask(open_dossier("ES", limits=(raised,)), promo(criteria=frozenset({"product_affinity"}))).code == code
        assert ask(open_dossier("ES", limits=(raised,))).code == "ALLOW"


def test_38_a_consent_of_another_site_invites_nobody_in_ontario() -> None:
    yes = Opinion(True, NOW - DAY, "v3", "registration", "northlight.example")
    dotcom = open_dossier("ON", consents={"casino/email": yes})
    assert ask(dotcom, promo(incentive=offer(currency="CAD"))).code == "DENY_CONSENT_ORIGIN"
    assert ask(dotcom).code == "ALLOW"  # a newsletter without inducement
    unknown = replace(dotcom, consents={"casino/email": replace(yes, origin="")}, site="")
    assert ask(unknown, promo(incentive=offer(currency="CAD"))).code == "DENY_CONSENT_ORIGIN"


@pytest.mark.parametrize(("birth", "code"), [(date(2007, 11, 24), "ALLOW"), (date(2007, 11, 25), "DENY_UNDERAGE")])
def test_nineteen_in_ontario(birth: date, code: str) -> None:
    assert ask(open_dossier("ON", birth_date=birth)).code == code
    assert ask(open_dossier("MT", birth_date=birth)).code == "ALLOW"


@pytest.mark.parametrize(("day", "birth", "stake", "code"), [
    ("2025-04-08", date(1985, 1, 1), 5_01, "ALLOW"), ("2025-04-09", date(1985, 1, 1), 5_01, "DENY_STAKE_CAP"),
    ("2025-05-20", date(2001, 1, 1), 5_00, "ALLOW"), ("2025-05-21", date(2001, 1, 1), 5_00, "DENY_STAKE_CAP"),
    ("2026-11-24", date(2001, 11, 24), 5_00, "ALLOW"), ("2026-11-24", date(2001, 11, 25), 2_01, "DENY_STAKE_CAP"),
    ("2026-11-24", date(2001, 11, 25), 2_00, "ALLOW"), ("2026-11-24", date(1985, 1, 1), None, "DENY_STAKE_CAP"),
])  # fmt: skip
def test_a_british_free_spin_keeps_to_the_cap_of_that_age_on_that_day(
    day: str, birth: date, stake: int | None, code: str
) -> None:
    at = noon(day, "GB")
    spins = promo(incentive=offer(type="free_spins", currency="GBP", stake=stake))
    fresh = {"gamstop/marketing": RegisterAnswer("clear", at - HOUR)}
    assert ask(open_dossier(registers=fresh, birth_date=birth), spins, at).code == code


def test_31_a_strong_sign_of_harm_leads_the_mail_to_help_and_refuses_the_banner() -> None:
    harmed = open_dossier(risk="strong")
    said = ask(harmed, promo(incentive=offer(currency="GBP")))
    assert (said.outcome, said.code) == ("reroute_rg", "REROUTE_RG_STRONG")
    assert "DENY_CONSENT_UNRELIABLE" in codes(said)
    assert ask(harmed, promo(channel="onsite")).code == "DENY_STRONG_INDICATOR"
    assert ask(harmed, promo(channel="bonus", incentive=offer(currency="GBP"))).code == "DENY_STRONG_INDICATOR"
    assert ask(harmed, promo(purpose=Purpose.RG_OUTREACH)).code == "ALLOW_NOTICE"


@pytest.mark.parametrize("licence", EVERY)
def test_under_every_licence_a_strong_sign_of_harm_ends_promotion(licence: str) -> None:
    for level in ("strong", "critical"):
        assert ask(open_dossier(licence, risk=level)).code == "REROUTE_RG_STRONG"
        assert ask(open_dossier(licence, risk=level), promo(channel="onsite")).outcome == "deny"


def test_a_high_value_customer_is_checked_before_any_benefit() -> None:
    chosen = promo(criteria=frozenset({"vip"}), incentive=offer(currency="GBP"))
    assert ask(open_dossier(), chosen).code == "DENY_VIP_NOT_CLEARED"
    assert ask(open_dossier(vip_cleared=True), chosen).code == "ALLOW"
    assert ask(open_dossier(), replace(chosen, incentive=None)).code == "ALLOW"


# --- policies and money ------------------------------------------------------------------------------


def gbp(amount: int, **changes: object) -> Limit:
    return replace(Limit("deposit_limit", "week", amount, "GBP", "player", left=amount), **changes)  # type: ignore[arg-type]


def test_with_pol_11_on_a_limit_of_ones_own_ends_all_promotion() -> None:
    on = {"switched_on": ("POL-11",)}
    for kind in ("deposit_limit", "net_deposit_limit", "loss_limit", "cross_operator_limit"):
        mine = gbp(1_000_00, kind=kind)
        assert ask(open_dossier(limits=(mine,))).code == "ALLOW"
        assert ask(open_dossier(limits=(mine,), **on)).code == "DENY_PLAYER_LIMIT"
        grant = promo(channel="bonus", incentive=offer(currency="GBP"))
        assert ask(open_dossier(limits=(mine,), **on), grant).code == "DENY_PLAYER_LIMIT"
        assert ask(open_dossier(limits=(replace(mine, origin="onboarding"),), **on)).code == "ALLOW"


def test_in_sweden_the_limit_of_registration_leaves_the_one_lawful_welcome() -> None:
    taken = gbp(1_000_00, currency="SEK", origin="onboarding", tightened_at=NOW - HOUR)
    welcome = promo(incentive=offer(currency="SEK"))
    assert ask(open_dossier("SE", limits=(taken,)), welcome).code == "ALLOW"
    assert (
        ask(open_dossier("SE", limits=(replace(taken, origin="player"),)), welcome).code == "DENY_RECENT_LIMIT_CHANGE"
    )


@pytest.mark.parametrize(("ask_gbp", "rate", "day", "code"), [
    (21_73, "1.15", NOW.date(), "ALLOW"),  # 24.9895 EUR of 100
    (21_74, "1.15", NOW.date(), "DENY_HIGH_STAKES_VS_LIMIT"),  # 25.0010 EUR
    (1, "1.15", NOW.date() - 7 * DAY, "ALLOW"), (1, "1.15", NOW.date() - 8 * DAY, "DENY_RATE_MISSING"),
])  # fmt: skip
def test_an_ask_in_another_currency_is_compared_at_the_rate_of_these_days(
    ask_gbp: int, rate: str, day: date, code: str
) -> None:
    abroad = open_dossier(limits=(gbp(100_00, currency="EUR"),), rates={"GBP": Rate(Decimal(rate), day)})
    assert ask(abroad, promo(products=frozenset({"table"}), ask=Ask("stake", ask_gbp, "GBP"))).code == code


def test_of_limits_in_several_currencies_the_strictest_counts() -> None:
    rates = {"GBP": Rate(Decimal("1.15"), NOW.date()), "SEK": Rate(Decimal("0.09"), NOW.date())}
    both = (gbp(100_00), gbp(400_00, currency="SEK"))  # 400 SEK = 36 EUR = 31.30 GBP
    assert ask(open_dossier(limits=both, rates=rates), promo(ask=Ask("deposit", 7_82, "GBP"))).code == "ALLOW"
    assert ask(open_dossier(limits=both, rates=rates), promo(ask=Ask("deposit", 7_83, "GBP"))).code == (
        "DENY_HIGH_STAKES_VS_LIMIT"
    )
    del rates["SEK"]
    assert ask(open_dossier(limits=both, rates=rates), promo(ask=Ask("deposit", 1, "GBP"))).code == "DENY_RATE_MISSING"


def test_a_limit_whose_use_nobody_can_add_up_refuses_every_deposit() -> None:
    unknown = open_dossier(limits=(gbp(100_00, left=None, rate_missing=True),))
    assert (
        ask(unknown, promo(incentive=offer(type="deposit_match", currency="GBP", needs=1))).code == "DENY_RATE_MISSING"
    )
    assert ask(unknown).code == "ALLOW"


@pytest.mark.parametrize(("changes", "asked", "code"), [
    ({"withdrawal_pending": True}, {}, "DENY_WITHDRAWAL_PENDING"),
    ({"flags": ("deposit_block",)}, {"ask": Ask("deposit", 1, "GBP")}, "DENY_DEPOSIT_BLOCKED"),
    ({"flags": ("deposit_block",)}, {}, "ALLOW"), ({"flags": ("check_due",)}, {}, "DENY_ACCOUNT_RESTRICTED"),
    ({"flags": ("vulnerability",)}, {}, "DENY_CONSENT_UNRELIABLE"),
    ({"excluded_products": ("casino",)}, {}, "DENY_SELF_EXCLUDED"), ({"excluded_products": ("betting",)}, {}, "ALLOW"),
    ({}, {"criteria": frozenset({"horoscope"})}, "DENY_PURPOSE_MISMATCH"),
    ({}, {"incentive": offer(type="mystery", currency="GBP")}, "DENY_PURPOSE_MISMATCH"),
])  # fmt: skip
def test_what_the_operator_imposed_and_what_nobody_understands(changes: dict, asked: dict, code: str) -> None:
    assert ask(open_dossier(**changes), promo(**asked)).code == code
