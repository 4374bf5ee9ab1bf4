"""The player has drawn a line: nothing that asks them to cross it, and peace after they drew it."""

from datetime import datetime, timedelta
from decimal import Decimal

from compliance.asking import Request
from compliance.dossier import Dossier, Limit
from compliance.rules import Check, Reason, asks_deposit, offers

_MONEY = {"deposit_limit", "loss_limit", "stake_limit"}


def _active(dossier: Dossier, kinds: set[str]) -> list[Limit]:
    return [limit for limit in dossier.limits if limit.kind in kinds and limit.origin != "removed"]


def not_beyond_limit(rule: str) -> Check:
    """A deposit limit that is used up: no deposit may be asked for. Of several periods the strictest applies."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not asks_deposit(request):
            return None
        spent = any(limit.left is not None and limit.left <= 0 for limit in _active(dossier, {"deposit_limit"}))
        return Reason("DENY_LIMIT_EXHAUSTED", rule) if spent else None

    return check


def not_high_stakes(share: Decimal) -> Check:
    """An ask may be at most `share` of the lowest limit, and no more than is left of any."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        limits = _active(dossier, _MONEY)
        if request.ask is None or not limits:
            return None
        ask = request.ask.amount
        foreign = any(limit.currency != request.ask.currency for limit in limits)
        too_much = ask > share * min(limit.amount for limit in limits)
        more_than_left = any(limit.left is not None and ask > limit.left for limit in limits)
        return Reason("DENY_HIGH_STAKES_VS_LIMIT", "POL-02") if foreign or too_much or more_than_left else None

    return check


def not_nearly_exhausted(share: Decimal) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not asks_deposit(request):
            return None
        nearly = any(
            limit.left is not None and limit.left < share * limit.amount
            for limit in _active(dossier, {"deposit_limit"})
        )
        return Reason("DENY_LIMIT_EXHAUSTED", "POL-03") if nearly else None

    return check


def peace_after_tightening(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """24 h without any promotion, 7 days without an ask for a deposit. A limit taken at registration is exempt."""
    for limit in dossier.limits:
        if limit.origin in {"onboarding", "removed"} or limit.tightened_at is None:
            continue
        quiet_until = limit.tightened_at + (timedelta(days=7) if asks_deposit(request) else timedelta(hours=24))
        if now < quiet_until:
            return Reason("DENY_RECENT_LIMIT_CHANGE", "POL-04", retry_at=quiet_until)
    return None


def no_push_while_relaxing(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """A raise asked for, or in effect for less than 7 days: nothing about deposits or bonuses."""
    if not (asks_deposit(request) or offers(request)):
        return None
    for limit in dossier.limits:
        since = limit.pending_from or limit.relaxed_at
        if since is not None and now < since + timedelta(days=7):
            return Reason("DENY_RECENT_LIMIT_CHANGE", "POL-05", retry_at=since + timedelta(days=7))
    return None
