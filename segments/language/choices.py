"""Attributes that are one of a list: stage, category, country, currency, affiliate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, Value
from django.db.models.lookups import Exact, In

from segments.language.attributes import Attribute, Wrong
from segments.language.quantities import Params, Quantity
from segments.language.record import Record
from segments.language.tree import At, Leaf

_MANY = 200


@dataclass(frozen=True, kw_only=True)
class Choice(Attribute):
    """`stored` turns the rule's word into the column's value ('slots' -> 1); the same word when empty."""

    of: Quantity
    options: Callable[[], Mapping[str, str]]  # word of the rule -> words on screen
    stored: Mapping[str, Any] | None = None
    is_open: bool = False  # words outside `options` are allowed: affiliates, countries we have no name for
    longest: int = 40
    blank: str = "none given"
    absent: frozenset[str] = frozenset()  # words one comes to by staying away
    present: str = ""  # the word of those who do not

    operators: ClassVar[Mapping[str, str]] = {
        "is": "is",
        "is_not": "is not",
        "in": "is one of",
        "not_in": "is none of",
    }

    def inputs(self, op: str) -> int:
        return 1

    def check(self, op: str, value: Any, params: Params) -> Any:
        if op in ("is", "is_not"):
            return self._word(value)
        if not isinstance(value, list | tuple) or not value:
            raise Wrong("Choose at least one.")
        if len(value) > _MANY:
            raise Wrong(f"Choose at most {_MANY}.")
        return tuple(dict.fromkeys(self._word(word) for word in value))

    def _word(self, word: Any) -> str:
        if not isinstance(word, str) or not word:
            raise Wrong("Choose one of the list.")
        if word in self.options():
            return word
        if not self.is_open or len(word) > self.longest or not word.isprintable():
            raise Wrong(f"“{word[:40]}” is not in the list.")
        return word

    def _stored(self, word: str) -> Any:
        return self.stored[word] if self.stored is not None else word

    def condition(self, leaf: Leaf, at: At) -> Q:
        column = self.of.sql(leaf.params)
        if leaf.op in ("in", "not_in"):
            found = Q(In(column, [self._stored(word) for word in leaf.value]))
        else:
            found = Q(Exact(column, Value(self._stored(leaf.value))))
        return ~found if leaf.op in ("is_not", "not_in") else found

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        words = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        inside = self.of.read(record, leaf.params) in {self._stored(word) for word in words}
        return inside != (leaf.op in ("is_not", "not_in"))

    def keeps_the_absent(self, leaf: Leaf, *, negated: bool) -> bool:
        """One of those words is named, or the one of those who are there is left out."""
        named = set(leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
        if (leaf.op in ("is_not", "not_in")) == negated:
            return bool(named & self.absent)
        return self.present in named and not self.absent <= named

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        value = self.of.read(record, leaf.params)
        if self.stored is not None:
            value = next((word for word, stored in self.stored.items() if stored == value), str(value))
        return self.options().get(value, value) or self.blank

    def says(self, leaf: Leaf) -> str:
        options = self.options()
        words = [options.get(word, word) for word in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))]
        listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
        negative = leaf.op in ("is_not", "not_in")
        phrase = self.phrase or f"whose {self.label[0].lower()}{self.label[1:]} {{verb}} {{value}}"
        return phrase.format(verb="is not" if negative else "is", value=listed, **self.param_words(leaf))

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        words = [word for word in raw if word]
        return words if op in ("in", "not_in") else (words[0] if words else None)
