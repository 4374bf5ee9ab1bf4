"""Dossiers for up to 500 requests in a fixed number of queries, however many players there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, Max, Q, When
from django.db.models.functions import Greatest, Now

from compliance import suppression
from compliance.dossier import Dossier, Limit, Opinion, RegisterAnswer
from compliance.limits import LIMITS, period_start
from compliance.models import BrandStop, Consent, Decision, Measure, PolicySwitch, RegisterCheck, Standing
from compliance.models.decision import Purpose
from compliance.reactions import zone_of
from config.lib.clock import NEVER
from players.models import Brand, Fact, Feed, Payment, Player

_EXCLUSIONS = (Measure.Kind.SELF_EXCLUSION, Measure.Kind.NATIONAL_EXCLUSION)


class _Account(NamedTuple):
    pk: int
    person_id: int
    licensee: str
    played: bool


def load(player_ids: Iterable[int], *, now: datetime) -> dict[int, Dossier]:
    """player id -> Dossier; ids nobody knows are absent (and the engine says no to them)."""
    players = Player.objects.in_bulk(set(player_ids))
    brands = Brand.objects.select_related("licence").in_bulk({player.brand_id for player in players.values()})
    for player in players.values():  # a joined brand would be built once per player
        player.brand = brands[player.brand_id]
    people = {player.person_id for player in players.values()}
    accounts = _accounts(people)
    siblings = [account.pk for rows in accounts.values() for account in rows]
    standing = {row.person_id: row for row in Standing.objects.filter(person_id__in=people)}
    limits, exclusions, returns = _measures(players, people, now)
    consents, registers = _consents(players), _registers(people)
    promotions, bonuses = _history(siblings, now)
    stopped, switched_off, stale = _brands(brands)
    suppressed = suppression.channels(players.values())
    dossiers = {}
    for pk, player in players.items():
        row = standing.get(player.person_id)
        licensee = player.brand.licence.licensee
        mine = accounts.get(player.person_id, ())
        dossiers[pk] = Dossier(
            player_id=pk, person_id=player.person_id, brand_id=player.brand_id,
            jurisdiction=player.brand.licence.jurisdiction, licensee=licensee,
            timezone=player.timezone or player.brand.timezone, currency=player.currency,
            birth_date=player.birth_date, kyc=player.kyc, status=player.status,
            verdict=row.verdict if row else "unknown", generation=row.generation if row else 0,
            promotions_ok=bool(row and row.promotions_ok), bonuses_ok=bool(row and row.bonuses_ok),
            valid_until=row.valid_until if row else None, feed_stale=player.brand_id in stale,
            brand_stopped=player.brand_id in stopped, limits=tuple(limits.get(player.person_id, ())),
            exclusions=tuple(sorted(
                f"{kind}/{'own' if owner in (pk, None) else 'linked'}"
                for kind, owner in exclusions.get(player.person_id, ())
            )),
            returned_at=returns.get(player.person_id), consents=consents.get(pk),
            suppressed=tuple(suppressed.get(pk, ())), registers=registers.get(player.person_id),
            first_played=any(account.played for account in mine if account.licensee == licensee),
            bonuses_before=tuple(sorted({
                ref for account in mine if account.licensee == licensee for ref in bonuses.get(account.pk, ())
            })[:2]),
            recent_promotions=tuple(sorted({ref for account in mine for ref in promotions.get(account.pk, ())})),
            switched_off=tuple(sorted(switched_off.get(player.brand_id, ()))),
        )  # fmt: skip
    return dossiers


def _accounts(people: set[int]) -> dict[int, list[_Account]]:
    rows: dict[int, list[_Account]] = defaultdict(list)
    found = Player.objects.filter(person_id__in=people).values_list(
        "pk", "person_id", "brand__licence__licensee", "state__last_play_at", "state__rounds"
    )
    for pk, person_id, licensee, last_play_at, rounds in found:
        # No state row yet: nothing is known, so the player counts as one who has played.
        played = last_play_at is None or last_play_at != NEVER or bool(rounds)
        rows[person_id].append(_Account(pk, person_id, licensee, played))
    return rows


def _measures(
    players: Mapping[int, Player], people: set[int], now: datetime
) -> tuple[dict[int, list[Limit]], dict[int, list[tuple[str, int | None]]], dict[int, datetime]]:
    rows = list(Measure.objects.filter(person_id__in=people, kind__in=[*LIMITS, *_EXCLUSIONS]))
    exclusions: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    returns: dict[int, datetime] = {}
    for row in rows:
        if row.kind in _EXCLUSIONS and row.status == Measure.Status.ENDED and row.ended_at:
            returns[row.person_id] = max(returns.get(row.person_id, NEVER), row.ended_at)
        elif row.kind in _EXCLUSIONS and row.status != Measure.Status.ENDED:
            exclusions[row.person_id].append((row.kind, row.player_id))
    zones = {player.person_id: zone_of(player) for player in players.values()}
    spent = _deposits([row for row in rows if row.kind == Measure.Kind.DEPOSIT_LIMIT], zones, now)
    limits: dict[int, list[Limit]] = defaultdict(list)
    for row in rows:
        limit = _limit(row, spent, now) if row.kind in LIMITS else None
        if limit:
            limits[row.person_id].append(limit)
    return limits, exclusions, returns


def _limit(row: Measure, spent: Mapping[int, int], now: datetime) -> Limit | None:
    """As it stands at `now`: a relaxation whose wait is over counts even before the tick has written it down."""
    amount, pending_from, relaxed_at = row.amount, row.pending_from, row.relaxed_at
    if pending_from and not row.needs_confirmation and pending_from <= now:
        amount, pending_from, relaxed_at = row.pending_amount, None, pending_from
    if (row.status == Measure.Status.ENDED and not relaxed_at) or (amount is None and not relaxed_at):
        return None
    gone = row.status == Measure.Status.ENDED or amount is None
    return Limit(
        kind=row.kind, period=row.period, amount=0 if gone else (amount or 0), currency=row.currency,
        origin="removed" if gone else row.origin, tightened_at=row.tightened_at, pending_from=pending_from,
        relaxed_at=relaxed_at,
        left=None if gone or row.kind != Measure.Kind.DEPOSIT_LIMIT else (amount or 0) - spent.get(row.pk, 0),
    )  # fmt: skip


def _deposits(limits: list[Measure], zones: Mapping[int, ZoneInfo], now: datetime) -> dict[int, int]:
    """measure id -> gross deposits of the running period, of all accounts of the person in that currency."""
    starts = {row.pk: period_start(now, row.period, zones[row.person_id]) for row in limits}
    if not starts:
        return {}
    rows = Payment.objects.filter(
        player__person_id__in={row.person_id for row in limits},
        direction=Payment.Direction.DEPOSIT,
        status=Payment.Status.APPROVED,
        occurred_at__gte=min(starts.values()),
    ).values_list("player__person_id", "player__currency", "amount", "occurred_at")
    spent: dict[int, int] = defaultdict(int)
    by_person: dict[int, list[Any]] = defaultdict(list)
    for payment in rows:
        by_person[payment[0]].append(payment)
    for row in limits:
        for _, currency, amount, at in by_person.get(row.person_id, ()):
            if currency == row.currency and at >= starts[row.pk]:
                spent[row.pk] += amount
    return spent


def _consents(player_ids: Iterable[int]) -> dict[int, dict[str, Opinion]]:
    newest = (
        Consent.objects.filter(player_id__in=player_ids)
        .order_by("player_id", "product", "channel", "-occurred_at", "granted", "-id")
        .distinct("player_id", "product", "channel")
    )
    cells: dict[int, dict[str, Opinion]] = defaultdict(dict)
    columns = ("player_id", "product", "channel", "granted", "occurred_at", "wording", "screen")
    for player_id, product, channel, *word in newest.values_list(*columns):
        cells[player_id][f"{product}/{channel}"] = Opinion(*word)
    return cells


def _registers(people: set[int]) -> dict[int, dict[str, RegisterAnswer]]:
    newest = (
        RegisterCheck.objects.filter(person_id__in=people)
        .order_by("person_id", "register", "purpose", "-asked_at", "-id")
        .distinct("person_id", "register", "purpose")
    )
    answers: dict[int, dict[str, RegisterAnswer]] = defaultdict(dict)
    columns = newest.values_list("person_id", "register", "purpose", "result", "asked_at")
    for person_id, register, purpose, result, asked_at in columns:
        answers[person_id][f"{register}/{purpose}"] = RegisterAnswer(result, asked_at)
    return answers


def _history(player_ids: list[int], now: datetime) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """References of promotional messages of the last 7 days, and of every bonus, per account.

    A decision is written in the transaction that writes the attempt it allows, so an allow is a message; the
    retries of one message share its reference. On-site cards are pull and do not count as pressure.
    """
    allowed = Decision.objects.filter(player_id__in=player_ids, outcome=Decision.Outcome.ALLOW)
    promotional = allowed.filter(purpose=Purpose.PROMOTIONAL, decided_at__gt=now - timedelta(days=7))
    promotions: dict[int, set[str]] = defaultdict(set)
    for pk, reference in promotional.exclude(channel__in=["bonus", "onsite"]).values_list("player_id", "reference"):
        promotions[pk].add(reference)
    bonuses: dict[int, set[str]] = defaultdict(set)
    given = allowed.filter(channel="bonus").values_list("player_id", "reference")
    for pk, reference in given.annotate(newest=Max("id")).values_list("player_id", "reference"):
        bonuses[pk].add(reference)
    told = Fact.objects.filter(player_id__in=player_ids, kind="bonus.claimed").values_list("player_id", "key")
    for pk, key in told:
        bonuses[pk].add(key)
    return promotions, bonuses


def _brands(brands: Mapping[int, Brand]) -> tuple[set[int], dict[int, set[str]], set[int]]:
    stopped = set(BrandStop.objects.filter(brand_id__in=brands, lifted_at=None).values_list("brand_id", flat=True))
    switched_off: dict[int, set[str]] = defaultdict(set)
    signed = PolicySwitch.objects.filter(brand_id__in=brands).exclude(signed_by=None).order_by("signed_at", "pk")
    for brand_id, rule, enabled in signed.values_list("brand_id", "rule", "enabled"):
        (switched_off[brand_id].discard if enabled else switched_off[brand_id].add)(rule)
    return stopped, switched_off, stale_brands(brands)


# Feeds are judged every few seconds; a column that nobody has looked at for this long is no judgement.
_SILENCE = timedelta(minutes=20)


def stale_brands(brand_ids: Iterable[int]) -> set[int]:
    """Brands with a feed we cannot trust, with one that fell silent unnoticed, or with none at all."""
    feeds = Feed.objects.filter(brand_id__in=brand_ids).annotate(heard=Greatest("last_event_at", "heartbeat_at"))
    judged = feeds.annotate(
        trusted=Case(When(~Q(freshness=Feed.Freshness.STALE), heard__gt=Now() - _SILENCE, then=True), default=False)
    )
    fresh: dict[int, bool] = {}
    for brand_id, trusted in judged.values_list("brand_id", "trusted"):
        fresh[brand_id] = fresh.get(brand_id, True) and trusted
    return {brand_id for brand_id in brand_ids if not fresh.get(brand_id, False)}
