"""From a rule to a live segment: freeze the version, then walk the brand's players in short transactions."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from compliance.models import Operator
from config.lib import locks
from players.models import Brand, Player
from segments.language.criteria import criteria
from segments.language.parse import Problem, RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.membership import refresh_brand
from segments.models import Membership, Segment, Version
from segments.reading import read, rule_of
from segments.uses import InUse, dependants, where_used
from segments.validating import check, everybody

CHUNK = 2000


class EverybodyMatches(ValueError):
    """Nobody has said that all of the brand's players are meant; `count` is how many they are."""

    def __init__(self, brand: Brand, count: int) -> None:
        super().__init__(f"All {count:,} players of {brand.name} match this rule. Confirm that everybody is meant.")
        self.count = count


class NameTaken(ValueError):
    """Another segment of the brand already has this name."""


def save_draft(
    segment: Segment | None, brand: Brand, name: str, rule: object, operator: Operator | None, *, now: datetime
) -> Segment:
    """Keep the rule without anybody entering or leaving. Raises RuleError, NameTaken."""
    tree = check(rule, brand, operator, segment=segment)
    if segment is None:
        segment = Segment(brand=brand, created_at=now, created_by=operator)
    segment.name, segment.draft, segment.changed_at = name, tree.json(), now
    try:
        with transaction.atomic():
            # Only these: a build under way keeps its own place in the row.
            segment.save(update_fields=["name", "draft", "changed_at"] if segment.pk else None)
    except IntegrityError as error:
        raise NameTaken(f"There is already a segment called “{name}”.") from error
    return segment


def go_live(
    segment: Segment,
    operator: Operator | None,
    *,
    acts_on_existing: bool,
    now: datetime,
    everybody_is_meant: bool = True,
) -> Version:
    """Freeze the draft as the next version and start the build, here and of the segments that ask for its members.

    Inside atomic. Raises RuleError: of the rule, or because one of those could not be read any more; and
    EverybodyMatches if that is so and is not meant.
    """
    exclusively(segment.brand_id)
    segment = Segment.objects.select_for_update(no_key=True, of=("self",)).select_related("brand").get(pk=segment.pk)
    rule = segment.draft if segment.draft is not None else segment.current and segment.current.rule
    tree = check(rule, segment.brand, operator, segment=segment)
    if not everybody_is_meant and (count := everybody(segment.brand, tree, now=now)):
        raise EverybodyMatches(segment.brand, count)
    version = _version(segment, tree, operator, now)
    segment.current, segment.draft, segment.status = version, None, Segment.Status.LIVE
    segment.build_after, segment.acts_on_existing = 0, acts_on_existing
    segment.live_at, segment.changed_at = segment.live_at or now, now
    segment.save()
    for dependant in dependants(segment):
        _follow(dependant, segment, operator, acts_on_existing=acts_on_existing, now=now)
    return version


def _version(segment: Segment, tree: Group, operator: Operator | None, now: datetime, note: str = "") -> Version:
    number = (segment.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    return Version.objects.create(
        segment=segment,
        number=number,
        rule=tree.json(),
        sentence=sentence(tree),
        criteria=criteria(tree),
        note=note,
        created_at=now,
        created_by=operator,
    )


def _follow(
    dependant: Segment, changed: Segment, operator: Operator | None, *, acts_on_existing: bool, now: datetime
) -> None:
    """What it asks for is another thing now, so that is another version of it, built like the one it follows.

    A build of its own that is still on its way and tells journeys goes on telling: nobody is missed, and whoever it
    has already told is a member and enters no second time.
    """
    assert dependant.current is not None
    try:
        tree = read(dependant.current.rule, dependant.brand_id, segment=dependant)
    except RuleError as error:
        words = f"“{dependant.name}” asks for members of this segment. {error.problems[0].sentence}"
        raise RuleError([Problem("", words)]) from error
    unfinished = dependant.build_after is not None and dependant.acts_on_existing
    dependant.current = _version(dependant, tree, operator, now, note=f"“{changed.name}” changed.")
    dependant.build_after, dependant.acts_on_existing = 0, acts_on_existing or unfinished
    dependant.save(update_fields=["current", "build_after", "acts_on_existing"])


def restate(segment: Segment, operator: Operator | None, note: str, *, now: datetime) -> None:
    """The same rule as another version, because what it chooses by is another thing now. Nobody enters or leaves."""
    segment.current = _version(segment, rule_of(segment), operator, now, note=note)
    segment.save(update_fields=["current"])


def exclusively(brand_id: int) -> None:
    """One at a time changes which segments of a brand name which. Inside atomic."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", [locks.SEGMENTS, brand_id])


def build(segment_id: int, *, now: datetime, seconds: float = 60.0) -> bool:
    """Continue the walk; True when everybody has been looked at. Stops after `seconds`, the next call goes on."""
    return walk([segment_id], now=now, seconds=seconds)


def walk(segment_ids: Sequence[int], *, now: datetime, seconds: float) -> bool:
    """The same for several of one brand. Those at the same place go on together, because a player who is looked at is
    looked at for all of them; who is behind goes first until it has caught up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with transaction.atomic():
            found = _hold(segment_ids)
            behind = [segment for segment in found if segment.build_after is not None]
            if not behind:  # finished; or archived meanwhile, or another worker is at it
                return len(found) == len(segment_ids)
            _step(behind, now)
    return False


def _hold(segment_ids: Sequence[int]) -> list[Segment]:
    found = Segment.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    live = found.select_related("current", "brand").filter(pk__in=segment_ids, status=Segment.Status.LIVE)
    return list(live.order_by("pk"))


def _step(behind: Sequence[Segment], now: datetime) -> None:
    places = sorted({segment.build_after for segment in behind if segment.build_after is not None})
    together = [segment for segment in behind if segment.build_after == places[0]]
    # The more rules, the fewer players: their rows are locked until all of these have been told, and events wait.
    size = CHUNK // (1 + len(together) // 10)
    players = Player.objects.filter(brand=together[0].brand_id, pk__gt=places[0])
    if len(places) > 1:
        players = players.filter(pk__lte=places[1])
    ids = list(players.order_by("pk").values_list("pk", flat=True)[:size])
    untold = {segment.pk for segment in together if not segment.acts_on_existing}
    refresh_brand(together, ids, now=now, cause="build", untold=untold)
    following = ids[-1] if len(ids) == size else places[1] if len(places) > 1 else None
    Segment.objects.filter(pk__in=[segment.pk for segment in together]).update(build_after=following)


def build_on(*, now: datetime, seconds: float) -> bool:
    """Goes on with all that are unfinished, so many seconds in sum; True if there is more to do at once."""
    deadline = time.monotonic() + seconds
    for segment_ids in unfinished().values():
        if (left := deadline - time.monotonic()) <= 0:
            return True
        walk(segment_ids, now=now, seconds=left)
    return time.monotonic() >= deadline and bool(unfinished())


def unfinished() -> dict[int, list[int]]:
    """By brand."""
    rows = Segment.objects.filter(status=Segment.Status.LIVE, build_after__isnull=False).order_by("pk")
    found: dict[int, list[int]] = defaultdict(list)
    for brand_id, pk in rows.values_list("brand_id", "pk"):
        found[brand_id].append(pk)
    return found


def archive(segment: Segment, *, now: datetime) -> None:
    """Nobody is in it any more and nothing new happens because of it; its history stays. Inside atomic.

    Raises InUse while something needs it.
    """
    exclusively(segment.brand_id)
    if uses := where_used([segment]):
        raise InUse(uses)
    segment.status, segment.build_after, segment.changed_at = Segment.Status.ARCHIVED, None, now
    segment.save(update_fields=["status", "build_after", "changed_at"])
    Membership.objects.filter(segment=segment, left_at=None).update(left_at=now, left_cause="archived")
