"""Allow means: every input was there and fresh. Each field of the dossier is taken away, or filled, in turn.

A field either proves (taken away, an allow turns into a no) or restricts (its default means "there is none"; filled,
an allow turns into a no). Both with the code that says which. A new field without a row here fails.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from compliance.asking import Ask, Incentive
from compliance.dossier import Dossier, Limit, Rate, RegisterAnswer
from tests.rules.people import NOW, ask, codes, open_dossier, promo

DAY = timedelta(days=1)
BONUS = Incentive("free_cash", 10_00, "GBP", None, products=frozenset({"casino"}), stake=10)
GRANT = {"channel": "bonus", "incentive": BONUS}
PAY_IN = {"ask": Ask("deposit", 5_00, "GBP")}
DANISH = {"incentive": BONUS, "audience": 500}
LOWERED = Limit("deposit_limit", "week", 100_00, "GBP", "player", 100_00, tightened_at=NOW - timedelta(hours=1))
USED_UP = Limit("deposit_limit", "week", 100_00, "GBP", "player", 0)


@dataclass(frozen=True)
class Case:
    """`given` and what is `asked` make an allow; without the field, or with it, the answer has this code."""

    code: str
    licence: str = "GB"
    given: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    at: datetime = NOW


PROVES = {
    "jurisdiction": Case("DENY_JURISDICTION_UNKNOWN"),
    "timezone": Case("DENY_STATE_UNAVAILABLE"),
    "birth_date": Case("DENY_AGE_UNVERIFIED"),
    "kyc": Case("DENY_AGE_UNVERIFIED"),
    "status": Case("DENY_ACCOUNT_RESTRICTED"),
    "verdict": Case("DENY_STATE_UNAVAILABLE"),
    "promotions_ok": Case("DENY_ACCOUNT_RESTRICTED"),
    "bonuses_ok": Case("DENY_ACCOUNT_RESTRICTED", asked=GRANT),
    "feed_stale": Case("DENY_STATE_UNAVAILABLE"),
    "brand_stopped": Case("DENY_BRAND_STOPPED"),
    "consents": Case("DENY_NO_OPT_IN"),
    "registers": Case("DENY_REGISTER_UNAVAILABLE"),
    "first_played": Case("DENY_BONUS_NOT_FIRST", "SE", asked=GRANT),
    "switched_off": Case("DENY_RECENT_LIMIT_CHANGE", given={"switched_off": ("POL-04",), "limits": (LOWERED,)}),
    "rates": Case("DENY_RATE_MISSING", "DK", {"rates": {
        "GBP": Rate(Decimal("1.15"), NOW.date()), "DKK": Rate(Decimal("0.134"), NOW.date())}}, DANISH),
    "registered_at": Case("DENY_NEW_ACCOUNT", "ES"),
    "in_session": Case("DENY_IN_SESSION", "NL", asked=GRANT),
    "night_play": Case("DENY_QUIET_HOURS", given={"switched_off": ("POL-08",)}, at=NOW.replace(hour=23)),
    "net_month": Case("DENY_STATE_UNAVAILABLE", "NL", asked=PAY_IN),
    "net_loss": Case("DENY_STATE_UNAVAILABLE", "ES"),
    "vip": Case("DENY_VIP_NOT_CLEARED", asked=GRANT | {"incentive": replace(GRANT["incentive"], type="hospitality")}),
    "vip_cleared": Case("DENY_VIP_NOT_CLEARED", given={"vip_cleared": True}, asked=GRANT | {"criteria": frozenset({"vip"})}),
    "site": Case("DENY_CONSENT_ORIGIN", "ON", asked={"incentive": BONUS}),
}  # fmt: skip

RESTRICTS: dict[str, tuple[Any, Case]] = {
    "valid_until": (NOW, Case("DENY_STATE_UNAVAILABLE")),
    "limits": ((USED_UP,), Case("DENY_LIMIT_EXHAUSTED", asked=PAY_IN)),
    "returned_at": (NOW - DAY, Case("DENY_NO_OPT_IN")),
    "paused_until": (NOW - timedelta(hours=1), Case("DENY_TIME_OUT")),
    "conditions": (
        {"most": 9_99},
        Case(
            "DENY_BONUS_VALUE_CAP",
            "DE",
            {"currency": "EUR"},
            {"channel": "bonus", "incentive": replace(BONUS, currency="EUR")},
        ),
    ),
    "stopped_at": (NOW - DAY, Case("DENY_NO_OPT_IN", "SE")),
    "suppressed": (("email",), Case("DENY_OPTED_OUT")),
    "bonuses_before": (("another",), Case("DENY_BONUS_NOT_FIRST", "SE", asked=GRANT)),
    "recent_promotions": (("x", "y", "z"), Case("DENY_FREQUENCY")),
    "switched_on": (("POL-11",), Case("DENY_PLAYER_LIMIT", given={"limits": (replace(USED_UP, left=100_00),)})),
    "flags": (("check_due",), Case("DENY_ACCOUNT_RESTRICTED")),
    "excluded_products": (("casino",), Case("DENY_SELF_EXCLUDED")),
    # Everybody begins with a level nobody can tell yet; it is the signs that restrict.
    "risk": ("strong", Case("REROUTE_RG_STRONG")),
    "withdrawal_pending": (True, Case("DENY_WITHDRAWAL_PENDING")),
    "intervened_at": (NOW - DAY, Case("DENY_POST_INTERVENTION", "NL", asked=GRANT)),
}

# Who it is about: without these there is no question, see tests/spec/test_4_faults.py for what the gate says then.
NAMES = {"player_id", "person_id", "brand_id", "licensee", "currency", "generation"}
EXPLAINS = {"exclusions"}  # why the verdict is what it is; alone it neither opens nor closes


def test_every_field_has_its_row() -> None:
    rows = [*PROVES, *RESTRICTS, *NAMES, *EXPLAINS]
    assert sorted(rows) == sorted(one.name for one in fields(Dossier))


@pytest.mark.parametrize("name", PROVES)
def test_without_the_proof_the_answer_is_no_and_says_which(name: str) -> None:
    case = PROVES[name]
    proven, request = open_dossier(case.licence, **case.given), promo(**case.asked)
    assert ask(proven, request, case.at).outcome == "allow", ask(proven, request, case.at)

    unknown = getattr(Dossier(player_id=1), name)
    assert getattr(proven, name) != unknown
    answer = ask(replace(proven, **{name: unknown}), request, case.at)

    assert answer.outcome != "allow"
    assert case.code in codes(answer)


@pytest.mark.parametrize("name", RESTRICTS)
def test_with_the_restriction_the_answer_is_no_and_says_which(name: str) -> None:
    value, case = RESTRICTS[name]
    free, request = open_dossier(case.licence, **case.given), promo(**case.asked)
    assert ask(free, request).outcome == "allow", ask(free, request)

    answer = ask(replace(free, **{name: value}), request)

    assert answer.outcome != "allow"
    assert case.code in codes(answer)


OLD: dict[str, tuple[dict[str, Any], Case]] = {
    "a register's answer of yesterday": (
        {"registers": {"gamstop/marketing": RegisterAnswer("clear", NOW - DAY - timedelta(seconds=1))}},
        Case("DENY_REGISTER_STALE"),
    ),
    "a register that gave no answer": (
        {"registers": {"gamstop/marketing": RegisterAnswer("unavailable", NOW)}}, Case("DENY_REGISTER_UNAVAILABLE"),
    ),
    "a rate of last week": (
        {"rates": {"GBP": Rate(Decimal("1.15"), NOW.date() - 8 * DAY), "DKK": Rate(Decimal("0.134"), NOW.date())}},
        Case("DENY_RATE_MISSING", "DK", PROVES["rates"].given, DANISH),
    ),
    "a standing that ran out this second": ({"valid_until": NOW}, Case("DENY_STATE_UNAVAILABLE")),
    "a level of harm from before the review": ({"risk": "critical"}, Case("REROUTE_RG_STRONG")),
    "a birthday still to come": ({"birth_date": date(2008, 11, 25)}, Case("DENY_UNDERAGE")),
}  # fmt: skip


@pytest.mark.parametrize("what", OLD)
def test_what_is_there_but_not_fresh_counts_as_missing(what: str) -> None:
    changes, case = OLD[what]
    fresh, request = open_dossier(case.licence, **case.given), promo(**case.asked)
    assert ask(fresh, request).outcome == "allow", ask(fresh, request)

    assert ask(replace(fresh, **changes), request).code == case.code
