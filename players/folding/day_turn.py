"""The windows of habits and money at the turn of the gaming day: the days that enter are added, the days that
leave are taken away, from daily rows; as `players.windows` does it for the state row."""

from datetime import date
from typing import Any

from django.db import connection

# Days between two windows of 7, 30 and 90 days: +1 those that enter, -1 those that leave.
_MOVED = " UNION ALL ".join(
    f"""
    SELECT {n} AS n, d.*, CASE WHEN d.day > %(old)s THEN 1 ELSE -1 END AS sign
    FROM players_dailyactivity d JOIN players_player p ON p.id = d.player_id
    WHERE p.brand_id = %(brand)s
      AND (d.day > %(old)s::date - {n} AND d.day <= least(%(old)s, %(new)s::date - {n})
           OR d.day > greatest(%(old)s, %(new)s::date - {n}) AND d.day <= %(new)s)
    """
    for n in (7, 30, 90)
)


def _roll(table: str, sums: dict[str, tuple[int, str]]) -> str:
    told = ", ".join(
        f"coalesce(sum(sign * {what}) FILTER (WHERE n = {n}), 0) AS {name}" for name, (n, what) in sums.items()
    )
    return f"""
        WITH total AS MATERIALIZED (SELECT player_id, {told} FROM ({_MOVED}) AS moved GROUP BY player_id),
        locked AS MATERIALIZED (
            SELECT player_id FROM players_playerstate JOIN total USING (player_id)
            ORDER BY player_id FOR NO KEY UPDATE OF players_playerstate
        )
        UPDATE {table} f SET {", ".join(f"{name} = f.{name} + t.{name}" for name in sums)}
        FROM total t JOIN locked USING (player_id) WHERE f.player_id = t.player_id
          AND ({", ".join(f"t.{name}" for name in sums)}) <> ({", ".join("0" for _ in sums)})
        RETURNING f.player_id
    """


_STATEMENTS = (
    _roll(
        "players_playerhabits",
        {"sessions_7d": (7, "sessions"), "sessions_90d": (90, "sessions"), "seconds_30d": (30, "seconds")},
    ),
    _roll(
        "players_playermoney",
        {
            "deposits_7d": (7, "deposits"), "deposit_sum_7d": (7, "deposit_sum"),
            "deposits_90d": (90, "deposits"), "deposit_sum_90d": (90, "deposit_sum"),
            "withdrawals_30d": (30, "withdrawals"), "withdrawal_sum_30d": (30, "withdrawal_sum"),
        },
    ),
)  # fmt: skip


def roll(brand_id: int, old: date, new: date) -> set[int]:
    """Moves the windows of a brand's players from `old` to `new`; returns the players it changed."""
    params: dict[str, Any] = {"brand": brand_id, "old": old, "new": new}
    touched: set[int] = set()
    with connection.cursor() as db:
        for statement in _STATEMENTS:
            db.execute(statement, params)
            touched |= {row[0] for row in db.fetchall()}
    return touched
