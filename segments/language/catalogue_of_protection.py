"""Built-in attributes of player protection. They exist only for whoever may know of restrictions, and a segment that
asks for one is refused by the gate for anything but protection messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from compliance.models import Measure, Standing
from compliance.vocabulary import LIMITS
from config.lib.clock import NEVER
from players.models import Player
from segments.language.attributes import Criterion, Family, Param, register
from segments.language.choices import Choice
from segments.language.flags import Flag
from segments.language.instants import Since
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf

_RG = frozenset({"restrictions"})
_LIMITS = {str(kind): str(words) for kind, words in Measure.Kind.choices if kind in LIMITS}
_LIMIT = Param("limit", "Limit", {"any": "Any limit"} | _LIMITS)
_STANDINGS = {str(key): str(words) for key, words in Standing.Verdict.choices}
_WHOLE = "Counts for every account of the person, at any brand."


def _kinds(params: Params) -> list[str]:
    chosen = _LIMIT.chosen(params)
    return list(_LIMITS) if chosen == "any" else [chosen]


def _measures(record: Record) -> list[Measure]:
    found: dict[int, list[Measure]] = record.crowd.once("limits", _told)
    return found.get(record.player.person_id, [])


def _told(player_ids: Sequence[int]) -> dict[int, list[Measure]]:
    people = Player.objects.filter(pk__in=player_ids).values("person_id")
    told: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(person_id__in=people, kind__in=_LIMITS):
        told.setdefault(measure.person_id, []).append(measure)
    return told


@dataclass(frozen=True)
class Verdict:
    """May this human be contacted: the row everybody asks. No row: unknown."""

    def sql(self, params: Params) -> Any:
        rows = Standing.objects.filter(person_id=OuterRef("player__person_id")).values("verdict")
        return Coalesce(Subquery(rows), Value("unknown"), output_field=CharField())

    def read(self, record: Record, params: Params) -> str:
        found: dict[int, str] = record.crowd.once("standings", self._told)
        return found.get(record.player.person_id, "unknown")

    @staticmethod
    def _told(player_ids: Sequence[int]) -> dict[int, str]:
        people = Player.objects.filter(pk__in=player_ids).values("person_id")
        return dict(Standing.objects.filter(person_id__in=people).values_list("person_id", "verdict"))


@dataclass(frozen=True)
class LastTightened:
    def sql(self, params: Params) -> Any:
        rows = Measure.objects.filter(
            person_id=OuterRef("player__person_id"), kind__in=_kinds(params), tightened_at__isnull=False
        )
        newest = rows.order_by("-tightened_at").values("tightened_at")[:1]
        return Coalesce(Subquery(newest), Value(NEVER, DateTimeField()))

    def read(self, record: Record, params: Params) -> datetime:
        kinds = _kinds(params)
        set_at = [one.tightened_at for one in _measures(record) if one.kind in kinds and one.tightened_at]
        return max(set_at, default=NEVER)


@dataclass(frozen=True, kw_only=True)
class Limited(Flag):
    """A limit in force at the instant: what is agreed to begin or to end later counts from then on."""

    of: Any = None
    by_time: ClassVar[bool] = True

    def _rows(self, leaf: Leaf) -> QuerySet[Measure]:
        return Measure.objects.filter(
            person_id=OuterRef("player__person_id"), kind__in=_kinds(leaf.params), status=Measure.Status.ACTIVE
        )

    def test(self, leaf: Leaf, at: At) -> Any:
        goes = Q(pending_from__lte=at.now, pending_amount__isnull=True, needs_confirmation=False)
        over = Q(ends_at__lte=at.now)
        return Exists(self._rows(leaf).filter(effective_at__lte=at.now).exclude(over).exclude(goes))

    def is_so(self, leaf: Leaf, record: Record, at: At) -> bool:
        return any(self._is_in_force(one, at.now) for one in self._mine(leaf, record))

    @staticmethod
    def _is_in_force(one: Measure, now: datetime) -> bool:
        goes = one.pending_from and one.pending_from <= now and one.pending_amount is None
        over = one.ends_at is not None and one.ends_at <= now
        return one.effective_at <= now and not over and not (goes and not one.needs_confirmation)

    @staticmethod
    def _mine(leaf: Leaf, record: Record) -> list[Measure]:
        kinds = _kinds(leaf.params)
        return [one for one in _measures(record) if one.kind in kinds and one.status == Measure.Status.ACTIVE]

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        def ahead(name: str, **more: Any) -> Any:
            return Case(When(**{f"{name}__gt": at.now}, **more, then=F(name)), output_field=DateTimeField())

        goes = ahead("pending_from", pending_amount__isnull=True, needs_confirmation=False)
        flip = Least(ahead("effective_at"), ahead("ends_at"), goes)
        rows = self._rows(leaf).annotate(flip=flip).filter(flip__isnull=False)
        return [Subquery(rows.order_by("flip").values("flip")[:1], output_field=DateTimeField())]

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        ahead = []
        for one in self._mine(leaf, record):
            goes = one.pending_from if one.pending_amount is None and not one.needs_confirmation else None
            ahead += [moment for moment in (one.effective_at, one.ends_at, goes) if moment and moment > at.now]
        return min(ahead, default=None)


register(
    Choice(
        key="standing", label="Restriction in force", family=Family.PROTECTION, of=Verdict(), options=lambda: _STANDINGS,
        help="What the gate goes by: whether the person may be contacted, is excluded, in a time-out, blocked, or back "
        "from an exclusion without having returned.",
        example="Excluded for six months that were over yesterday: exclusion over, not returned.",
        words="self-exclusion excluded time-out cooling-off blocked gamstop spelpaus responsible gambling rg",
        phrase="whose restriction in force {verb} {value}", note=_WHOLE, criterion=Criterion.RG_NEED, feeds=_RG,
        sensitivity="rg",
    ),
    Limited(
        key="limit_active", label="Limit in force", family=Family.PROTECTION, params=(_LIMIT,),
        help="Whether a limit of the kind you choose is in force right now. One that was lifted counts until the wait of "
        "the licence is over.",
        example="A deposit limit of 20 a week, lifted this morning under a licence that waits 24 hours: yes until "
        "tomorrow morning.",
        words="deposit limit loss limit stake limit session limit responsible gambling rg",
        phrase="who have a limit in force ({limit})", phrase_not="who have no limit in force ({limit})", note=_WHOLE,
        criterion=Criterion.RG_NEED, feeds=_RG, sensitivity="rg",
    ),
    Since(
        key="days_since_limit", label="Days since a limit was set or lowered", family=Family.PROTECTION,
        params=(_LIMIT,), of=LastTightened(), verb="set or lowered a limit ({limit})",
        help="Newest time a limit of the kind you choose was set or lowered, also one that has ended since.",
        example="Lowered from 50 to 20 a week on Monday at 09:00: 1 day on Tuesday at 09:00.",
        words="deposit limit loss limit responsible gambling rg",
        phrase="who last set or lowered a limit ({limit}) at least {value} ago",
        note=f"1 day = 24 hours, or calendar days of the brand: you choose. {_WHOLE}", criterion=Criterion.RG_NEED,
        feeds=_RG, sensitivity="rg",
    ),
)  # fmt: skip
