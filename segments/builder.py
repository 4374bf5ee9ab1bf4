"""The builder's draft: a rule still being clicked together, with fields that may be empty or wrong.

The whole draft travels in the form. `shape` is JSON the server wrote (groups and attribute keys); the
fields of each card carry its path: `c-0-1:op`, `c-0-1:v`. Every button is one edit applied here, so
the page works from the keyboard and without scripts.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from segments.language.attributes import Attribute, registry
from segments.language.numbers import Money
from segments.language.parse import MAX_DEPTH, MAX_LEAVES, Problem
from segments.language.tree import GROUP_KINDS

ROOT = "c"
GROUP_WORDS = {"all": "all", "any": "any", "none": "none", "at_least": "at least"}


class Unreadable(ValueError):
    """The posted form is not one this server wrote."""


@dataclass
class Card:
    """One condition as its fields stand."""

    key: str
    op: str = ""
    params: dict[str, str] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    path: str = ""
    problem: str = ""
    is_group = False

    @property
    def attribute(self) -> Attribute:
        return registry.get(self.key)

    @property
    def is_blank(self) -> bool:
        return self.attribute.inputs(self.op) > 0 and not any(text.strip() for text in self.raw)

    def shape(self) -> Any:
        return self.key

    def json(self) -> dict[str, Any]:
        params: dict[str, Any] = dict(self.params)
        data: dict[str, Any] = {"attribute": self.key, "op": self.op}
        if params:
            data["params"] = params
        if self.attribute.inputs(self.op):
            data["value"] = self.attribute.typed(self.op, self.raw, params)
        return data


@dataclass
class Box:
    """One group as its fields stand."""

    kind: str = "all"
    least: str = "2"
    of: list["Card | Box"] = field(default_factory=list)
    path: str = ""
    problem: str = ""
    is_group = True

    def shape(self) -> Any:
        return {"of": [child.shape() for child in self.of]}

    def json(self) -> dict[str, Any]:
        children = [child.json() for child in self.of]
        if self.kind != "at_least":
            return {self.kind: children}
        return {"at_least": int(self.least) if self.least.isdecimal() else self.least, "of": children}


Piece = Card | Box


def new_card(key: str, currency: str) -> Card:
    """A card just added: first operator, first choice of each parameter, no value yet."""
    attribute = registry.get(key)
    op, value = attribute.default()
    params = {param.key: next(iter(param.choices)) for param in attribute.params}
    if isinstance(attribute, Money):
        params["currency"] = currency
    return Card(key, op, params, [] if value is None else attribute.fields(value, params))


# --- between form, draft and rule -------------------------------------------------------------------


def from_post(post: QueryDict) -> Box:
    """Raises Unreadable for a shape this server never wrote."""
    try:
        shape = json.loads(post.get("shape", '{"of": []}'))
    except (ValueError, RecursionError) as error:
        raise Unreadable("The rule could not be read.") from error
    root = _read(shape, ROOT, post, 1, [0])
    if not isinstance(root, Box):
        raise Unreadable("The rule could not be read.")
    return root


def _read(shape: Any, path: str, post: QueryDict, depth: int, seen: list[int]) -> Piece:
    seen[0] += 1
    if depth > MAX_DEPTH + 2 or seen[0] > MAX_LEAVES * 3:
        raise Unreadable("The rule is too large.")
    if isinstance(shape, str):
        if shape not in registry:
            raise Unreadable("The rule names an attribute that does not exist.")
        params = {key: post.get(f"{path}:p:{key}", "") for key in _param_keys(registry.get(shape))}
        return Card(shape, post.get(f"{path}:op", ""), params, post.getlist(f"{path}:v"), path)
    if not isinstance(shape, dict) or not isinstance(shape.get("of"), list):
        raise Unreadable("The rule could not be read.")
    kind = post.get(f"{path}:kind", "all")
    of = [_read(child, f"{path}-{index}", post, depth + 1, seen) for index, child in enumerate(shape["of"])]
    return Box(kind if kind in GROUP_KINDS else "all", post.get(f"{path}:least", "2"), of, path)


def _param_keys(attribute: Attribute) -> list[str]:
    return [param.key for param in attribute.params] + (["currency"] if isinstance(attribute, Money) else [])


def from_rule(data: dict[str, Any]) -> Box:
    """A stored rule, which is known to be right, as a draft."""
    piece = _piece(data)
    assert isinstance(piece, Box)
    return numbered(piece)


def _piece(data: dict[str, Any]) -> Piece:
    if "attribute" in data:
        params = dict(data.get("params", {}))
        raw = registry.get(data["attribute"]).fields(data["value"], params) if "value" in data else []
        return Card(data["attribute"], data["op"], params, raw)
    if "at_least" in data:
        return Box("at_least", str(data["at_least"]), [_piece(child) for child in data["of"]])
    kind = next(iter(data))
    return Box(kind, "2", [_piece(child) for child in data[kind]])


def numbered(box: Box) -> Box:
    """Gives every piece the path of where it now is."""

    def walk(piece: Piece, path: str) -> None:
        piece.path = path
        if isinstance(piece, Box):
            for index, child in enumerate(piece.of):
                walk(child, f"{path}-{index}")

    walk(box, ROOT)
    return box


def cards(piece: Piece) -> Iterator[Card]:
    if isinstance(piece, Card):
        yield piece
    else:
        for child in piece.of:
            yield from cards(child)


def show_problems(box: Box, problems: list[Problem], *, strict: bool) -> list[str]:
    """Puts each problem on its piece; returns what fits on none. A card nobody has filled yet is no error
    until somebody saves (`strict`)."""
    places = dict(_pointers(box, ""))
    loose = []
    for problem in problems:
        pointer = problem.pointer
        while pointer not in places and pointer:
            pointer = pointer.rpartition("/")[0]
        piece = places.get(pointer)
        if piece is None or piece.path == ROOT:
            loose.append(problem.sentence)
        elif strict or not (isinstance(piece, Card) and piece.is_blank) and not (isinstance(piece, Box)):
            piece.problem = piece.problem or problem.sentence
    return loose


def _pointers(piece: Piece, pointer: str) -> Iterator[tuple[str, Piece]]:
    yield pointer, piece
    if isinstance(piece, Box):
        under = f"{pointer}/{'of' if piece.kind == 'at_least' else piece.kind}"
        for index, child in enumerate(piece.of):
            yield from _pointers(child, f"{under}/{index}")


# --- edits ----------------------------------------------------------------------------------------


@dataclass
class Edit:
    """What a button asked for: 'add:days_since_play', 'remove:c-1', 'group:c', 'aim:c-1' …"""

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
    if edit.verb == "add" and edit.what in registry:
        _append(box, target, new_card(edit.what, currency))
    elif edit.verb == "group":
        parent = edit.what if isinstance(find(box, edit.what), Box) else ROOT
        if parent.count("-") + 2 <= MAX_DEPTH:
            target = _append(box, parent, Box("any"))
    elif edit.verb in ("remove", "copy", "wrap"):
        target = _change(box, edit, target)
    numbered(box)
    return target if isinstance(find(box, target), Box) else ROOT


def _append(box: Box, path: str, piece: Piece) -> str:
    parent = find(box, path)
    assert isinstance(parent, Box)
    if sum(1 for _ in cards(box)) < MAX_LEAVES:
        parent.of.append(piece)
    return f"{path}-{len(parent.of) - 1}"


def _change(box: Box, edit: Edit, target: str) -> str:
    parent_path, _, last = edit.what.rpartition("-")
    parent = find(box, parent_path)
    if not isinstance(parent, Box) or not last.isdecimal() or int(last) >= len(parent.of):
        return target
    index = int(last)
    if edit.verb == "remove":
        del parent.of[index]
        return parent_path
    if edit.verb == "copy" and sum(1 for _ in cards(box)) < MAX_LEAVES:
        parent.of.insert(index + 1, deepcopy(parent.of[index]))
    elif edit.verb == "wrap" and parent_path.count("-") + 2 <= MAX_DEPTH:
        parent.of[index] = Box("any", "2", [parent.of[index]])
        return edit.what
    return target


def find(box: Box, path: str) -> Piece | None:
    piece: Piece = box
    head, *steps = path.split("-")
    if head != ROOT:
        return None
    for step in steps:
        if not isinstance(piece, Box) or not step.isdecimal() or int(step) >= len(piece.of):
            return None
        piece = piece.of[int(step)]
    return piece
