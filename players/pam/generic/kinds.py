"""What an event kind is made of: fields with a check each, and a check of the whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# JSON Schema of one property, for the OpenAPI document.
Schema = dict[str, Any]


class Refused(Exception):
    """One value is not what it should be. `detail` says in a sentence what would be right."""

    def __init__(self, reason: str, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.reason, self.detail, self.pointer = reason, detail, pointer


@dataclass(frozen=True, slots=True)
class Field:
    """`check` returns the value as we keep it, or raises Refused."""

    check: Callable[[Any], Any]
    schema: Schema


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    summary: str
    fields: Mapping[str, Field]
    required: frozenset[str]
    example: dict[str, Any]
    # Looks at the whole: (properties as kept, occurred_at); may complete them.
    whole: Callable[[dict[str, Any], datetime], None] | None = None
    # Applied before the answer, not by the fold.
    at_once: bool = False
    has_player: bool = True
    checks: dict[str, Callable[[Any], Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checks", {name: one.check for name, one in self.fields.items()})


def kind(
    name: str, summary: str, required: dict[str, Field], optional: dict[str, Field] | None = None, **rest: Any
) -> Kind:
    return Kind(name, summary, required | (optional or {}), frozenset(required), **rest)


def pointer_to(*parts: str | int) -> str:
    """JSON pointer, escaped: ("properties", "a/b") -> /properties/a~1b"""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
