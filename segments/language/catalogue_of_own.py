"""Attributes a brand has declared itself, one per kind of value; which of them, the rule names by its key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from players.models import Brand, CustomAttribute, PlayerAttribute
from segments.language.attributes import Attribute, Criterion, Family, Param, Wrong, register
from segments.language.numbers import COMPARISONS, bounds, pair, read_int, whole
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_FEEDS = frozenset({"tags"})
_OPS = {"more_than": "gt", "at_least": "gte", "less_than": "lt", "at_most": "lte", "is": "exact"}
_MOST = 2**53 - 1


@dataclass(frozen=True)
class Name(Param):
    """The key of an attribute of this kind; the builder offers those the brand has declared."""

    kind: str = ""

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or _KEY.fullmatch(value) is None:
            raise Wrong("Choose one of your own attributes.")
        return value

    def options(self, brand: Brand) -> Mapping[str, str]:
        rows = CustomAttribute.objects.filter(brand=brand, kind=self.kind).order_by("label")
        declared = dict(rows.values_list("key", "label"))
        return {"": "choose…" if declared else "none declared yet: Settings"} | declared

    def words(self, params: Params) -> str:
        return str(params.get(self.key, ""))


@dataclass(frozen=True, kw_only=True)
class Own(Attribute):
    """Players without a value match nothing but “has no value”."""

    family: Family = Family.OWN
    feeds: frozenset[str] = _FEEDS
    note: str = "Players without a value match “has no value” only."

    def _declared(self, leaf: Leaf) -> list[CustomAttribute]:
        """Of the rule's brand; where that is not known, of every brand that declared one of this key."""
        rows = CustomAttribute.objects.filter(key=leaf.params["name"], kind=self._kind)
        return list(rows.filter(brand_id=leaf.brand_id) if leaf.brand_id else rows)

    @property
    def _kind(self) -> str:
        return next(param.kind for param in self.params if isinstance(param, Name))

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        """Nobody knows what an attribute stands for that nobody declared."""
        declared = self._declared(leaf)
        if not declared:
            return frozenset({Criterion.MANUAL.value})
        return frozenset(one.criterion for one in declared if one.criterion)

    def sensitivity_of(self, leaf: Leaf) -> str:
        found = {one.sensitivity for one in self._declared(leaf)}
        return next((word for word in ("personal", "financial") if word in found), "ordinary")

    def _rows(self, leaf: Leaf) -> QuerySet[PlayerAttribute]:
        return PlayerAttribute.objects.filter(attribute__key=leaf.params["name"], attribute__kind=self._kind)

    def _known(self, leaf: Leaf) -> Q:
        raise TypeError(f"{self.key} is of no kind")

    def _matching(self, leaf: Leaf) -> Q:
        raise TypeError(f"{self.key} is of no kind")

    def _hits(self, value: Any, leaf: Leaf) -> bool:
        raise TypeError(f"{self.key} is of no kind")

    def _worth(self, row: PlayerAttribute) -> Any:
        """None: no value."""
        raise TypeError(f"{self.key} is of no kind")

    def condition(self, leaf: Leaf, at: At) -> Q:
        mine = self._rows(leaf).filter(player_id=OuterRef("player_id")).filter(self._known(leaf))
        if leaf.op == "none":
            return ~Q(Exists(mine))
        return Q(Exists(mine.filter(self._matching(leaf))))

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        value = self._value(leaf, record)
        if leaf.op == "none" or value is None:
            return leaf.op == "none" and value is None
        return self._hits(value, leaf)

    def _value(self, leaf: Leaf, record: Record) -> Any:
        key = ("own", leaf.params["name"], self._kind)
        found: dict[int, Any] = record.crowd.once(key, lambda ids: self._told(leaf, ids))
        return found.get(record.player_id)

    def _told(self, leaf: Leaf, player_ids: Sequence[int]) -> dict[int, Any]:
        return {row.player_id: self._worth(row) for row in self._rows(leaf).filter(player_id__in=player_ids)}

    def inputs(self, op: str) -> int:
        return 0 if op in ("none", "yes", "no") else super().inputs(op)

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        value = self._value(leaf, record)
        return "no value" if value is None else self._words(value)

    def _words(self, value: Any) -> str:
        return f"{value:,}" if isinstance(value, int) else str(value)

    def _label(self, leaf: Leaf) -> str:
        declared = self._declared(leaf)
        return f"“{declared[0].label}”" if declared else f"“{leaf.params['name']}”"

    def says(self, leaf: Leaf) -> str:
        if leaf.op == "none":
            return f"who have no value of {self._label(leaf)}"
        return f"whose {self._label(leaf)} is {self._clause(leaf)}"

    def _clause(self, leaf: Leaf) -> str:
        return str(leaf.value)

    def _none(self, value: Any) -> None:
        if value is not None:
            raise Wrong("This condition takes no value.")


@dataclass(frozen=True, kw_only=True)
class OwnNumber(Own):
    operators: ClassVar[Mapping[str, str]] = {
        **{op: f"is {words}" for op, words in COMPARISONS.items()}, "none": "has no value",
    }  # fmt: skip

    def check(self, op: str, value: Any, params: Params) -> Any:
        if op == "none":
            return self._none(value)
        return pair(value, -_MOST, _MOST) if op == "between" else whole(value, -_MOST, _MOST)

    def _known(self, leaf: Leaf) -> Q:
        return Q(number__isnull=False)

    def _matching(self, leaf: Leaf) -> Q:
        return Q(**{f"number__{_OPS[op]}": number for op, number in bounds(leaf.op, leaf.value)})

    def _hits(self, value: Any, leaf: Leaf) -> bool:
        compare = {"more_than": value.__gt__, "at_least": value.__ge__, "less_than": value.__lt__,
                   "at_most": value.__le__, "is": value.__eq__}  # fmt: skip
        return all(compare[op](number) for op, number in bounds(leaf.op, leaf.value))

    def _worth(self, row: PlayerAttribute) -> Any:
        return row.number

    def _clause(self, leaf: Leaf) -> str:
        if leaf.op == "between":
            return f"between {leaf.value[0]:,} and {leaf.value[1]:,}"
        return f"{COMPARISONS[leaf.op]} {leaf.value:,}"

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        numbers = [read_int(text) if text.strip() else None for text in raw[: self.inputs(op)]]
        return numbers if op == "between" else (numbers[0] if numbers else None)


@dataclass(frozen=True, kw_only=True)
class OwnText(Own):
    operators: ClassVar[Mapping[str, str]] = {"is": "is", "is_not": "is not", "none": "has no value"}

    def check(self, op: str, value: Any, params: Params) -> Any:
        if op == "none":
            return self._none(value)
        if not isinstance(value, str) or not value.strip() or len(value) > 80 or not value.isprintable():
            raise Wrong("Enter a text of at most 80 characters.")
        return value

    def _known(self, leaf: Leaf) -> Q:
        return ~Q(word="")

    def _matching(self, leaf: Leaf) -> Q:
        return ~Q(word=leaf.value) if leaf.op == "is_not" else Q(word=leaf.value)

    def _hits(self, value: Any, leaf: Leaf) -> bool:
        return bool((value == leaf.value) != (leaf.op == "is_not"))

    def _worth(self, row: PlayerAttribute) -> Any:
        return row.word or None

    def _clause(self, leaf: Leaf) -> str:
        return f"{'not ' if leaf.op == 'is_not' else ''}“{leaf.value}”"


@dataclass(frozen=True, kw_only=True)
class OwnFlag(Own):
    operators: ClassVar[Mapping[str, str]] = {"yes": "is yes", "no": "is no", "none": "has no value"}

    def check(self, op: str, value: Any, params: Params) -> Any:
        return self._none(value)

    def _known(self, leaf: Leaf) -> Q:
        return Q(number__isnull=False)

    def _matching(self, leaf: Leaf) -> Q:
        return Q(number=int(leaf.op == "yes"))

    def _hits(self, value: Any, leaf: Leaf) -> bool:
        return bool(value == int(leaf.op == "yes"))

    def _worth(self, row: PlayerAttribute) -> Any:
        return row.number

    def _words(self, value: Any) -> str:
        return "yes" if value else "no"

    def _clause(self, leaf: Leaf) -> str:
        return leaf.op


@dataclass(frozen=True, kw_only=True)
class OwnDate(Own):
    operators: ClassVar[Mapping[str, str]] = {
        "before": "is before", "on": "is on", "on_or_after": "is on or after", "none": "has no value",
    }  # fmt: skip
    _LOOKUPS: ClassVar[Mapping[str, str]] = {"before": "lt", "on": "exact", "on_or_after": "gte"}

    def check(self, op: str, value: Any, params: Params) -> Any:
        if op == "none":
            return self._none(value)
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None:
            raise Wrong("Enter a day, like 2026-11-01.")
        return day.isoformat()

    def _known(self, leaf: Leaf) -> Q:
        return Q(day__isnull=False)

    def _matching(self, leaf: Leaf) -> Q:
        return Q(**{f"day__{self._LOOKUPS[leaf.op]}": date.fromisoformat(leaf.value)})

    def _hits(self, value: Any, leaf: Leaf) -> bool:
        edge = date.fromisoformat(leaf.value)
        return bool(value < edge if leaf.op == "before" else value == edge if leaf.op == "on" else value >= edge)

    def _worth(self, row: PlayerAttribute) -> Any:
        return row.day

    def _clause(self, leaf: Leaf) -> str:
        return f"{leaf.op.replace('_', ' ')} {leaf.value}"


def _name(kind: str) -> tuple[Param, ...]:
    return (Name("name", "Attribute", {}, kind=kind),)


_HELP = "Declared under Settings · Your own attributes, told by your platform by event; the newest word counts."
register(
    OwnNumber(
        key="custom_number", label="Your own number", help=f"A number your brand keeps of its players. {_HELP}",
        example="Points in the shop declared, 1 200 told this morning: 1 200.", words="custom attribute points score field",
        params=_name("number"),
    ),
    OwnText(
        key="custom_text", label="Your own text", help=f"A word your brand keeps of its players. {_HELP}",
        example="Home venue declared, “Leeds” told in May: “Leeds”, written exactly so.", words="custom attribute field",
        params=_name("text"),
    ),
    OwnFlag(
        key="custom_flag", label="Your own yes or no", help=f"A yes or no your brand keeps of its players. {_HELP}",
        example="Club member declared, yes told on Monday, taken away on Friday: no value.", words="custom attribute flag",
        params=_name("yes_no"),
    ),
    OwnDate(
        key="custom_date", label="Your own date", help=f"A date your brand keeps of its players. {_HELP}",
        example="Card valid until 30 June 2026: before 1 July 2026.", words="custom attribute day expiry field",
        params=_name("date"),
    ),
)  # fmt: skip
