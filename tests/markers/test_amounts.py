"""Thresholds in money: above or from the amount on, without play, and by the rates of these days."""

from datetime import timedelta
from typing import Any

import pytest

from compliance.markers.reading import read
from players.models import DailyActivity, Player
from tests import cast
from tests.spec.test_4_eight_licences import player_of, told_rate

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def day_of(player: Player, **sums: Any) -> None:
    at = cast.noon() - timedelta(hours=1)
    DailyActivity.objects.create(player=player, day=at.date(), category=0, last_real_at=at, **sums)


def marks(player: Player) -> set[str]:
    return {one.marker for one in read(player.brand, [player.pk], now=cast.noon()).seen}


@pytest.mark.parametrize(("licence", "amount", "met"), [
    ("GB", 150_00, False), ("GB", 150_01, True), ("NL", 700_00, False), ("NL", 700_01, True),
])  # fmt: skip
def test_net_deposits_count_above_the_amount_also_of_somebody_who_does_not_play(
    licence: str, amount: int, met: bool
) -> None:
    player = player_of(licence, birth_date=cast.noon().date() - 40 * 365 * DAY)
    day_of(player, deposit_sum=amount + 50_00, withdrawal_sum=50_00)
    assert ("M21" in marks(player)) == met


@pytest.mark.parametrize(("lost", "met"), [(7_500_00, True), (7_499_99, False)])
def test_an_account_in_another_currency_is_told_by_the_rate_of_these_days(lost: int, met: bool) -> None:
    player = player_of("ES", currency="SEK", birth_date=cast.noon().date() - 40 * 365 * DAY)
    day_of(player, stake_real=lost)
    assert "M21" not in marks(player)  # no rate: nobody can tell
    told_rate("SEK", "0.08")
    assert ("M21" in marks(player)) == met


def test_a_rate_counts_before_the_amount_pitboss_takes_without_one() -> None:
    player = player_of("SE")
    day_of(player, stake_real=6_600_00)
    assert "M21" in marks(player)
    told_rate("SEK", "0.08")
    assert "M21" not in marks(player)
