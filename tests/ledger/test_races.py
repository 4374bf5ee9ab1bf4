"""Several workers at once: the last of a budget is spent once, one key is one transfer, nobody deadlocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from bonuses import ledger
from bonuses.ledger import Entry, Overdraft, Pot
from bonuses.models import Account, Transfer

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE, SPENT = Pot("brand", 1, "source", "EUR.BUDGET"), Pot("brand", 1, "spent", "EUR.BUDGET")
POTS = [Pot("template", n, "budget", "EUR.BUDGET", bounded=True) for n in range(4)]


def at_once(work: Callable[[int], bool], jobs: int) -> list[bool]:
    def run(n: int) -> bool:
        try:
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(jobs)))


def fill(amount: int) -> None:
    ledger.post([Entry(f"fill:{p.owner_id}", "top_up", SOURCE, p, amount, NOW) for p in POTS], now=NOW)


def spend(key: str, amount: int, *pots: Pot) -> bool:
    try:
        entries = [Entry(f"{key}:{pot.owner_id}", "spend", pot, SPENT, amount, NOW) for pot in pots]
        return bool(ledger.post(entries, now=NOW))
    except Overdraft:
        return False


def test_the_last_hundred_euro_of_a_budget_are_spent_once() -> None:
    fill(100_00)

    spent = at_once(lambda n: spend(f"s{n}", 9_00, POTS[0]), 40)

    assert sum(spent) == 11
    assert ledger.balances(POTS[:1]) == {POTS[0]: 1_00}


def test_one_key_asked_by_everybody_is_one_transfer() -> None:
    fill(100_00)

    new = at_once(lambda n: spend("the same", 9_00, POTS[0]), 24)

    assert sum(new) == 1
    assert ledger.balances(POTS[:1]) == {POTS[0]: 91_00}


def test_batches_over_the_same_accounts_in_any_order_never_deadlock_and_add_up() -> None:
    fill(10_000_00)

    done = at_once(lambda n: spend(f"b{n}", 1_00 + n, *(POTS if n % 2 else reversed(POTS))), 40)

    assert all(done)
    for account in Account.objects.filter(bounded=True):
        assert account.debits == sum(Transfer.objects.filter(debit=account).values_list("amount", flat=True))
