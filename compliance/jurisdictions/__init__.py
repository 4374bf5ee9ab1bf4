"""Dated rule packs, one file per jurisdiction: data plus small functions, each line citing its source."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from compliance.jurisdictions import gb, mt, se
from compliance.rules import Rule
from compliance.rules.everywhere import RULES


@dataclass(frozen=True)
class Pack:
    jurisdiction: str
    version: str
    since: date  # before that day we know no rules, so the gate says no
    rules: tuple[Rule, ...]

    def on(self, day: date) -> tuple[Rule, ...]:
        return tuple(rule for rule in (*RULES, *self.rules) if rule.in_force(day))

    @property
    def name(self) -> str:
        return f"{self.jurisdiction} {self.version}"


PACKS = {pack.jurisdiction: pack for pack in (Pack("GB", gb.VERSION, gb.SINCE, gb.RULES),
                                               Pack("SE", se.VERSION, se.SINCE, se.RULES),
                                               Pack("MT", mt.VERSION, mt.SINCE, mt.RULES))}  # fmt: skip


# Where a law asks for a bonus given before.
ONE_BONUS = tuple(sorted(name for name, pack in PACKS.items() if any(rule.once for rule in pack.rules)))


@lru_cache(maxsize=1000)
def asked_on(jurisdiction: str, day: date, purpose: str) -> tuple[Rule, ...]:
    """Rules of the licence that are asked about such a thing on that day; without a pack there are none."""
    pack = pack_for(jurisdiction, day)
    return tuple(rule for rule in pack.on(day) if rule.is_asked and purpose in rule.purposes) if pack else ()


def pack_for(jurisdiction: str, day: date) -> Pack | None:
    pack = PACKS.get(jurisdiction)
    return pack if pack and pack.since <= day else None
