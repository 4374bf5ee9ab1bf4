"""A player who shows signs of harm is not sold to."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.models.decision import Decision
from compliance.rules import OUTBOUND, Check, Reason, asks_deposit, offers
from compliance.rules.standing import is_younger
from compliance.vocabulary import HIGH_RISK


def no_strong_indicator(rule: str) -> Check:
    """A message that would have gone out makes room for an RG one; what is seen on site or given is refused.

    The level falls only after a person has looked at it, so a model that calms down by itself opens nothing (GB-06).
    """

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if dossier.risk not in HIGH_RISK:
            return None
        if request.channel in OUTBOUND:
            return Reason("REROUTE_RG_STRONG", rule, outcome=Decision.Outcome.REROUTE_RG)
        return Reason("DENY_STRONG_INDICATOR", rule)

    return check


def not_high_risk(rule: str) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        return Reason("DENY_HIGH_RISK", rule) if dossier.risk in HIGH_RISK else None

    return check


def consent_is_free(rule: str) -> Check:
    """The yes of somebody in trouble may be none (RTM v Bonne Terre)."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        doubtful = dossier.risk in HIGH_RISK or "vulnerability" in dossier.flags
        return Reason("DENY_CONSENT_UNRELIABLE", rule) if doubtful and request.channel != "bonus" else None

    return check


def no_bonus_after_intervention(rule: str, days: int) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        at = dossier.intervened_at
        recent = at is not None and now < at + timedelta(days=days)
        return Reason("DENY_POST_INTERVENTION", rule) if recent and offers(request) else None

    return check


def not_intensive(rule: str, bound: int, young_bound: int, young: int, zone: ZoneInfo) -> Check:
    """Net losses of three weeks, EUR cents; whoever's losses are unknown counts as an intensive player."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if dossier.net_loss is None:
            return Reason("DENY_STATE_UNAVAILABLE", rule)
        most = young_bound if is_younger(dossier, young, zone, now) else bound
        return Reason("DENY_INTENSIVE_PLAYER", rule) if dossier.net_loss >= most else None

    return check


def means_plausible(rule: str, bound: int, young_bound: int, young: int, zone: ZoneInfo) -> Check:
    """Above these net deposits of a calendar month (EUR cents) further ones are blocked: none is asked for."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not asks_deposit(request):
            return None
        if dossier.net_month is None:
            return Reason("DENY_STATE_UNAVAILABLE", rule)
        most = young_bound if is_younger(dossier, young, zone, now) else bound
        return Reason("DENY_DEPOSIT_BLOCKED", rule) if dossier.net_month > most else None

    return check


def no_bonus_on_unknown_signs(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """Everybody begins there, and so does every welcome offer: it is for counsel to say whether such a player is one
    with medium signs."""
    return Reason("DENY_HIGH_RISK", "POL-12u") if dossier.risk == "unknown" and offers(request) else None


def no_bonus_on_medium_signs(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    return Reason("DENY_HIGH_RISK", "POL-12") if dossier.risk == "medium" and offers(request) else None


def check_in_order(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """A financial vulnerability check that is due, or that came back adverse."""
    if {"check_due", "check_adverse"} & set(dossier.flags):
        return Reason("DENY_ACCOUNT_RESTRICTED", "POL-13")
    return None
