"""What a template may still give away. A template nobody gave a budget has no limit."""

from collections.abc import Iterable
from datetime import datetime

from bonuses import ledger
from bonuses.ledger import Entry, budget_pot, house
from bonuses.models import Account, Template, Terms
from compliance import audit
from compliance.models import Operator

Purses = dict[int, int]  # template id -> minor units left


def lock(terms: Iterable[Terms]) -> Purses:
    """Locks the budgets of these templates, in id order, until the transaction ends."""
    accounts = Account.objects.filter(
        owner_kind="template", owner_id__in={t.template_id for t in terms}, code="budget", bounded=True
    )
    return {a.owner_id: a.balance for a in accounts.select_for_update().order_by("pk")}


def take(purses: Purses, terms: Terms, amount: int) -> bool:
    """Whether it fits; takes it from the purse if it does."""
    left = purses.get(terms.template_id)
    if left is None:
        return True
    if left < amount:
        return False
    purses[terms.template_id] = left - amount
    return True


def top_up(
    template: Template, amount: int, currency: str, key: str, *, actor: Operator, reason: str, now: datetime
) -> None:
    source = house(template.brand_id, "budget_source", f"{currency}.BUDGET")
    ledger.post([Entry(key, "budget_top_up", source, budget_pot(template.pk, currency), amount, now)], now=now)
    told = {"amount": amount, "currency": currency}
    audit.record(actor, "budget.topped_up", f"bonus-template:{template.pk}", brand=template.brand_id, reason=reason,
                 after=told)  # fmt: skip
