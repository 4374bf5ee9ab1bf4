"""The player has drawn a line: nothing that asks them to cross it, and peace after they drew it."""

from datetime import datetime, timedelta
from decimal import Decimal

from compliance.asking import Ask, Request
from compliance.dossier import Dossier, Limit
from compliance.rules import Check, Reason, asks_deposit, deposit_wanted, offers, paid_in
from compliance.rules.money import worth
from compliance.vocabulary import DEPOSIT_LIMITS, MONEY_LIMITS


def _active(dossier: Dossier, kinds: frozenset[str]) -> list[Limit]:
    return [limit for limit in dossier.limits if limit.kind in kinds and limit.origin != "removed"]


def not_high_stakes(share: Decimal) -> Check:
    """An ask may be at most `share` of the lowest limit, and no more than is left of any. A deposit that is needed,
    and nobody says how large, may be more."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        limits, wanted = _active(dossier, MONEY_LIMITS), deposit_wanted(request)
        if wanted is None:
            untold = bool(limits) and asks_deposit(request) and not paid_in(request)
            return Reason("DENY_HIGH_STAKES_VS_LIMIT", "POL-02") if untold else None
        asked = [_against(limit, wanted, share, dossier, now) for limit in limits]
        worst = next((code for code in ("DENY_HIGH_STAKES_VS_LIMIT", "DENY_RATE_MISSING") if code in asked), None)
        return Reason(worst, "POL-02") if worst else None

    return check


def _against(limit: Limit, ask: Ask, share: Decimal, dossier: Dossier, now: datetime) -> str | None:
    """In the limit's currency, exactly; an ask that cannot be converted cannot be shown to be small."""
    wanted = worth(ask.amount, ask.currency, limit.currency, dossier, now)
    if wanted is None or limit.rate_missing:
        return "DENY_RATE_MISSING"
    too_much = wanted > share * limit.amount or (limit.left is not None and wanted > limit.left)
    return "DENY_HIGH_STAKES_VS_LIMIT" if too_much else None


def not_nearly_exhausted(share: Decimal) -> Check:
    """A deposit limit that is used up, or nearly: no deposit is asked for. Of several periods the strictest counts; of
    one whose amount cannot be told in the player's money nobody knows what is left."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not asks_deposit(request):
            return None
        limits = _active(dossier, DEPOSIT_LIMITS)
        known = [(limit.left, share * limit.amount) for limit in limits if limit.left is not None]
        if any(left <= 0 or left < little for left, little in known):
            return Reason("DENY_LIMIT_EXHAUSTED", "POL-03")
        return Reason("DENY_RATE_MISSING", "POL-03") if any(limit.rate_missing for limit in limits) else None

    return check


def nothing_beside_a_limit(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """Whoever has set a limit on deposits or losses themselves is left in peace altogether."""
    own = [limit for limit in _active(dossier, DEPOSIT_LIMITS | {"loss_limit"}) if limit.origin == "player"]
    return Reason("DENY_PLAYER_LIMIT", "POL-11") if own else None


def no_pressure_on_withdrawals(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    return Reason("DENY_WITHDRAWAL_PENDING", "POL-07") if dossier.withdrawal_pending else None


def must_have(rule: str, kind: str) -> Check:
    """Without such a limit nobody may play, so nothing is asked of them."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        missing = asks_deposit(request) and not _active(dossier, frozenset({kind}))
        return Reason("DENY_STATE_UNAVAILABLE", rule) if missing else None

    return check


def deposits_allowed(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """The operator blocked deposits: none is asked for."""
    blocked = "deposit_block" in dossier.flags and asks_deposit(request)
    return Reason("DENY_DEPOSIT_BLOCKED", "OP-02") if blocked else None


def product_not_excluded(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """Excluded from one product: nothing about it, nor about everything at once."""
    named = set(request.promotes) | ({"any"} if request.incentive and "any" in request.incentive.products else set())
    hit = dossier.excluded_products and (not named or named & {*dossier.excluded_products, "any"})
    return Reason("DENY_SELF_EXCLUDED", "X-01p") if hit else None


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
    """A raise asked for and not in effect, however long it waits for the player's second word, or in effect for less than
    7 days: nothing about deposits, bonuses or limits."""
    if not (asks_deposit(request) or offers(request) or "limits" in request.content):
        return None
    for limit in dossier.limits:
        if limit.pending_from is not None:
            until = limit.pending_from + timedelta(days=7)
            return Reason("DENY_RECENT_LIMIT_CHANGE", "POL-05", retry_at=until if until > now else None)
        if limit.relaxed_at is not None and now < limit.relaxed_at + timedelta(days=7):
            return Reason("DENY_RECENT_LIMIT_CHANGE", "POL-05", retry_at=limit.relaxed_at + timedelta(days=7))
    return None
