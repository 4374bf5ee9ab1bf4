"""What a rule would cost, asked of PostgreSQL's planner before anything runs.

The planner reckons in units of its own: a row looked at is a hundredth of one, a comparison a four-hundredth. It is
asked as of a database that lies in memory, because at its settings for discs a look into an index is reckoned sixty
times too dear beside a scan. Measured with 200 000 players on two shared cores, a unit then takes 1 to 5 µs in rules
that look something up per player (the only ones that grow dear) and 10 to 20 µs in those that only scan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from players.models import Brand
from segments.language.compile import matching
from segments.language.tree import At, Node

SECONDS_PER_UNIT = 5e-6
LIMIT_SECONDS = 120.0  # for one look at every player of the brand
_IN_MEMORY: Mapping[str, str] = {"seq_page_cost": "0.05", "random_page_cost": "0.02"}


@dataclass(frozen=True)
class Cost:
    """`units`: the planner's, see above. `rows`: how many players it thinks will match. Both rough."""

    rows: int
    units: float
    seconds: float

    @property
    def is_too_much(self) -> bool:
        return self.seconds > LIMIT_SECONDS

    @property
    def refusal(self) -> str:
        return (
            f"Looking at every player with this rule would take about {about(self.seconds)}"
            f" ({self.units:,.0f} cost units of the database); the limit is {about(LIMIT_SECONDS)}."
        )


def estimate(brand: Brand, rule: Node, *, now: datetime) -> Cost:
    """Without running it: a few milliseconds, however dear the rule."""
    found = matching(brand, rule, At.brand(brand, now)).order_by().values("pk")
    with transaction.atomic(), connection.cursor() as db:
        before = transaction.savepoint()
        for name, value in _IN_MEMORY.items():
            db.execute("SELECT set_config(%s, %s, true)", [name, value])
        try:
            plan: Any = loads(found.explain(format="json"))[0]["Plan"]
        except EmptyResultSet:  # nobody is in an empty list: no planner is needed to know that
            plan = {"Plan Rows": 0, "Total Cost": 0.0}
        transaction.savepoint_rollback(before)  # the settings go back to what they were
    return Cost(int(plan["Plan Rows"]), plan["Total Cost"], plan["Total Cost"] * SECONDS_PER_UNIT)


def about(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:,.0f} seconds"
    return f"{seconds / 60:,.0f} minutes" if seconds < 7200 else f"{seconds / 3600:,.0f} hours"
