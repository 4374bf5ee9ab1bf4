"""What a bonus may look like, and who may have one."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.rules import Check, Reason, asks_deposit, offers
from compliance.rules.money import worth
from compliance.rules.standing import is_younger
from compliance.vocabulary import ON_DEPOSIT, product


def wagering_at_most(rule: str, times: Decimal) -> Check:
    """Play-through of the bonus itself. Terms that also count the deposit are turned into times the bonus;
    where the deposit is not told, they cannot be shown to be within the cap, so they are not."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is None or not offer.wagering:
            return None
        effective = offer.wagering
        if offer.wagering_base != "bonus":
            asked = request.ask.amount if request.ask is not None and request.ask.kind == "deposit" else None
            paid = asked if offer.deposit is None else offer.deposit
            if paid is None or offer.value <= 0:
                return Reason("DENY_WAGERING_CAP", rule)
            effective = offer.wagering * (offer.value + paid) / offer.value
        return Reason("DENY_WAGERING_CAP", rule) if effective > times else None

    return check


def one_product(rule: str) -> Check:
    """What earns it (the message is about that), what it is spent on and what counts towards its wagering are one.
    'any' alone is the one mix the law allows: money to spend on whatever the player likes."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is None or offer.products == {"any"}:
            return None
        kinds = {product(word) for word in request.products | offer.products | offer.counts}
        mixed = not offer.products or len(kinds) != 1 or "any" in kinds
        return Reason("DENY_PRODUCT_MIX", rule) if mixed else None

    return check


def first_only(rule: str) -> Check:
    """Before the first game and once per licensee; offering counts like giving. A retry is not a second bonus, and
    telling the player of the one just given is not an offer of another."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if not offers(request):
            return None
        same = {request.reference, request.incentive.given if request.incentive else ""}
        earlier = any(reference not in same for reference in dossier.bonuses_before)
        return Reason("DENY_BONUS_NOT_FIRST", rule) if dossier.first_played or earlier else None

    return check


def enough_time(rule: str, days: int) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        rushed = offer is not None and bool(offer.wagering) and offer.days is not None and offer.days < days
        return Reason("DENY_TERM_WINDOW", rule) if rushed else None

    return check


def wagering_at_most_with_deposit(rule: str, times: Decimal) -> Check:
    """Everything to be played through, against `times` (deposit or stake + bonus), in one currency (Denmark)."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is None or not offer.wagering:
            return None
        paid = Fraction(offer.deposit or 0)
        if offer.deposit is None and request.ask is not None:
            converted = worth(request.ask.amount, request.ask.currency, offer.currency, dossier, now)
            if converted is None:
                return Reason("DENY_RATE_MISSING", rule)
            paid = converted
        elif offer.deposit is None and asks_deposit(request) and offer.wagering_base != "bonus":
            return Reason("DENY_WAGERING_CAP", rule)  # of an unknown deposit nobody can tell
        base = offer.value if offer.wagering_base == "bonus" else offer.value + paid
        return (
            Reason("DENY_WAGERING_CAP", rule)
            if Fraction(offer.wagering) * base > Fraction(times) * (offer.value + paid)
            else None
        )

    return check


def counts_in_full(rule: str) -> Check:
    """Every game that counts towards the wagering counts with its whole stake (Denmark); unsaid, it may not."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        partly = offer is not None and bool(offer.wagering) and (offer.least_share is None or offer.least_share < 100)
        return Reason("DENY_WAGERING_CAP", rule) if partly else None

    return check


def no_wagering_on_winnings(rule: str) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        # Whoever asks for wagering says on what; unsaid, winnings may be meant.
        asked = offer is not None and (bool(offer.wagering) if offer.on_winnings is None else offer.on_winnings)
        return Reason("DENY_WAGERING_ON_WINNINGS", rule) if asked else None

    return check


def value_at_most(rule: str, most: int, currency: str) -> Check:
    """All parts summed, valued when it is given; without a rate of these days the value is unknown."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is None:
            return None
        value = worth(max(offer.value, offer.together or 0), offer.currency, currency, dossier, now)
        if value is None:
            return Reason("DENY_RATE_MISSING", rule)
        return Reason("DENY_BONUS_VALUE_CAP", rule) if value > most else None

    return check


def within_conditions(rule: str, currency: str) -> Check:
    """What two people have entered of the licence's own conditions; nothing entered, no cap is assumed."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        told = dossier.conditions or {}
        worth_most = value_at_most(rule, told["most"], currency)(dossier, request, now) if "most" in told else None
        played = wagering_at_most(rule, Decimal(told["times"]))(dossier, request, now) if "times" in told else None
        return worth_most or played

    return check


def deposit_equals_value(rule: str) -> Check:
    """Where a deposit is needed, exactly as much as the promotion is worth; of an unknown one nobody can tell."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer, ask = request.incentive, request.ask
        if offer is not None and offer.needs is not None:
            return Reason("DENY_BONUS_DEPOSIT", rule) if offer.needs != offer.value else None
        if offer is None or ask is None or ask.kind != "deposit":
            return Reason("DENY_BONUS_DEPOSIT", rule) if offer is not None and offer.type in ON_DEPOSIT else None
        paid = worth(ask.amount, ask.currency, offer.currency, dossier, now)
        if paid is None:
            return Reason("DENY_RATE_MISSING", rule)
        return Reason("DENY_BONUS_DEPOSIT", rule) if paid != offer.value else None

    return check


def not_for_losses(rule: str) -> Check:
    """Nothing that is given because something was lost, and no cashback of any kind. Who was chosen by hand, or nobody
    says by what, may have been chosen by that."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        linked = offer is not None and offer.type in {"cashback_loss", "cashback_turnover"}
        chosen = bool({"loss", "manual"} & request.criteria or not request.criteria)
        linked = linked or (offers(request) and chosen)
        return Reason("DENY_LOSS_LINKED", rule) if linked else None

    return check


def not_while_playing(rule: str) -> Check:
    """Of whom nobody knows whether they play, it counts that they do."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        return Reason("DENY_IN_SESSION", rule) if dossier.in_session and offers(request) else None

    return check


def stake_within_cap(rule: str, under: int, under_most: int, most: int, currency: str, zone: ZoneInfo) -> Check:
    """Value of a free spin, or a stake a slots message asks for, by the player's age on that day.

    Free spins whose value nobody tells cannot be shown to be within the cap.
    """

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        offer = request.incentive
        if offer is not None and offer.type == "free_spins" and offer.stake is None:
            return Reason("DENY_STAKE_CAP", rule)
        cap = under_most if is_younger(dossier, under, zone, now) else most
        for amount, unit in _slot_stakes(request):
            value = worth(amount, unit, currency, dossier, now)
            if value is None:
                return Reason("DENY_RATE_MISSING", rule)
            if value > cap:
                return Reason("DENY_STAKE_CAP", rule)
        return None

    return check


_SLOTS = frozenset({"slots", "casino", "any"})


def _slot_stakes(request: Request) -> list[tuple[int, str]]:
    """(minor units, currency) per game that the offer gives or the message asks for on slots. A stake somewhere in the
    casino, and nobody said at which games, may be meant for slots; a free bet on sports is not."""
    offer, ask = request.incentive, request.ask
    on_slots = offer is not None and (offer.type == "free_spins" or not offer.products or offer.products & _SLOTS)
    found = [(offer.stake, offer.currency)] if on_slots and offer is not None and offer.stake is not None else []
    if ask is not None and ask.kind == "stake" and request.products & {"slots", "casino"}:
        found.append((ask.amount, ask.currency))
    return found
