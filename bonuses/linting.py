"""Terms as the question the gate would be asked at their largest: what no player could get is not saved."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bonuses.grants import gate_request
from bonuses.models import Template, Terms
from compliance.asking import Ask
from compliance.lint.checking import Finding, Subject, check

_EVERYBODY = 1_000_000  # terms are made for all; to how many they are offered is known when they are


def subject(terms: Terms, where: str, criteria: Iterable[str] = ("all",)) -> Subject:
    """`terms` with template.brand loaded; saved or not."""
    deposit = _deposit(terms)
    amount = max(terms.bonus_for(deposit), 1)
    asked = gate_request(0, terms, amount, terms.wagering_for(amount, deposit), "terms", criteria)
    wanted = Ask("deposit", deposit, terms.currency) if deposit else None
    return Subject(where, replace(asked, ask=wanted, audience=_EVERYBODY))


def findings(terms: Terms, *, now: datetime) -> list[Finding]:
    brand = terms.template.brand
    return check([subject(terms, "terms")], brand.licence.jurisdiction, brand.currency, now=now)


def _deposit(terms: Terms) -> int:
    """The one that earns the whole bonus, minor units; 0 where none is asked for."""
    if terms.kind != Template.Kind.DEPOSIT_MATCH or not terms.percent:
        return 0
    return max(int(terms.cap * 100 / terms.percent), terms.min_deposit, 1)
