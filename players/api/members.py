"""Members of a JSON body, checked one by one; what is not asked for is refused, not ignored.

A check takes a value and returns what it means, or raises Wrong. Checks nest; each problem is told with its pointer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from players.api.baseline import json_of
from players.api.bodies import BadBody
from players.pam.generic.reading import Repeated

Check = Callable[[Any], Any]


class Problem(NamedTuple):
    pointer: str
    sentence: str
    code: str = "invalid"


class Wrong(ValueError):
    """A value a member may not have; the text is a sentence for the sender. `of`: problems further inside."""

    def __init__(self, sentence: str = "", *, of: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.problems = list(of) or [Problem("", sentence)]


class Refused(APIException):
    """Understood, but it will not be done."""

    status_code = 422
    default_code = "refused"


def members(request: Request, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Any:
    """The members of the body, checked. Raises BadBody, ValidationError with a pointer per problem."""
    given = json_of(request)
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise BadBody("The body is an object in which each member appears once.")
    try:
        return object_of(required, optional)(given)
    except Wrong as wrong:
        found: dict[str, list[ErrorDetail]] = {}
        for pointer, sentence, code in wrong.problems:
            found.setdefault(pointer, []).append(ErrorDetail(sentence, code=code))
        raise ValidationError(found) from None


def object_of(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    checks = {**required, **(optional or {})}

    def check(given: Any) -> dict[str, Any]:
        if isinstance(given, Repeated) or not isinstance(given, dict):
            raise Wrong("This is an object in which each member appears once.")
        problems: list[Problem] = []
        found: dict[str, Any] = {}
        for name in given:
            if name not in checks:
                there = f"There is no such member here; there are: {', '.join(checks)}."
                problems.append(Problem(_step(name), there))
                continue
            try:
                found[name] = checks[name](given[name])
            except Wrong as wrong:
                problems += _below(name, wrong)
        problems += [Problem(_step(name), "This is missing.", "missing") for name in required if name not in given]
        if problems:
            raise Wrong(of=problems)
        return found

    return check


def list_of(item: Check, *, most: int, least: int = 1) -> Check:
    """Each value once."""

    def check(given: Any) -> list[Any]:
        if not isinstance(given, list) or not least <= len(given) <= most:
            raise Wrong(f"This is a list of {least} to {most}.")
        problems: list[Problem] = []
        found: list[Any] = []
        seen: set[Any] = set()
        for place, one in enumerate(given):
            try:
                value = item(one)
            except Wrong as wrong:
                problems += _below(str(place), wrong)
                continue
            if value in seen:
                problems.append(Problem(f"/{place}", "This is in the list already.", "repeated"))
            seen.add(value)
            found.append(value)
        if problems:
            raise Wrong(of=problems)
        return found

    return check


def _below(name: str, wrong: Wrong) -> Iterator[Problem]:
    return (Problem(_step(name) + pointer, sentence, code) for pointer, sentence, code in wrong.problems)


def _step(name: str) -> str:
    return "/" + name[:60].replace("~", "~0").replace("/", "~1")


def text(most: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not (stripped := " ".join(value.split())) or not stripped.isprintable():
            raise Wrong("This is a text that is not empty.")
        if len(stripped) > most:
            raise Wrong(f"At most {most} characters.")
        return stripped

    return check


def one_of(*words: str) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"One of: {', '.join(words)}.")
        return value

    return check


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Wrong(f"A whole number from {least} to {most}, without point or quotes.")
        return value

    return check


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("This is true or false.")
    return value


def an_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Wrong("This is an object.")
    return value
