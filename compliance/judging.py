"""Runs every rule over one dossier and picks the primary reason. Pure: no database, no clock."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.jurisdictions import asked_on, day_under, pack_for
from compliance.models.decision import PROMOTIONS, Decision, Purpose
from compliance.rules import ALWAYS, Reason, Rule
from compliance.rules.everywhere import RULES
from compliance.vocabulary import PRECEDENCE

log = logging.getLogger(__name__)

_RANK = {code: place for place, code in enumerate(PRECEDENCE)}
_HONESTY = tuple(rule for rule in RULES if rule.is_asked and rule.purposes == ALWAYS)  # licence or not
_PURPOSES = frozenset(purpose.value for purpose in Purpose)


@dataclass(frozen=True)
class Judgement:
    outcome: Decision.Outcome
    code: str
    reasons: tuple[Reason, ...]
    ruleset: str
    retry_at: datetime | None


def judge_known(known: Mapping[str, Any], request: Request, now: datetime) -> Judgement:
    """The same of a dossier as it is stored. What makes no sense is a no for this one player, and only for them."""
    try:
        return judge(Dossier.from_snapshot(known), request, now)
    except Exception:
        log.exception("what is known of player %s cannot be read; the answer is no", request.player_id)
        return Judgement(Decision.Outcome.DENY, "DENY_RULE_ERROR", (Reason("DENY_RULE_ERROR", "SYS-05"),), "none", None)


def judge(dossier: Dossier, request: Request, now: datetime) -> Judgement:
    known = _zone(dossier.timezone) is not None  # without the player's own there is no night and no birthday
    day = day_under(dossier.jurisdiction, now) if known else None
    pack = pack_for(dossier.jurisdiction, day) if day else None
    if request.purpose not in _PURPOSES:
        return _sum_up([Reason("DENY_PURPOSE_MISMATCH", "X-06")], request, pack.name if pack else "none")
    if pack is None or day is None:
        reasons = [_no_rules(dossier, known)] if request.purpose in PROMOTIONS else []
        return _sum_up([*reasons, *run(_HONESTY, dossier, request, now)], request, "none")
    rules = _in_force(dossier.jurisdiction, day, str(request.purpose), dossier.switched_off, dossier.switched_on)
    return _sum_up(run(rules, dossier, request, now), request, pack.name)


@lru_cache(maxsize=1000)
def _in_force(
    jurisdiction: str, day: date, purpose: str, switched_off: tuple[str, ...], switched_on: tuple[str, ...]
) -> tuple[Rule, ...]:
    return tuple(rule for rule in asked_on(jurisdiction, day, purpose) if rule.is_on(switched_off, switched_on))


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _no_rules(dossier: Dossier, known: bool) -> Reason:
    if not dossier.jurisdiction:
        return Reason("DENY_JURISDICTION_UNKNOWN", "X-04")
    return Reason("DENY_RULESET_MISSING", "X-04") if known else Reason("DENY_STATE_UNAVAILABLE", "SYS-04")


def run(rules: Sequence[Rule], dossier: Dossier, request: Request, now: datetime) -> list[Reason]:
    """Every rule, no short cut; one that fails is itself a no."""
    found: list[Reason] = []
    for rule in rules:
        if rule.check is None:
            continue
        try:
            reason = rule.check(dossier, request, now)
        except Exception:
            log.exception("rule %s failed; the answer is no", rule.id)
            reason = Reason("DENY_RULE_ERROR", rule.id)
        if reason is not None:
            found.append(reason)
    return found


def _sum_up(found: list[Reason], request: Request, ruleset: str) -> Judgement:
    if not found:
        code = "ALLOW" if request.purpose in PROMOTIONS else "ALLOW_NOTICE"
        return Judgement(Decision.Outcome.ALLOW, code, (), ruleset, None)
    ordered = tuple(sorted(found, key=lambda reason: (_RANK.get(reason.code, -1), reason.rule)))
    denied = [reason for reason in ordered if reason.outcome != Decision.Outcome.DEFER]
    retries = [reason.retry_at for reason in ordered]
    # Worth another try only when everything that stands in the way goes away by itself.
    retry_at = max((at for at in retries if at), default=None) if all(retries) else None
    primary = denied[0] if denied else ordered[0]
    ordered = (primary, *(reason for reason in ordered if reason is not primary))
    return Judgement(primary.outcome, primary.code, ordered, ruleset, retry_at)
