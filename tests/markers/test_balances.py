"""M02 is told by balances the feed sends around the end of a session; others are not guessed."""

from datetime import timedelta

import pytest

from compliance.markers.reading import read
from compliance.models import SeenBalance
from players.models import Brand, Player
from tests.folding.casino import DAY, HOUR, NOW, Sent, brand, fold_all, payment, player, receive, session

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def balance(who: Player, at: "timedelta", real: int) -> Sent:
    return Sent("balance.changed", who.pk, NOW - at, {"real": real, "bonus": 0})


@pytest.fixture
def azura() -> Brand:
    return brand()


@pytest.fixture
def finn(azura: Brand) -> Player:
    return player(azura, NOW - 100 * DAY)


@pytest.mark.parametrize(
    ("told", "seen"), [(HOUR - 5 * MINUTE, True), (HOUR - 11 * MINUTE, False), (HOUR + 3 * MINUTE, False)]
)
def test_a_balance_belongs_to_the_session_it_was_told_at_the_end_of(
    azura: Brand, finn: Player, told: timedelta, seen: bool
) -> None:
    receive(azura, [session(finn.pk, NOW - 2 * HOUR, 60, "s"), balance(finn, told, 40)], NOW)
    fold_all(NOW)
    read(azura, [finn.pk], now=NOW)
    assert list(SeenBalance.objects.values_list("balance", flat=True)) == ([40] if seen else [])


def test_a_balance_after_a_deposit_says_nothing_of_the_session(azura: Brand, finn: Player) -> None:
    events = [session(finn.pk, NOW - 2 * HOUR, 60, "s"), payment(finn.pk, NOW - HOUR + MINUTE, "d", 20_00)]
    receive(azura, [*events, balance(finn, HOUR - 5 * MINUTE, 20_00)], NOW)
    fold_all(NOW)
    read(azura, [finn.pk], now=NOW)
    assert not SeenBalance.objects.exists()


@pytest.mark.parametrize(("wait", "met"), [(29, False), (30, True)])
def test_a_session_that_goes_on_within_half_an_hour_has_not_emptied_the_account(
    azura: Brand, finn: Player, wait: int, met: bool
) -> None:
    ends = [NOW - n * DAY for n in (1, 2, 3)]
    parts = [session(finn.pk, at - HOUR, 60, f"a{at}") for at in ends]
    parts += [session(finn.pk, at + wait * MINUTE, 20, f"b{at}") for at in ends]
    receive(azura, parts, NOW)
    fold_all(NOW)
    SeenBalance.objects.bulk_create(SeenBalance(player=finn, ended_at=at, balance=0) for at in ends)
    assert ("M02" in {one.marker for one in read(azura, [finn.pk], now=NOW).seen}) == met


@pytest.mark.parametrize(("balances", "met", "unknown"), [
    ([0, 99, 50, 5000], True, False),
    ([0, 99, 100, 5000], False, False),  # one whole unit is left
    ([0, 0], False, True),
    ([5000] * 10 + [0, 0, 0], False, False),  # only the newest ten count
])  # fmt: skip
def test_three_emptied_sessions_of_the_newest_ten(
    azura: Brand, finn: Player, balances: list[int], met: bool, unknown: bool
) -> None:
    receive(azura, [session(finn.pk, NOW - 2 * HOUR, 60, "s")], NOW)
    fold_all(NOW)
    SeenBalance.objects.bulk_create(
        SeenBalance(player=finn, ended_at=NOW - n * DAY, balance=left) for n, left in enumerate(balances, 1)
    )
    readings = read(azura, [finn.pk], now=NOW)
    assert ("M02" in {one.marker for one in readings.seen}) == met
    assert ("M02" in readings.unknown[finn.pk]) == unknown
