"""What was found, in words: the figures a marker was told from."""

from collections.abc import Mapping
from typing import Any

from compliance.markers.catalogue import BY_ID
from compliance.models import MarkerHit
from config.lib.money import Money

_NAMES = {
    "days": "days", "most_in_one": "most in one session", "sessions": "sessions", "emptied": "emptied", "bets": "bets",
    "after_loss": "usual stake after a loss", "after_win": "after a win", "variation": "variation of stakes",
    "usual_95": "95 % of others stay below", "per_day": "rise a day", "bets_a_day": "bets a day", "times": "times seen:",
    "usual_95_days": "95 % of others: days", "usual_95_bets": "95 % of others: bets a day", "loss": "lost",
    "stake_trend": "trend of stakes", "loss_trend": "trend of losses", "types": "types of games", "methods": "methods",
    "deposits": "deposits", "withdrawals": "withdrawals", "declined": "declined", "attempts": "attempts",
    "within_24_h": "within 24 h", "within_1_h": "within 1 h", "in_30_days": "in 30 days", "amount": "amount",
    "usual_week": "usual week", "from": "counts from", "longest_minutes": "longest day, minutes", "nights": "nights",
    "weeks_minutes": "minutes by week", "night_bets": "bets at night", "breaks": "time-outs", "exclusions": "self-exclusions",
    "visits": "visits",
}  # fmt: skip
_MONEY = frozenset({"after_loss", "after_win", "amount", "usual_week", "from", "loss"})


def figures(found: Mapping[str, Any], currency: str) -> str:
    """'declined 3, attempts 5, within 24 h 3'"""
    told = [
        f"{_NAMES.get(name, name.replace('_', ' '))} {_value(name, value, currency)}"
        for name, value in found.items()
        if name != "currency" and value is not None
    ]
    return ", ".join(told)


def _value(name: str, value: Any, currency: str) -> str:
    if name in _MONEY:
        return str(Money(round(float(value)), currency))
    if isinstance(value, list):
        return " → ".join(str(round(one)) for one in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def hit(row: MarkerHit) -> str:
    """'Declined deposits: declined 3, attempts 5'"""
    return f"{BY_ID[row.marker].name}: {figures(row.found, row.player.currency)}"
