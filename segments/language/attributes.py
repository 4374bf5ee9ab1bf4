"""What an attribute is, and the registry of them.

The built-in ones are in `catalogue.py`; an upper app adds its own by calling `register` in
`<app>/segment_fields.py`, so that imports keep going down.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from players.models import Brand
from segments.language.quantities import Params
from segments.language.record import Record
from segments.language.tree import At, Leaf


class Family(Enum):
    """Groups of the catalogue, in the order operators look for them."""

    ACTIVITY = "Activity"
    SESSIONS = "Sessions"
    GAMES = "Game preference"
    SPORTS = "Sports"
    PAYMENTS = "Deposits & withdrawals"
    RESULTS = "Stakes & results"
    BONUSES = "Bonuses"
    MESSAGES = "Messages"
    LIFECYCLE = "Lifecycle & value"
    PERSON = "Person & account"
    ACQUISITION = "Acquisition"
    OWN = "Your own attributes"
    PROTECTION = "Player protection"
    SEGMENTS = "Lists & segments"


class Criterion(Enum):
    """What a player was chosen by; the gate is told, because some licences forbid an offer on that ground."""

    LIFECYCLE = "lifecycle"
    INACTIVITY = "inactivity"
    LOSS = "loss"
    DEPOSIT_LEVEL = "deposit_level"
    PRODUCT_AFFINITY = "product_affinity"
    VIP = "vip"
    RG_NEED = "rg_need"
    MANUAL = "manual"  # somebody put them there by hand: nobody can tell what by


# What players did, or left undone: chosen by that nobody is chosen by nothing.
BEHAVIOUR = frozenset({
    Family.ACTIVITY, Family.SESSIONS, Family.GAMES, Family.SPORTS, Family.PAYMENTS, Family.RESULTS, Family.BONUSES,
})  # fmt: skip


class Wrong(ValueError):
    """A value the rule may not have; the message is a sentence for whoever built it."""


@dataclass(frozen=True)
class Param:
    """A choice inside the attribute itself: 'category' in 'days since last play in [slots]'."""

    key: str
    label: str
    choices: Mapping[str, str]
    default: str = ""  # taken where a rule says nothing: such a parameter may be left out

    def check(self, value: Any) -> str:
        if value is None and self.default:
            return self.default
        if not isinstance(value, str) or value not in self.choices:
            raise Wrong(f"{self.label}: choose one of {', '.join(self.choices.values())}.")
        return value

    def chosen(self, params: Params) -> str:
        found: str = params.get(self.key, self.default)
        return found

    def words(self, params: Params) -> str:
        """What was chosen, as it stands inside a sentence."""
        return self.choices[self.chosen(params)].lower()

    def options(self, brand: Brand) -> Mapping[str, str]:
        """What the builder offers; the same for every brand unless the brand declares its own."""
        return self.choices


@dataclass(frozen=True, kw_only=True)
class Attribute:
    key: str
    label: str
    family: Family
    help: str  # the definition, exactly as it is computed
    example: str = ""  # the same with numbers
    words: str = ""  # what else people call it, for the search of the catalogue
    phrase: str = ""  # clause of the sentence: "who had {cmp} {value} in the last 30 days"
    unit: str = ""
    note: str = ""  # printed on the card: who cannot match, which days are meant
    criterion: Criterion | None = None
    feeds: frozenset[str] = frozenset({"play"})  # what must keep arriving for it to be true
    sensitivity: str = "ordinary"  # ordinary | financial | personal | rg
    params: tuple[Param, ...] = ()
    common: bool = False  # listed under "Most used"

    operators: ClassVar[Mapping[str, str]] = {}
    by_time: ClassVar[bool] = False  # may flip while nothing happens

    def check(self, op: str, value: Any, params: Params) -> Any:
        """The value as the tree keeps it; raises Wrong with a sentence."""
        raise TypeError(f"{self.key} is of no kind")

    def condition(self, leaf: Leaf, at: At) -> Q:
        """SQL that is true or false for every player, never NULL."""
        raise TypeError(f"{self.key} is of no kind")

    def holds(self, leaf: Leaf, record: Record, at: At) -> bool:
        raise TypeError(f"{self.key} is of no kind")

    def flips(self, leaf: Leaf, at: At) -> list[Any]:
        """SQL instants after `at.now` at which time alone may change the answer; NULL where none."""
        return []

    def next_flip(self, leaf: Leaf, record: Record, at: At) -> datetime | None:
        return None

    def shown(self, leaf: Leaf, record: Record, at: At) -> str:
        """The player's own value, as the explanation prints it."""
        raise TypeError(f"{self.key} is of no kind")

    def says(self, leaf: Leaf) -> str:
        """The leaf as a clause after 'Players …'."""
        raise TypeError(f"{self.key} is of no kind")

    def selects_by(self, leaf: Leaf) -> frozenset[str]:
        """What players are chosen by, in the gate's words."""
        if self.criterion:
            return frozenset({self.criterion.value})
        return frozenset({Criterion.LIFECYCLE.value}) if self.family in BEHAVIOUR else frozenset()

    def keeps_the_absent(self, leaf: Leaf, *, negated: bool) -> bool:
        """Whether the condition (or, `negated`, that it is not so) is met by staying away: then it selects by that."""
        return False

    def sensitivity_of(self, leaf: Leaf) -> str:
        """Of this very condition: an attribute a brand declared is as sensitive as the brand said."""
        return self.sensitivity

    def param_words(self, leaf: Leaf) -> dict[str, str]:
        return {param.key: param.words(leaf.params) for param in self.params}

    def inputs(self, op: str) -> int:
        """How many value fields the operator needs: 0, 1 or 2."""
        return 2 if op == "between" else 1

    def typed(self, op: str, raw: Sequence[str], params: Params) -> Any:
        """Form strings as rule JSON; what cannot be read stays a string, so that `check` can say so."""
        return raw[0] if raw else None

    def fields(self, leaf_value: Any, params: Params) -> list[str]:
        """Rule JSON as form strings."""
        values = leaf_value if isinstance(leaf_value, list | tuple) else [leaf_value]
        return ["" if value is None else str(value) for value in values]

    def default(self) -> tuple[str, Any]:
        """Operator and value of a card just added."""
        return next(iter(self.operators)), None


@dataclass
class Registry:
    _by_key: dict[str, Attribute] = field(default_factory=dict)
    _unlisted: dict[str, Attribute] = field(default_factory=dict)
    _discovered: bool = False

    def register_unlisted(self, attribute: Attribute) -> None:
        """One that we put into rules ourselves: it can be read, but nobody can name it."""
        self._unlisted[attribute.key] = attribute

    def register(self, *attributes: Attribute) -> None:
        for attribute in attributes:
            if attribute.key in self._by_key:
                raise ValueError(f"Two attributes are called {attribute.key!r}.")
            self._by_key[attribute.key] = attribute

    def get(self, key: str) -> Attribute:
        """Raises KeyError for a key nobody registered."""
        self._discover()
        return self._by_key.get(key) or self._unlisted[key]

    def __iter__(self) -> Iterator[Attribute]:
        self._discover()
        return iter(list(self._by_key.values()))

    def __contains__(self, key: object) -> bool:
        self._discover()
        return key in self._by_key

    def families(self) -> dict[Family, list[Attribute]]:
        """In the order of `Family`; families nobody has filled are left out."""
        found: dict[Family, list[Attribute]] = {}
        for family in Family:
            members = [attribute for attribute in self if attribute.family is family]
            if members:
                found[family] = members
        return found

    def _discover(self) -> None:
        if not self._discovered:
            self._discovered = True
            autodiscover_modules("segment_fields")


registry = Registry()
register = registry.register
