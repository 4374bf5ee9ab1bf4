"""Deposits and withdrawals. Few per player, so a touched player's totals are told anew from all of them:
a payment counts while it is approved and neither rolled back nor charged back, whatever order its statuses came in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.lib import prepared
from config.lib.clock import NEVER_SQL
from config.lib.money import Money
from config.lib.prepared import bigints
from players.facts import Cause, NewFact
from players.folding.claim import Claimed, reach
from players.folding.gaming_day import day_of

DIRECTIONS = ("deposit.", "withdrawal.")
TAKEN_BACK = ("rolled_back", "charged_back")

_INSERT = """
    INSERT INTO players_payment
        (player_id, payment_id, direction, status, amount, method, instrument, reason, fee, bonus_code, occurred_at, recorded_at)
    SELECT DISTINCT ON (player_id, p ->> 'payment_id', status, split_part(kind, '.', 1))
        player_id, p ->> 'payment_id', split_part(kind, '.', 1), status, (p ->> 'amount')::bigint,
        coalesce(left(p ->> 'method', 30), ''),
        coalesce(left(encode(sha256(convert_to(player_id || '|' || (p ->> 'instrument'), 'UTF8')), 'hex'), 32), ''), coalesce(left(p ->> 'reason', 120), ''),
        coalesce((p ->> 'fee')::bigint, 0), coalesce(left(p ->> 'bonus_code', 40), ''), occurred_at, %(now)s
    FROM (SELECT id, player_id, kind, occurred_at, split_part(kind, '.', 2) AS status, body AS p
          FROM players_event
          WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s) AS ev
    ORDER BY player_id, p ->> 'payment_id', status, split_part(kind, '.', 1), occurred_at, id
    ON CONFLICT DO NOTHING
    RETURNING player_id, payment_id, direction, status
"""

# One row per payment with what became of it. Needs the alias `b` of the brand for the gaming day.
PAYMENTS = f"""
    SELECT pay.*, b.window_day, b.slipping_after_days * interval '24 hours' AS slip,
           b.lapsed_after_days * interval '24 hours' AS lapse,
           {day_of("pay.approved_at")} AS approved_day, {day_of("pay.declined_at")} AS declined_day
    FROM (
        SELECT player_id, payment_id, direction,
               CASE WHEN NOT bool_or(status IN ('rolled_back', 'charged_back'))
                    THEN max(occurred_at) FILTER (WHERE status = 'approved') END AS approved_at,
               coalesce(max(amount) FILTER (WHERE status = 'approved'), 0) AS amount,
               CASE WHEN direction = 'deposit' AND NOT bool_or(status = 'approved')
                    THEN max(occurred_at) FILTER (WHERE status = 'rejected') END AS declined_at
        FROM players_payment WHERE {{players}} GROUP BY player_id, payment_id, direction
    ) pay JOIN players_player p ON p.id = pay.player_id JOIN players_brand b ON b.id = p.brand_id
"""

# An import knows when the first deposit was, and invents no amount for it.
OPENING_DEPOSIT = """(SELECT (f.data ->> 'first_deposit_at')::timestamptz FROM players_fact f
                      WHERE f.key = 'player.opening:' || {player})"""

TOTALS = f"""
    SELECT player_id,
           count(*) FILTER (WHERE deposit) AS deposits,
           coalesce(sum(amount) FILTER (WHERE deposit), 0) AS deposit_sum,
           least(min(approved_at) FILTER (WHERE deposit), {OPENING_DEPOSIT.format(player="told.player_id")})
               AS first_deposit_at,
           (array_agg(approved_at ORDER BY approved_at) FILTER (WHERE deposit))[2] AS second_deposit_at,
           max(approved_at) FILTER (WHERE deposit) AS last_deposit_at,
           count(*) FILTER (WHERE deposit AND in_window) AS deposits_30d,
           coalesce(sum(amount) FILTER (WHERE deposit AND in_window), 0) AS deposit_sum_30d,
           count(*) FILTER (WHERE withdrawal) AS withdrawals,
           coalesce(sum(amount) FILTER (WHERE withdrawal), 0) AS withdrawal_sum,
           count(declined_at) AS declined_deposits
    FROM (SELECT *, direction = 'deposit' AND approved_at IS NOT NULL AS deposit,
                 direction = 'withdrawal' AND approved_at IS NOT NULL AS withdrawal,
                 approved_day > window_day - 30 AND approved_day <= window_day AS in_window
          FROM payment) AS told
    GROUP BY player_id
"""

DAYS = """
    SELECT player_id, day, 0 AS category,
           count(*) FILTER (WHERE what = 'deposit') AS deposits,
           coalesce(sum(amount) FILTER (WHERE what = 'deposit'), 0) AS deposit_sum,
           count(*) FILTER (WHERE what = 'withdrawal') AS withdrawals,
           coalesce(sum(amount) FILTER (WHERE what = 'withdrawal'), 0) AS withdrawal_sum,
           count(*) FILTER (WHERE what = 'declined') AS declined_deposits,
           min(at) FILTER (WHERE what = 'deposit') AS first_real_at,
           max(at) FILTER (WHERE what = 'deposit') AS last_real_at
    FROM (SELECT player_id, approved_day AS day, direction AS what, amount, approved_at AS at
          FROM payment WHERE approved_at IS NOT NULL
          UNION ALL
          SELECT player_id, declined_day, 'declined', 0, declined_at FROM payment WHERE declined_at IS NOT NULL) AS told
    GROUP BY player_id, day
"""

_TOLD = ("payment_id", "amount", "method", "reason", "fee", "bonus_code")
_COUNTS = ("deposits", "deposit_sum", "withdrawals", "withdrawal_sum", "declined_deposits")
_INSTANTS = ("first_deposit_at", "second_deposit_at", "last_deposit_at")

_FOLD = f"""
WITH payment AS MATERIALIZED ({PAYMENTS.format(players="player_id = ANY(%(players)s::bigint[])")}),
told_now AS MATERIALIZED (
    SELECT DISTINCT player_id, payment_id
    FROM unnest(%(of)s::bigint[], %(payments)s::text[]) AS told(player_id, payment_id)
), touched AS MATERIALIZED (
    -- What one payment counts for lies on the days it was approved and declined, and on no other.
    SELECT DISTINCT told_now.player_id, {day_of("status.occurred_at")} AS day
    FROM told_now JOIN players_payment status USING (player_id, payment_id)
         JOIN players_player p ON p.id = told_now.player_id JOIN players_brand b ON b.id = p.brand_id
    WHERE status.status IN ('approved', 'rejected')
), total AS ({TOTALS}),
today AS MATERIALIZED (SELECT * FROM ({DAYS}) AS day_sums JOIN touched USING (player_id, day)),
cleared AS (
    -- Days on which nothing counts any more.
    DELETE FROM players_dailyactivity d USING touched t
    WHERE d.player_id = t.player_id AND d.day = t.day AND d.category = 0
        AND NOT EXISTS (SELECT FROM today WHERE (today.player_id, today.day) = (t.player_id, t.day))
    RETURNING d.player_id
), daily AS (
    INSERT INTO players_dailyactivity AS d
        (player_id, day, category, {", ".join(_COUNTS)}, first_real_at, last_real_at)
    SELECT player_id, day, category, {", ".join(_COUNTS)}, first_real_at, last_real_at
    FROM today ORDER BY player_id, day
    ON CONFLICT (player_id, day, category) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*_COUNTS, "first_real_at", "last_real_at"))}
    WHERE ({", ".join(f"d.{name}" for name in (*_COUNTS, "first_real_at", "last_real_at"))})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in (*_COUNTS, "first_real_at", "last_real_at"))})
), fresh AS MATERIALIZED (
    SELECT player_id, min(approved_at) AS first_real, max(approved_at) AS last_real, min(slip) AS slip,
           min(lapse) AS lapse
    FROM payment JOIN told_now USING (player_id, payment_id)
    WHERE direction = 'deposit' AND approved_at IS NOT NULL GROUP BY player_id
), state AS (
    UPDATE players_playerstate s SET
        {", ".join(f"{name} = t.{name}" for name in (*_COUNTS, "deposits_30d", "deposit_sum_30d"))},
        {", ".join(f"{name} = coalesce(t.{name}, {NEVER_SQL})" for name in _INSTANTS)},
        last_real_at = greatest(s.last_real_at, f.last_real),
        streak_from = CASE WHEN f.first_real - s.last_real_at >= f.slip THEN f.first_real ELSE s.streak_from END,
        spell_from = CASE WHEN f.first_real - s.last_real_at >= f.lapse THEN f.first_real ELSE s.spell_from END
    FROM total t LEFT JOIN fresh f USING (player_id) WHERE s.player_id = t.player_id
)
-- As with play: the old state does not suffice for deposits before the present streak or with a gap between them.
SELECT player_id FROM fresh f JOIN players_playerstate s USING (player_id)
WHERE NOT (f.first_real >= s.streak_from AND f.last_real - f.first_real < f.slip)
"""

_CURRENCIES = "SELECT id, currency FROM players_player WHERE id = ANY(%(players)s::bigint[])"


@dataclass(slots=True)
class Paid:
    player_ids: set[int] = field(default_factory=set)
    new: list[tuple[int, str, str, str]] = field(default_factory=list)  # player, payment, direction, status
    regap: set[int] = field(default_factory=set)  # players whose streak has to be read again

    @property
    def with_changed_deposits(self) -> set[int]:
        """Players whose real-money days may have changed: a request or a refusal moves no money."""
        return {player_id for player_id, _ in self.deposits}

    @property
    def deposits(self) -> list[tuple[int, str]]:
        """(player, payment) of deposits that now stand, or no longer do."""
        return [
            (player_id, payment_id)
            for player_id, payment_id, direction, status in self.new
            if direction == "deposit" and status in ("approved", *TAKEN_BACK)
        ]


def apply(events: Sequence[Claimed], now: datetime) -> Paid:
    """Folds the payments among `events`; nothing to do when all of them were known."""
    mine = [event for event in events if event.kind.startswith(DIRECTIONS)]
    if not mine:
        return Paid()
    new = prepared.run(_INSERT, reach(mine) | {"now": now})
    if not new:
        return Paid()
    paid = Paid({row[0] for row in new}, [(player, payment, way, status) for player, payment, way, status in new])
    told = {"of": bigints(row[0] for row in new), "payments": [row[1] for row in new]}
    behind = prepared.run(_FOLD, told | {"players": bigints(sorted(paid.player_ids))})
    taken_back = {player for player, _, way, status in paid.new if way == "deposit" and status in TAKEN_BACK}
    paid.regap = taken_back | {player_id for (player_id,) in behind}
    return paid


def facts(events: Sequence[Claimed], paid: Paid) -> list[NewFact]:
    """One fact per status that is new."""
    if not paid.new:
        return []
    new = set(paid.new)
    currencies: dict[int, str] = dict(prepared.run(_CURRENCIES, {"players": bigints(paid.player_ids)}))
    told = []
    for event in events:
        if not event.kind.startswith(DIRECTIONS):
            continue
        direction, _, status = event.kind.partition(".")
        properties = event.properties
        if (event.player_id, properties.get("payment_id"), direction, status) in new:
            kept: dict[str, Any] = {name: properties[name] for name in _TOLD if name in properties}
            told.append(
                NewFact(
                    kind=event.kind,
                    player_id=event.player_id,
                    occurred_at=event.occurred_at,
                    key=f"{event.kind}:{event.player_id}:{properties['payment_id']}",
                    data=kept | {"currency": currencies[event.player_id]},
                    is_replay=event.is_replay,
                )
            )
    return told


def causes(told: Sequence[NewFact]) -> dict[int, Cause]:
    """Per player, the newest approved deposit: 'deposit 50.00 EUR', and which fact that was."""
    deposits = sorted((fact for fact in told if fact.kind == "deposit.approved"), key=lambda fact: fact.occurred_at)
    return {
        fact.player_id: Cause(f"deposit {Money(fact.data['amount'], fact.data['currency'])}", fact.key)
        for fact in deposits
    }
