"""What a policy switch would have changed in the last days: computed from the decisions as they were recorded.

Turning a rule off: every refusal is kept with all its reasons, so what it refused alone is counted, exactly.
Turning it on: the rule is run over the stored dossiers of what was allowed, the newest first, at most LOOK of them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from compliance import withholding
from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.jurisdictions import PACKS
from compliance.models import Decision
from compliance.rules import Rule
from compliance.rules.everywhere import RULES
from config.lib.words import said
from players.models import Brand

DAYS = 7
LOOK = 5000
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """`changed`: answers that would have been the other way. `anyway`: refused by it and by another rule as well."""

    turning_on: bool
    asked: int
    looked_at: int  # fewer than asked: only the newest were computed again
    changed: int
    players: int
    anyway: int = 0
    by_channel: list[tuple[str, int]] = field(default_factory=list)
    examples: list[Decision] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """What the audit trail keeps of it: what the person had before their eyes."""
        return {"days": DAYS, "asked": self.asked, "looked_at": self.looked_at, "would_change": self.changed}


def of_switch(brand: Brand, rule_id: str, turning_on: bool, *, now: datetime) -> Effect:
    rule = rule_of(brand, rule_id)
    recent = Decision.objects.filter(
        player__brand=brand,
        player__is_test=False,
        purpose__in=rule.purposes,
        decided_at__gte=now - timedelta(days=DAYS),
    )
    return _on(recent, rule) if turning_on else _off(recent, rule)


def rule_of(brand: Brand, rule_id: str) -> Rule:
    """Raises KeyError for a rule the licence of the brand does not know."""
    return {rule.id: rule for rule in (*RULES, *PACKS[brand.licence.jurisdiction].rules)}[rule_id]


def _off(recent: QuerySet[Decision], rule: Rule) -> Effect:
    refused = recent.exclude(outcome=Decision.Outcome.ALLOW)
    alone, anyway = [], 0
    for reasons, times in refused.values_list("reasons").annotate(times=Count("id")).order_by():
        rules = {reason.rpartition(" ")[2] for reason in reasons}
        if rules == {rule.id}:
            alone.append(reasons)
        elif rule.id in rules:
            anyway += times
    freed = refused.filter(reasons__in=alone) if alone else refused.none()
    asked = recent.count()
    return Effect(
        turning_on=False, asked=asked, looked_at=asked, changed=freed.count(), anyway=anyway,
        players=freed.values("player").distinct().count(), by_channel=_by_channel(freed),
        examples=list(freed.select_related("player").order_by("-pk")[:EXAMPLES]),
    )  # fmt: skip


def _by_channel(decisions: QuerySet[Decision]) -> list[tuple[str, int]]:
    rows = decisions.values_list("channel").annotate(times=Count("id")).order_by("-times")
    return [(said(channel), times) for channel, times in rows]


def _on(recent: QuerySet[Decision], rule: Rule) -> Effect:
    allowed = recent.filter(outcome=Decision.Outcome.ALLOW).order_by("-pk")
    stopped, seen = [], 0
    for decision, dossier in withholding.dossiers_of(_newest(allowed)):
        seen += 1
        if _refuses(rule, decision, dossier):
            stopped.append(decision)
    channels = Counter(said(decision.channel) for decision in stopped)
    asked = recent.count()
    return Effect(
        turning_on=True, asked=asked, looked_at=asked if seen < LOOK else seen, changed=len(stopped),
        players=len({decision.player_id for decision in stopped}), by_channel=channels.most_common(),
        examples=stopped[:EXAMPLES],
    )  # fmt: skip


def _newest(allowed: QuerySet[Decision]) -> Iterator[Decision]:
    return allowed.select_related("player")[:LOOK].iterator(chunk_size=500)


def _refuses(rule: Rule, decision: Decision, dossier: Dossier | None) -> bool:
    """As the gate would have: a rule that cannot be computed is a no, and so is one about somebody since erased."""
    stored = decision.inputs
    try:
        request, then = Request.from_snapshot(stored["request"]), datetime.fromisoformat(stored["now"])
        return dossier is None or (rule.check is not None and rule.check(dossier, request, then) is not None)
    except Exception:  # whatever it is, the gate says no
        return True
