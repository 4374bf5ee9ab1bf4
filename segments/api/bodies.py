"""What a rule in a body lacks."""

from rest_framework.exceptions import ErrorDetail, ValidationError

from segments.language.parse import RuleError


def at_rule(error: RuleError) -> ValidationError:
    """400: each problem of the rule with its pointer into the body."""
    found: dict[str, list[ErrorDetail]] = {}
    for problem in error.problems:
        found.setdefault(f"/rule{problem.pointer}", []).append(ErrorDetail(problem.sentence, code="rule"))
    return ValidationError(found)
