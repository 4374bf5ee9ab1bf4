"""What a request carries, checked member by member; what is not asked for is refused, not ignored."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from players.api.baseline import json_of
from players.api.bodies import BadBody
from players.pam.generic.reading import Repeated
from segments.language.parse import RuleError

Check = Callable[[Any], Any]


class Wrong(ValueError):
    """A value a member may not have; the text is a sentence for the sender."""


class Refused(APIException):
    """Understood, but it will not be done."""

    status_code = 422
    default_code = "refused"


def members(request: Request, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Any:
    """The members of an object, checked. Raises BadBody, ValidationError with a pointer per problem."""
    given, checks = json_of(request), {**required, **(optional or {})}
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise BadBody("The body is an object in which each member appears once.")
    problems: dict[str, list[ErrorDetail]] = {}
    found: dict[str, Any] = {}
    for name in [*given, *(name for name in required if name not in given)]:
        try:
            if name not in checks:
                raise Wrong(f"There is no such member here; there are: {', '.join(checks)}.")
            if name not in given:
                raise Wrong("This is missing.")
            found[name] = checks[name](given[name])
        except Wrong as wrong:
            problems[_pointer(name)] = [ErrorDetail(str(wrong), code="missing" if name not in given else "invalid")]
    if problems:
        raise ValidationError(problems)
    return found


def _pointer(name: str) -> str:
    return "/" + name[:60].replace("~", "~0").replace("/", "~1")


def text(most: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not (stripped := " ".join(value.split())) or not stripped.isprintable():
            raise Wrong("This is a text that is not empty.")
        if len(stripped) > most:
            raise Wrong(f"At most {most} characters.")
        return stripped

    return check


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("This is true or false.")
    return value


def an_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Wrong("This is an object.")
    return value


def at_rule(error: RuleError) -> ValidationError:
    """400: each problem of the rule with its pointer into the body."""
    found: dict[str, list[ErrorDetail]] = {}
    for problem in error.problems:
        found.setdefault(f"/rule{problem.pointer}", []).append(ErrorDetail(problem.sentence, code="rule"))
    return ValidationError(found)
