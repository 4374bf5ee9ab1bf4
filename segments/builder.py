"""The builder's draft: a rule still being clicked together, with fields that may be empty or wrong.

The whole draft travels in the form. `shape` is JSON the server wrote (groups and attribute keys); the
fields of each card carry its path: `c-0-1:op`, `c-0-1:v`. Every button is one edit of the draft, so
the page works from the keyboard and without scripts (see segments.edits).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from segments.language import comparing
from segments.language.attributes import Attribute, registry
from segments.language.nested import SegmentParam
from segments.language.numbers import Money
from segments.language.parse import MAX_DEPTH, MAX_LEAVES, Problem
from segments.language.tree import GROUP_KINDS

ROOT = "c"
GROUP_WORDS = {"all": "all", "any": "any", "none": "none", "at_least": "at least"}


class Unreadable(ValueError):
    """The posted form is not one this server wrote."""


@dataclass
class Against:
    """The other side of a comparison, as its fields stand."""

    key: str
    params: dict[str, str] = field(default_factory=dict)
    percent: str = "100"

    @property
    def attribute(self) -> Attribute:
        return registry.get(self.key)

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"attribute": self.key}
        if self.params:
            data["params"] = typed_params(self.attribute, self.params)
        percent = self.percent.strip()
        if percent != "100":
            data["percent"] = int(percent) if percent.isdecimal() and len(percent) < 9 else percent
        return data


@dataclass
class Card:
    """One condition as its fields stand."""

    key: str
    op: str = ""
    params: dict[str, str] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    than: Against | None = None
    path: str = ""
    problem: str = ""
    is_group = False

    @property
    def attribute(self) -> Attribute:
        return registry.get(self.key)

    @property
    def operators(self) -> Mapping[str, str]:
        return comparing.operators(self.attribute) if self.than else self.attribute.operators

    @property
    def is_blank(self) -> bool:
        wanted = 0 if self.than else self.attribute.inputs(self.op)
        return wanted > 0 and not any(text.strip() for text in self.raw)

    def shape(self) -> Any:
        return self.key

    def json(self) -> dict[str, Any]:
        params = typed_params(self.attribute, self.params)
        data: dict[str, Any] = {"attribute": self.key, "op": self.op}
        if self.than:
            params.pop("currency", None)
        if params:
            data["params"] = params
        if self.than:
            data["than"] = self.than.json()
        elif self.attribute.inputs(self.op):
            data["value"] = self.attribute.typed(self.op, self.raw, params)
        return data


def typed_params(attribute: Attribute, params: dict[str, str]) -> dict[str, Any]:
    """Form strings as rule JSON: what stands at its default is left out, a segment is a number."""
    found: dict[str, Any] = dict(params)
    for param in attribute.params:
        given = found.get(param.key, "")
        if param.default and given in ("", param.default):
            found.pop(param.key, None)
        elif isinstance(param, SegmentParam) and given.isdecimal() and len(given) < 19:
            found[param.key] = int(given)
    return found


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


def new_card(key: str, currency: str, name: str = "") -> Card:
    """A card just added: first operator, first choice of each parameter, no value yet. `name`: of one of the brand's
    own attributes."""
    attribute = registry.get(key)
    op, value = attribute.default()
    params = {param.key: param.default or next(iter(param.choices), "") for param in attribute.params}
    if isinstance(attribute, Money):
        params["currency"] = currency
    if name and "name" in params:
        params["name"] = name
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
        return _read_card(registry.get(shape), path, post)
    if not isinstance(shape, dict) or not isinstance(shape.get("of"), list):
        raise Unreadable("The rule could not be read.")
    kind = post.get(f"{path}:kind", "all")
    of = [_read(child, f"{path}-{index}", post, depth + 1, seen) for index, child in enumerate(shape["of"])]
    return Box(kind if kind in GROUP_KINDS else "all", post.get(f"{path}:least", "2"), of, path)


def _read_card(attribute: Attribute, path: str, post: QueryDict) -> Card:
    params = {key: post.get(f"{path}:p:{key}", "") for key in _param_keys(attribute)}
    than, key = None, post.get(f"{path}:than", "")
    if key and comparing.operators(attribute):
        if key not in registry:
            raise Unreadable("The rule names an attribute that does not exist.")
        others = {param.key: post.get(f"{path}:q:{param.key}", "") for param in registry.get(key).params}
        than = Against(key, others, post.get(f"{path}:percent", "") or "100")
    return Card(attribute.key, post.get(f"{path}:op", ""), params, post.getlist(f"{path}:v"), than, path)


def _param_keys(attribute: Attribute) -> list[str]:
    return [param.key for param in attribute.params] + (["currency"] if isinstance(attribute, Money) else [])


def from_rule(data: dict[str, Any]) -> Box:
    """A stored rule as a draft. Raises Unreadable where it asks for an attribute that is no longer there."""
    piece = _piece(data)
    assert isinstance(piece, Box)
    return numbered(piece)


def _piece(data: dict[str, Any]) -> Piece:
    if "attribute" in data:
        if unknown := [key for key in (data["attribute"], data.get("than", data)["attribute"]) if key not in registry]:
            raise Unreadable(f"The rule asks for “{unknown[0]}”, which is no longer there.")
        params = dict(data.get("params", {}))
        raw = registry.get(data["attribute"]).fields(data["value"], params) if "value" in data else []
        than = data.get("than")
        against = Against(than["attribute"], _words(than), str(than.get("percent", 100))) if than else None
        return Card(data["attribute"], data["op"], _words(data), raw, against)
    if "at_least" in data:
        return Box("at_least", str(data["at_least"]), [_piece(child) for child in data["of"]])
    kind = next(iter(data))
    return Box(kind, "2", [_piece(child) for child in data[kind]])


def _words(data: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in data.get("params", {}).items()}


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


def boxes(piece: Piece) -> Iterator[Box]:
    if isinstance(piece, Box):
        yield piece
        for child in piece.of:
            yield from boxes(child)


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
