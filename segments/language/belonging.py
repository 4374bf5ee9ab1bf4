"""Attributes that hold several words at once: tags, uploaded lists, sports bet on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from players.models import Brand, PlayerList
from players.models.imports import PROTECTION
from segments.language.attributes import Attribute, Criterion
from segments.language.choices import Choice
from segments.language.record import Record
from segments.language.tree import At, Leaf


@dataclass(frozen=True)
class Carried:
    """Rows of a table that has one per player and word. `names`: the words a brand may choose from."""

    rows: Callable[[], QuerySet[Any]]
    column: str
    names: Callable[[Brand], list[str]]

    def sql(self, words: Iterable[str]) -> Exists:
        """One look into an index per player, or one over the table for all of them: the planner knows which."""
        return Exists(self.rows().filter(player_id=OuterRef("player_id"), **{f"{self.column}__in": list(words)}))

    def read(self, record: Record) -> frozenset[str]:
        found: dict[int, set[str]] = record.crowd.once(self, self._told)
        return frozenset(found.get(record.player_id, ()))

    def _told(self, player_ids: Sequence[int]) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for owner, word in (
            self.rows().filter(player_id__in=player_ids).values_list("player_id", self.column).distinct()
        ):
            found[owner].add(word)
        return found


@dataclass(frozen=True, kw_only=True)
class Among(Choice):
    """`is` holds when the word is one of the player's, `in` when any of the words is."""

    of: Carried  # type: ignore[assignment]
    phrase_not: str
    is_open: bool = True
    options: Callable[[], Mapping[str, str]] = dict

    operators: ClassVar[Mapping[str, str]] = {
        "is": "include",
        "is_not": "do not include",
        "in": "include any of",
        "not_in": "include none of",
    }

    def condition(self, leaf: Leaf, at: At) -> Q:
        found = Q(self.of.sql(_words(leaf)))
        return ~found if leaf.op in ("is_not", "not_in") else found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        inside = not self.of.read(record).isdisjoint(_words(leaf))
        return inside != (leaf.op in ("is_not", "not_in"))

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        """Of words that tell of protection only where the rule asks for one, which nobody else can write."""
        words = self.of.read(record)
        if words and Criterion.RG_NEED.value not in self.selects_by(leaf):
            brand_id = record.player.brand_id
            words -= record.crowd.once((self.key, "telling", brand_id), lambda _: self.telling(brand_id))
        return ", ".join(sorted(words)) or self.blank

    def telling(self, brand_id: int) -> frozenset[str]:
        """Words of the brand that tell of protection: whoever carries one has a restriction, a limit or a sign of harm."""
        return frozenset()

    def says(self, leaf: Leaf) -> str:
        words = [f"“{word}”" for word in _words(leaf)]
        listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
        return (self.phrase_not if leaf.op in ("is_not", "not_in") else self.phrase).format(value=listed)


@dataclass(frozen=True, kw_only=True)
class Uploaded(Among):
    """Lists: players were chosen by what a second person has stated of each; until then, by hand."""

    def telling(self, brand_id: int) -> frozenset[str]:
        rows = PlayerList.objects.filter(brand=brand_id, criteria__contains=[PROTECTION])
        return frozenset(rows.values_list("name", flat=True))

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        named = PlayerList.objects.filter(brand=leaf.brand_id, name__in=_words(leaf))
        stated = dict(named.values_list("name", "criteria"))
        found = frozenset[str]().union(*(stated.get(word) or [Criterion.MANUAL.value] for word in _words(leaf)))
        return found - {"all"}


def _words(leaf: Leaf) -> tuple[str, ...]:
    return leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)


def names_of(attribute: Attribute, brand: Brand) -> list[str] | None:
    """What a brand may choose from; None where that is not known by name."""
    return attribute.of.names(brand) if isinstance(attribute, Among) else None
