"""What nothing keeps any longer goes by itself, per licence and class, unless a legal hold or an open case keeps it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from compliance import audit, erasing, retention
from compliance.models import AuditEntry, Case, Erasure, LegalHold, Retention
from config.lib import flow
from players.models import Brand, Fact, Licence, Player, Quarantine

MOST = 100  # of each class and licence, each time
WORDS = 5000  # of those that others keep, in one transaction; at most ROUNDS of them each time
ROUNDS = 20
KIND = "retention.applied"


@dataclass(frozen=True)
class Keeper:
    """Who holds one class of data. `until`: what is of that moment or older is due, but for holds and open cases."""

    data: Retention.Data
    due: Callable[[Licence, datetime], int]
    let_go: Callable[[Licence, datetime, int], dict[int, int]]  # at most so many; {brand: how many}. Inside atomic


def keepers() -> list[Keeper]:
    """Ours, and those of the apps above (config/flow.py)."""
    return [Keeper(Retention.Data.NOTES, _notes_due, _let_notes_go), *flow.gather("KEPT_ABOVE")]


def work(*, now: datetime) -> dict[str, int]:
    """{class: how many}; called each hour."""
    done = {data.value: 0 for data in Retention.Data}
    for licence in Licence.objects.order_by("pk"):
        done[Retention.Data.IDENTITY] += _identities(retention.of(licence, Retention.Data.IDENTITY), now)
        done[Retention.Data.UNREAD] += _unread(retention.of(licence, Retention.Data.UNREAD), now)
        for keeper in keepers():
            done[keeper.data] += _let_go(keeper, retention.of(licence, keeper.data), now)
    return done


def due_now(kept: retention.Kept, *, now: datetime) -> int:
    """How many of this class are due under this licence."""
    if kept.term.data == Retention.Data.IDENTITY:
        return due(kept, now=now).count()
    if kept.term.data == Retention.Data.UNREAD:
        return _old(kept, now).count()
    return sum(keeper.due(kept.licence, now - kept.span) for keeper in keepers() if keeper.data == kept.term.data)


def due(kept: retention.Kept, *, now: datetime) -> QuerySet[Player]:
    """Accounts whose time is over: closed, and never told to be open since."""
    closed = (
        Fact.objects.filter(player=OuterRef("pk"), kind="player.closed")
        .values("player")
        .annotate(at=Max("occurred_at"))
    )
    rows = Player.objects.filter(brand__licence=kept.licence, status=Player.Status.CLOSED)
    rows = rows.annotate(closed_at=closed.values("at")).filter(closed_at__lte=now - kept.span)
    gone = Exists(Erasure.objects.filter(player=OuterRef("pk")))
    return rows.filter(~gone, ~_held("pk"), ~Exists(Case.objects.filter(player=OuterRef("pk"), closed_at=None)))


def _held(player: str) -> Exists:
    return Exists(LegalHold.objects.filter(player=OuterRef(player), lifted_at=None))


def _identities(kept: retention.Kept, now: datetime) -> int:
    done = 0
    for player in due(kept, now=now).select_related("brand").order_by("pk")[:MOST]:
        with transaction.atomic():
            reason = f"Kept for {kept.words} {kept.term.counted}: {kept.source}"
            erasing.erase(player, None, reason[:300], now=now)
        done += 1
    return done


def _old(kept: retention.Kept, now: datetime) -> QuerySet[Quarantine]:
    rows = Quarantine.objects.filter(feed__brand__licence=kept.licence, received_at__lte=now - kept.span)
    return rows.exclude(raw=b"").filter(~_held("player"))


def _unread(kept: retention.Kept, now: datetime) -> int:
    done = 0
    with transaction.atomic():
        ids = list(_old(kept, now).order_by("pk").values_list("pk", "feed__brand")[:MOST])
        for brand in sorted({brand for _, brand in ids}):
            mine = [pk for pk, own in ids if own == brand]
            count = Quarantine.objects.filter(pk__in=mine).update(raw=b"", detail=f"Deleted after {kept.words}.")
            _note(kept, brand, count)
            done += count
    return done


def _let_go(keeper: Keeper, kept: retention.Kept, now: datetime) -> int:
    done = 0
    for _ in range(ROUNDS):
        with transaction.atomic():
            gone = keeper.let_go(kept.licence, now - kept.span, WORDS)
            for brand, count in sorted(gone.items()):
                _note(kept, brand, count)
        done += sum(gone.values())
        if sum(gone.values()) < WORDS:
            break
    return done


def _note(kept: retention.Kept, brand: int, count: int) -> None:
    audit.record(None, KIND, f"brand:{brand}", brand=brand, reason=kept.source,
                 after={"data": kept.term.data.value, "days": kept.days, "deleted": count})  # fmt: skip


def _notes_due(licence: Licence, until: datetime) -> int:
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM compliance_notes_due(%s, %s)", [licence.pk, until])
        return int(db.fetchone()[0])


def _let_notes_go(licence: Licence, until: datetime, most: int) -> dict[int, int]:
    with connection.cursor() as db:
        db.execute("SELECT brand_id, notes FROM compliance_let_notes_go(%s, %s, %s)", [licence.pk, until, most])
        return dict(db.fetchall())


@dataclass(frozen=True)
class Erased:
    """One line of the report."""

    month: datetime
    licence: str
    what: str
    how: str
    count: int


def report(brands: QuerySet[Brand], *, since: datetime) -> list[Erased]:
    """What was erased, per month, licence and class; the newest month first."""
    return sorted([*_erasures(brands, since), *_deletions(brands, since)], key=lambda one: one.month, reverse=True)


def _erasures(brands: QuerySet[Brand], since: datetime) -> Iterator[Erased]:
    rows = (
        Erasure.objects.filter(player__brand__in=brands, at__gte=since)
        .annotate(month=TruncMonth("at"), alone=Q(operator=None))
        .values_list("month", "player__brand__licence__jurisdiction", "alone")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for month, licence, alone, n in rows:
        how = "its time was over" if alone else "on request, by an officer"
        yield Erased(month, licence, Retention.Data.IDENTITY.label, how, n)


def _deletions(brands: QuerySet[Brand], since: datetime) -> Iterator[Erased]:
    counts: dict[tuple[datetime, str, str], int] = {}
    rows = AuditEntry.objects.filter(kind=KIND, brand__in=brands, at__gte=since).annotate(month=TruncMonth("at"))
    for month, licence, payload in rows.values_list("month", "brand__licence__jurisdiction", "payload"):
        told = json.loads(payload)["after"]
        key = (month, licence, Retention.Data(told["data"]).label)
        counts[key] = counts.get(key, 0) + told["deleted"]
    for (month, licence, what), n in counts.items():
        yield Erased(month, licence, what, "its time was over", n)
