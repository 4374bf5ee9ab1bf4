"""Of each ready rule: the player it is written for is found, and somebody nothing is known of is not."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from config.lib.clock import NEVER
from players.models import (
    Brand,
    Category,
    DailyActivity,
    Player,
    PlayerBonus,
    PlayerCategory,
    PlayerHabits,
    PlayerMoney,
    PlayerState,
    Stage,
)
from segments.language.compile import matching
from segments.language.parse import parse
from segments.language.tree import At
from segments.library import BY_KEY, STARTERS
from tests import cast

NOW = cast.noon()
SLOTS, LIVE, SPORTS = Category.SLOTS, Category.LIVE_CASINO, Category.SPORTS
# A message stands behind a decision of the gate; journeys test what was sent.
ELSEWHERE = {"unengaged-email"}


def ago(**span: float) -> Any:
    return NOW - timedelta(**span)


@dataclass(frozen=True)
class Plant:
    """What is known of one player, by the tables it stands in."""

    state: dict[str, Any] = field(default_factory=dict)
    player: dict[str, Any] = field(default_factory=dict)
    habits: dict[str, Any] = field(default_factory=dict)
    money: dict[str, Any] = field(default_factory=dict)
    category: dict[str, Any] = field(default_factory=dict)
    day: dict[str, Any] = field(default_factory=dict)
    offer: bool = False


SLIPPING = {"stage": Stage.AT_RISK}
PLANTED = {
    "long-slots-silent": Plant(
        {"top_category": SLOTS, "last_play_at": ago(days=14), "last5_sessions": 5, "last5_seconds": 5 * 46 * 60}
    ),
    "registered-no-deposit": Plant({"stage": Stage.REGISTERED}, {"registered_at": ago(days=3)}),
    "no-second-deposit": Plant({"deposits": 1, "first_deposit_at": ago(days=7)}),
    "slots-slipping": Plant(SLIPPING | {"top_category": SLOTS}),
    "live-slipping": Plant(SLIPPING | {"top_category": LIVE}),
    "sports-slipping": Plant(SLIPPING | {"top_category": SPORTS}),
    "sports-only": Plant(
        {"last_play_at": ago(days=2), "stake_90d": 1000, "top_category": SPORTS, "top_stake_90d": 900}, category={"category": SPORTS, "stake_90d": 900}
    ),
    "bonus-only": Plant({"last_deposit_at": ago(days=5)}, money={"last10_with_bonus": 4, "last10_deposits": 4}),
    "high-stake-to-deposit": Plant(
        {"last_play_at": ago(days=2)}, habits={"median_stake": 2500}, money={"median_deposit": 20_000}
    ),
    "night-players": Plant({"sessions_30d": 8}, habits={"night": 6, "evening": 4}),
    "unclaimed-offer": Plant({"last_login_at": ago(days=1)}, offer=True),
    "declined-yesterday": Plant(money={"declined1_at": ago(days=1)}),
    "birthday-week": Plant(player={"birth_date": (NOW + timedelta(days=3)).date().replace(year=1990)}),
    "blackjack-regulars": Plant(
        {"top_category": LIVE}, habits={"favourite_type": "blackjack"}, day={"category": LIVE, "sessions": 8}
    ),
    "live-regulars": Plant(
        {"sessions_30d": 8, "stake_90d": 1000, "top_category": LIVE, "top_stake_90d": 600}, category={"category": LIVE, "stake_90d": 600}
    ),
    "lapsed-30-90": Plant({"last_play_at": ago(days=40), "deposits": 1}),
    "kyc-pending": Plant(player={"kyc": Player.Kyc.PENDING, "kyc_at": ago(days=6)}),
    "back-again": Plant({"stage": Stage.REACTIVATED}),
}  # fmt: skip


def plant(brand: Brand, told: Plant) -> Player:
    player = cast.make_player(brand, **told.player)
    PlayerState.objects.filter(player=player).update(**told.state)
    if told.habits:
        PlayerHabits.objects.create(state_id=player.pk, **told.habits)
    if told.money:
        PlayerMoney.objects.create(state_id=player.pk, **told.money)
    if told.category:
        PlayerCategory.objects.create(player=player, **told.category)
    if told.day:
        DailyActivity.objects.create(player=player, day=NOW.date(), **told.day)
    if told.offer:
        PlayerBonus.objects.create(player=player, is_ours=False, ref="b1", status="offered", status_at=NOW)
    return player


@pytest.mark.django_db
@pytest.mark.parametrize("key", PLANTED)
def test_a_starter_finds_the_player_it_is_written_for_and_no_other(northlight: Brand, key: str) -> None:
    Brand.objects.filter(pk=northlight.pk).update(window_day=NOW.date())
    wanted = plant(northlight, PLANTED[key])
    stranger = cast.make_player(northlight, birth_date=None, registered_at=ago(days=1))
    PlayerState.objects.filter(player=stranger).update(stage=Stage.ACTIVE, last_play_at=NEVER)

    found = matching(northlight, parse(BY_KEY[key].rule), At.brand(northlight, NOW))

    assert set(found.values_list("player_id", flat=True)) == {wanted.pk}


def test_every_starter_has_somebody_planted() -> None:
    assert {starter.key for starter in STARTERS} == PLANTED.keys() | ELSEWHERE
