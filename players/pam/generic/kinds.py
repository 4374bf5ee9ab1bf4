"""What an event kind is made of: fields with a check each, and a check of the whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from players.families import family_of

T = TypeVar("T")
# JSON Schema of one property, in the dialect of the OpenAPI document (`nullable`); see players.pam.generic.schemas.
Schema = dict[str, Any]


class Refused(Exception):
    """One value is not what it should be. `detail` says in a sentence what would be right."""

    def __init__(self, reason: str, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.reason, self.detail, self.pointer = reason, detail, pointer

    def under(self, place: str) -> "Refused":
        """The same of what holds the value: its pointer begins there."""
        return Refused(self.reason, self.detail, place + self.pointer)


def checked(place: str, check: Callable[..., T], *given: Any) -> T:
    """What `check` makes of it; if it refuses, with the place."""
    try:
        return check(*given)
    except Refused as refused:
        raise refused.under(place) from None


@dataclass(frozen=True, slots=True)
class Field:
    """`check` returns the value as we keep it, or raises Refused.

    `wrong`: values it must refuse, each with the reason; documents, tests and the conformance run use them.
    """

    check: Callable[[Any], Any]
    schema: Schema
    wrong: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """Properties that are right one by one and wrong together. `pointer` is relative to the properties."""

    properties: dict[str, Any]
    reason: str
    pointer: str


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
    # Its values are kept in no inbox and no fact, only the names of what was told.
    secret: bool = False
    # The kind the fold knows it by, where several kinds of event say the same thing; `whole` completes the body.
    folds_as: str = ""
    # At least one of these must be there, besides `required`.
    any_of: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    # Names beyond `fields` are let through to `checks`, which decides (custom events).
    is_open: bool = False
    checks: dict[str, Callable[[Any], Any]] = field(init=False)
    stored: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checks", {name: one.check for name, one in self.fields.items()})
        object.__setattr__(self, "stored", self.folds_as or self.name)

    @property
    def family(self) -> str:
        return family_of(self.name)


def kind(
    name: str, summary: str, required: dict[str, Field], optional: dict[str, Field] | None = None, **rest: Any
) -> Kind:
    return Kind(name, summary, required | (optional or {}), frozenset(required), **rest)


def pointer_to(*parts: str | int) -> str:
    """JSON pointer, escaped: ("properties", "a/b") -> /properties/a~1b"""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
