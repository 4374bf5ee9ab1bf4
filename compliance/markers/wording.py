"""What was found, in words: the figures a marker was told from."""

from collections.abc import Mapping
from typing import Any

from compliance.markers.catalogue import BY_ID
from compliance.models import MarkerHit
from config.lib.money import Money

# {} is the figure; of words that are counted only the plural is here.
_SAID = {
    "most_in_one": "{} at most in one session", "emptied": "emptied {}", "after_loss": "usual stake {} after a loss",
    "after_win": "{} after a win", "variation": "stakes vary by {}", "usual_95": "95 % of others stay below {}",
    "per_day": "rises by {} a day", "bets_a_day": "{} bets a day", "times": "seen {}",
    "usual_95_days": "95 % of others: {} days", "usual_95_bets": "95 % of others: {} bets a day", "loss": "lost {}",
    "stake_trend": "trend of stakes {}", "loss_trend": "trend of losses {}", "types": "{} types of games",
    "within_24_h": "{} within 24 h", "within_1_h": "{} within 1 h", "in_30_days": "{} in 30 days", "amount": "{}",
    "usual_week": "{} in a usual week", "from": "counts from {}", "longest_minutes": "{} min on the longest day",
    "weeks_minutes": "{} min, week by week", "night_bets": "{} of the bets at night", "breaks": "{} time-outs",
    "instruments": "{} cards or wallets told apart", "methods": "{} methods told no further",
    "exclusions": "{} self-exclusions", "declined": "{} declined",
}  # fmt: skip
_TIMES = frozenset({"emptied", "times"})
_MONEY = frozenset({"after_loss", "after_win", "amount", "usual_week", "from", "loss"})


def figures(found: Mapping[str, Any], currency: str) -> str:
    """'9 attempts, 3 declined, 2 within 24 h'"""
    order = sorted(found, key=lambda name: (name in _AFTER, name != "amount"))
    return ", ".join(
        _figure(name, found[name], currency) for name in order if name != "currency" and found[name] is not None
    )


_AFTER = ("from", "usual_95", "usual_95_days", "usual_95_bets")  # what it is measured by


def _figure(name: str, value: Any, currency: str) -> str:
    if name in _TIMES:
        return _SAID[name].format("once" if value == 1 else f"{_value(name, value, currency)} times")
    words = _SAID.get(name, f"{{}} {name.replace('_', ' ')}")
    return words.format(_value(name, value, currency)).removesuffix(
        "s" if value == 1 and words.startswith("{} ") else ""
    )


def _value(name: str, value: Any, currency: str) -> str:
    if name in _MONEY:
        return str(Money(round(float(value)), currency))
    if isinstance(value, list):
        return " → ".join(str(round(one)) for one in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def hit(row: MarkerHit) -> str:
    """'Declined deposits: 5 attempts, 3 declined'"""
    return f"{BY_ID[row.marker].name}: {figures(row.found, row.player.currency)}"
