"""How many rows, about: what the planner expects. Costs a millisecond at any size, where COUNT(*) costs seconds."""

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def about(rows: QuerySet[Any]) -> int:
    """The planner's estimate, to two figures: 412 384 -> 410 000."""
    try:
        sql, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as db:
        db.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = db.fetchone()[0]
    found = int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])
    return round(found, 2 - len(str(found))) if found > 99 else found
