"""Anybody and any question, drawn from a seeded die: a player of whom everything is proven, with some of it changed.

Mostly proven, because a rule that forgets to look is found only where nothing else says no.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from compliance.asking import Ask, Incentive, Request
from compliance.dossier import Dossier, Limit, Opinion, Rate, RegisterAnswer
from compliance.jurisdictions import PACKS
from compliance.models.decision import Purpose
from compliance.vocabulary import CONTENT, CRITERIA, INCENTIVES, LIMITS, RISKS
from tests.rules.people import NOW, REGISTERS, ZONES, open_dossier

Die = random.Random
_PRODUCTS = ("casino", "betting", "slots", "bingo")


def _instant(die: Die) -> datetime:
    return NOW + timedelta(minutes=die.choice([0, 0, die.randint(-60 * 24 * 60, 60 * 24 * 60), die.randint(-90, 90)]))


def _maybe(die: Die) -> datetime | None:
    return die.choice([None, _instant(die)])


def limit(die: Die) -> Limit:
    return Limit(
        die.choice(sorted(LIMITS)), die.choice(["day", "week", "month"]), die.randint(0, 1_000_00),
        die.choice(["GBP", "EUR", "SEK"]), die.choice(["player", "onboarding", "operator", "register", "removed"]),
        die.choice([None, die.randint(-1_00, 1_000_00)]), _maybe(die), _maybe(die), _maybe(die), die.random() < 0.1,
    )  # fmt: skip


def _opinions(die: Die) -> dict[str, Opinion] | None:
    cells = [f"{product}/{channel}" for product in ("casino", "betting") for channel in ("email", "sms", "onsite")]
    return die.choice([None, {
        cell: Opinion(die.choice([True, True, False, None]), _instant(die), die.choice(["", "v3"]), "registration",
                      die.choice(["", "on.example", "com.example"]))
        for cell in die.sample(cells, die.randint(0, len(cells)))
    }])  # fmt: skip


def _answers(die: Die) -> dict[str, RegisterAnswer] | None:
    names = [f"{name}/{kind}" for name in (*REGISTERS, "cruks") for kind in ("marketing", "login")]
    return die.choice([None, {
        name: RegisterAnswer(die.choice(["clear", "clear", "listed", "unavailable", "?"]), _instant(die))
        for name in die.sample(names, die.randint(0, len(names)))
    }])  # fmt: skip


def _rates(die: Die) -> dict[str, Rate] | None:
    return die.choice([None, {
        name: Rate(Decimal(die.randint(1, 20_000)) / 10_000, NOW.date() - timedelta(days=die.randint(0, 9)))
        for name in die.sample(["GBP", "DKK", "SEK"], die.randint(0, 3))
    }])  # fmt: skip


def _some(*words: str) -> Callable[[Die], tuple[str, ...]]:
    return lambda die: tuple(sorted(die.sample(words, die.randint(0, len(words)))))


_FIELDS: dict[str, Callable[[Die], Any]] = {
    "timezone": lambda die: die.choice([*ZONES.values(), "Pacific/Chatham"]),
    "birth_date": lambda die: die.choice([None, date(1985, 5, 17), NOW.date().replace(year=die.randint(1998, 2010))]),
    "kyc": lambda die: die.choice(["none", "pending", "verified"]),
    "status": lambda die: die.choice(["active", "closed", ""]),
    "verdict": lambda die: die.choice(["open", "unknown", "excluded", "awaiting_return", "time_out", "blocked"]),
    "promotions_ok": lambda die: die.random() < 0.5, "bonuses_ok": lambda die: die.random() < 0.5,
    "valid_until": _maybe, "feed_stale": lambda die: die.random() < 0.5, "brand_stopped": lambda die: die.random() < 0.5,
    "limits": lambda die: tuple(limit(die) for _ in range(die.randint(0, 3))), "returned_at": _maybe, "paused_until": _maybe,
    "conditions": lambda die: die.choice([None, {}, {"most": 100_00}, {"times": 5}, {"most": 50_00, "times": 20}]),
    "consents": _opinions, "registers": _answers, "first_played": lambda die: die.random() < 0.5,
    "bonuses_before": _some("a", "c1"), "recent_promotions": _some("a", "b", "c", "c1"),
    "suppressed": _some("email", "sms", "onsite"), "switched_off": _some("POL-01", "POL-02", "POL-04", "POL-08", "DE-02", "ES-02"),
    "switched_on": _some("POL-11", "DE-10"), "risk": lambda die: die.choice(RISKS),
    "flags": _some("deposit_block", "check_due", "check_adverse", "vulnerability"),
    "net_loss": lambda die: die.choice([None, die.randint(-100_00, 1_000_00)]),
    "net_month": lambda die: die.choice([None, die.randint(-100_00, 1_000_00)]), "registered_at": _maybe,
    "intervened_at": _maybe, "vip": lambda die: die.random() < 0.5, "vip_cleared": lambda die: die.random() < 0.5, "in_session": lambda die: die.random() < 0.5,
    "night_play": lambda die: die.random() < 0.5, "withdrawal_pending": lambda die: die.random() < 0.5, "excluded_products": _some("betting", "bingo"),
    "rates": _rates, "site": lambda die: die.choice(["", "on.example"]),
    "jurisdiction": lambda die: die.choice(["FR", ""]),
}  # fmt: skip


def dossier(die: Die) -> Dossier:
    changed = die.sample(sorted(_FIELDS), die.choice([0, 1, 1, 1, 2, 4]))
    night = {"timezone": "Asia/Tokyo"} if die.random() < 0.05 else {}
    found = {name: _FIELDS[name](die) for name in changed}
    return replace(open_dossier(die.choice(list(PACKS))), **(night | found))


def incentive(die: Die) -> Incentive:
    return Incentive(
        die.choice(sorted(INCENTIVES)), die.randint(1, 2_000_00), die.choice(["GBP", "EUR", "DKK", "SEK"]),
        die.choice([None, Decimal(die.randint(0, 400)) / 10]), die.choice(["bonus", "deposit_bonus"]),
        die.choice([None, die.randint(1, 90)]), frozenset(die.sample([*_PRODUCTS, "any"], die.randint(0, 2))),
        die.choice([None, die.randint(1, 600)]), die.choice([False] * 8 + [True, None]),
        die.choice([None, die.randint(0, 500_00)]), die.choice([None, None, die.randint(1, 500_00)]),
        counts=frozenset(die.sample(_PRODUCTS, die.choice([0, 0, 1]))), least_share=die.choice([None, 100, 100, 10]),
    )  # fmt: skip


def request(die: Die) -> Request:
    purpose = die.choice([Purpose.PROMOTIONAL] * 8 + [*Purpose])
    return Request(
        1, purpose, die.choice(["email", "email", "sms", "onsite", "bonus", "email", "post", "pigeon"]),
        frozenset(die.sample(_PRODUCTS, die.choice([0, 1, 1, 1, 2]))),
        frozenset(die.sample(sorted(CRITERIA), die.randint(0, 2))), "c1",
        die.choice([None, Ask(die.choice(["deposit", "stake"]), die.randint(1, 500_00), die.choice(["GBP", "EUR"]))]),
        die.choice([None, incentive(die)]), frozenset(die.sample(sorted(CONTENT), die.choice([0, 0, 0, 1]))),
        die.choice([None, 1, 99, 100, 5000]),
    )  # fmt: skip
