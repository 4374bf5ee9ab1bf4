"""What is owed right now: bonus money in the accounts of open grants, by brand, currency and type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from bonuses.models import Template

AGES = ("0–7 days", "8–30 days", "31–60 days", "over 60 days")


@dataclass(frozen=True)
class Owed:
    brand: str
    currency: str
    kind: str
    grants: int
    amount: int
    by_age: tuple[int, ...]  # as in AGES
    ends_in_30_days: int
    waiting: int  # of it, not yet credited by the PAM
    open_wagering: int


@dataclass(frozen=True)
class OwedIn:
    """One currency: amounts of two are never added."""

    currency: str
    rows: tuple[Owed, ...]

    @property
    def grants(self) -> int:
        return sum(row.grants for row in self.rows)

    @property
    def amount(self) -> int:
        return sum(row.amount for row in self.rows)

    @property
    def by_age(self) -> list[int]:
        return [sum(row.by_age[n] for row in self.rows) for n in range(len(AGES))]

    @property
    def ends_in_30_days(self) -> int:
        return sum(row.ends_in_30_days for row in self.rows)

    @property
    def waiting(self) -> int:
        return sum(row.waiting for row in self.rows)

    @property
    def open_wagering(self) -> int:
        return sum(row.open_wagering for row in self.rows)


def outstanding(brand_ids: Sequence[int], *, now: datetime) -> list[OwedIn]:
    """Test players left out."""
    rows = list(_rows(brand_ids, now))
    return [
        OwedIn(code, tuple(row for row in rows if row.currency == code)) for code in sorted({r.currency for r in rows})
    ]


def _rows(brand_ids: Sequence[int], now: datetime) -> Iterator[Owed]:
    with connection.cursor() as db:
        db.execute(_SQL, {"now": now, "brands": list(brand_ids)})
        for brand, currency, kind, grants, amount, *ages, ends, waiting, wagering in db.fetchall():
            label = Template.Kind(kind).label
            yield Owed(
                brand,
                currency,
                label,
                grants,
                int(amount),
                tuple(map(int, ages)),
                int(ends),
                int(waiting),
                int(wagering),
            )


_SQL = """
WITH open AS (
  SELECT b.name AS brand, g.currency, t.kind, g.status, g.expires_at, %(now)s - g.granted_at AS age,
         coalesce(m.credits - m.debits, 0) AS money, coalesce(w.credits - w.debits, 0) AS wagering
    FROM bonuses_grant g
    JOIN players_player p ON p.id = g.player_id AND NOT p.is_test
    JOIN players_brand b ON b.id = p.brand_id
    JOIN bonuses_terms v ON v.id = g.terms_id
    JOIN bonuses_template t ON t.id = v.template_id
    LEFT JOIN bonuses_account m ON m.owner_kind = 'grant' AND m.owner_id = g.id AND m.code = 'bonus'
    LEFT JOIN bonuses_account w ON w.owner_kind = 'grant' AND w.owner_id = g.id AND w.code = 'wagering'
   WHERE g.status IN ('claimed', 'active', 'stopped') AND b.id = ANY(%(brands)s)
)
SELECT brand, currency, kind, count(*), sum(money),
       coalesce(sum(money) FILTER (WHERE age < interval '8 days'), 0),
       coalesce(sum(money) FILTER (WHERE age >= interval '8 days' AND age < interval '31 days'), 0),
       coalesce(sum(money) FILTER (WHERE age >= interval '31 days' AND age < interval '61 days'), 0),
       coalesce(sum(money) FILTER (WHERE age >= interval '61 days'), 0),
       coalesce(sum(money) FILTER (WHERE expires_at < %(now)s + interval '30 days'), 0),
       coalesce(sum(money) FILTER (WHERE status = 'claimed'), 0), sum(wagering)
  FROM open GROUP BY brand, currency, kind ORDER BY brand, currency, kind
"""
