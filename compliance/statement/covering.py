"""The statement of one licence on one day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from compliance import switches, wall
from compliance.jurisdictions import Pack, pack_for
from compliance.rules import Rule
from compliance.sealing import state
from compliance.statement.duties import ARRIVING, BESIDE, ELSEWHERE, OTHERWISE, Duty, outside
from players.models import Brand

_SEEN = {"A": "Text read", "B": "Secondary source"}
_PARTS = (
    ("law", "The law"), ("counsel", "Confirm with counsel"), ("policy", "Your policies"),
    ("own", "Pitboss by itself"),
)  # fmt: skip
_OWN = ("SYS-", "OP-")
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
        return not self.rule.open_question

    @property
    def part(self) -> str:
        """Of the statement: 'own' what Pitboss does by itself, else whose the rule is."""
        return "own" if self.rule.id.startswith(_OWN) else self.rule.family


@dataclass(frozen=True)
class Statement:
    jurisdiction: str
    day: date
    made_at: datetime
    pack: Pack | None
    brands: list[Brand]
    provisions: list[Provision]
    outside: tuple[Duty, ...]
    seal: state.State

    @property
    def parts(self) -> list[tuple[str, list[Provision]]]:
        """(heading, its provisions); what nobody has read in the text stands apart from the law."""
        found = [(title, [one for one in self.provisions if one.part == part]) for part, title in _PARTS]
        return [(title, rows) for title, rows in found if rows]

    @property
    def asked(self) -> int:
        return sum(one.part == "law" and one.rule.is_asked for one in self.provisions)

    @property
    def elsewhere(self) -> int:
        return sum(one.part == "law" and not one.rule.is_asked for one in self.provisions)

    @property
    def open_questions(self) -> int:
        return sum(not one.is_sure for one in self.provisions)


def state_of(jurisdiction: str, day: date, brands: QuerySet[Brand], *, now: datetime) -> Statement:
    """`brands`: those of the operator under this licence."""
    pack, here = pack_for(jurisdiction, day), list(brands.order_by("name"))
    tally = dict(wall.refused_by_rule(brands, now=now, days=DAYS))
    signed = switches.signed(here)
    found = [_provision(rule, tally.get(rule.id, 0), here, signed) for rule in (pack.on(day) if pack else ())]
    return Statement(
        jurisdiction=jurisdiction, day=day, made_at=now, pack=pack, brands=here,
        provisions=found,
        outside=outside(jurisdiction), seal=state.state(now=now),
    )  # fmt: skip


def _provision(rule: Rule, refused: int, brands: list[Brand], signed: dict[tuple[int, str], bool]) -> Provision:
    module = (getattr(rule.check, "__module__", "") or "").rpartition(".")[2]
    beside = BESIDE["everywhere"] if rule.id.startswith(_OWN) else BESIDE.get(module, OTHERWISE)
    if not rule.is_asked:
        beside = ARRIVING if "arrives" in rule.acts.lower() or "closes" in rule.acts else ELSEWHERE
    off = [brand.name for brand in brands if rule.switchable and not signed.get((brand.pk, rule.id), rule.default_on)]
    seen = "Confirm with counsel" if rule.open_question else _SEEN[rule.confidence[:1]] if rule.cites else "Our own"
    return Provision(rule, refused, beside, seen, off)
