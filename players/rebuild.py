"""State recomputed from the facts, set-based: the oracle of the fold, and its repair.

In chunks of players, each a short transaction of its own. Logins and balances have no table of facts;
what state knows of them is kept. Run it after a brand's thresholds, zone or day start changed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Model

from config.lib.clock import NEVER_SQL
from players import stages
from players.facts import record
from players.folding import habits, money, sittings
from players.folding.claim import born, lock_shards
from players.folding.gaming_day import day_of
from players.folding.payments import DAYS, OPENING_DEPOSIT, PAYMENTS, TOTALS
from players.folding.reread import ACTIVE_DAYS, GAPS, LAST_FIVE, SPORTS, TOP
from players.folding.told import OFFERED
from players.models import DailyActivity, Player, PlayerCategory, PlayerHabits, PlayerMoney, PlayerState, Session

CHUNK = 500
# Numbers the database hands out, and timers that are only lower bounds.
_FREE = frozenset({"id", "next_check_at", "next_stage_at"})

_SUMS = ("rounds", "sessions", "seconds", "stake_real", "stake_bonus", "win_real", "win_bonus")
_MINE = "player_id = ANY(%(players)s)"
# What a rebuild writes: the table, its column for the player, and the rest of its key.
_TABLES: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (PlayerState, "player_id", ()),
    (PlayerHabits, "state_id", ()),
    (PlayerMoney, "state_id", ()),
    (PlayerCategory, "player_id", ("category",)),
    (DailyActivity, "player_id", ("day", "category")),
    (Session, "player_id", ("session_id", "started_at")),
)

_PLAY_DAYS = f"""
INSERT INTO players_dailyactivity
    (player_id, day, category, {", ".join(_SUMS)}, first_real_at, last_real_at, last_play_at)
SELECT player_id, day, category, {", ".join(f"sum({name})" for name in _SUMS)}, min(real_at), max(real_at), max(play_at)
FROM (
    SELECT r.player_id, r.category, {day_of("r.occurred_at")} AS day, r.bets AS rounds, 0 AS sessions, 0 AS seconds,
           stake_real, stake_bonus, win_real, win_bonus, occurred_at AS play_at,
           CASE WHEN stake_real > 0 THEN occurred_at END AS real_at
    FROM players_round r JOIN players_player p ON p.id = r.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE r.{_MINE} AND NOT EXISTS (
        SELECT FROM players_roundrollback g WHERE g.player_id = r.player_id AND g.round_id = r.round_id)
    UNION ALL
    SELECT x.player_id, x.category, {day_of("x.started_at")}, 0, 1, x.seconds, 0, 0, 0, 0, x.ended_at, NULL
    FROM players_session x JOIN players_player p ON p.id = x.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE x.{_MINE}
    UNION ALL
    SELECT x.player_id, {SPORTS}, {day_of("x.marked_at")}, 0, 0, 0, 0, 0, 0, 0, x.marked_at,
           CASE WHEN x.marked_real THEN x.marked_at END
    FROM players_bet x JOIN players_player p ON p.id = x.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE x.{_MINE} AND x.marked_at IS NOT NULL
) AS played
GROUP BY player_id, day, category
"""

_PAYMENT_DAYS = f"""
WITH payment AS MATERIALIZED ({PAYMENTS.format(players=_MINE)})
INSERT INTO players_dailyactivity (player_id, day, category, deposits, deposit_sum, withdrawals, withdrawal_sum,
                                   declined_deposits, first_real_at, last_real_at)
{DAYS}
"""

_CATEGORIES = f"""
INSERT INTO players_playercategory
    (player_id, category, last_play_at, stake, win, stake_90d, rounds, sessions, seconds)
SELECT d.player_id, d.category, coalesce(max(d.last_play_at), {NEVER_SQL}),
       sum(stake_real + stake_bonus), sum(win_real + win_bonus),
       coalesce(sum(stake_real + stake_bonus) FILTER (WHERE d.day > b.window_day - 90 AND d.day <= b.window_day), 0),
       sum(rounds), sum(sessions), sum(seconds)
FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id JOIN players_brand b ON b.id = p.brand_id
WHERE d.{_MINE} AND d.category <> 0
GROUP BY d.player_id, d.category
"""

_TOTALS = ("deposits", "deposit_sum", "deposits_30d", "deposit_sum_30d", "withdrawals", "withdrawal_sum")
_STATE = f"""
WITH payment AS MATERIALIZED ({PAYMENTS.format(players=_MINE)}), total AS ({TOTALS}),
gap AS ({GAPS.format(players="d." + _MINE)}),
played AS (
    SELECT d.player_id, {", ".join(f"sum({name}) AS {name}" for name in _SUMS)},
           sum(stake_real + stake_bonus) FILTER (WHERE d.day > b.window_day - 30 AND d.day <= b.window_day) AS stake_30d,
           sum(sessions) FILTER (WHERE d.day > b.window_day - 30 AND d.day <= b.window_day) AS sessions_30d
    FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE d.{_MINE} GROUP BY d.player_id
)
UPDATE players_playerstate s SET
    registered_at = p.registered_at,
    {", ".join(f"{name} = coalesce(played.{name}, 0)" for name in _SUMS if name != "seconds")},
    session_seconds = coalesce(played.seconds, 0),
    stake_30d = coalesce(played.stake_30d, 0), sessions_30d = coalesce(played.sessions_30d, 0),
    {", ".join(f"{name} = coalesce(total.{name}, 0)" for name in (*_TOTALS, "declined_deposits"))},
    first_deposit_at = coalesce(total.first_deposit_at, {OPENING_DEPOSIT.format(player="p.id")}, {NEVER_SQL}),
    second_deposit_at = coalesce(total.second_deposit_at, {NEVER_SQL}),
    last_deposit_at = coalesce(total.last_deposit_at, {NEVER_SQL}),
    last_play_at = coalesce(gap.last_play, {NEVER_SQL}), last_real_at = coalesce(gap.last_real, {NEVER_SQL}),
    streak_from = coalesce(gap.streak_from, {NEVER_SQL}), spell_from = coalesce(gap.spell_from, {NEVER_SQL}),
    last5_seconds = five.seconds, last5_sessions = five.sessions, active_days_30d = active.days,
    top_category = coalesce(top.category, 0), top_stake_90d = coalesce(top.stake_90d, 0),
    stake_90d = coalesce(top.total_90d, 0), bonuses_offered = offered.offered, bonuses_taken = offered.taken
FROM players_player p JOIN players_brand b ON b.id = p.brand_id
     LEFT JOIN total ON total.player_id = p.id LEFT JOIN gap ON gap.player_id = p.id
     LEFT JOIN played ON played.player_id = p.id
     CROSS JOIN LATERAL ({LAST_FIVE.format(player="p.id")}) five
     CROSS JOIN LATERAL ({ACTIVE_DAYS.format(player="p.id")}) active
     LEFT JOIN LATERAL ({TOP.format(player="p.id")}) top ON true
     CROSS JOIN LATERAL ({OFFERED.format(player="p.id")}) offered
WHERE s.player_id = p.id AND s.{_MINE}
"""


def rebuild(*, now: datetime) -> int:
    """Writes the state of every player anew; returns how many players."""
    done = 0
    for players in _chunks():
        with transaction.atomic():
            _write(players, now)
        done += len(players)
    return done


def rebuild_players(player_ids: list[int], *, now: datetime) -> None:
    """The same for some players, ids ascending; for those whose facts came in behind the fold's back."""
    for start in range(0, len(player_ids), CHUNK):
        with transaction.atomic():
            _write(player_ids[start : start + CHUNK], now)


def verify(*, now: datetime) -> list[str]:
    """What a rebuild would change, one line per value; changes nothing. Empty is the promise."""
    differences: list[str] = []
    for players in _chunks():
        with transaction.atomic():
            lock_shards(wait=True)
            before = _read(players)
            _write(players, now)
            differences += _compare(before, _read(players))
            transaction.set_rollback(True)
    return differences


def _chunks() -> Iterator[list[int]]:
    last = 0
    while players := list(Player.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:CHUNK]):
        yield players
        last = players[-1]


def _write(players: list[int], now: datetime) -> None:
    lock_shards(wait=True)
    born(players)
    list(PlayerState.objects.select_for_update(no_key=True).filter(pk__in=players).order_by("pk").values_list("pk"))
    DailyActivity.objects.filter(player_id__in=players).delete()
    PlayerCategory.objects.filter(player_id__in=players).delete()
    sittings.tell_anew(players)
    with connection.cursor() as db:
        for statement in (_PLAY_DAYS, _PAYMENT_DAYS, _CATEGORIES, _STATE):
            db.execute(statement, {"players": players})
    habits.tell_anew(players)
    money.apply(players)
    # A repair is no event in a player's life: what moves here starts no journey.
    record(stages.evaluate(players, now=now, is_replay=True), now=now)


def _read(players: list[int]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Every row of state by its natural key."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for model, owner, key in _TABLES:
        rows = model._default_manager.filter(**{f"{owner}__in": players}).values()
        for row in cast("Iterable[dict[str, Any]]", rows):
            name = (model._meta.model_name, row[owner], *(str(row[part]) for part in key))
            found[name] = {field: value for field, value in row.items() if field not in _FREE}
    return found


def _compare(before: dict[tuple[Any, ...], dict[str, Any]], after: dict[tuple[Any, ...], dict[str, Any]]) -> list[str]:
    lines = []
    for key in sorted(before.keys() | after.keys(), key=str):
        was, is_ = before.get(key), after.get(key)
        if was is None or is_ is None:
            lines.append(f"{' '.join(map(str, key))}: {'missing' if was is None else 'should not be there'}")
            continue
        lines += [
            f"{' '.join(map(str, key))} {name}: {was[name]} should be {is_[name]}"
            for name in was
            if was[name] != is_[name]
        ]
    return lines
