"""Nine shapes of segments over a whole casino: the product against an expert's SQL, DuckDB and ClickHouse.

One casino serves every `segments.*` bench of a run (`manage.py bench segments --scale 1m`): a brand with a million
players, twenty million sessions, seven million payments, its state told as the fold tells it. Loading takes about
a minute per hundred thousand players; the very same sessions, payments and bonuses are loaded into the peers.

S1 slots players silent for 14 days whose last five sessions were long (the reference) · S2 live casino more than 60 %
of stakes in 90 days · S3 at least 8 sessions in 30 days · S4 average stake above half the average deposit (a session
of this casino is one round, so a stake per round is one per session) · S5 leaves after a bad run in half of the
sessions · S6 took half of the bonuses offered and deposited in 30 days · S7 60 % of sessions at night (of all
sessions: no attribute looks at those of 90 days) · S8 at least 3 deposits in 30 days, none in 7 · S9 (S1 or S8),
living in Great Britain, with consent to e-mail.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from config.lib.clock import utcnow
from players.models import Brand
from segments.language.compile import matching, population
from segments.language.parse import parse
from segments.language.tree import At, Group
from segments.membership import verdicts
from segments.preview import Sample, examples, guess, portrait
from segments.reach import reach
from tests.bench import Figure, Run, bench
from tests.bench.population import Population, populate
from tests.bench.segment_peers import HAND, Peer, hand_values, peers

Rule = dict[str, Any]
NAMES = tuple(f"s{number}" for number in range(1, 10))
_CATEGORIES = ("slots", "live_casino", "table", "sports", "poker", "bingo")


def leaf(attribute: str, op: str, value: Any, **params: str) -> Rule:
    return {"attribute": attribute, "op": op, "value": value} | ({"params": params} if params else {})


def shapes(k: int = 0) -> dict[str, Rule]:
    """The nine; with another `k` the same shapes with other numbers in them, for segments beside each other."""
    silent = [
        leaf("top_category", "is", _CATEGORIES[k]), leaf("days_since_play", "at_least", 14 + k),
        leaf("last5_average", "more_than", 45 - 4 * k),
    ]  # fmt: skip
    agreed = leaf("consent", "yes", None, product="casino", channel="email")
    paid = [leaf("deposits_30d", "at_least", 3 + k), leaf("days_since_deposit", "at_least", 7 + k)]
    return {
        "s1": {"all": silent},
        "s2": {"all": [leaf("category_share", "more_than", 60 + 5 * k, category=_CATEGORIES[(k + 1) % 6])]},
        "s3": {"all": [leaf("sessions_30d", "at_least", 8 + 2 * k)]},
        "s4": {"all": [leaf("bet_to_deposit", "more_than", 50 + 10 * k)]},
        "s5": {"all": [leaf("bad_endings", "at_least", 50 + 5 * k)]},
        "s6": {"all": [leaf("bonus_uptake", "at_least", 50 + 5 * k), leaf("days_since_deposit", "less_than", 30 - k)]},
        "s7": {"all": [leaf("time_of_day", "at_least", 60 + 5 * k, part="night")]},
        "s8": {"all": paid},
        "s9": {"all": [{"any": [{"all": silent}, {"all": paid}]}, leaf("country", "is", "GB"), agreed]},
    }


def many(count: int) -> list[Rule]:
    """So many different ones, every shape as often as any other."""
    return [rule for k in range(6) for rule in shapes(k).values()][:count]


@dataclass
class Casino:
    brand: Brand
    made: Population
    now: datetime
    minutes: float  # it took to make
    raw: tempfile.TemporaryDirectory[str]
    is_lively: bool = False

    @property
    def at(self) -> At:
        return At.brand(self.brand, self.now)


def casino(run: Run) -> Casino:
    raw = tempfile.TemporaryDirectory(prefix="pitboss-raw-")
    began, now = time.perf_counter(), utcnow()

    def say(words: str) -> None:
        sys.stderr.write(f"{words}, {(time.perf_counter() - began) / 60:.1f} min\n")

    made = populate(run.players, brands=1, now=now, facts=False, raw=Path(raw.name), say=say)
    minutes = (time.perf_counter() - began) / 60
    sys.stderr.write(f"{made.players:,} players, {made.sessions:,} sessions, {made.payments:,} payments"
                     f" made in {minutes:.1f} minutes\n")  # fmt: skip
    return Casino(made.brands[0], made, now, minutes, raw)


def ids(brand: Brand, rule: Group, at: At) -> list[int]:
    return list(matching(brand, rule, at).values_list("pk", flat=True))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@bench("segments.scan", on=casino)
def scan(run: Run) -> Iterator[Figure]:
    """Every id of every shape into Python; ours, by hand and the peers take turns, and must agree."""
    ground: Casino = run.ground
    yield Figure(ground.minutes, "minutes", f"{ground.made.sessions:,} sessions made", name="segments.casino")
    others = peers(ground.brand, ground.now, Path(ground.raw.name))
    for peer in others:
        yield Figure(peer.seconds, "s", "the same sessions, payments and bonuses", name=f"segments.load.{peer.key}")
    for name, rule in shapes().items():
        yield from _scanned(run, name, parse(rule), others)
    ground.raw.cleanup()


def _scanned(run: Run, name: str, rule: Group, others: list[Peer]) -> Iterator[Figure]:
    ground: Casino = run.ground

    def ours() -> list[int]:
        return ids(ground.brand, rule, ground.at)

    def by_hand() -> list[int]:
        with connection.cursor() as db:
            db.execute(HAND[name], hand_values(ground.brand, ground.now))
            return [row[0] for row in db.fetchall()]

    found = sorted(ours())
    for who, theirs in [("SQL by hand", by_hand), *((peer.name, lambda p=peer: p.ids(name)) for peer in others)]:
        assert sorted(theirs()) == found, f"{name}: {who} does not find the same players"
    assert 0.002 < len(found) / run.players < 0.6, (
        f"{name}: {len(found)} is not the crowd this is meant to be measured on"
    )
    with run.measure(items=3) as meter:
        for _ in range(3):
            ours()
    pairs = [(timed(ours), timed(by_hand)) for _ in range(7)]
    mine, hand = (statistics.median(times) for times in zip(*pairs, strict=True))
    words = f"the same SQL by hand, {hand * 1000:,.0f} ms; {len(found):,} players"
    yield Figure(mine * 1000, "ms", words, mine / hand, meter, f"segments.scan.{name}")
    for peer in others:
        spent = statistics.median(timed(lambda p=peer: p.ids(name)) for _ in range(3))
        words = f"{peer.name} over raw rows, {spent * 1000:,.0f} ms"
        yield Figure(mine * 1000, "ms", words, mine / spent, name=f"segments.scan.{name}.{peer.key}")


@bench("segments.single", on=casino)
def single(run: Run) -> Iterator[Figure]:
    """Is this player in it? Rule to answer, compiled anew every time, for two hundred players per shape."""
    ground: Casino = run.ground
    times: dict[str, list[float]] = {}
    with run.measure(items=200 * len(NAMES)) as meter:
        for name, rule in shapes().items():
            keyed = [(1, parse(rule))]
            step = max(run.players // 200, 1)
            players = range(ground.made.first, ground.made.first + run.players, step)[:200]
            times[name] = [timed(lambda p=p, of=keyed: list(verdicts(of, [p], ground.at))) * 1000 for p in players]
    slowest = max(times, key=lambda name: statistics.median(times[name]))
    everything = [one for each in times.values() for one in each]
    yield Figure(statistics.median(everything), "ms median", meter=meter, name="segments.single")
    yield Figure(
        statistics.median(times[slowest]), "ms median", f"{slowest}, the slowest", name="segments.single.slowest"
    )
    yield Figure(statistics.quantiles(everything, n=20)[18], "ms p95", name="segments.single.p95")


@bench("segments.preview", on=casino)
def previews(run: Run) -> Iterator[Figure]:
    """The three steps of the builder: about how many, exactly how many, and then what they are like, with examples,
    and who can be reached."""
    ground: Casino = run.ground
    for name, rule in shapes().items():
        tree = parse(rule)
        found = matching(ground.brand, tree, ground.at)
        with run.measure(items=5) as meter:
            counted = statistics.median(timed(found.count) for _ in range(5))
        yield Figure(counted * 1000, "ms", meter=meter, name=f"segments.preview.{name}")
        for step, work in _steps(ground, tree).items():
            spent = statistics.median(timed(work) for _ in range(3))
            yield Figure(
                spent * 1000, "ms", "the number alone", spent / counted, name=f"segments.preview.{name}.{step}"
            )


def _steps(ground: Casino, rule: Group) -> dict[str, Callable[[], object]]:
    found = matching(ground.brand, rule, ground.at)

    def seen() -> None:
        population(ground.brand).count()
        portrait(ground.brand, Sample.of(found, found.count()))
        examples(found, rule, ground.at)

    return {
        "about": lambda: guess(found),
        "seen": seen,
        "reached": lambda: reach(Sample.of(found, found.count()), now=ground.now, exact=False),
    }


@bench("segments.touched", on=casino)
def touched(run: Run) -> Iterator[Figure]:
    """Fifty segments over the thousand players of a batch: one SELECT, nothing written."""
    ground: Casino = run.ground
    rules = [(number, parse(rule)) for number, rule in enumerate(many(50), start=1)]
    some = list(range(ground.made.first, ground.made.first + run.players, run.players // 1000))[:1000]

    def evaluate() -> None:
        with transaction.atomic():
            list(verdicts(rules, some, ground.at))

    evaluate()
    with run.measure(items=7 * len(some)) as meter:
        spent = statistics.median(timed(evaluate) for _ in range(7))
    yield Figure(spent * 1000, "ms", meter=meter)
