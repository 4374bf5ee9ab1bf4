"""Which kind of game earned it?

What players lost of bonus money is known per category; what turned real, was given or provided for
is not, and is spread by stakes so that the column adds up to the cent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from players.models import Category
from reporting.figures import Played


@dataclass(frozen=True)
class CategoryRow:
    category: int
    label: str
    played: Played
    bonus_cost: int
    hold: Decimal | None  # per cent of stakes; sports call it margin

    @property
    def after_bonus(self) -> int:
        return self.played.total_ggr - self.bonus_cost


def by_category(played: Mapping[int, Played], bonus_cost: int) -> tuple[CategoryRow, ...]:
    whole = sum(played.values(), Played())
    rest = spread(bonus_cost - whole.bonus_ggr, {c: p.stakes for c, p in played.items()})
    return tuple(
        CategoryRow(c, Category(c).label, p, p.bonus_ggr + rest[c], hold(p)) for c, p in sorted(played.items())
    )


def spread(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """By weight, largest remainder first: the parts add up exactly. No weight at all: the first takes it."""
    if not weights:
        return {}
    whole = sum(weights.values())
    if not whole:
        return {key: total if n == 0 else 0 for n, key in enumerate(weights)}
    parts = {key: divmod(total * weight, whole) for key, weight in weights.items()}
    left = total - sum(floor for floor, _ in parts.values())
    first = sorted(parts, key=lambda key: (-parts[key][1], key))[:left]
    return {key: floor + (key in first) for key, (floor, _) in parts.items()}


def hold(played: Played) -> Decimal | None:
    """Per cent of stakes the house kept; None without stakes."""
    if played.stakes <= 0:
        return None
    return (Decimal(100 * played.total_ggr) / played.stakes).quantize(Decimal("0.01"), ROUND_HALF_UP)
