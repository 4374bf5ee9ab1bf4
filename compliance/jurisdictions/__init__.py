"""Dated rule packs, one file per jurisdiction: data plus small functions, each line citing its source.

A law (confidence A or B) has no switch. A policy (POL-…) has one, for two people. What the sources leave open (C, G)
is configuration on the safe side, marked 'confirm with counsel', and never presented as law. Duties that are not
asked of the gate stand here too, with where they act, so that the rules page is whole. `timing`: how long a raised
limit waits. What holds under every licence is compliance.rules.everywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from compliance.jurisdictions import de, dk, es, gb, mt, nl, on, se
from compliance.rules import Rule
from compliance.rules.everywhere import RULES


@dataclass(frozen=True)
class Pack:
    jurisdiction: str
    place: str
    zone: ZoneInfo  # whose calendar says from which day on a rule is in force
    version: str
    since: date  # before that day we know no rules, so the gate says no
    rules: tuple[Rule, ...]

    @property
    def every(self) -> tuple[Rule, ...]:
        """Of any date."""
        return (*RULES, *self.rules)

    def on(self, day: date) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.every if rule.in_force(day))

    @property
    def name(self) -> str:
        return f"{self.jurisdiction} {self.version}"


_PLACES = {
    "GB": ("Great Britain", "Europe/London"), "SE": ("Sweden", "Europe/Stockholm"), "DE": ("Germany", "Europe/Berlin"),
    "NL": ("Netherlands", "Europe/Amsterdam"), "DK": ("Denmark", "Europe/Copenhagen"), "ES": ("Spain", "Europe/Madrid"),
    "ON": ("Ontario", "America/Toronto"), "MT": ("Malta", "Europe/Malta"),
}  # fmt: skip
PACKS = {
    code: Pack(code, _PLACES[code][0], ZoneInfo(_PLACES[code][1]), module.VERSION, module.SINCE, module.RULES)
    for code, module in (("GB", gb), ("SE", se), ("DE", de), ("NL", nl), ("DK", dk), ("ES", es), ("ON", on), ("MT", mt))
}


OFF_BY_DEFAULT = frozenset(rule.id for pack in PACKS.values() for rule in pack.every if not rule.default_on)

# Where a law asks for a bonus given before.
ONE_BONUS = tuple(sorted(name for name, pack in PACKS.items() if any(rule.once for rule in pack.rules)))


@lru_cache(maxsize=1000)
def asked_on(jurisdiction: str, day: date, purpose: str) -> tuple[Rule, ...]:
    """Rules of the licence that are asked about such a thing on that day; without a pack there are none."""
    pack = pack_for(jurisdiction, day)
    return tuple(rule for rule in pack.on(day) if rule.is_asked and purpose in rule.purposes) if pack else ()


def day_under(jurisdiction: str, now: datetime) -> date | None:
    """The day it is where the licence is: the law changes there, wherever the player may be. None: no such licence."""
    pack = PACKS.get(jurisdiction)
    return now.astimezone(pack.zone).date() if pack else None


def pack_for(jurisdiction: str, day: date) -> Pack | None:
    pack = PACKS.get(jurisdiction)
    return pack if pack and pack.since <= day else None
