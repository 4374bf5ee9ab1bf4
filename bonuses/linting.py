"""Terms as the question the gate would be asked at their largest: what no player could get is not saved."""

from collections.abc import Iterable
from datetime import datetime

from bonuses.models import Terms
from bonuses.offering import asked, promised
from compliance.asking import Request
from compliance.lint.checking import Finding, Subject, check
from compliance.models.decision import Purpose

_EVERYBODY = 1_000_000  # terms are made for all; to how many they are offered is known when they are


def subject(terms: Terms, where: str, criteria: Iterable[str] = ("all",), audience: int | None = _EVERYBODY,
            together: int | None = None) -> Subject:  # fmt: skip
    """`terms` with template.brand loaded; saved or not."""
    products = frozenset({terms.product})
    return Subject(
        where,
        Request(
            0, Purpose.PROMOTIONAL, "bonus", products, frozenset(criteria), "terms", asked(terms),
            promised(terms, together=together), audience=audience,
        ),
    )  # fmt: skip


def findings(terms: Terms, *, now: datetime) -> list[Finding]:
    brand = terms.template.brand
    return check([subject(terms, "terms")], brand.licence.jurisdiction, brand.currency, now=now)
