"""What the builder's buttons do to the draft: one edit each, so that every one of them works from the keyboard."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from segments.builder import ROOT, Against, Box, Card, Piece, cards, find, new_card, numbered
from segments.language import comparing
from segments.language.attributes import registry
from segments.language.parse import MAX_DEPTH, MAX_LEAVES
from segments.readings import readings

_OPPOSITE = {"is": "is_not", "in": "not_in", "more_than": "at_most", "at_least": "less_than", "within": "not_within"}
OPPOSITE = _OPPOSITE | {after: before for before, after in _OPPOSITE.items()} | {"on": "not_on", "not_on": "on"}


@dataclass
class Edit:
    """What a button asked for: 'add:days_since_play', 'remove:c-1', 'into:c-1:c-2', 'aim:c-1' …"""

    verb: str
    what: str

    @classmethod
    def read(cls, text: str) -> "Edit":
        verb, _, what = text.partition(":")
        return cls(verb, what)


def apply(box: Box, edit: Edit, target: str, currency: str) -> str:
    """Changes the draft; returns the path of the group the catalogue adds to from now on."""
    target = target if isinstance(find(box, target), Box) else ROOT
    if edit.verb == "aim":
        return edit.what if isinstance(find(box, edit.what), Box) else ROOT
    if edit.verb == "add" and edit.what.partition(":")[0] in registry:
        key, _, name = edit.what.partition(":")
        _append(box, target, new_card(key, currency, name))
    elif edit.verb == "group":
        within = edit.what if isinstance(find(box, edit.what), Box) else ROOT
        if within.count("-") + 2 <= MAX_DEPTH:
            target = _append(box, within, Box("any"))
    elif edit.verb in _CHANGES:
        path, _, more = edit.what.partition(":")
        parent_path, _, last = path.rpartition("-")
        parent = find(box, parent_path)
        if isinstance(parent, Box) and last.isdecimal() and int(last) < len(parent.of):
            target = _CHANGES[edit.verb](box, parent, int(last), more) or target
    numbered(box)
    return target if isinstance(find(box, target), Box) else ROOT


def _append(box: Box, path: str, piece: Piece) -> str:
    parent = find(box, path)
    assert isinstance(parent, Box)
    if sum(1 for _ in cards(box)) < MAX_LEAVES:
        parent.of.append(piece)
    return f"{path}-{len(parent.of) - 1}"


def _remove(box: Box, parent: Box, index: int, more: str) -> str:
    del parent.of[index]
    return parent.path


def _copy(box: Box, parent: Box, index: int, more: str) -> str:
    added = sum(1 for _ in cards(parent.of[index]))
    if sum(1 for _ in cards(box)) + added <= MAX_LEAVES:
        parent.of.insert(index + 1, deepcopy(parent.of[index]))
    return ""


def _wrap(box: Box, parent: Box, index: int, more: str) -> str:
    """Into a group of its own."""
    if parent.path.count("-") + 2 > MAX_DEPTH:
        return ""
    parent.of[index] = Box("any", "2", [parent.of[index]])
    return f"{parent.path}-{index}"


def _into(box: Box, parent: Box, index: int, more: str) -> str:
    """Into a group that is there already; never into itself."""
    group, piece = find(box, more), parent.of[index]
    if not isinstance(group, Box) or group is parent or f"{more}-".startswith(f"{piece.path}-"):
        return ""
    if isinstance(piece, Box):
        return ""
    del parent.of[index]
    group.of.append(piece)
    return ""


def _negate(box: Box, parent: Box, index: int, more: str) -> str:
    """The opposite comparison where there is one that turns everybody round, else 'none of'."""
    piece = parent.of[index]
    if isinstance(piece, Box):
        turned = {"any": "none", "none": "any"}.get(piece.kind)
        if turned:
            piece.kind = turned
        else:
            parent.of[index] = Box("none", "2", [piece])
    elif (opposite := OPPOSITE.get(piece.op, "")) in piece.operators and turns_round(piece):
        piece.op = opposite
    else:
        parent.of[index] = Box("none", "2", [piece])
    return ""


def turns_round(card: Card) -> bool:
    """Who is unknown matches neither "more than" nor "at most": only words have an exact opposite."""
    return card.op in ("is_not", "not_in", "in", "not_within", "within", "on", "not_on") or (
        card.op == "is" and "is_not" in card.operators
    )


def _compare(box: Box, parent: Box, index: int, more: str) -> str:
    """With another attribute instead of with a value; back again when it was so already."""
    card = parent.of[index]
    if not isinstance(card, Card):
        return ""
    if card.than is not None:
        card.than = None
        card.op = card.op if card.op in card.attribute.operators else card.attribute.default()[0]
    elif others := comparing.partners(card.attribute):
        other = min(
            others, key=lambda one: (one.key == card.key, len(one.params), one.family is not card.attribute.family)
        )
        card.than = Against(
            other.key, {param.key: param.default or next(iter(param.choices), "") for param in other.params}
        )
        card.op = card.op if card.op in card.operators else next(iter(card.operators))
    return ""


def _reread(box: Box, parent: Box, index: int, more: str) -> str:
    """The other reading of words that have two."""
    card = parent.of[index]
    if isinstance(card, Card):
        chosen = next((reading for reading in readings(card, box) if reading.key == more), None)
        if chosen:
            card.key, card.params = chosen.attribute, dict(chosen.params)
    return ""


_CHANGES: Mapping[str, Callable[[Box, Box, int, str], str]] = {
    "remove": _remove, "copy": _copy, "wrap": _wrap, "into": _into, "negate": _negate, "compare": _compare,
    "reread": _reread,
}  # fmt: skip
