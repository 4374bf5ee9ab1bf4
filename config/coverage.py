"""What each family of events is needed for, and of how many players it is known. Read from the code, not claimed.

Attributes say which feeds they depend on. What a rule of the gate needs is what its check reads of a dossier.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from django.core.cache import cache as remembered
from django.db.models import Count, Max, Q

from compliance.jurisdictions import pack_for
from compliance.models import Consent, Standing
from config.lib.clock import NEVER
from players.families import FAMILIES, Family, families_named
from players.history import known_since
from players.models import Bet, Brand, FeedFamily, Player, PlayerBonus, PlayerTag, Stage
from segments.language.attributes import Attribute, registry

MINUTE = 60
# What a dossier is made of, and which events bring it. `feed_stale` is about the feed itself.
_FIELDS: dict[str, tuple[str, ...]] = {
    "birth_date": ("profile",),
    "status": ("profile",),
    "kyc": ("identity",),
    "verdict": ("restrictions",),
    "valid_until": ("restrictions",),
    "promotions_ok": ("restrictions",),
    "bonuses_ok": ("restrictions",),
    "exclusions": ("restrictions",),
    "returned_at": ("restrictions",),
    "stopped_at": ("restrictions", "profile"),
    "paused_until": ("restrictions",),
    "limits": ("restrictions", "payments"),
    "registers": ("restrictions",),
    "feed_stale": ("restrictions", "consents"),
    "consents": ("consents",),
    "first_played": ("rounds",),
    "bonuses_before": ("bonuses",),
    "registered_at": ("profile",),
    "risk": ("payments", "rounds"),
    "flags": ("restrictions",),
    "vip": ("profile",),
    "vip_cleared": ("tags",),
    "excluded_products": ("restrictions",),
    "withdrawal_pending": ("payments",),
    "in_session": ("sessions",),
    "night_play": ("rounds",),
    "net_month": ("payments",),
    "net_loss": ("rounds",),
}
_ACTIVE = (Stage.ACTIVE, Stage.AT_RISK, Stage.LAPSED, Stage.DORMANT, Stage.REACTIVATED)
_STAGES: dict[str, tuple[Stage, ...]] = {
    "profile": (Stage.REGISTERED,),
    "payments": (Stage.FTD, *_ACTIVE),
    "rounds": _ACTIVE,
}


@dataclass(frozen=True)
class Row:
    """One family at one brand. `known`: players of whom something of it is known; None where that says nothing."""

    family: Family
    last_at: datetime | None
    since: datetime | None
    known: int | None
    attributes: tuple[Attribute, ...]
    stages: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]  # id and sentence

    @property
    def needed(self) -> int:
        return len(self.attributes) + len(self.stages) + len(self.rules)


@dataclass(frozen=True)
class Covered:
    brand: Brand
    players: int
    rows: list[Row]


def covered(brand: Brand, *, now: datetime) -> Covered:
    last = dict(
        FeedFamily.objects.filter(feed__brand=brand).order_by().values_list("family").annotate(Max("last_event_at"))
    )
    since, shares = known_since(brand.pk), _shares(brand)
    rules = rules_by_family(brand.licence.jurisdiction, now)
    rows = [
        Row(
            family, last.get(key), since.get(key), shares.get(key), tuple(attributes_by_family().get(key, ())),
            tuple(str(stage.label) for stage in _STAGES.get(key, ())), tuple(rules.get(key, ())),
        )
        for key, family in FAMILIES.items()
    ]  # fmt: skip
    return Covered(brand, shares["players"], rows)


def _shares(brand: Brand) -> dict[str, int]:
    """Players of whom something of each family is known, at most a minute old: counting a million takes a while."""
    key = f"coverage:{brand.pk}"
    found: dict[str, int] | None = remembered.get(key)
    if found is None:
        found = _count(brand)
        remembered.set(key, found, MINUTE)
    return found


def _count(brand: Brand) -> dict[str, int]:
    of = Player.objects.filter(brand=brand)
    has: dict[str, Any] = {
        "profile": Count("id", filter=~Q(birth_date=None)),
        "identity": Count("id", filter=~Q(kyc=Player.Kyc.NONE)),
        "logins": Count("id", filter=Q(state__last_login_at__gt=NEVER)),
        "payments": Count(
            "id", filter=Q(state__deposits__gt=0) | Q(state__withdrawals__gt=0) | Q(state__declined_deposits__gt=0)
        ),
        "balances": Count("id", filter=Q(state__balance_at__gt=NEVER)),
        "rounds": Count("id", filter=Q(state__rounds__gt=0)),
        "sessions": Count("id", filter=Q(state__sessions__gt=0)),
    }
    found = of.aggregate(players=Count("id"), **has)
    for key, rows in (
        ("sports", Bet.objects.all()), ("bonuses", PlayerBonus.objects.all()), ("tags", PlayerTag.objects.all()),
        ("consents", Consent.objects.all()),
    ):  # fmt: skip
        found[key] = rows.filter(player__brand=brand).aggregate(n=Count("player", distinct=True))["n"]
    stated = Standing.objects.filter(person__players__brand=brand).exclude(declared_at=None)
    found["restrictions"] = stated.aggregate(n=Count("person", distinct=True))["n"]
    return found


@cache
def attributes_by_family() -> dict[str, list[Attribute]]:
    found: dict[str, list[Attribute]] = {}
    for attribute in registry:
        for key in families_named(attribute.feeds):
            found.setdefault(key, []).append(attribute)
    return found


def rules_by_family(jurisdiction: str, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """Rules of the licence by the family without which they cannot say yes."""
    pack = pack_for(jurisdiction, now.date())
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in pack.on(now.date()) if pack else ():
        for key in sorted(families_of(rule.check)) if rule.check else ():
            found.setdefault(key, []).append((rule.id, rule.sentence))
    return found


@cache
def families_of(check: Callable[..., Any]) -> frozenset[str]:
    """Families of events behind what a check reads."""
    return frozenset(key for name in _names(check, set()) for key in _FIELDS.get(name, ()))


def _names(function: Any, seen: set[Any]) -> Iterator[str]:
    """Every attribute the function touches, and those the functions touch it calls."""
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("compliance."):
        return
    seen.add(function)
    for code in _codes(function.__code__):
        for name in code.co_names:
            yield name
            yield from _names(function.__globals__.get(name), seen)
    for cell in function.__closure__ or ():
        yield from _names(cell.cell_contents, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
