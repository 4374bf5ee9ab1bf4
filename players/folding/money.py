"""How a player pays, told anew from all payments of the players given. Run after payments and habits.

A deposit counts while it is approved and not rolled back, as everywhere. Of the newest ten it is also told
how many were paid in during a session and how many within 24 hours after one that lost real money; so a
session that comes late asks for its player again, and so does a bonus.
"""

from collections.abc import Iterable

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.prepared import bigints
from players.folding.payments import PAYMENTS

_MINE = "player_id = ANY(%(players)s::bigint[])"

# Rows of alias `d` in order of time, newest first; k-th = the k-th newest.
_KTH = {
    "deposit": (2, 3, 5, 10),
    "declined": (1, 3, 5),
    "cancelled": (1, 2, 3),
}


def _kth(what: str) -> str:
    return ", ".join(
        f"coalesce(max(at) FILTER (WHERE what = '{what}' AND place = {k}), {NEVER_SQL}) AS {what}{k}_at"
        for k in _KTH[what]
    )


def _window(what: str, days: int, aggregate: str) -> str:
    return (
        f"coalesce({aggregate} FILTER (WHERE what = '{what}' AND day > window_day - {days} AND day <= window_day), 0)"
    )


# What happened, one row each: deposits and withdrawals that stand, deposits declined for good, withdrawals
# the player took back, money the bank took back.
_TOLD = f"""
    SELECT player_id, direction AS what, payment_id, approved_at AS at, amount, approved_day AS day, window_day
    FROM payment WHERE approved_at IS NOT NULL
    UNION ALL SELECT player_id, 'declined', payment_id, declined_at, 0, declined_day, window_day
    FROM payment WHERE declined_at IS NOT NULL
    UNION ALL SELECT player_id, 'cancelled', payment_id, max(occurred_at), 0, NULL, NULL
    FROM players_payment WHERE {_MINE} AND direction = 'withdrawal' AND status = 'cancelled'
    GROUP BY player_id, payment_id
    UNION ALL SELECT player_id, 'charged_back', payment_id, max(occurred_at), 0, NULL, NULL
    FROM players_payment WHERE {_MINE} AND direction = 'deposit' AND status = 'charged_back'
    GROUP BY player_id, payment_id
"""

_DURING = """
    EXISTS (SELECT FROM players_session x WHERE x.player_id = d.player_id AND x.started_at <= d.at
            AND x.started_at >= d.at - interval '2 days' AND x.ended_at >= d.at)
"""
_AFTER_LOSS = """
    EXISTS (SELECT FROM players_session x WHERE x.player_id = d.player_id AND x.started_at < d.at
            AND x.started_at >= d.at - interval '3 days' AND x.net_real < 0
            AND x.ended_at < d.at AND x.ended_at >= d.at - interval '24 hours')
"""

_WITH_BONUS = """
    EXISTS (SELECT FROM players_payment pay WHERE pay.player_id = d.player_id AND pay.payment_id = d.payment_id
            AND pay.direction = 'deposit' AND pay.status = 'approved' AND pay.bonus_code <> '')
    OR EXISTS (SELECT FROM players_playerbonus b WHERE b.player_id = d.player_id AND b.taken_at >= d.at
               AND b.taken_at <= d.at + interval '24 hours')
"""

_COLUMNS = {
    **{f"{what}{k}_at": "" for what, ks in _KTH.items() for k in ks},
    "last_withdrawal_at": f"coalesce(max(at) FILTER (WHERE what = 'withdrawal'), {NEVER_SQL})",
    "charged_back_at": f"coalesce(max(at) FILTER (WHERE what = 'charged_back'), {NEVER_SQL})",
    "largest_deposit": "coalesce(max(amount) FILTER (WHERE what = 'deposit'), 0)",
    "median_deposit": "coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY CASE WHEN newest THEN amount END), 0)",
    # To whole seconds each, so that the sum is the same however it is summed.
    "deposit_gap_seconds": "coalesce(sum(floor(extract(epoch FROM at - before))) FILTER (WHERE what = 'deposit'), 0)",
    "deposit_gaps": "count(before) FILTER (WHERE what = 'deposit')",
    "deposits_7d": _window("deposit", 7, "count(*)"),
    "deposit_sum_7d": _window("deposit", 7, "sum(amount)"),
    "deposits_90d": _window("deposit", 90, "count(*)"),
    "deposit_sum_90d": _window("deposit", 90, "sum(amount)"),
    "withdrawals_30d": _window("withdrawal", 30, "count(*)"),
    "withdrawal_sum_30d": _window("withdrawal", 30, "sum(amount)"),
    "cancelled_withdrawals": "count(*) FILTER (WHERE what = 'cancelled')",
    "chargebacks": "count(*) FILTER (WHERE what = 'charged_back')",
    "last10_deposits": "count(*) FILTER (WHERE newest)",
    "last10_in_session": f"count(*) FILTER (WHERE CASE WHEN newest THEN {_DURING} END)",
    "last10_after_loss": f"count(*) FILTER (WHERE CASE WHEN newest THEN {_AFTER_LOSS} END)",
    "last10_with_bonus": f"count(*) FILTER (WHERE CASE WHEN newest THEN {_WITH_BONUS} END)",
    "method": "coalesce(mode() WITHIN GROUP (ORDER BY CASE WHEN newest THEN nullif(method, '') END COLLATE \"C\"), '')",
}
_SELECTED = ", ".join([_kth(what) for what in _KTH] + [f"{sql} AS {name}" for name, sql in _COLUMNS.items() if sql])

_TELL = f"""
WITH payment AS MATERIALIZED ({PAYMENTS.format(players=_MINE)}), told AS ({_TOLD}),
d AS MATERIALIZED (
    SELECT told.*, what = 'deposit' AND place <= 10 AS newest,
           CASE WHEN what = 'deposit' AND place <= 10 THEN (
               SELECT max(pay.method COLLATE "C") FROM players_payment pay
               WHERE pay.player_id = told.player_id AND pay.payment_id = told.payment_id AND pay.status = 'approved'
                 AND pay.direction = 'deposit') END AS method
    FROM (SELECT told.*, row_number() OVER (PARTITION BY player_id, what ORDER BY at DESC, payment_id) AS place,
                 lag(at) OVER (PARTITION BY player_id, what ORDER BY at, payment_id DESC) AS before FROM told) AS told
), fresh AS (
    SELECT player_id, {_SELECTED} FROM d GROUP BY player_id
), gone AS (
    -- Nothing that ever counted is left: the row goes, as if it had never been.
    DELETE FROM players_playermoney m WHERE m.{_MINE}
        AND NOT EXISTS (SELECT FROM fresh f WHERE f.player_id = m.player_id)
)
INSERT INTO players_playermoney AS m (player_id, {", ".join(_COLUMNS)})
SELECT player_id, {", ".join(_COLUMNS)} FROM fresh ORDER BY player_id
ON CONFLICT (player_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""


def apply(player_ids: Iterable[int]) -> None:
    """Also what tells it anew: nothing is added up, so there is nothing to forget first."""
    if players := sorted(player_ids):
        prepared.run(_TELL, {"players": bigints(players)})
