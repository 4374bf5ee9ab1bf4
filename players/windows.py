"""30- and 90-day windows: sums over brand-calendar days ending on `brand.window_day`.

The fold adds what falls into the window; `roll` moves the window at the turn of the gaming day: days that
enter are added, days that leave are subtracted, from daily rows and for the players that have any. Exact,
and never a scan of everybody.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from config.lib import prepared
from players.batches import Batch, owe, stages
from players.folding import day_turn
from players.folding.claim import lock_shards
from players.folding.gaming_day import day_of
from players.folding.reread import habits
from players.models import Brand

_CHUNK = 1000

_TODAY = f"""
    SELECT b.id, {day_of("%(now)s::timestamptz")} FROM players_brand b
    WHERE b.window_day IS NULL OR b.window_day < {day_of("%(now)s::timestamptz")} ORDER BY b.id
"""

# Days between the two windows of {n} days: +1 those that enter, -1 those that leave.
_MOVED = """
    SELECT d.*, CASE WHEN d.day > %(old)s THEN 1 ELSE -1 END AS sign
    FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id
    WHERE p.brand_id = %(brand)s
      AND (d.day > %(old)s::date - {n} AND d.day <= least(%(old)s, %(new)s::date - {n})
           OR d.day > greatest(%(old)s, %(new)s::date - {n}) AND d.day <= %(new)s)
"""

_STATE = f"""
    WITH total AS MATERIALIZED (
        SELECT player_id, sum(sign * (stake_real + stake_bonus)) AS stake, sum(sign * sessions) AS sessions,
               sum(sign * deposits) AS deposits, sum(sign * deposit_sum) AS deposit_sum
        FROM ({_MOVED.format(n=30)}) AS moved GROUP BY player_id
    ), locked AS MATERIALIZED (
        SELECT player_id FROM players_playerstate JOIN total USING (player_id)
        ORDER BY player_id FOR NO KEY UPDATE OF players_playerstate
    )
    UPDATE players_playerstate s SET
        stake_30d = s.stake_30d + t.stake, sessions_30d = s.sessions_30d + t.sessions,
        deposits_30d = s.deposits_30d + t.deposits, deposit_sum_30d = s.deposit_sum_30d + t.deposit_sum
    FROM total t JOIN locked USING (player_id) WHERE s.player_id = t.player_id
    RETURNING s.player_id
"""

_CATEGORY = f"""
    UPDATE players_playercategory c SET stake_90d = c.stake_90d + t.stake
    FROM (SELECT player_id, category, sum(sign * (stake_real + stake_bonus)) AS stake
          FROM ({_MOVED.format(n=90)}) AS moved WHERE category <> 0 GROUP BY player_id, category) t
    WHERE c.player_id = t.player_id AND c.category = t.category AND t.stake <> 0
    RETURNING c.player_id
"""

# Segments may ask for any sum of 7, 30, 90 or 365 days: whoever has a day on one of these edges is looked at again.
_ON_AN_EDGE = " UNION ".join(f"SELECT player_id FROM ({_MOVED.format(n=n)}) AS moved" for n in (7, 30, 90, 365))


def roll(*, now: datetime, wait: bool = True) -> int:
    """Moves the window of every brand whose gaming day has turned; returns how many players it concerns.

    With `wait=False` it leaves the work to a fold that is under way: the next one finds it still to do.

    The stages above are owed for them: the day that left may have taken a player out of a segment.
    """
    due = prepared.run(_TODAY, {"now": now})
    return sum(_roll(brand_id, today, now, wait) for brand_id, today in due)


def _roll(brand_id: int, today: date, now: datetime, wait: bool) -> int:
    with transaction.atomic():
        if not lock_shards(wait=wait):
            return 0
        brand = Brand.objects.select_for_update(no_key=True).get(id=brand_id)
        if brand.window_day is not None and brand.window_day >= today:
            return 0  # another worker was quicker
        # A brand new to us: nothing is in its counters yet, so every day of the window enters.
        old = brand.window_day or today - timedelta(days=365)
        params = {"brand": brand_id, "old": old, "new": today}
        in_30 = _run(_STATE, params)
        in_90 = _run(_CATEGORY, params)
        in_others = day_turn.roll(brand_id, old, today)
        Brand.objects.filter(id=brand_id).update(window_day=today)
        touched = sorted(in_30 | in_90 | in_others | _run(_ON_AN_EDGE, params))
        for chunk in _chunks(touched):
            habits(days=in_30.intersection(chunk), stakes=in_90.intersection(chunk))
            for path in stages():
                owe(path, Batch(list(chunk), [], [], now))
        return len(touched)


def _run(statement: str, params: dict[str, Any]) -> set[int]:
    with connection.cursor() as db:
        db.execute(statement, params)
        return {row[0] for row in db.fetchall()}


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
