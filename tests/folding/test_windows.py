from datetime import UTC, datetime, timedelta

import pytest

from players import rebuild, windows
from players.folding import fold_pending
from players.models import Brand, Owed, Player, PlayerCategory, PlayerState
from tests.folding.casino import LIVE, SLOTS, Sent, brand, payment, player, receive, round_, session

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def finn(azura: Brand) -> Player:
    return player(azura, NOW - 200 * DAY)


def fold(azura: Brand, *events: Sent, now: datetime = NOW) -> None:
    receive(azura, events, now)
    fold_pending(now=now)


def windowed(finn: Player) -> tuple[int, ...]:
    s = PlayerState.objects.get(player=finn)
    return s.stake_30d, s.sessions_30d, s.deposits_30d, s.deposit_sum_30d, s.active_days_30d


def test_a_window_holds_thirty_days_and_loses_exactly_the_day_that_leaves(azura: Brand, finn: Player) -> None:
    oldest, gone = NOW - 29 * DAY, NOW - 30 * DAY
    fold(
        azura,
        *(round_(finn.pk, at, f"r{n}", 100 + n) for n, at in enumerate((oldest, gone, NOW))),
        session(finn.pk, oldest, 10, "s1"),
        payment(finn.pk, oldest, "p1", 5000),
    )
    assert windowed(finn) == (100 + 102, 1, 1, 5000, 2)

    assert windows.roll(now=NOW + DAY) == 1
    assert windowed(finn) == (102, 0, 0, 0, 1)
    assert windows.roll(now=NOW + DAY) == 0
    assert rebuild.verify(now=NOW + DAY) == []


def test_a_missed_week_is_caught_up_in_one_roll(azura: Brand, finn: Player) -> None:
    fold(azura, *(round_(finn.pk, NOW - n * DAY, f"r{n}", 2**n) for n in range(31)))
    windows.roll(now=NOW + 7 * DAY)

    assert windowed(finn)[0] == sum(2**n for n in range(23))
    assert windowed(finn)[4] == 23
    assert rebuild.verify(now=NOW + 7 * DAY) == []


def test_what_belongs_to_a_day_that_has_not_begun_enters_when_it_does(azura: Brand, finn: Player) -> None:
    fold(azura, round_(finn.pk, NOW + 14 * timedelta(hours=1), "r1", 100))
    assert windowed(finn)[0] == 0

    windows.roll(now=NOW + DAY)
    assert windowed(finn)[0] == 100


def test_the_top_category_is_the_most_staked_of_ninety_days_and_ties_go_to_the_lower_number(
    azura: Brand, finn: Player
) -> None:
    fold(
        azura,
        round_(finn.pk, NOW - 89 * DAY, "r1", 500, category=LIVE),
        round_(finn.pk, NOW, "r2", 300, category=SLOTS),
        round_(finn.pk, NOW, "r3", 300, category=LIVE),
    )
    assert PlayerState.objects.get(player=finn).top_category == LIVE

    windows.roll(now=NOW + DAY)
    assert PlayerState.objects.get(player=finn).top_category == SLOTS
    assert PlayerCategory.objects.get(player=finn, category=LIVE).stake_90d == 300
    assert PlayerCategory.objects.get(player=finn, category=LIVE).stake == 800


def test_the_stages_above_are_owed_for_everybody_whose_window_moved(azura: Brand, finn: Player) -> None:
    fold(azura, round_(finn.pk, NOW - 29 * DAY, "r1"))
    Owed.objects.all().delete()
    windows.roll(now=NOW + DAY)

    owed = Owed.objects.order_by("id").values_list("reaction", "batch__player_ids")
    assert list(owed) == [("tests.folding.flow.broken", [finn.pk]), ("tests.folding.flow.see", [finn.pk])]


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_whoever_loses_a_day_of_any_window_is_looked_at_again(azura: Brand, finn: Player, days: int) -> None:
    """Rounds outside sessions stand in no counter of seven days, but a rule may ask for their sum."""
    fold(azura, round_(finn.pk, NOW - (days - 1) * DAY, "r1"))
    Owed.objects.all().delete()

    assert windows.roll(now=NOW + DAY) == 1
    assert Owed.objects.filter(batch__player_ids=[finn.pk]).exists()
    assert windows.roll(now=NOW + 2 * DAY) == 0


def test_each_brand_turns_its_day_by_its_own_clock() -> None:
    malta, sweden = brand(day_start_hour=6), brand(timezone="Europe/Stockholm", day_start_hour=0)
    windows.roll(now=NOW)
    early = datetime(2026, 6, 11, 1, tzinfo=UTC)  # 03:00 in both places
    windows.roll(now=early)

    days = {b.pk: b.window_day for b in Brand.objects.all()}
    assert days[malta.pk] == NOW.date()
    assert days[sweden.pk] == early.date()
