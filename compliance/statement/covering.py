"""The statement of one licence on one day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from compliance import switches, wall
from compliance.jurisdictions import Pack, pack_for
from compliance.rules import Rule
from compliance.sealing import state
from compliance.statement.duties import BESIDE, OTHERWISE, WITHOUT_QUESTION, Duty, outside
from players.models import Brand

_SEEN = {"A": "Text read", "B": "Secondary source", "C": "Confirm with counsel", "G": "Confirm with counsel"}
DAYS = 30


@dataclass(frozen=True)
class Provision:
    rule: Rule
    refused: int  # in the last 30 days
    beside: str  # what stays the operator's
    seen: str  # how well the source is known
    off_at: list[str]  # brands where a policy is switched off

    @property
    def is_sure(self) -> bool:
        return self.rule.confidence[:1] in "AB"


@dataclass(frozen=True)
class Statement:
    jurisdiction: str
    day: date
    made_at: datetime
    pack: Pack | None
    brands: list[Brand]
    law: list[Provision]
    policy: list[Provision]
    outside: tuple[Duty, ...]
    seal: state.State

    @property
    def open_questions(self) -> int:
        return sum(not one.is_sure for one in (*self.law, *self.policy))


def state_of(jurisdiction: str, day: date, brands: QuerySet[Brand], *, now: datetime) -> Statement:
    """`brands`: those of the operator under this licence."""
    pack, here = pack_for(jurisdiction, day), list(brands.order_by("name"))
    tally = dict(wall.refused_by_rule(brands, now=now, days=DAYS))
    found = [_provision(rule, tally.get(rule.id, 0), here) for rule in (pack.on(day) if pack else ())]
    return Statement(
        jurisdiction=jurisdiction, day=day, made_at=now, pack=pack, brands=here,
        law=[one for one in found if one.rule.is_law], policy=[one for one in found if not one.rule.is_law],
        outside=outside(jurisdiction), seal=state.state(now=now),
    )  # fmt: skip


def _provision(rule: Rule, refused: int, brands: list[Brand]) -> Provision:
    module = (getattr(rule.check, "__module__", "") or "").rpartition(".")[2]
    beside = BESIDE.get(module, OTHERWISE) if rule.is_asked else WITHOUT_QUESTION
    off = [brand.name for brand in brands if rule.switchable and not switches.is_on(brand, rule.id)]
    return Provision(rule, refused, beside, _SEEN.get(rule.confidence[:1], "Confirm with counsel"), off)
