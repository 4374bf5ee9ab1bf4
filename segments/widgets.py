"""How a card's fields look: which inputs, which choices, which unit. Words only; nothing is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from players.models import Brand, Player
from segments.builder import ROOT, Against, Box, Card, Piece, boxes
from segments.language import comparing
from segments.language.attributes import Attribute, Param
from segments.language.belonging import Among, names_of
from segments.language.catalogue_of_own import OwnDate, OwnText
from segments.language.choices import Choice
from segments.language.nested import SegmentParam, Segments, WasIn
from segments.language.numbers import Money
from segments.language.quantities import Column
from segments.models import Segment
from segments.permitted import NOBODY, Rights, visible
from segments.reading import usable
from segments.readings import DAYS, Reading, readings

_BLANK = ""


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One parameter of the attribute, chosen inside the card."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Other:
    """What the attribute is compared with, where it is not a value."""

    options: list[Option]
    chips: list[Chip]
    percent: str
    takes_percent: bool


@dataclass(frozen=True)
class Widget:
    card: Card
    kind: str  # number | pair | choice | choices | day | text | none | than
    operators: list[Option]
    chips: list[Chip]
    options: list[Option]
    unit: str
    values: list[str]
    focus: bool = False
    other: Other | None = None
    readings: list[Reading] = field(default_factory=list)
    groups: list[Option] = field(default_factory=list)  # it may be moved into
    can_compare: bool = False
    can_wrap: bool = True

    @property
    def path(self) -> str:
        return self.card.path

    @property
    def days(self) -> str:
        """The reading of days, carried along where it is offered in words."""
        return self.card.params.get(DAYS, "") if any(reading.key == DAYS for reading in self.readings) else ""

    is_group = False


@dataclass(frozen=True)
class Frame:
    """A group as the page draws it."""

    box: Box
    kinds: list[Option]
    of: list["Widget | Frame"]
    is_target: bool
    is_root: bool
    can_nest: bool
    words: str

    @property
    def path(self) -> str:
        return self.box.path

    is_group = True


KIND_WORDS = {"all": "all", "any": "any", "none": "none", "at_least": "at least …"}


@dataclass
class Drawing:
    """One page of the builder; what several cards offer is read once."""

    root: Box
    brand: Brand
    segment: Segment | None = None
    target: str = ROOT
    focus: str = ""
    deepest: int = 4
    rights: Rights = NOBODY
    _tell: dict[str, frozenset[str]] = field(default_factory=dict)

    def draw(self) -> "Widget | Frame":
        return self._piece(self.root)

    def _piece(self, piece: Piece) -> "Widget | Frame":
        if isinstance(piece, Card):
            return self._card(piece)
        return Frame(
            box=piece,
            kinds=[Option(kind, words, kind == piece.kind) for kind, words in KIND_WORDS.items()],
            of=[self._piece(child) for child in piece.of],
            is_target=piece.path == self.target,
            is_root="-" not in piece.path,
            can_nest=piece.path.count("-") < self.deepest,
            words={"all": "and", "any": "or", "none": "nor"}.get(piece.kind, "or"),
        )

    def _card(self, card: Card) -> Widget:
        attribute, offered = card.attribute, readings(card, self.root)
        said = {DAYS} if any(reading.key == DAYS for reading in offered) else set()
        chips = [self._chip(param, card.params) for param in attribute.params if param.key not in said]
        unit = attribute.unit
        if isinstance(attribute, Money):
            unit, chip = self._currency(card)
            chips += [] if card.than else [chip]
        return Widget(
            card=card,
            kind=_kind(card),
            operators=[Option(key, words, key == card.op) for key, words in card.operators.items()],
            chips=chips,
            options=self._options(attribute, card),
            unit=unit,
            values=(list(card.raw) + [_BLANK, _BLANK])[:2],
            focus=self.focus == card.path,
            other=self._other(attribute, card.than) if card.than else None,
            readings=offered,
            groups=self._groups(card),
            can_compare=bool(comparing.operators(attribute)),
            can_wrap=card.path.count("-") <= self.deepest,
        )

    def _chip(self, param: Param, params: Mapping[str, str]) -> Chip:
        chosen = params.get(param.key, "") or param.default
        if isinstance(param, SegmentParam):
            choices = {"": "choose a segment…"} | self._segments
        else:
            choices = dict(param.options(self.brand))
        return Chip(param.key, param.label, [Option(key, words, key == chosen) for key, words in choices.items()])

    def _other(self, attribute: Attribute, than: Against) -> Other:
        partners = sorted(comparing.partners(attribute), key=lambda one: one.label)
        return Other(
            options=[Option(one.key, one.label, one.key == than.key) for one in partners],
            chips=[self._chip(param, than.params) for param in than.attribute.params if param.key != DAYS],
            percent=than.percent,
            takes_percent=comparing.dimension(attribute) != "instant",
        )

    def _groups(self, card: Card) -> list[Option]:
        parent = card.path.rpartition("-")[0]
        return [Option(box.path, _named(box), False) for box in boxes(self.root) if box.path != parent]

    def _currency(self, card: Card) -> tuple[str, Chip]:
        unit = card.params.get("currency", "") or self.brand.currency
        codes = self._currencies if unit in self._currencies else [*self._currencies, unit]
        return unit, Chip("currency", "Currency", [Option(code, code, code == unit) for code in codes])

    @cached_property
    def _currencies(self) -> list[str]:
        return currencies(self.brand)

    @cached_property
    def _segments(self) -> dict[str, str]:
        known = set(visible(Segment.objects.filter(brand=self.brand), self.rights).values_list("pk", flat=True))
        return {str(pk): name for pk, name in usable(self.brand, but=self.segment) if pk in known}

    def _options(self, attribute: Attribute, card: Card) -> list[Option]:
        if isinstance(attribute, Segments):
            return [Option(pk, name, pk in card.raw) for pk, name in self._segments.items()]
        if not isinstance(attribute, Choice):
            return []
        options = _words(attribute, card, self.brand)
        return [one for one in options if one.chosen or one.value not in self._telling(attribute)]

    def _telling(self, attribute: Attribute) -> frozenset[str]:
        """Names of lists and campaigns that are more than this person may know."""
        if self.rights.protection or not isinstance(attribute, Among):
            return frozenset()
        if attribute.key not in self._tell:
            self._tell[attribute.key] = attribute.telling(self.brand.pk)
        return self._tell[attribute.key]


def _kind(card: Card) -> str:
    attribute = card.attribute
    if card.than:
        return "than"
    if isinstance(attribute, Segments):
        return "choices"
    if isinstance(attribute, WasIn | OwnDate) and attribute.inputs(card.op):
        return "day"
    if isinstance(attribute, OwnText) and attribute.inputs(card.op):
        return "text"
    if isinstance(attribute, Choice):
        return "choices" if card.op in ("in", "not_in") else "choice"
    return {0: "none", 2: "pair"}.get(attribute.inputs(card.op), "number")


def _named(box: Box) -> str:
    if box.path == ROOT:
        return "the whole rule"
    inside = ", ".join(child.attribute.label for child in box.of if isinstance(child, Card))
    return f"“{KIND_WORDS[box.kind].removesuffix(' …')}” of {inside or 'nothing yet'}"


def currencies(brand: Brand) -> list[str]:
    """The brand's own first, then those its players hold accounts in."""
    held = Player.objects.filter(brand=brand).order_by("currency").values_list("currency", flat=True).distinct()
    return list(dict.fromkeys([brand.currency, *held]))


def _words(attribute: Choice, card: Card, brand: Brand) -> list[Option]:
    words: dict[str, str] = dict(attribute.options())
    if (names := names_of(attribute, brand)) is not None:
        words = {word: word for word in [*names, *card.raw] if word}
    if attribute.is_open and isinstance(attribute.of, Column):
        words = {value: words.get(value, value) for value in [*_present(attribute, brand), *card.raw] if value}
    return [Option(value, text, value in card.raw) for value, text in sorted(words.items(), key=_order(attribute))]


def _order(attribute: Choice) -> Any:
    return (lambda item: item[1].lower()) if attribute.is_open else (lambda item: 0)


def _present(attribute: Choice, brand: Brand) -> list[str]:
    """The values this brand's players really have: nobody has to know how an affiliate is spelt."""
    assert isinstance(attribute.of, Column)
    name = attribute.of.name.removeprefix("player__")
    values = Player.objects.filter(brand=brand, is_test=False).order_by(name).values_list(name, flat=True).distinct()
    return list(values[:200])
