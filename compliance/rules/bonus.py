"""What a bonus may look like, and who may have one."""

from datetime import datetime
from decimal import Decimal

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.rules import Check, Reason, offers
from compliance.rules.consent import product


def wagering_at_most(rule: str, times: Decimal) -> Check:
    """Play-through of the bonus itself. Terms that also count the deposit are turned into times the bonus;
    where the deposit is not told, they cannot be shown to be within the cap, so they are not."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is None or not offer.wagering:
            return None
        effective = offer.wagering
        if offer.wagering_base != "bonus":
            if request.ask is None or request.ask.kind != "deposit" or offer.value <= 0:
                return Reason("DENY_WAGERING_CAP", rule)
            effective = offer.wagering * (offer.value + request.ask.amount) / offer.value
        return Reason("DENY_WAGERING_CAP", rule) if effective > times else None

    return check


def one_product(rule: str) -> Check:
    """'any' alone is the one mix the law allows: money to spend on whatever the player likes."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.incentive is None or request.incentive.products == {"any"}:
            return None
        kinds = {product(word) for word in request.incentive.products}
        return Reason("DENY_PRODUCT_MIX", rule) if len(kinds) != 1 or "any" in kinds else None

    return check


def first_only(rule: str) -> Check:
    """Before the first game and once per licensee; offering counts like giving. A retry is not a second bonus."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not offers(request):
            return None
        earlier = any(reference != request.reference for reference in dossier.bonuses_before)
        return Reason("DENY_BONUS_NOT_FIRST", rule) if dossier.first_played or earlier else None

    return check


def enough_time(rule: str, days: int) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        rushed = offer is not None and bool(offer.wagering) and offer.days is not None and offer.days < days
        return Reason("DENY_TERM_WINDOW", rule) if rushed else None

    return check
