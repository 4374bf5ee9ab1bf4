"""Regulation §4, without a database. Numbers in the names are the scenario numbers there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from compliance.asking import Ask, Incentive
from compliance.dossier import Limit, Opinion, RegisterAnswer
from compliance.lint import words
from compliance.models.decision import PROMOTIONS, Purpose
from tests.rules.people import NOW, ask, codes, open_dossier, promo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def weekly(amount: int, **changes: object) -> Limit:
    return replace(Limit("deposit_limit", "week", amount, "GBP", "player", left=amount), **changes)  # type: ignore[arg-type]


def deposit(amount: int) -> Ask:
    return Ask("deposit", amount, "GBP")


def bonus(value: int = 100_00, **changes: object) -> Incentive:
    fields = {"type": "deposit_match", "value": value, "currency": "GBP", "products": frozenset({"casino"})} | changes
    return Incentive(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("licence", ["GB", "SE", "MT"])
def test_a_player_of_whom_everything_is_proven_may_be_contacted(licence: str) -> None:
    assert ask(open_dossier(licence)).code == "ALLOW"


def test_01_a_limit_of_20_this_morning_refuses_the_500_tournament_this_afternoon() -> None:
    dev = open_dossier(limits=(weekly(20_00, tightened_at=NOW - 6 * HOUR),))
    said = ask(dev, promo(ask=deposit(500_00)))
    assert said.code == "DENY_HIGH_STAKES_VS_LIMIT"
    assert codes(said) == ["DENY_HIGH_STAKES_VS_LIMIT", "DENY_RECENT_LIMIT_CHANGE"]


@pytest.mark.parametrize("purpose", [Purpose.TRANSACTIONAL, Purpose.RG_CONFIRMATION, Purpose.REGULATORY_NOTICE])
def test_02_the_service_mail_that_the_limit_is_active_goes_out(purpose: Purpose) -> None:
    dev = open_dossier(limits=(weekly(20_00, tightened_at=NOW),))
    assert ask(dev, promo(purpose=purpose)).code == "ALLOW_NOTICE"


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in PROMOTIONS])
def test_service_purposes_reach_a_self_excluded_player_and_promotions_never(purpose: Purpose) -> None:
    bo = open_dossier(verdict="excluded", promotions_ok=False, bonuses_ok=False, exclusions=("self_exclusion/own",))
    assert ask(bo, promo(purpose=purpose)).code == "ALLOW_NOTICE"
    assert ask(bo).code == "DENY_SELF_EXCLUDED"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_was_chosen_by_a_sign_of_harm_gets_protection_messages_only(purpose: Purpose) -> None:
    chosen = promo(purpose=purpose, criteria=frozenset({"lifecycle", "rg_need"}))
    refused = purpose not in (Purpose.RG_OUTREACH, Purpose.RG_CONFIRMATION, Purpose.REGULATORY_NOTICE)
    assert ask(open_dossier(), chosen).code == ("DENY_CHOSEN_BY_PROTECTION" if refused else "ALLOW_NOTICE")


@pytest.mark.parametrize("dressed", [{"ask": deposit(10_00)}, {"incentive": bonus()}, {"channel": "bonus"}])
def test_a_service_message_that_asks_or_offers_is_refused(dressed: dict) -> None:
    assert ask(open_dossier(), promo(purpose=Purpose.TRANSACTIONAL, **dressed)).code == "DENY_PURPOSE_MISMATCH"


@pytest.mark.parametrize(("age", "code"), [(24 * HOUR - HOUR, "DENY_RECENT_LIMIT_CHANGE"), (24 * HOUR, "ALLOW")])
def test_no_promotion_for_24_hours_after_a_limit_was_lowered(age: timedelta, code: str) -> None:
    assert ask(open_dossier(limits=(weekly(500_00, tightened_at=NOW - age),))).code == code


@pytest.mark.parametrize(("age", "code"), [(7 * DAY - HOUR, "DENY_RECENT_LIMIT_CHANGE"), (7 * DAY, "ALLOW")])
def test_no_ask_for_a_deposit_for_7_days_after_a_limit_was_lowered(age: timedelta, code: str) -> None:
    dev = open_dossier(limits=(weekly(500_00, tightened_at=NOW - age),))
    assert ask(dev, promo(ask=deposit(10_00))).code == code


def test_a_limit_taken_at_registration_is_no_reason_for_peace() -> None:
    assert ask(open_dossier(limits=(weekly(500_00, origin="onboarding", tightened_at=NOW),))).code == "ALLOW"


@pytest.mark.parametrize(("amount", "code"), [(5_00, "ALLOW"), (5_01, "DENY_HIGH_STAKES_VS_LIMIT")])
def test_an_ask_may_be_a_quarter_of_the_lowest_limit(amount: int, code: str) -> None:
    assert ask(open_dossier(limits=(weekly(20_00),)), promo(ask=deposit(amount))).code == code


def test_an_ask_may_not_exceed_what_is_left() -> None:
    dev = open_dossier(limits=(weekly(100_00, left=15_00),))
    assert ask(dev, promo(ask=deposit(15_00))).code == "ALLOW"
    assert ask(dev, promo(ask=deposit(15_01))).code == "DENY_HIGH_STAKES_VS_LIMIT"


def test_13_of_a_daily_a_weekly_and_a_monthly_limit_the_lowest_applies() -> None:
    limits = (weekly(20_00), weekly(10_00, period="day"), weekly(100_00, period="month"))
    assert ask(open_dossier(limits=limits), promo(ask=deposit(15_00))).code == "DENY_HIGH_STAKES_VS_LIMIT"


@pytest.mark.parametrize(("left", "code"), [(10_00, "ALLOW"), (9_99, "DENY_LIMIT_EXHAUSTED")])
def test_a_deposit_match_needs_a_tenth_of_the_limit_left(left: int, code: str) -> None:
    assert ask(open_dossier(limits=(weekly(100_00, left=left),)), promo(incentive=bonus(needs=9_00))).code == code


def test_14_while_a_raise_is_pending_the_old_limit_rules() -> None:
    dev = open_dossier(limits=(weekly(50_00, pending_from=NOW + 16 * HOUR),))
    assert ask(dev, promo(ask=deposit(200_00))).code == "DENY_HIGH_STAKES_VS_LIMIT"


@pytest.mark.parametrize(("since", "code"), [(7 * DAY - HOUR, "DENY_RECENT_LIMIT_CHANGE"), (7 * DAY, "ALLOW")])
def test_14_for_7_days_after_a_raise_nothing_asks_for_a_deposit(since: timedelta, code: str) -> None:
    dev = open_dossier(limits=(weekly(500_00, relaxed_at=NOW - since),))
    assert ask(dev, promo(ask=deposit(20_00))).code == code
    assert ask(dev).code == "ALLOW"  # a message without deposit or bonus may go


@pytest.mark.parametrize("waits", [-16 * HOUR, 8 * DAY, 80 * DAY])
def test_14_a_raise_the_player_has_not_said_again_is_pending_however_long_it_waits(waits: timedelta) -> None:
    dev = open_dossier(limits=(weekly(500_00, pending_from=NOW - waits),))
    assert ask(dev, promo(ask=deposit(20_00))).code == "DENY_RECENT_LIMIT_CHANGE"
    assert ask(dev, promo(incentive=bonus(type="free_cash"))).code == "DENY_RECENT_LIMIT_CHANGE"
    assert ask(dev, promo(content=frozenset({"limits"}))).code == "DENY_RECENT_LIMIT_CHANGE"
    assert ask(dev).code == "ALLOW"


def test_of_limits_anybody_else_is_written_to_and_a_notice_may_speak_of_them() -> None:
    said = frozenset({"limits"})
    assert ask(open_dossier(), promo(content=said)).code == "ALLOW"
    notice = promo(purpose=Purpose.RG_CONFIRMATION, content=said)
    assert ask(open_dossier(limits=(weekly(500_00, pending_from=NOW),)), notice).code == "ALLOW_NOTICE"


@pytest.mark.parametrize("text", [
    "Play within your limits", "Din insättningsgräns", "Dein Einzahlungslimit", "Je stortingslimiet", "Din indbetalingsgrænse",
    "Tu límite", "Ta limite",
])  # fmt: skip
def test_words_about_limits_are_known_in_each_language(text: str) -> None:
    assert words.limits(text)
    assert not words.limits("For a limited time, unlimited fun: grenzenlos, gränslöst, illimité")


@pytest.mark.parametrize(("risk", "on", "code"), [
    ("unknown", True, "DENY_HIGH_RISK"), ("unknown", False, "ALLOW"), ("none", True, "ALLOW"), ("low", True, "ALLOW"),
])  # fmt: skip
def test_where_counsel_says_so_a_level_nobody_can_tell_is_offered_nothing(risk: str, on: bool, code: str) -> None:
    new = open_dossier(risk=risk, switched_on=("POL-12u",) if on else ())
    assert ask(new, promo(incentive=bonus())).code == code
    assert ask(new).code == "ALLOW"


def test_the_wagering_cap_and_the_one_product_rule_hold_from_19_january_2026() -> None:
    mixed = promo(incentive=bonus(wagering=Decimal(11), products=frozenset({"casino", "betting"})))
    for day, fired in ((datetime(2026, 1, 18, 12, tzinfo=UTC), set()),
                       (datetime(2026, 1, 19, 12, tzinfo=UTC), {"DENY_WAGERING_CAP", "DENY_PRODUCT_MIX"})):  # fmt: skip
        fresh = {"gamstop/marketing": RegisterAnswer("clear", day - HOUR)}
        assert set(codes(ask(open_dossier(registers=fresh), mixed, day))) == fired


@pytest.mark.parametrize(
    ("times", "code"), [("10", "ALLOW"), ("10.01", "DENY_WAGERING_CAP"), ("15", "DENY_WAGERING_CAP")]
)
def test_27_bonus_100_wagering_1500_is_above_the_british_cap(times: str, code: str) -> None:
    assert ask(open_dossier(), promo(incentive=bonus(wagering=Decimal(times)))).code == code


def test_wagering_that_counts_the_deposit_too_is_turned_into_times_the_bonus() -> None:
    terms = bonus(wagering=Decimal(5), wagering_base="deposit_bonus")
    assert ask(open_dossier(), promo(incentive=terms, ask=deposit(100_00))).code == "ALLOW"  # 5 x 200 = 10 x 100
    assert ask(open_dossier(), promo(incentive=terms, ask=deposit(101_00))).code == "DENY_WAGERING_CAP"
    assert ask(open_dossier(), promo(incentive=terms)).code == "DENY_WAGERING_CAP"  # deposit unknown


@pytest.mark.parametrize(("kinds", "code"), [
    ({"casino"}, "ALLOW"), ({"slots", "live_casino"}, "ALLOW"), ({"any"}, "ALLOW"),
    ({"slots", "sports"}, "DENY_PRODUCT_MIX"), (set(), "DENY_PRODUCT_MIX"), ({"any", "casino"}, "DENY_PRODUCT_MIX"),
])  # fmt: skip
def test_a_british_bonus_is_for_one_product_type_or_for_any(kinds: set[str], code: str) -> None:
    assert ask(open_dossier(), promo(incentive=bonus(products=frozenset(kinds)))).code == code


def test_29_each_product_needs_its_opt_in_on_each_channel() -> None:
    yes = Opinion(True, NOW - DAY, "v3", "registration")
    gil = open_dossier(consents={"betting/email": yes, "casino/sms": yes})
    refused = "DENY_NO_OPT_IN"
    assert ask(gil, promo(products=frozenset({"casino"}))).code == refused
    assert ask(gil, promo(products=frozenset({"betting"}), channel="sms")).code == refused
    both = ask(gil, promo(products=frozenset({"betting", "casino"})))
    assert (both.code, both.reasons[0].rule) == (refused, "GB-10")
    assert ask(gil, promo(products=frozenset({"sports"}))).code == "ALLOW"


def test_30_a_consent_without_its_wording_proves_nothing() -> None:
    assert ask(open_dossier(consents={"casino/email": Opinion(True, NOW - DAY)})).code == "DENY_NO_OPT_IN"


def test_a_message_that_names_no_product_has_no_opt_in() -> None:
    assert ask(open_dossier(), promo(products=frozenset())).code == "DENY_NO_OPT_IN"


@pytest.mark.parametrize("licence", ["GB", "SE", "MT"])
@pytest.mark.parametrize("channel", ["email", "sms", "push", "onsite"])
def test_a_no_is_a_no_on_every_channel(licence: str, channel: str) -> None:
    no = open_dossier(licence, consents={f"casino/{channel}": Opinion(False, NOW - HOUR, "v3")})
    assert ask(no, promo(channel=channel)).code == "DENY_OPTED_OUT"


def test_10_a_term_that_is_over_opens_nothing() -> None:
    pia = open_dossier(verdict="awaiting_return", promotions_ok=False, bonuses_ok=False)
    assert ask(pia).code == "DENY_AWAITING_RETURN"


@pytest.mark.parametrize("licence", ["GB", "SE", "MT"])
def test_11_after_a_return_only_a_new_opt_in_counts(licence: str) -> None:
    returned = NOW - 2 * DAY
    assert ask(open_dossier(licence, returned_at=returned)).code == "DENY_NO_OPT_IN"
    again = {"casino/email": Opinion(True, returned + HOUR, "v3", "registration")}
    assert ask(open_dossier(licence, returned_at=returned, consents=again)).code == "ALLOW"


@pytest.mark.parametrize(("since", "code"), [(30 * DAY - HOUR, "DENY_ACCOUNT_RESTRICTED"), (30 * DAY, "ALLOW")])
def test_no_bonus_for_30_days_after_a_return(since: timedelta, code: str) -> None:
    again = {"casino/email": Opinion(True, NOW - HOUR, "v3", "registration")}
    assert ask(open_dossier(returned_at=NOW - since, consents=again), promo(incentive=bonus())).code == code


@pytest.mark.parametrize(("before", "reference", "code"), [
    ((), "c1", "ALLOW"), (("c1",), "c1", "ALLOW"), (("older",), "c1", "DENY_BONUS_NOT_FIRST"),
])  # fmt: skip
def test_18_in_sweden_a_bonus_is_once_per_licensee_and_offering_counts(
    before: tuple, reference: str, code: str
) -> None:
    offer = promo(incentive=bonus(days=60), reference=reference)
    assert ask(open_dossier("SE", bonuses_before=before), offer).code == code


def test_19_in_sweden_cashback_is_a_bonus_too_and_who_has_played_gets_none() -> None:
    kaja = open_dossier("SE", first_played=True)
    assert ask(kaja, promo(incentive=bonus(type="cashback_turnover"))).code == "DENY_BONUS_NOT_FIRST"
    assert ask(kaja).code == "ALLOW"  # a newsletter without offer


@pytest.mark.parametrize(("days", "code"), [(60, "ALLOW"), (59, "DENY_TERM_WINDOW")])
def test_in_sweden_conditions_may_be_met_within_60_days_at_least(days: int, code: str) -> None:
    assert ask(open_dossier("SE"), promo(incentive=bonus(wagering=Decimal(1), days=days))).code == code


@pytest.mark.parametrize(("licence", "register"), [("GB", "gamstop"), ("SE", "spelpaus")])
@pytest.mark.parametrize(("answer", "code"), [
    (RegisterAnswer("clear", NOW - 24 * HOUR), "ALLOW"),
    (RegisterAnswer("clear", NOW - 24 * HOUR - timedelta(seconds=1)), "DENY_REGISTER_STALE"),
    (RegisterAnswer("unavailable", NOW - HOUR), "DENY_REGISTER_UNAVAILABLE"),
    (RegisterAnswer("listed", NOW - HOUR), "DENY_NATIONAL_REGISTER"),
    (RegisterAnswer("listed", NOW - 400 * DAY), "DENY_NATIONAL_REGISTER"),
    (None, "DENY_REGISTER_UNAVAILABLE"),
])  # fmt: skip
def test_20_only_a_definite_answer_of_24_hours_counts(
    licence: str, register: str, answer: RegisterAnswer | None, code: str
) -> None:
    answers = {f"{register}/marketing": answer} if answer else {}
    said = ask(open_dossier(licence, registers=answers))
    assert said.code == code
    assert (said.retry_at is not None) == (code in {"DENY_REGISTER_STALE", "DENY_REGISTER_UNAVAILABLE"})


def test_in_sweden_an_answer_to_a_login_question_may_not_be_used_for_marketing_since_august_2026() -> None:
    for day, code in ((datetime(2026, 7, 31, 12, tzinfo=UTC), "ALLOW"),
                      (datetime(2026, 8, 1, 12, tzinfo=UTC), "DENY_REGISTER_UNAVAILABLE")):  # fmt: skip
        login_only = {"spelpaus/login": RegisterAnswer("clear", day - HOUR)}
        assert ask(open_dossier("SE", registers=login_only), now=day).code == code


def test_malta_has_no_national_register_to_ask() -> None:
    assert ask(open_dossier("MT", registers=None)).code == "ALLOW"


@pytest.mark.parametrize(("birth", "code"), [
    (date(2008, 11, 24), "ALLOW"), (date(2008, 11, 25), "DENY_UNDERAGE"), (None, "DENY_AGE_UNVERIFIED"),
])  # fmt: skip
def test_eighteen_is_eighteen_on_the_birthday_where_the_player_is(birth: date | None, code: str) -> None:
    assert ask(open_dossier(birth_date=birth)).code == code


@pytest.mark.parametrize("kyc", ["none", "pending", "rejected"])
def test_an_unverified_player_gets_no_promotion(kyc: str) -> None:
    assert ask(open_dossier(kyc=kyc)).code == "DENY_AGE_UNVERIFIED"


@pytest.mark.parametrize(("local", "code"), [
    ("07:59", "DENY_QUIET_HOURS"), ("08:00", "ALLOW"), ("21:59", "ALLOW"), ("22:00", "DENY_QUIET_HOURS"),
])  # fmt: skip
@pytest.mark.parametrize("zone", ["Europe/London", "America/Toronto", "Pacific/Chatham"])
def test_quiet_hours_are_where_the_player_is(local: str, code: str, zone: str) -> None:
    at = datetime.fromisoformat(f"2026-11-24T{local}").replace(tzinfo=ZoneInfo(zone))
    fresh = {"gamstop/marketing": RegisterAnswer("clear", at - HOUR)}
    said = ask(open_dossier(timezone=zone, registers=fresh), now=at.astimezone(UTC))
    assert said.code == code
    if code != "ALLOW":
        assert said.outcome == "defer"
        assert said.retry_at is not None
        assert said.retry_at.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "08:00"


@pytest.mark.parametrize(("off", "plays_at_night", "code"), [
    ((), False, "POL-08"), ((), True, "POL-08"), (("POL-08",), True, "POL-08n"), (("POL-08",), False, ""),
    (("POL-08", "POL-08n"), True, ""),
])  # fmt: skip
def test_players_of_the_night_keep_the_quiet_hours_their_brand_has_given_up(
    off: tuple[str, ...], plays_at_night: bool, code: str
) -> None:
    night = NOW.replace(hour=23)
    said = ask(open_dossier(switched_off=off, night_play=plays_at_night), now=night)
    assert [reason.rule for reason in said.reasons] == ([code] if code else [])
    assert ask(open_dossier(switched_off=off, night_play=plays_at_night), now=NOW).code == "ALLOW"


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 9), ("2026-10-24", 11)])
def test_the_night_a_clock_changes_is_still_one_night(evening: str, hours: int) -> None:
    at = datetime.fromisoformat(f"{evening}T22:00").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)
    fresh = {"gamstop/marketing": RegisterAnswer("clear", at - HOUR)}
    said = ask(open_dossier(registers=fresh), now=at)
    assert said.retry_at == at + hours * HOUR


def test_quiet_hours_and_pressure_do_not_hold_for_what_the_player_comes_to_see() -> None:
    night = NOW.replace(hour=23)
    tired = open_dossier(recent_promotions=("a", "b", "c"))
    assert ask(tired, promo(channel="onsite"), night).code == "ALLOW"


@pytest.mark.parametrize(("sent", "code"), [(("a", "b"), "ALLOW"), (("a", "b", "c"), "DENY_FREQUENCY"),
                                            (("a", "b", "c1"), "ALLOW")])  # fmt: skip
def test_three_promotions_in_seven_days_and_a_retry_is_no_fourth(sent: tuple[str, ...], code: str) -> None:
    assert ask(open_dossier(recent_promotions=sent)).code == code


@pytest.mark.parametrize(("changes", "code"), [
    ({"feed_stale": True}, "DENY_STATE_UNAVAILABLE"), ({"brand_stopped": True}, "DENY_BRAND_STOPPED"),
    ({"verdict": "unknown", "promotions_ok": False}, "DENY_STATE_UNAVAILABLE"),
    ({"valid_until": NOW}, "DENY_STATE_UNAVAILABLE"), ({"valid_until": NOW + HOUR}, "ALLOW"),
    ({"status": "closed"}, "DENY_ACCOUNT_RESTRICTED"), ({"promotions_ok": False}, "DENY_ACCOUNT_RESTRICTED"),
    ({"jurisdiction": ""}, "DENY_JURISDICTION_UNKNOWN"), ({"jurisdiction": "FR"}, "DENY_RULESET_MISSING"),
    ({"suppressed": ("email",)}, "DENY_OPTED_OUT"), ({"suppressed": ("sms",)}, "ALLOW"),
    ({"verdict": "time_out", "promotions_ok": False, "bonuses_ok": False}, "DENY_TIME_OUT"),
    ({"verdict": "excluded", "exclusions": ("self_exclusion/linked",)}, "DENY_LINKED_ACCOUNT_EXCLUDED"),
    ({"verdict": "excluded", "exclusions": ("national_exclusion/own",)}, "DENY_NATIONAL_REGISTER"),
])  # fmt: skip
def test_state(changes: dict, code: str) -> None:
    assert ask(open_dossier(**changes)).code == code


def test_blocked_bonuses_refuse_the_grant_and_the_offer_but_not_the_newsletter() -> None:
    blocked = open_dossier(bonuses_ok=False)
    assert ask(blocked).code == "ALLOW"
    assert ask(blocked, promo(incentive=bonus())).code == "DENY_ACCOUNT_RESTRICTED"
    assert ask(blocked, promo(channel="bonus", incentive=bonus())).code == "DENY_ACCOUNT_RESTRICTED"


def test_before_a_pack_knows_any_rules_the_answer_is_no() -> None:
    assert ask(open_dossier(), now=datetime(2019, 6, 1, 12, tzinfo=UTC)).code == "DENY_RULESET_MISSING"


def test_a_policy_can_be_switched_off_and_a_law_cannot() -> None:
    dev = open_dossier(limits=(weekly(20_00, tightened_at=NOW, left=0),), switched_off=("POL-02", "POL-03", "POL-04"))
    assert ask(dev).code == "ALLOW"
    asked = promo(ask=deposit(1_00))
    assert ask(dev, asked).code == "ALLOW"
    assert ask(replace(dev, switched_off=("POL-02", "POL-04")), asked).reasons[0].rule == "POL-03"
    said = ask(replace(dev, consents={}, switched_off=(*dev.switched_off, "GB-09")), asked)
    assert [str(reason) for reason in said.reasons] == ["DENY_NO_OPT_IN GB-09"]
