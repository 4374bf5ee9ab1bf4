"""Did it help? As many days before the case as after it, of every account of the person (UKGC req. 12-13).

Days are gaming days; the day the case opened belongs to neither side.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from compliance.models import Case
from players.folding.gaming_day import day_of

_SUMS = f"""
WITH b AS (SELECT b.*, {day_of("%(opened)s::timestamptz")} AS opened, {day_of("%(now)s::timestamptz")} AS today
           FROM players_brand b WHERE b.id = %(brand)s)
SELECT d.day < b.opened AS before, count(DISTINCT d.day) FILTER (WHERE d.rounds > 0), COALESCE(sum(d.seconds), 0) / 60,
       COALESCE(sum(d.deposits), 0), COALESCE(sum(d.deposit_sum), 0), COALESCE(sum(d.declined_deposits), 0),
       COALESCE(sum(d.stake_real - d.win_real), 0)
FROM b JOIN players_player p ON p.person_id = %(person)s AND p.currency = %(currency)s
JOIN players_dailyactivity d ON d.player_id = p.id
 AND (d.day >= b.opened - %(days)s AND d.day < b.opened OR d.day > b.opened AND d.day <= LEAST(b.opened + %(days)s, b.today))
GROUP BY 1
"""  # noqa: S608 - constants only
FIGURES = ("days_played", "minutes", "deposits", "deposit_sum", "declined", "net_loss")


def compare(case: Case, days: int, *, now: datetime) -> dict[str, Any]:
    """{'before': {...}, 'after': {...}, 'currency', 'days', 'passed'}: sums over `days` days, `passed` of them over."""
    player = case.player
    with connection.cursor() as db:
        db.execute(_SUMS, {"opened": case.opened_at, "now": now, "brand": player.brand_id, "person": case.person_id,
                           "currency": player.currency, "days": days})  # fmt: skip
        found = {bool(row[0]): dict(zip(FIGURES, map(int, row[1:]), strict=True)) for row in db.fetchall()}
    nothing = dict.fromkeys(FIGURES, 0)
    passed = min(days, max(0, (now - case.opened_at).days))
    return {"before": found.get(True, nothing), "after": found.get(False, nothing), "currency": player.currency,
            "days": days, "passed": passed}  # fmt: skip
