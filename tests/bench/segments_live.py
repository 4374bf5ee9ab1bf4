"""Segments that live: fifty of them kept true while events are folded, while time passes, while all are built anew.

On the casino of `segments.scan`, with its members as a build leaves them. The events are real rows of the inbox,
folded by the product; memberships, their facts and the timers are really written.
"""

import statistics
import sys
import time
from collections.abc import Iterator

from django.db import connection, transaction

from config.lib.clock import utcnow
from players.folding import claim, fold_pending
from players.models import Event, Waiting
from segments import building, membership
from segments.language.parse import parse
from segments.models import Membership, Segment
from tests.bench import Figure, Run, bench
from tests.bench.fold import receive
from tests.bench.latency import handed_over
from tests.bench.segments import Casino, casino, ids, many, shapes, timed

BATCH, ROUNDS = 1_000, 12
FIFTY, TEN = 50, 10
CHUNK = 2_000


def lively(run: Run) -> list[Segment]:
    """Fifty live segments with the members they should have, every timer set. Made once."""
    ground: Casino = run.ground
    if not ground.is_lively:
        _people_it(ground, run.players)
        ground.is_lively = True
    return list(Segment.objects.filter(brand=ground.brand).order_by("pk"))


def _people_it(ground: Casino, players: int) -> None:
    began, now = time.perf_counter(), utcnow()
    for number, rule in enumerate(many(FIFTY)):
        segment = building.save_draft(None, ground.brand, f"Segment {number}", rule, None, now=now)
        with transaction.atomic():
            building.go_live(segment, None, acts_on_existing=False, now=now)
    Segment.objects.update(build_after=None)
    segments = membership.live()[ground.brand.pk]
    untold = {segment.pk for segment in segments}
    for start in range(ground.made.first, ground.made.first + players, CHUNK):
        some = list(range(start, min(start + CHUNK, ground.made.first + players)))
        with transaction.atomic():
            membership.refresh_brand(segments, some, now=now, cause="build", untold=untold, rearm=True)
    with connection.cursor() as db:
        db.execute("ANALYZE segments_membership")
    sys.stderr.write(f"{FIFTY} segments with {Membership.objects.count():,} members"
                     f" in {(time.perf_counter() - began) / 60:.1f} minutes\n")  # fmt: skip


def _live(segments: list[Segment], count: int) -> None:
    """The first so many are live, the others drafts: folding then knows of no others."""
    keys = [segment.pk for segment in segments]
    Segment.objects.filter(pk__in=keys[:count]).update(status=Segment.Status.LIVE)
    Segment.objects.filter(pk__in=keys[count:]).update(status=Segment.Status.DRAFT)


def _fold() -> float:
    """Seconds for the batch that waits."""
    spent = timed(lambda: fold_pending(now=utcnow(), limit=BATCH))
    assert not Waiting.objects.exists(), "the batch is not folded"
    return spent


def _moved_unseen(run: Run, segments: list[Segment], number: int) -> list[int]:
    """The players of a batch whose state has been folded while no segment looked."""
    _live(segments, 0)
    receive(run.ground.made.first, run.players, f"refresh{number}-", BATCH)
    _fold()
    _live(segments, FIFTY)
    batch = Event.objects.filter(event_id__startswith=f"refresh{number}-")
    return sorted(set(batch.values_list("player_id", flat=True)))


@bench("segments.refresh", on=casino)
def refresh(run: Run) -> Iterator[Figure]:
    """What fifty live segments add to a batch of a thousand events: the state has moved, who is in what has not."""
    segments, ground = lively(run), run.ground
    keyed = [(segment.pk, parse(segment.current.rule)) for segment in segments if segment.current]
    times, moved, alone = [], [], []
    for number in range(ROUNDS + 3):
        players = _moved_unseen(run, segments, number)
        with transaction.atomic():
            claim.start(claim.ALL)  # the fold's own settings for the planner
            looked = timed(lambda p=players: list(membership.verdicts(keyed, p, ground.at)))
        with transaction.atomic(), run.measure(items=len(players)) as meter:
            claim.start(claim.ALL)
            membership.lock(players)  # the fold holds them by then, and has told what that costs
            began = time.perf_counter()
            moves = membership.refresh(players, now=utcnow(), cause="events", is_locked=True)
            spent = time.perf_counter() - began
        if number >= 3:
            times.append(spent * 1000)
            moved.append(len(moves))
            alone.append(looked * 1000)
    words = f"evaluation alone; {statistics.mean(moved):.0f} moves by {len(players):,} players"
    ratio = statistics.median(times) / statistics.median(alone)
    yield Figure(statistics.median(times), "ms", words, ratio, meter, "segments.refresh")
    yield Figure(max(times), "ms longest", name="segments.refresh.longest")


@bench("segments.tick", on=casino)
def tick(run: Run) -> Iterator[Figure]:
    """Nobody due; then some hundreds due, each looked at and armed again."""
    _live(lively(run), FIFTY)
    while membership.tick(now=utcnow()):
        pass
    looking = []
    with run.measure(items=200) as meter:
        for _ in range(200):
            looking.append(timed(lambda: membership.tick(now=utcnow())) * 1000)
    ground: Casino = run.ground
    rescan = timed(lambda: ids(ground.brand, parse(shapes()["s1"]), ground.at)) * 1000
    words = "one segment over everybody"
    yield Figure(statistics.median(looking), "ms", words, statistics.median(looking) / rescan, meter, "segments.tick")
    with connection.cursor() as db:
        db.execute(
            "UPDATE players_playerstate SET next_check_at = now() WHERE player_id IN (SELECT player_id"
            " FROM players_playerstate WHERE next_check_at > now() ORDER BY next_check_at LIMIT 500)"
        )
        due = db.rowcount
    spent = timed(lambda: membership.tick(now=utcnow())) * 1000
    yield Figure(spent / due, "ms per player due", f"{due} due", name="segments.tick.due")


@bench("segments.fold", on=casino)
def fold(run: Run) -> Iterator[Figure]:
    """The speed of folding with ten live segments and without any, batch by batch in turn."""
    segments, ground = lively(run), run.ground
    without, beside = [], []
    with run.measure(items=0) as meter:
        for number in range(2 * ROUNDS):
            for count, times in ((0, without), (TEN, beside)):
                _live(segments, count)
                receive(ground.made.first, run.players, f"fold{number}-{count}-", BATCH)
                spent = _fold()
                if number >= 3:
                    times.append(spent)
                meter.items += BATCH
    rate = BATCH / statistics.median(beside)
    bare = BATCH / statistics.median(without)
    yield Figure(rate, "events/s", f"no live segment, {bare:,.0f} events/s", rate / bare, meter, "segments.fold")


@bench("segments.rebuild", on=casino)
def rebuild(run: Run) -> Iterator[Figure]:
    """From event to hand-over while all fifty segments are built anew over everybody."""
    segments = lively(run)
    _live(segments, FIFTY)
    began = 0.0

    def begin() -> None:
        nonlocal began
        Segment.objects.filter(pk__in=[segment.pk for segment in segments]).update(build_after=0)
        began = time.perf_counter()

    yield from handed_over(run, "segments.rebuild", "segments", begin=begin)
    spent, left = time.perf_counter() - began, sum(map(len, building.unfinished().values()))
    words = f"{left} of {FIFTY} segments still being built at the end" if left else "built before the last event"
    yield Figure(spent, "s", words, name="segments.rebuild.watched")
