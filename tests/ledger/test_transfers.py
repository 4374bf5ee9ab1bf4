"""The books: an entry that does not balance cannot be written, and nothing bounded goes below zero."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from bonuses import ledger
from bonuses.ledger import Entry, KeyReused, Overdraft, Pot
from bonuses.models import Account, Transfer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUSE = Pot("brand", 1, "bonus_cost", "EUR.BONUS")
PLAYER = Pot("grant", 7, "bonus", "EUR.BONUS", bounded=True)
OTHER = Pot("grant", 8, "bonus", "EUR.BONUS", bounded=True)


def give(amount: int, key: str = "a", to: Pot = PLAYER, giver: Pot = HOUSE) -> set[str]:
    return ledger.post([Entry(key, "issue", giver, to, amount, NOW)], now=NOW)


def test_a_transfer_moves_the_balance_of_the_bounded_account_only() -> None:
    give(5000)

    assert ledger.balances([PLAYER]) == {PLAYER: 5000}
    assert Account.objects.get(code="bonus_cost").debits == 0


def test_the_same_request_twice_is_one_transfer() -> None:
    assert give(5000) == {"a"}
    assert give(5000) == set()

    assert Transfer.objects.count() == 1
    assert ledger.balances([PLAYER]) == {PLAYER: 5000}


def test_the_same_key_with_another_request_is_an_error_and_changes_nothing() -> None:
    give(5000)
    with pytest.raises(KeyReused):
        give(6000)
    with pytest.raises(KeyReused):
        ledger.post([Entry("b", "x", HOUSE, PLAYER, 1, NOW), Entry("b", "x", HOUSE, PLAYER, 2, NOW)], now=NOW)

    assert ledger.balances([PLAYER]) == {PLAYER: 5000}


def test_nobody_spends_more_than_the_account_holds() -> None:
    give(100)
    with pytest.raises(Overdraft):
        ledger.post([Entry("b", "win", HOUSE, PLAYER, 50, NOW), Entry("c", "stake", PLAYER, OTHER, 151, NOW)], now=NOW)

    assert ledger.balances([PLAYER, OTHER]) == {PLAYER: 100, OTHER: 0}
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -5, True, 1.5])
def test_only_positive_whole_numbers_move(amount: int) -> None:
    with pytest.raises(ValueError, match="positive whole number"):
        give(amount)


def test_units_never_mix_and_money_does_not_go_in_circles() -> None:
    with pytest.raises(ValueError, match="cannot become"):
        give(1, to=Pot("grant", 7, "wagering", "EUR.WAGER", bounded=True))
    with pytest.raises(ValueError, match="itself"):
        give(1, to=HOUSE)


def test_the_database_itself_refuses_a_negative_amount_and_a_one_sided_transfer() -> None:
    give(100)
    one = Transfer.objects.get()
    for change in ({"amount": -1}, {"credit_id": one.debit_id}):
        values = {"amount": 1, "debit_id": one.debit_id, "credit_id": one.credit_id} | change
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(
                key="raw", request_hash=b"", unit="EUR.BONUS", code="x", effective_at=NOW, recorded_at=NOW, **values
            )


@pytest.mark.parametrize("sql", ["UPDATE bonuses_transfer SET amount = 1", "DELETE FROM bonuses_transfer"])
def test_what_is_booked_stays_booked(sql: str) -> None:
    give(100)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as db:
        db.execute(sql)


def test_balances_are_the_sum_of_the_transfers() -> None:
    give(900)
    for n, amount in enumerate((100, 250, 3)):
        ledger.post([Entry(f"s{n}", "stake", PLAYER, HOUSE, amount, NOW)], now=NOW)
        ledger.post([Entry(f"w{n}", "win", HOUSE, OTHER, amount + 1, NOW)], now=NOW)

    for account in Account.objects.filter(bounded=True):
        put = sum(Transfer.objects.filter(credit=account).values_list("amount", flat=True))
        taken = sum(Transfer.objects.filter(debit=account).values_list("amount", flat=True))
        assert (account.credits, account.debits) == (put, taken)
