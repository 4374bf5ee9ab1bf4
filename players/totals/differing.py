"""Where a day's totals part: the ids one side lacks, or the hours that do not agree."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from players.folding.bets import REF
from players.folding.payments import PAYMENTS
from players.models import TotalsDay, TotalsDifference, TotalsLine
from players.totals.kinds import TotalKind
from players.totals.receiving import bounds

# Who did anything that day: daily activity is small, and leads to payments and rounds by player.
_WHO = """SELECT d.player_id FROM players_dailyactivity d JOIN players_player q ON q.id = d.player_id
          WHERE d.day = %(day)s AND q.brand_id = %(brand)s"""
_PAID = f"""
    SELECT paid.player_id, payment_id AS ref, amount, approved_at AS at, 0 AS category,
           direction, approved_day, declined_at, declined_day
    FROM ({PAYMENTS.format(players=f"player_id IN ({_WHO} AND d.category = 0)")}) AS paid
"""
_PLAYED = f"""
    SELECT r.player_id, {REF} AS ref, stake_real + stake_bonus AS amount, occurred_at AS at, category, bets,
           stake_real, stake_bonus, win_real, win_bonus
    FROM players_round r
    WHERE r.player_id IN ({_WHO} AND d.category <> 0) AND occurred_at >= %(start)s AND occurred_at < %(end)s
      AND NOT EXISTS (SELECT FROM players_roundrollback b WHERE b.player_id = r.player_id AND b.round_id = r.round_id)
"""
_ONE_DAY = {
    "deposits": f"SELECT * FROM ({_PAID}) x WHERE direction = 'deposit' AND approved_day = %(day)s",
    "withdrawals": f"SELECT * FROM ({_PAID}) x WHERE direction = 'withdrawal' AND approved_day = %(day)s",
    "deposits_declined": f"SELECT player_id, ref, amount, declined_at AS at, category FROM ({_PAID}) x"
    " WHERE direction = 'deposit' AND declined_day = %(day)s",
}
_BY_ID = """
    INSERT INTO players_totalsdifference (totals_id, kind, currency, category, "where", ref, external_id, player_id,
        occurred_at, theirs, ours)
    SELECT %(totals)s, %(kind)s, coalesce(p.currency, q.currency, ''), coalesce(ours.category, 0),
           CASE WHEN ours.ref IS NULL THEN 'there' WHEN theirs.ref IS NULL THEN 'here' ELSE 'amount' END,
           coalesce(ours.ref, theirs.ref), coalesce(p.external_id, theirs.external_id), coalesce(p.id, q.id),
           coalesce(ours.at, theirs.occurred_at), theirs.amount, ours.amount
    FROM ({ours}) AS ours JOIN players_player p ON p.id = ours.player_id
    FULL JOIN (SELECT * FROM players_totalsid WHERE totals_id = %(totals)s AND kind = %(kind)s) AS theirs
           ON theirs.external_id = p.external_id AND theirs.ref = ours.ref
    LEFT JOIN players_player q ON q.brand_id = %(brand)s AND q.external_id = theirs.external_id
    WHERE ours.ref IS NULL OR theirs.ref IS NULL OR ours.amount <> theirs.amount
    ORDER BY coalesce(ours.at, theirs.occurred_at), coalesce(ours.ref, theirs.ref)
"""
_BY_HOUR = """
    SELECT p.currency, ours.category, date_trunc('hour', ours.at, 'UTC'), {count}, {amount}
    FROM ({ours}) AS ours JOIN players_player p ON p.id = ours.player_id GROUP BY 1, 2, 3
"""


def by_id(totals: TotalsDay, kind: TotalKind) -> None:
    """The PAM has listed every id it counted: what only one side knows, and what both know differently."""
    with connection.cursor() as db:
        db.execute(_BY_ID.format(ours=_ours(kind)), _params(totals) | {"totals": totals.pk, "kind": kind.key})


def by_hour(totals: TotalsDay, kind: TotalKind, lines: Sequence[TotalsLine]) -> None:
    ours = _hours_of(totals, kind)
    rows = []
    for line in lines:
        theirs = {datetime.fromisoformat(hour[0]): hour[1:] for hour in line.hours}
        if not theirs:
            continue
        mine = _merged(ours, line)
        for start in sorted(theirs.keys() | mine.keys()):
            count, amount = theirs.get(start, [0, 0])
            our_count, our_amount = mine.get(start, (0, 0))
            if count not in (None, our_count) or amount not in (None, our_amount):
                rows.append(
                    TotalsDifference(
                        totals=totals, kind=kind.key, currency=line.currency, category=line.category,
                        where=TotalsDifference.Where.HOUR, occurred_at=start, theirs=amount if kind.amount else None,
                        ours=our_amount if kind.amount else None, their_count=count if kind.count else None,
                        our_count=our_count if kind.count else None,
                    )
                )  # fmt: skip
    TotalsDifference.objects.bulk_create(rows)


def _merged(ours: dict[tuple[str, int], dict[datetime, tuple[int, int]]], line: TotalsLine) -> dict[datetime, Any]:
    """Our hours of this line; a line without a category is all of them together."""
    found: dict[datetime, tuple[int, int]] = {}
    for (currency, category), hours in ours.items():
        if currency == line.currency and line.category in (0, category):
            for start, (count, amount) in hours.items():
                had = found.get(start, (0, 0))
                found[start] = (had[0] + count, had[1] + amount)
    return found


def _hours_of(totals: TotalsDay, kind: TotalKind) -> dict[tuple[str, int], dict[datetime, tuple[int, int]]]:
    if kind.is_play:
        count, amount = "sum(ours.bets)", f"sum(ours.{kind.amount})" if kind.amount else "0"
    else:
        count, amount = "count(*)", "sum(ours.amount)"
    found: dict[tuple[str, int], dict[datetime, tuple[int, int]]] = {}
    with connection.cursor() as db:
        db.execute(_BY_HOUR.format(ours=_ours(kind), count=count, amount=amount), _params(totals))
        for currency, category, start, n, total in db.fetchall():
            found.setdefault((currency, category), {})[start] = (int(n), int(total))
    return found


def _ours(kind: TotalKind) -> str:
    return _PLAYED if kind.is_play else _ONE_DAY[kind.key]


def _params(totals: TotalsDay) -> dict[str, Any]:
    start, end = bounds(totals.brand, totals.day)
    return {"day": totals.day, "brand": totals.brand_id, "start": start, "end": end}
