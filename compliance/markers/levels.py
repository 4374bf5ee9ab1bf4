"""From markers that count to a level in force: on Standing, under the person's lock, with a case and a fact.

Only who changes is locked, so reading a hundred thousand players never makes a message wait.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from compliance import standings
from compliance.cases import opening
from compliance.markers import definitions, scale
from compliance.models import ExternalScore, Level, LevelChange, LevelReview, MarkerHit, Standing
from config.lib.clock import NEVER
from players import facts, looking_again
from players.models import Player

CHUNK = 50  # people whose locks are held together
FADES = timedelta(days=30)  # a detector's word counts as long as a marker


@dataclass(frozen=True)
class Evidence:
    """What speaks of one person now."""

    total: scale.Sum
    player_id: int  # the account with the newest sign
    told: dict[str, Any]


def put_in_force(
    person_ids: Collection[int], *, now: datetime, cause: str, known: Collection[int] = ()
) -> list[LevelChange]:
    """Tells these people's levels anew and puts what changed in force. `known`: people watched long enough for
    "nothing was seen" to mean something."""
    current = dict(Standing.objects.filter(person_id__in=person_ids).values_list("person_id", "risk"))
    found = evidence(person_ids, now=now, known=_known(known, current))
    moving = sorted(pk for pk, level in current.items() if pk in found and _moves(level, found[pk].total.level))
    changes: list[LevelChange] = []
    for start in range(0, len(moving), CHUNK):
        with transaction.atomic():
            changes += _change(moving[start : start + CHUNK], current, known, cause, now)
    return changes


def _known(known: Collection[int], current: Mapping[int, str]) -> set[int]:
    """Whom we could tell once we can tell for good."""
    return set(known) | {pk for pk, level in current.items() if level != Level.UNKNOWN}


def _moves(before: str, after: Level) -> bool:
    was = Level(before)
    return after.rank > was.rank if was.needs_review else after != was


def _change(
    people: list[int], current: Mapping[int, str], known: Collection[int], cause: str, now: datetime
) -> list[LevelChange]:
    standings.lock(people)
    found = evidence(people, now=now, known=_known(known, current))  # again, now that nobody can sign a review
    wanted = [{"person_id": pk, "level": one.total.level} for pk, one in found.items()]
    with connection.cursor() as db:
        db.execute("SELECT person_id, before FROM compliance_read_levels(%s)", [json.dumps(wanted)])
        moved = db.fetchall()
    changes = [
        LevelChange(person_id=pk, player_id=found[pk].player_id, before=before, after=found[pk].total.level, cause=cause,
                    evidence=found[pk].told, at=now)
        for pk, before in moved
    ]  # fmt: skip
    LevelChange.objects.bulk_create(changes)
    opening.open_for([change for change in changes if Level(change.after).needs_review], now=now)
    tell(changes, now=now)
    return changes


def tell(changes: Iterable[LevelChange], *, now: datetime) -> None:
    """Journeys of protection hear of it, promotional ones end, segments look again."""
    told = list(changes)
    new = []
    for change in told:
        before, after = Level(change.before), Level(change.after)
        kind = "rg.strong_signs" if after.is_protected and not before.is_protected else ""
        kind = kind or ("rg.medium_signs" if after is Level.MEDIUM and before.rank < after.rank else "")
        kind = kind or ("rg.signs_reviewed" if before.is_protected and not after.is_protected else "")
        if kind:
            new.append(facts.NewFact(kind, change.player_id, now, f"{kind}:{change.pk}", {"level": str(after)}))
    facts.record(new, now=now)
    looking_again.soon(
        Player.objects.filter(person_id__in=[change.person_id for change in told]).values_list("pk", flat=True), now=now
    )


def evidence(person_ids: Collection[int], *, now: datetime, known: Collection[int] = ()) -> dict[int, Evidence]:
    """Markers and scores that count at `now`, of every account of these people. What we knew of when a review was
    signed is settled: it counts no more. What was told later does, whenever it happened."""
    settled = settled_at(person_ids)
    accounts = _accounts(person_ids)
    hits: dict[int, list[MarkerHit]] = defaultdict(list)
    scores: dict[int, list[ExternalScore]] = defaultdict(list)
    of = {player.pk: player.person_id for mine in accounts.values() for player in mine}
    for hit in MarkerHit.objects.filter(player_id__in=of, counts_until__gt=now).order_by("at", "pk"):
        if hit.seen_at > settled.get(of[hit.player_id], NEVER):
            hits[of[hit.player_id]].append(hit)
    for score in _newest_scores(of, now):
        if score.recorded_at > settled.get(of[score.player_id], NEVER):
            scores[of[score.player_id]].append(score)
    rules = cache(
        lambda pk: definitions.of_brand(next(p.brand for ps in accounts.values() for p in ps if p.brand_id == pk))
    )
    return {
        pk: _weigh(mine, hits[pk], scores[pk], rules, pk in known) for pk, mine in accounts.items() if mine
    }  # fmt: skip


def _weigh(
    mine: list[Player], hits: list[MarkerHit], scores: list[ExternalScore], rules: Any, is_known: bool
) -> Evidence:
    """By the definitions of each brand the person plays at; the strictest answer counts."""
    external = max((Level(score.level) for score in scores), key=lambda level: level.rank, default=Level.UNKNOWN)
    sums = []
    for brand in sorted({player.brand_id for player in mine}):
        signed = rules(brand)
        points = {key: one.points for key, one in signed.of.items()}
        sums.append(
            scale.add_up({hit.marker for hit in hits}, points, signed.scale, external=external, is_known=is_known)
        )
    total = max(sums, key=lambda one: (one.level.rank, one.points))
    rows: list[tuple[datetime, int]] = [(hit.at, hit.player_id) for hit in hits]
    rows += [(score.at, score.player_id) for score in scores]
    newest = max(rows, default=(mine[0].registered_at, mine[0].pk))
    told = {
        "points": total.points,
        "families": list(total.families),
        "markers": [
            {"marker": hit.marker, "version": hit.version, "player": hit.player_id, "at": hit.at.isoformat(), "found": hit.found}
            for hit in hits
        ],
        "scores": [
            {"model": score.model, "version": score.version, "level": score.level, "at": score.at.isoformat()}
            for score in scores
        ],
    }  # fmt: skip
    return Evidence(total, newest[1], told)


def settled_at(person_ids: Collection[int]) -> dict[int, datetime]:
    rows = LevelReview.objects.filter(person_id__in=person_ids, applied_at__isnull=False)
    return dict(rows.values_list("person_id").annotate(at=Max("signed_at")).order_by())


def _accounts(person_ids: Collection[int]) -> dict[int, list[Player]]:
    found: dict[int, list[Player]] = {pk: [] for pk in person_ids}
    for player in Player.objects.filter(person_id__in=person_ids).select_related("brand__licence").order_by("pk"):
        found[player.person_id].append(player)
    return found


def _newest_scores(player_ids: Iterable[int], now: datetime) -> list[ExternalScore]:
    rows = ExternalScore.objects.filter(player_id__in=list(player_ids), at__gt=now - FADES, at__lte=now)
    return list(rows.order_by("player_id", "model", "-at", "-pk").distinct("player_id", "model"))
