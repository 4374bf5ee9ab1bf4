"""The ids behind a total, listed by the PAM: one JSON object per line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum

from config.lib.wake import wake_on_commit
from players.models import TotalsDay, TotalsId
from players.pam.generic.fields import MAX_AMOUNT, instant, text
from players.pam.generic.kinds import Refused, checked, pointer_to
from players.pam.generic.reading import Malformed, Repeated, parse
from players.totals.kinds import KINDS

LISTED = tuple(key for key, kind in KINDS.items() if kind.listed)
_MEMBERS = ("kind", "id", "player", "amount", "occurred_at")
_id, _player = text(100).check, text(64).check


def read_ids(raw: bytes) -> list[TotalsId]:
    """Unsaved rows. Raises Refused; its pointer begins with the number of the line, from 0."""
    rows: dict[tuple[str, str, str], TotalsId] = {}
    for index, line in enumerate(line for line in raw.split(b"\n") if line.strip()):
        try:
            row = _read(parse(line))
        except Malformed as error:
            raise Refused("malformed", str(error), f"/{index}") from None
        except Refused as refused:
            raise refused.under(f"/{index}") from None
        key = (row.kind, row.external_id, row.ref)
        if key in rows:
            raise Refused("repeated", "This id is listed twice.", f"/{index}/id")
        rows[key] = row
    if not rows:
        raise Refused("missing", "There is not a single id.", "")
    return list(rows.values())


def list_ids(totals: TotalsDay, rows: Iterable[TotalsId], *, now: datetime) -> dict[str, int]:
    """Adds to what is listed already, an id said again replaced; returns how many there are now per kind."""
    new = list(rows)
    with transaction.atomic():
        for row in new:
            row.totals = totals
        TotalsId.objects.bulk_create(
            new, batch_size=1000, update_conflicts=True, unique_fields=["totals", "kind", "external_id", "ref"],
            update_fields=["amount", "occurred_at"],
        )  # fmt: skip
        if totals.status != TotalsDay.Status.ACCEPTED:
            TotalsDay.objects.filter(pk=totals.pk).update(due_at=now)
        wake_on_commit("players.tasks.compare_totals")
    return listed(totals)


def listed(totals: TotalsDay) -> dict[str, int]:
    return dict(totals.ids.order_by().values_list("kind").annotate(n=Count("id")))


def complete(totals: TotalsDay) -> set[str]:
    """Kinds of which the PAM has listed as many ids as it counted: only then is an id it lacks a difference."""
    counted = dict(totals.lines.exclude(their_count=None).order_by().values_list("kind").annotate(n=Sum("their_count")))
    return {kind for kind, n in listed(totals).items() if counted.get(kind) == n}


def _read(given: Any) -> TotalsId:
    if isinstance(given, Repeated) or not isinstance(given, dict):
        raise Refused("not_an_object", "A line is an object in which each member appears once.")
    for name in given:
        if name not in _MEMBERS:
            raise Refused("unknown_property", f"A line has: {', '.join(_MEMBERS)}.", pointer_to(name))
    for name in _MEMBERS[:4]:
        if name not in given:
            raise Refused("missing", "This is missing.", f"/{name}")
    if given["kind"] not in LISTED:
        raise Refused("unknown_value", f"One of: {', '.join(LISTED)}.", "/kind")
    if type(given["amount"]) is not int or not 0 <= given["amount"] <= MAX_AMOUNT:
        raise Refused("wrong_type", f"A whole number of minor units, from 0 to {MAX_AMOUNT}.", "/amount")
    return TotalsId(
        kind=given["kind"], ref=checked("/id", _id, given["id"]), external_id=checked("/player", _player, given["player"]),
        amount=given["amount"],
        occurred_at=checked("/occurred_at", instant, given["occurred_at"]) if given.get("occurred_at") else None,
    )  # fmt: skip
