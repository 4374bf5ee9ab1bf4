"""What a rule finds right now: about how many, exactly how many, what they are like, and ten of them.

In that order, because each takes longer than the one before and the page shows each as soon as it has it. Nothing
here waits longer than `PATIENCE_MS`. Of very many, what they are like is told by one in so many of them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Mod

from config.lib.money import exponent
from players.models import Brand, Category, Player, PlayerState, Stage
from segments.language.evaluate import Finding, explain
from segments.language.record import load
from segments.language.tree import At, Group

PATIENCE_MS = 3000
LOOKED_AT = 20_000
BANDS = (0, 100, 1_000, 10_000)


class TooSlow(Exception):
    """The rule needs longer than a page may wait."""


@contextmanager
def patiently() -> Iterator[None]:
    """Raises TooSlow instead of taking the database with it."""
    try:
        with transaction.atomic():
            with connection.cursor() as db:
                db.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":
            raise TooSlow from error
        raise


def guess(found: QuerySet[PlayerState]) -> int:
    """What the planner expects, without looking: right to a factor, at once."""
    try:
        plan: Any = json.loads(found.order_by().explain(format="json"))
    except EmptyResultSet:  # nobody is in an empty list
        return 0
    return int(plan[0]["Plan"]["Plan Rows"])


@dataclass(frozen=True)
class Sample:
    """The found, or one in `one_in` of them."""

    found: QuerySet[PlayerState]
    one_in: int

    @classmethod
    def of(cls, found: QuerySet[PlayerState], count: int, most: int = LOOKED_AT) -> "Sample":
        one_in = -(-count // most) or 1
        if one_in == 1:
            return cls(found, 1)
        return cls(found.alias(nth=Mod(F("player_id"), Value(one_in))).filter(nth=0), one_in)


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    share: float  # of the longest, 0–100


@dataclass(frozen=True)
class Portrait:
    """What the found are like. `is_about`: told by a sample, scaled up."""

    stages: list[Bar] = field(default_factory=list)
    categories: list[Bar] = field(default_factory=list)
    countries: list[Bar] = field(default_factory=list)
    values: list[Bar] = field(default_factory=list)
    is_about: bool = False


def portrait(brand: Brand, sample: Sample) -> Portrait:
    """One scan."""
    stages: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    values: Counter[str] = Counter()
    names, bands = Locale("en").territories, _band_words(brand)
    rows = sample.found.annotate(band=_band(brand)).values_list("stage", "top_category", "player__country", "band")
    for stage, category, country, band, n in rows.annotate(n=Count("pk")).order_by():
        n *= sample.one_in
        stages[str(Stage(stage).label)] += n
        categories[str(Category(category).label)] += n
        countries[names.get(country, country) or "Unknown"] += n
        values[bands[band]] += n
    return Portrait(
        stages=bars(stages, [str(stage.label) for stage in Stage]),
        categories=bars(categories),
        countries=bars(countries),
        values=bars(values, bands),
        is_about=sample.one_in > 1,
    )


def _band(brand: Brand) -> Case:
    unit = 10 ** exponent(brand.currency)
    steps = [When(deposit_sum__lte=0, then=Value(0))]
    steps += [When(deposit_sum__lt=edge * unit, then=Value(number)) for number, edge in enumerate(BANDS) if edge]
    return Case(*steps, default=Value(len(BANDS)), output_field=IntegerField())


def _band_words(brand: Brand) -> list[str]:
    edges = [f"{edge:,}" for edge in BANDS]
    return [
        "nothing",
        f"under {edges[1]}",
        f"{edges[1]} to {edges[2]}",
        f"{edges[2]} to {edges[3]}",
        f"over {edges[3]}",
    ]


def bars(counts: Counter[str], order: Iterable[str] = (), most: int = 6) -> list[Bar]:
    """Longest first (or in `order`); what does not fit becomes 'Others'."""
    items = [(label, counts[label]) for label in order if counts[label]] or counts.most_common()
    if len(items) > most + 1:
        items = [*items[:most], ("Others", sum(count for _, count in items[most:]))]
    longest = max((count for _, count in items), default=1)
    return [Bar(label, count, round(count / longest * 100, 1)) for label, count in items]


@dataclass(frozen=True)
class Example:
    player: Player
    values: list[tuple[str, str]]  # condition in words, the player's value


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
