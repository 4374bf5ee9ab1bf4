"""How a card's fields look: which inputs, which choices, which unit. Words only; nothing is decided here."""

from dataclasses import dataclass
from typing import Any

from players.models import Brand, Player
from segments.builder import Box, Card, Piece
from segments.language.attributes import registry
from segments.language.belonging import names_of
from segments.language.choices import Choice
from segments.language.numbers import Money
from segments.language.quantities import Column

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
class Widget:
    card: Card
    kind: str  # number | pair | choice | choices | none
    operators: list[Option]
    chips: list[Chip]
    options: list[Option]
    unit: str
    values: list[str]
    focus: bool = False

    @property
    def path(self) -> str:
        return self.card.path

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


def draw(piece: Piece, brand: Brand, *, target: str, focus: str = "", deepest: int = 4) -> Widget | Frame:
    if isinstance(piece, Card):
        return _card(piece, brand, focus)
    return Frame(
        box=piece,
        kinds=[Option(kind, words, kind == piece.kind) for kind, words in KIND_WORDS.items()],
        of=[draw(child, brand, target=target, focus=focus) for child in piece.of],
        is_target=piece.path == target,
        is_root="-" not in piece.path,
        can_nest=piece.path.count("-") < deepest,
        words={"all": "and", "any": "or", "none": "nor"}.get(piece.kind, "or"),
    )


def _card(card: Card, brand: Brand, focus: str) -> Widget:
    attribute = registry.get(card.key)
    ops = [Option(key, words, key == card.op) for key, words in attribute.operators.items()]
    chips = [
        Chip(param.key, param.label, [Option(k, w, k == card.params.get(param.key)) for k, w in param.choices.items()])
        for param in attribute.params
    ]
    unit = attribute.unit
    if isinstance(attribute, Money):
        unit = card.params.get("currency", brand.currency)
        if unit not in (codes := currencies(brand)):
            codes = [*codes, unit]
        chips.append(Chip("currency", "Currency", [Option(code, code, code == unit) for code in codes]))
    kind, options = "number", []
    if isinstance(attribute, Choice):
        kind = "choices" if card.op in ("in", "not_in") else "choice"
        options = _options(attribute, card, brand)
    elif attribute.inputs(card.op) != 1:
        kind = "pair" if attribute.inputs(card.op) else "none"
    values = (list(card.raw) + [_BLANK, _BLANK])[:2]
    return Widget(card, kind, ops, chips, options, unit, values, focus == card.path)


def currencies(brand: Brand) -> list[str]:
    """The brand's own first, then those its players hold accounts in."""
    held = Player.objects.filter(brand=brand).order_by("currency").values_list("currency", flat=True).distinct()
    return list(dict.fromkeys([brand.currency, *held]))


def _options(attribute: Choice, card: Card, brand: Brand) -> list[Option]:
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
