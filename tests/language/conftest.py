"""A crowd whose state is set directly, with every hard case rules can meet."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import DateTimeField, IntegerField, Model

from config.lib.clock import NEVER
from players import partitions
from players.folding import told
from players.folding.reread import habits
from players.models import (
    Bet,
    Brand,
    Category,
    DailyActivity,
    Game,
    Licence,
    ListMember,
    Person,
    Player,
    PlayerBonus,
    PlayerCategory,
    PlayerHabits,
    PlayerList,
    PlayerMoney,
    PlayerState,
    PlayerTag,
    Stage,
)  # fmt: skip

NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the hour London's clocks go back


@pytest.fixture
def brand(db: None) -> Brand:
    licence = Licence.objects.create(jurisdiction="GB", licensee="Northlight Ltd", number="L-1")
    return Brand.objects.create(
        slug="north",
        name="Northlight",
        licence=licence,
        currency="GBP",
        timezone="Europe/London",
        window_day=NOW.date(),
    )


def crowd(brand: Brand, size: int, seed: int = 1, now: datetime = NOW) -> list[Player]:
    """Players with values that sit on, just below and just above the numbers rules like to name."""
    dice = random.Random(seed)
    players = [_player(brand, index, dice, now) for index in range(size)]
    Person.objects.bulk_create(player.person for player in players)
    Player.objects.bulk_create(players)
    PlayerState.objects.bulk_create(_state(player, dice, now) for player in players)
    game = Game.objects.get_or_create(external_id="book-of-sun", title="Book of Sun", category=1)[0]
    asked = [player for player in players if dice.random() < 0.8]  # who never had a session has no such row
    PlayerHabits.objects.bulk_create(_habits(player, dice, now, game) for player in asked)
    PlayerMoney.objects.bulk_create(_money(player, dice, now) for player in asked[10:])
    PlayerBonus.objects.bulk_create(
        PlayerBonus(player=player, is_ours=False, ref=f"b{n}", status="offered", taken_at=dice.choice([None, now]))
        for player in players[::3]
        for n in range(dice.choice([0, 2, 3, 4]))
    )
    _named(brand, players, dice, now)
    _daily(players, dice, now)
    PlayerCategory.objects.bulk_create(row for player in players for row in _categories(player, dice, now))
    ids = [player.pk for player in players]
    habits(days=set(), stakes=ids)  # what the state row says of these rows it says as the fold would
    told.count(ids)
    return players


def _named(brand: Brand, players: list[Player], dice: random.Random, now: datetime) -> None:
    """Tags put on and taken off, lists, bets on one sport, on several, and of no league."""
    tags = [(player, tag) for player in players for tag in ("vip", "newcomer") if dice.random() < 0.4]
    PlayerTag.objects.bulk_create(
        PlayerTag(player=player, tag=tag, is_on=dice.random() < 0.7, at=now) for player, tag in tags
    )
    lists = [PlayerList.objects.get_or_create(brand=brand, name=name, defaults={"created_at": now})[0]
             for name in ("VIP dinner", "Lapsed")]  # fmt: skip
    ListMember.objects.bulk_create(
        ListMember(list=one, player=player) for player in players for one in lists if dice.random() < 0.3
    )
    Bet.objects.bulk_create(
        Bet(
            player=player, bet_id=f"b{number}", recorded_at=now, sport=dice.choice(["football", "tennis", ""]),
            league=dice.choice(["Premier League", "Serie A", ""]), leg_count=dice.choice([0, 1, 3]),
            in_play=dice.random() < 0.5, odds=dice.choice([None, "1.5", "2.5", "3.0001"]),
            settled_at=dice.choice([None, now]),
        )
        for player in players
        for number in range(dice.choice([0, 0, 1, 3, 5, 6]))
    )  # fmt: skip


def _daily(players: list[Player], dice: random.Random, now: datetime) -> None:
    """Days on both sides of where each window begins, and one that has not come yet."""
    days = [now.date() - timedelta(days=back) for back in (-1, 0, 6, 7, 29, 30, 89, 90, 364, 365)]
    for day in days:
        partitions.ensure_for({day})
    numbers = {"rounds": [0, 1, 10], "sessions": [0, 1, 8], "seconds": [0, 2700], "stake_real": [0, 1, 5000],
               "stake_bonus": [0, 999], "win_real": [0, 1, 10_000], "win_bonus": [0, 5], "deposits": [0, 1],
               "deposit_sum": [0, 1000], "withdrawals": [0, 1], "withdrawal_sum": [0, 5000]}  # fmt: skip
    DailyActivity.objects.bulk_create(
        DailyActivity(
            player=player, day=day, category=category, first_real_at=dice.choice([None, now]),
            **{name: dice.choice(values) for name, values in numbers.items()},
        )
        for player in players
        for day in dice.sample(days, dice.choice([0, 2, 5]))
        for category in dice.sample([0, 1, 2, 4], 2)
    )  # fmt: skip


def _player(brand: Brand, index: int, dice: random.Random, now: datetime) -> Player:
    birth = dice.choice([None, date(2008, 2, 29), date(2004, 2, 29), date(2008, 10, 25), date(2008, 10, 26)])
    return Player(
        brand=brand,
        person=Person(),
        external_id=f"p{index}",
        birth_date=birth or (None if dice.random() < 0.1 else date(dice.randint(1940, 2008), dice.randint(1, 12), 28)),
        country=dice.choice(["GB", "SE", "MT", ""]),
        language=dice.choice(["en", "sv"]),
        currency=dice.choice(["GBP", "GBP", "EUR"]),
        registered_at=now - timedelta(days=dice.choice([0, 1, 7, 30, 400]), seconds=dice.choice([0, 1, 3600])),
        kyc=dice.choice(["none", "pending", "verified"]),
        vip_tier=dice.choice([0, 0, 1, 3]),
        affiliate=dice.choice(["", "topcasinos", "betguide"]),
        acquisition_channel=dice.choice(["", "seo", "paid"]),
        is_test=dice.random() < 0.05,
    )


def moment(dice: random.Random, now: datetime) -> datetime:
    days = dice.choice([0, 1, 7, 13, 14, 15, 30, 90])
    return dice.choice([NEVER, *(now - timedelta(days=days, seconds=seconds) for seconds in (-1, 0, 1, 5000))])


def _state(player: Player, dice: random.Random, now: datetime) -> PlayerState:
    last5 = dice.choice([0, 3, 4, 5, 5, 5])
    deposits, sessions = dice.choice([0, 1, 2, 5, 10, 60_000]), dice.choice([0, 4, 5, 8, 20])
    return PlayerState(
        player=player,
        brand_id=player.brand_id,
        registered_at=player.registered_at,
        **{
            name: moment(dice, now)
            for name in ("first_deposit_at", "last_deposit_at", "last_play_at", "last_login_at", "stage_since")
        },
        **{
            name: dice.choice([0, 1, 999, 5000, 10_000, 10**9])
            for name in (
                "stake_real",
                "stake_bonus",
                "win_real",
                "balance_real",
                "balance_bonus",
                "stake_30d",
                "deposit_sum_30d",
                "withdrawal_sum",
            )
        },
        deposit_sum=deposits * dice.choice([999, 1000, 1001, 5000]),
        deposits=deposits,
        sessions=sessions,
        session_seconds=sessions * dice.choice([600, 2700, 2701]),
        rounds=dice.choice([0, 1, 100]),
        declined_deposits=dice.choice([0, 1, 3]),
        withdrawals=dice.choice([0, 1]),
        sessions_30d=dice.choice([0, 7, 8, 9]),
        deposits_30d=dice.choice([0, 1, 3]),
        active_days_30d=dice.choice([0, 1, 12, 30]),
        last5_sessions=last5,
        last5_seconds=last5 * 2700 + dice.choice([-1, 0, 0, 1]) if last5 else 0,
        top_category=dice.choice(Category.values),
        stage=dice.choice(Stage.values),
    )


def _drawn(row: type[Model], dice: random.Random, now: datetime) -> dict[str, Any]:
    """Every instant and every number of the row, on and beside the edges rules like to name."""
    values: dict[str, Any] = {}
    for field in row._meta.get_fields():
        if isinstance(field, DateTimeField):
            values[field.name] = moment(dice, now)
        elif isinstance(field, IntegerField):
            small = [0, 1, 2, 3, 5, 9, 10]
            values[field.name] = dice.choice(small if field.db_type(connection) == "smallint" else [*small, 999, 10**9])
    return values


def _habits(player: Player, dice: random.Random, now: datetime, game: Game) -> PlayerHabits:
    sessions = dice.choice([0, 5, 9, 10, 10])
    seconds = sessions * 2700 + dice.choice([0, 0, 1])
    chosen = {"favourite_game_id": dice.choice([0, game.pk]), "favourite_provider": dice.choice(["", "Nova", "Orbit"])}
    chosen |= {"last10_sessions": sessions, "last10_seconds": seconds, "device": dice.choice(["", "mobile", "desktop"])}
    return PlayerHabits(state_id=player.pk, **_drawn(PlayerHabits, dice, now) | chosen)


def _money(player: Player, dice: random.Random, now: datetime) -> PlayerMoney:
    gaps = dice.choice([0, 1, 5])
    chosen = {"deposit_gaps": gaps, "deposit_gap_seconds": gaps * dice.choice([86_399, 86_400, 7 * 86_400])}
    chosen |= {"method": dice.choice(["", "card", "wallet"])}
    return PlayerMoney(state_id=player.pk, **_drawn(PlayerMoney, dice, now) | chosen)


def _categories(player: Player, dice: random.Random, now: datetime) -> list[PlayerCategory]:
    return [
        PlayerCategory(
            player=player,
            category=category,
            last_play_at=moment(dice, now),
            stake=dice.choice([0, 5000, 10**10]),
            stake_90d=dice.choice([0, 1, 5000, 10_000]),
            sessions=dice.choice([0, 5, 6, 10]),
            last5_seconds=dice.choice([0, 5 * 2700, 5 * 2700 + 1]),
            last10_seconds=dice.choice([0, 10 * 2700, 10 * 2700 + 1]),
        )
        for category in dice.sample([value for value in Category.values if value], dice.choice([0, 1, 2, 3]))
    ]
