"""What a rule finds right now: count, who they are, how many can be written to, and ten of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from babel import Locale
from django.db import OperationalError, connection, transaction
from django.db.models import Count, QuerySet

from players.models import Brand, Category, Player, PlayerState, Stage
from segments.language.compile import matching, population
from segments.language.evaluate import Finding, explain
from segments.language.record import load
from segments.language.tree import At, Group
from segments.reach import Reach, reach

PATIENCE_MS = 3000


class TooSlow(Exception):
    """The rule needs longer than a page may wait."""


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    share: float  # of the longest, 0–100


@dataclass(frozen=True)
class Example:
    player: Player
    values: list[tuple[str, str]]  # condition in words, the player's value


@dataclass(frozen=True)
class Preview:
    count: int
    everybody: int
    stages: list[Bar] = field(default_factory=list)
    categories: list[Bar] = field(default_factory=list)
    countries: list[Bar] = field(default_factory=list)
    reach: Reach | None = None
    examples: list[Example] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.count / self.everybody * 100 if self.everybody else 0.0


def preview(brand: Brand, rule: Group, *, now: datetime) -> Preview:
    """Raises TooSlow instead of taking the database with it."""
    at = At.brand(brand, now)
    found = matching(brand, rule, at)
    try:
        with transaction.atomic():
            with connection.cursor() as db:
                db.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            return _preview(brand, rule, found, at)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":
            raise TooSlow from error
        raise


def _preview(brand: Brand, rule: Group, found: QuerySet[PlayerState], at: At) -> Preview:
    stages: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    names = Locale("en").territories
    rows = found.values_list("stage", "top_category", "player__country").annotate(n=Count("pk")).order_by()
    for stage, category, country, n in rows:
        stages[str(Stage(stage).label)] += n
        categories[str(Category(category).label)] += n
        countries[names.get(country, country) or "Unknown"] += n
    count = sum(stages.values())
    return Preview(
        count=count,
        everybody=population(brand).count(),
        stages=_bars(stages, [str(stage.label) for stage in Stage]),
        categories=_bars(categories),
        countries=_bars(countries),
        reach=reach(found, now=at.now) if count else None,
        examples=examples(found, rule, at) if count else [],
    )


def _bars(counts: Counter[str], order: Iterable[str] = (), most: int = 6) -> list[Bar]:
    """Longest first (or in `order`); what does not fit becomes 'Others'."""
    items = [(label, counts[label]) for label in order if counts[label]] or counts.most_common()
    if len(items) > most + 1:
        items = [*items[:most], ("Others", sum(count for _, count in items[most:]))]
    longest = max((count for _, count in items), default=1)
    return [Bar(label, count, round(count / longest * 100, 1)) for label, count in items]


def examples(found: QuerySet[PlayerState], rule: Group, at: At, size: int = 10) -> list[Example]:
    """The members who moved last, with the values that decided."""
    ids = list(found.order_by("-last_play_at", "pk").values_list("pk", flat=True)[:size])
    records = load(ids)
    return [Example(records[pk].player, _deciding(explain(rule, records[pk], at))) for pk in ids if pk in records]


def _deciding(finding: Finding) -> list[tuple[str, str]]:
    """The player's values for the conditions that hold; of 'none of these', those that do not."""
    if not finding.is_group:
        return [(finding.words, finding.value)]
    node = finding.node
    wanted = not (isinstance(node, Group) and node.kind == "none")
    found = [value for child in finding.of if child.holds == wanted for value in _deciding(child)]
    return list(dict.fromkeys(found))[:4]
