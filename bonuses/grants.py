"""The only door through which a player gets a bonus.

Decision, grant, ledger entries and state are one transaction; the database refuses the grant without
a fresh allow. The reference makes it happen once, whoever asks again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from bonuses import books, budgets, ledger
from bonuses.books import Book
from bonuses.closing import close, money, move
from bonuses.models import Grant, GrantChange, Template, Terms
from bonuses.offering import gate_request
from bonuses.wagering import End
from compliance import gate
from config.lib.money import Money
from players.facts import NewFact, record
from players.models import Brand, Player

LARGEST_BATCH = 500


class ReferenceReused(Exception):
    """The reference already stands for another player or other terms."""


@dataclass(frozen=True)
class GrantRequest:
    player_id: int
    terms_id: int
    reference: str
    criteria: frozenset[str] = frozenset()
    audience: int | None = None  # how many players are given the same terms; None when nobody counted
    together: int | None = None  # what the promotion is worth with all its parts; None: these terms are all of it
    deposit_amount: int | None = None
    amount: int | None = None  # a goodwill gift chooses its own, up to the terms' amount
    granted_at: datetime | None = None  # earlier than now only where history is brought in
    actor_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class GrantResult:
    """`grant` or the reason why not: the gate's `answer`, or `refusal` in words (budget, deposit too small, …)."""

    request: GrantRequest
    grant: Grant | None = None
    answer: gate.Answer | None = None
    refusal: str = ""


@dataclass(frozen=True)
class _Offer:
    """A request that makes sense, with what it comes to."""

    request: GrantRequest
    player: Player
    terms: Terms
    amount: int
    wagering: int


def grant_many(requests: Sequence[GrantRequest], *, now: datetime) -> list[GrantResult]:
    """Results in the order asked. At most 500 at a time; raises ReferenceReused."""
    if len(requests) > LARGEST_BATCH:
        raise ValueError(f"At most {LARGEST_BATCH} grants in one transaction.")
    try:
        with transaction.atomic():
            results = _grant(requests, now)
    except IntegrityError as error:
        if "reference" not in str(error):
            raise
        with transaction.atomic():  # somebody asked for the same a moment earlier: theirs is the answer
            results = _grant(requests, now)
    return [results[request.reference] for request in requests]


def activate(grants: Sequence[Grant], at: datetime, *, now: datetime, cause: str) -> None:
    """The player can play with it from here; what asks for no wagering turns real at once. Inside atomic."""
    move([(grant, Grant.Status.ACTIVE, at, cause) for grant in grants], now=now)
    free = [grant for grant in grants if not grant.wagering_required]
    held = ledger.balances([money(grant) for grant in free])
    close([End(g.pk, "completed", at, held[money(g)], cause="no wagering asked") for g in free], now=now)


def expires_at(granted_at: datetime, days: int, brand: Brand) -> datetime:
    """The end of the brand's gaming day `days` after the one it was given on: never less than promised."""
    zone, starts = ZoneInfo(brand.timezone), timedelta(hours=brand.day_start_hour)
    day = (granted_at.astimezone(zone) - starts).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, brand.day_start_hour, tzinfo=zone)


def _grant(requests: Sequence[GrantRequest], now: datetime) -> dict[str, GrantResult]:
    results = _already(requests)
    offers, refused = _offers([r for r in requests if r.reference not in results])
    results |= refused
    purses = budgets.lock({offer.terms for offer in offers})
    asked = [
        gate_request(
            o.player.pk,
            o.terms,
            o.amount,
            o.wagering,
            o.request.reference,
            o.request.criteria,
            deposit=o.request.deposit_amount or 0,
            audience=o.request.audience,
            together=o.request.together,
        )
        for o in offers
    ]
    given: list[tuple[_Offer, gate.Answer]] = []
    for offer, answer in zip(offers, gate.clear_many(asked, now=now) if asked else [], strict=True):
        if not answer.allowed or answer.decision_id is None:
            results[offer.request.reference] = GrantResult(offer.request, answer=answer)
        elif not budgets.take(purses, offer.terms, offer.amount):
            results[offer.request.reference] = GrantResult(
                offer.request, answer=answer, refusal="The budget of this template is used up."
            )
        else:
            given.append((offer, answer))
    grants = _write(given, purses, now)
    for (offer, answer), grant in zip(given, grants, strict=True):
        results[offer.request.reference] = GrantResult(offer.request, grant, answer)
    return results


def _already(requests: Sequence[GrantRequest]) -> dict[str, GrantResult]:
    asked = {request.reference: request for request in requests}
    results = {}
    for grant in Grant.objects.filter(reference__in=asked).select_related("terms"):
        request = asked[grant.reference]
        if (grant.player_id, grant.terms_id) != (request.player_id, request.terms_id):
            raise ReferenceReused(grant.reference)
        results[grant.reference] = GrantResult(request, grant)
    return results


def _offers(requests: Sequence[GrantRequest]) -> tuple[list[_Offer], dict[str, GrantResult]]:
    players = Player.objects.select_related("brand", "person").in_bulk({r.player_id for r in requests})
    terms = Terms.objects.select_related("template").in_bulk({r.terms_id for r in requests})
    offers, refused = [], {}
    for request in {r.reference: r for r in requests}.values():
        offer = _offer(request, players.get(request.player_id), terms.get(request.terms_id))
        if isinstance(offer, str):
            refused[request.reference] = GrantResult(request, refusal=offer)
        else:
            offers.append(offer)
    return sorted(offers, key=lambda o: (o.player.person_id, o.request.reference)), refused


def _offer(request: GrantRequest, player: Player | None, terms: Terms | None) -> _Offer | str:
    """The offer, or why there is none."""
    if player is None or terms is None or terms.template.brand_id != player.brand_id:
        return "These terms are not offered to this player."
    if terms.template.archived_at is not None:
        return "This template is archived."
    if terms.currency != player.currency:
        return f"These terms are in {terms.currency}, the player's account in {player.currency}."
    deposit = request.deposit_amount or 0
    amount = terms.bonus_for(deposit)
    if terms.kind == Template.Kind.GOODWILL and request.amount is not None:
        if request.amount > terms.amount:
            return f"A gift under these terms is at most {Money(terms.amount, terms.currency)}."
        amount = request.amount
    if amount <= 0:
        return f"It needs a deposit of at least {Money(terms.min_deposit, terms.currency)}."
    return _Offer(request, player, terms, amount, terms.wagering_for(amount, deposit))


def _write(given: Sequence[tuple[_Offer, gate.Answer]], purses: budgets.Purses, now: datetime) -> list[Grant]:
    if not given:
        return []
    by_pam = bool(settings.PAM_CREDIT_URL)
    grants = Grant.objects.bulk_create(_row(offer, answer, by_pam, now) for offer, answer in given)
    entries: list[ledger.Entry] = []
    for (offer, _), grant in zip(given, grants, strict=True):
        book = Book(grant.pk, offer.player.pk, offer.player.brand_id, grant.currency)
        entries += books.issue(book, grant.amount, grant.wagering_required, grant.granted_at, grant.reference)
        if offer.terms.template_id in purses:
            entries.append(books.spend_budget(book, offer.terms.template_id, grant.amount, grant.granted_at))
    ledger.post(entries, now=now)
    GrantChange.objects.bulk_create(
        GrantChange(
            grant=g, before="", after=g.status, at=g.granted_at, recorded_at=now, cause=o.request.reason or "given",
            actor_id=o.request.actor_id,
        )
        for (o, _), g in zip(given, grants, strict=True)
    )  # fmt: skip
    data = [{"grant_id": g.pk, "amount": g.amount, "template": o.terms.template.name}
            for (o, _), g in zip(given, grants, strict=True)]  # fmt: skip
    record(
        [
            NewFact(
                "bonus.granted", g.player_id, g.granted_at, f"bonus.granted:{g.pk}", d, is_replay=g.granted_at < now
            )
            for g, d in zip(grants, data, strict=True)
        ],
        now=now,
    )
    if not by_pam:
        for grant in grants:
            activate([grant], grant.granted_at, now=now, cause="credited here: no PAM credit address is set")
    return grants


def _row(offer: _Offer, answer: gate.Answer, by_pam: bool, now: datetime) -> Grant:
    granted_at = offer.request.granted_at or now
    return Grant(
        person_id=offer.player.person_id, player=offer.player, decision_id=answer.decision_id or 0, terms=offer.terms,
        reference=offer.request.reference, amount=offer.amount, deposit=offer.request.deposit_amount or 0,
        currency=offer.terms.currency, status=Grant.Status.CLAIMED, wagering_required=offer.wagering,
        reason=offer.request.reason, criteria=sorted(offer.request.criteria), audience=offer.request.audience,
        granted_at=granted_at,
        expires_at=expires_at(granted_at, offer.terms.expiry_days, offer.player.brand),
        credit=Grant.Credit.PENDING if by_pam else Grant.Credit.NONE, credit_due_at=now if by_pam else None,
    )  # fmt: skip
