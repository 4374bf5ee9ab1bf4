"""Players somebody adds to a segment, or takes out of it, whatever its rule says. Audited, and told to the gate:
whoever was added was chosen by hand."""

from collections.abc import Sequence
from datetime import datetime

from compliance import audit
from compliance.models import Operator
from players.models import Player, PlayerState
from segments.building import exclusively
from segments.membership import refresh_brand
from segments.models import Handpick, Segment
from segments.models.membership import BY_HAND
from segments.uses import dependants

MOST = 500


class CannotPick(ValueError):
    """The message says why, to whoever picked."""


def add(segment: Segment, player_ids: Sequence[int], operator: Operator, reason: str, *, now: datetime) -> int:
    """They are members from now on. Inside atomic; how many that was new to. Raises CannotPick."""
    return _pick(segment, player_ids, True, operator, reason, now)


def remove(segment: Segment, player_ids: Sequence[int], operator: Operator, reason: str, *, now: datetime) -> int:
    """They are members no more, whatever they do. Inside atomic; how many that was new to. Raises CannotPick."""
    return _pick(segment, player_ids, False, operator, reason, now)


def clear(segment: Segment, player_ids: Sequence[int], operator: Operator, reason: str, *, now: datetime) -> int:
    """The rule decides about them again. Inside atomic; how many had been picked. Raises CannotPick."""
    segment, ids = _ready(segment, player_ids)
    gone, _ = Handpick.objects.filter(segment=segment, player__in=ids).delete()
    if gone:
        _done(segment, ids, "cleared", operator, reason, now)
    return gone


def _pick(
    segment: Segment, player_ids: Sequence[int], is_in: bool, operator: Operator, reason: str, now: datetime
) -> int:
    segment, ids = _ready(segment, player_ids)
    known = set(Handpick.objects.filter(segment=segment, is_in=is_in).values_list("player_id", flat=True))
    new = [pk for pk in ids if pk not in known]
    picks = [
        Handpick(segment=segment, player_id=pk, is_in=is_in, operator=operator, reason=reason[:300], at=now)
        for pk in new
    ]
    Handpick.objects.bulk_create(
        picks, update_conflicts=True, unique_fields=["segment", "player"],
        update_fields=["is_in", "operator", "reason", "at"],
    )  # fmt: skip
    if new:
        _done(segment, new, "added" if is_in else "taken out", operator, reason, now)
    return len(new)


def _ready(segment: Segment, player_ids: Sequence[int]) -> tuple[Segment, list[int]]:
    """The segment under its brand's lock, and the players, ascending, if all of them may be picked."""
    exclusively(segment.brand_id)
    segment = Segment.objects.select_related("brand", "current").get(pk=segment.pk)
    if segment.status == Segment.Status.ARCHIVED:
        raise CannotPick(f"“{segment.name}” is archived.")
    ids = sorted(set(player_ids))
    if not 0 < len(ids) <= MOST:
        raise CannotPick(f"Choose 1 to {MOST} players; more than that belong on an uploaded list.")
    if Player.objects.filter(brand=segment.brand_id, pk__in=ids).count() < len(ids):
        raise CannotPick("Somebody of these is no player of this brand.")
    return segment, ids


def _done(segment: Segment, ids: Sequence[int], what: str, operator: Operator, reason: str, now: datetime) -> None:
    segment.is_handpicked = segment.handpicks.exists()
    segment.save(update_fields=["is_handpicked"])
    after = {"players": list(ids), "what": what}
    audit.record(
        operator, "segment.handpicked", f"segment:{segment.pk}", brand=segment.brand_id, reason=reason, after=after
    )
    if segment.status == Segment.Status.LIVE:
        refresh_brand([segment, *dependants(segment)], ids, now=now, cause=BY_HAND)
        # Whoever had read the segments before this and waited for these rows judges without the hand: the next tick
        # looks again. The rows are locked, in id order, since the line above.
        PlayerState.objects.filter(pk__in=ids).update(next_check_at=now)
