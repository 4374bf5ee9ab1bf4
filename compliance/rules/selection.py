"""What a player was chosen by decides what may be said to them."""

from datetime import datetime, timedelta

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.rules import Check, Reason, offers

PROTECTION = "rg_need"


def not_by_protection(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """A sign of harm, a limit or an exclusion is known for the player's protection and used for nothing else."""
    return Reason("DENY_CHOSEN_BY_PROTECTION", "PD-07") if PROTECTION in request.criteria else None


def no_offer_for_inactivity(rule: str) -> Check:
    """A newsletter may go to whoever stayed away, an offer may not. Who was chosen by hand may have been by that."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        lured = bool({"inactivity", "manual"} & request.criteria or not request.criteria)
        return Reason("DENY_INACTIVITY_TARGETING", rule) if lured and offers(request) else None

    return check


def same_terms_for(rule: str, players: int) -> Check:
    """An offer is made to a group of at least so many on the same terms, never to one player."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not offers(request):
            return None
        alone = request.audience is None or request.audience < players
        return Reason("DENY_INDIVIDUAL_TERMS", rule) if alone else None

    return check


def no_personal_offer_after_raise(rule: str, days: int) -> Check:
    """A raised deposit limit: general promotions only (Spain)."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.criteria == {"all"}:
            return None
        raised = [limit.relaxed_at for limit in dossier.limits if limit.relaxed_at is not None]
        until = max(raised, default=None)
        until = until and until + timedelta(days=days)
        recent = until is not None and now < until
        return Reason("DENY_RECENT_LIMIT_CHANGE", rule, retry_at=until) if recent else None

    return check


def clean_words(rule: str, *forbidden: str) -> Check:
    """What its author declared, or the check at publication found, that the words of the message do."""
    words = frozenset(forbidden)

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        return Reason("DENY_CONTENT", rule) if words & request.content else None

    return check
