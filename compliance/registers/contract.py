from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

MARKETING, LOGIN = "marketing", "login"
CLEAR, LISTED, UNAVAILABLE = "clear", "listed", "unavailable"


class NotAskable(ValueError):
    """What is known of this person is not enough, or of the wrong form, for this register. Says why, not what."""


@dataclass(frozen=True)
class Subject:
    """What a register may be told of somebody."""

    first_name: str
    last_name: str
    born: date | None
    country: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    street: str = ""
    city: str = ""
    birth_name: str = ""
    birth_place: str = ""
    national_id: str = ""


@dataclass(frozen=True)
class Answer:
    result: str
    reference: str = ""
    detail: str = ""
    took_ms: int | None = None


@dataclass(frozen=True)
class Call:
    """One HTTP request. `about`: our own keys of the people in it, in its order."""

    path: str
    about: tuple[int, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None  # sent as JSON
    form: Mapping[str, str] | None = None  # or as a form


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Any  # parsed JSON; None where there is none


Form = Mapping[str, str]


class Adapter(Protocol):
    """Pure: what to send, and what the reply says. A key without an answer in `read` is unavailable."""

    def calls(
        self, people: Sequence[tuple[int, Form]], purpose: str, actor: str, key: str, reference: str
    ) -> list[Call]: ...

    def read(self, call: Call, reply: Reply) -> dict[int, Answer]: ...


@dataclass(frozen=True)
class Register:
    """`marketing`, `login`: for which purposes the register may be asked at all. `confidence` as in the rules:
    A text seen … G unverified, to be settled with counsel. `spoken`: where its protocol is known from."""

    key: str
    name: str
    jurisdiction: str
    authority: str
    marketing: bool
    login: bool
    lasts: timedelta
    asked_with: str
    form: Callable[[Subject], Form]
    adapter: Adapter
    source: str
    confidence: str
    spoken: str

    def may(self, purpose: str) -> bool:
        return {MARKETING: self.marketing, LOGIN: self.login}.get(purpose, False)


def required(**parts: str) -> dict[str, str]:
    """Raises NotAskable naming what is missing."""
    if missing := [name.replace("_", " ") for name, value in parts.items() if not value.strip()]:
        raise NotAskable(f"not known: {', '.join(missing)}")
    return {name: value.strip() for name, value in parts.items()}
