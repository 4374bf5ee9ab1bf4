"""What is usual at a brand: the 95th percentile of its own players, told anew once a day from a sample.

Fewer than 100 players to compare with, and there is no norm: the markers that need one are unknown.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from compliance.markers.bets import BETS
from compliance.models import MarkerNorm
from players.models import Brand

FEWEST = 100
SAMPLE = 1000
_VARIATION = f"""
SELECT 'stake_variation/' || category, percentile_cont(0.95) WITHIN GROUP (ORDER BY variation), count(*)
FROM (SELECT p.id, r.category, COALESCE(stddev_samp(r.stake), 0)::float / avg(r.stake)::float AS variation
      FROM (SELECT q.id FROM players_player q JOIN players_playerstate s ON s.player_id = q.id
            WHERE q.brand_id = %(brand)s AND s.last_play_at > %(now)s - interval '30 days' AND NOT q.is_test
            ORDER BY hashint8(q.id) LIMIT {SAMPLE}) AS p CROSS JOIN LATERAL ({BETS}) AS r
      GROUP BY p.id, r.category HAVING count(*) >= 50) AS each
GROUP BY category HAVING count(*) >= {FEWEST}
"""  # noqa: S608 - constants only
_EARLY = f"""
SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY days), percentile_cont(0.95) WITHIN GROUP (ORDER BY bets), count(*)
FROM (SELECT p.id, count(DISTINCT d.day)::float AS days, sum(d.rounds)::float / count(DISTINCT d.day) AS bets
      FROM (SELECT q.id, (q.registered_at AT TIME ZONE b.timezone)::date AS first_day
            FROM players_player q JOIN players_brand b ON b.id = q.brand_id
            WHERE q.brand_id = %(brand)s AND NOT q.is_test AND q.known_since IS NULL
              AND q.registered_at BETWEEN %(now)s - interval '400 days' AND %(now)s - interval '31 days'
            ORDER BY hashint8(q.id) LIMIT {SAMPLE}) AS p
      JOIN players_dailyactivity d ON d.player_id = p.id AND d.day BETWEEN p.first_day AND p.first_day + 30 AND d.rounds > 0
      GROUP BY p.id) AS each
HAVING count(*) >= {FEWEST}
"""  # noqa: S608 - constants only


def tell_anew(brand: Brand, *, now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL jit = off")
        db.execute(_VARIATION, {"brand": brand.pk, "now": now})
        found = {name: (p95, players) for name, p95, players in db.fetchall()}
        db.execute(_EARLY, {"brand": brand.pk, "now": now})
        for in_days, in_bets, players in db.fetchall():
            found |= {"early_days": (in_days, players), "early_bets": (in_bets, players)}
        MarkerNorm.objects.filter(brand=brand).exclude(name__in=found).delete()
        MarkerNorm.objects.bulk_create(
            [MarkerNorm(brand=brand, name=name, p95=p95, players=players, computed_at=now) for name, (p95, players) in found.items()],
            update_conflicts=True, unique_fields=["brand", "name"], update_fields=["p95", "players", "computed_at"],
        )  # fmt: skip


def keep(*, now: datetime) -> int:
    """Brands whose norms are older than a day, one at a time; returns how many were told."""
    fresh = MarkerNorm.objects.filter(computed_at__gt=now - timedelta(days=1)).values("brand")
    told = 0
    for brand in Brand.objects.exclude(pk__in=fresh).order_by("pk"):
        tell_anew(brand, now=now)
        told += 1
    return told
