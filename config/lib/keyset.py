"""Lists without COUNT(*) and without OFFSET: the next page starts after the last row seen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Slice:
    rows: list[Any]
    next: str  # token for ?after=…, '' on the last page
    first: bool  # no token was given


def take(rows: QuerySet[Any], *, sort: str, token: str = "", size: int = 50) -> Slice:
    """One page of `rows` ordered by `sort` ('name', '-id', '-state__last_play_at'), ties by id.

    The sort column must never be NULL. A token that was tampered with or belongs to another order
    is ignored: a stale link opens the first page.
    """
    down, column = sort.startswith("-"), sort.lstrip("-")
    order = [sort] if column in ("id", "pk") else [sort, "-id" if down else "id"]
    start = _read(token, sort)
    if start is not None:
        rows = rows.filter(_after(column, down, *start))
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    return Slice(found[:size], _write(found[size - 1], column, sort) if more else "", start is None)


def _after(column: str, down: bool, value: Any, pk: int) -> Q:
    way = "lt" if down else "gt"
    if column in ("id", "pk"):
        return Q(**{f"id__{way}": pk})
    # The first half alone says where in the index to begin; with an OR only, every page would start at the first row.
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | Q(**{f"id__{way}": pk}))


def _write(row: Model, column: str, sort: str) -> str:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    if isinstance(value, datetime):
        value = {"at": value.isoformat()}
    elif isinstance(value, date):
        value = {"day": value.isoformat()}
    return signing.dumps([sort, value, row.pk], salt="keyset", compress=True)


def _read(token: str, sort: str) -> tuple[Any, int] | None:
    try:
        given, value, pk = signing.loads(token, salt="keyset")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if given != sort:
        return None
    if isinstance(value, dict):
        value = date.fromisoformat(value["day"]) if "day" in value else datetime.fromisoformat(value["at"])
    return value, pk
