"""Families of events: what may fall silent on its own, and what then cannot be trusted.

A feed carries several. Each has its own patience (reference: reliability §3f): a restriction that is half a
minute late matters, a round that is does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache


@dataclass(frozen=True, slots=True)
class Limits:
    """Without a sign of life for this long."""

    late: timedelta
    stale: timedelta


def _limits(late: float, stale: float) -> Limits:
    return Limits(timedelta(seconds=late), timedelta(seconds=stale))


USUAL = _limits(60, 300)


@dataclass(frozen=True, slots=True)
class Family:
    """`starts`: beginnings of the kinds that belong to it. `closes`: while it is stale nothing promotional goes."""

    key: str
    label: str
    starts: tuple[str, ...]
    limits: Limits = USUAL
    closes: bool = False


# First match counts: player.kyc is an identity check before it is anything else of a player.
FAMILIES: dict[str, Family] = {
    family.key: family
    for family in (
        Family("restrictions", "Responsible gambling", ("rg.",), _limits(30, 120), True),
        Family("consents", "Consents", ("consent.",), _limits(30, 120), True),
        Family("payments", "Payments", ("deposit.", "withdrawal.")),
        Family("balances", "Balances", ("balance.",)),
        Family("rounds", "Rounds", ("round.",), _limits(300, 900)),
        Family("sessions", "Sessions", ("session.",), _limits(300, 900)),
        Family("sports", "Sports bets", ("bet.",), _limits(300, 900)),
        Family("bonuses", "Bonuses", ("bonus.",)),
        Family("identity", "Identity checks", ("player.kyc",), _limits(300, 900)),
        Family("logins", "Log-ins", ("player.login", "player.logout"), _limits(300, 900)),
        Family("tags", "Tags and your own attributes", ("player.tagged", "player.attributes"), _limits(900, 3600)),
        Family("profile", "Accounts", ("player.",)),
        Family("custom", "Your own events", ("custom.",), _limits(900, 3600)),
    )
}
# What other places call one or several of them: an attribute that needs "play", a feed named "rg".
_TOGETHER: dict[str, tuple[str, ...]] = {
    "rg": ("restrictions",),
    "consent": ("consents",),
    "kyc": ("identity",),
    "play": ("rounds", "sessions", "sports"),
    "gameplay": ("rounds", "sessions", "sports"),
    "account": ("profile", "logins", "identity", "tags"),
    "bonus": ("bonuses",),
}


@cache
def family_of(kind: str) -> str:
    """'deposit.approved' -> 'payments'; '' for what belongs to none, like a heartbeat."""
    return next((key for key, family in FAMILIES.items() if kind.startswith(family.starts)), "")


def families_named(names: Iterable[str]) -> set[str]:
    """Keys of the families behind these names; a name nobody knows stands for none."""
    return {key for name in names for key in _TOGETHER.get(name, (name,)) if key in FAMILIES}


def limits_of(name: str) -> Limits:
    """Of a family, or of a feed named after one; the usual ones otherwise."""
    return next((FAMILIES[key].limits for key in _TOGETHER.get(name, (name,)) if key in FAMILIES), USUAL)
