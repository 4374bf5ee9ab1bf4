"""What is known of up to 500 players, in two statements (three where somebody has a deposit limit).

A dossier is read in the very form in which a decision stores it, and what is judged is built from that:
nothing can be judged that is not stored.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from compliance import suppression
from compliance.jurisdictions import ONE_BONUS
from compliance.limits import period_start
from compliance.vocabulary import LIMITS
from players.models import Payment

Known = dict[str, Any]  # the plain form of a Dossier, as stored in a decision


def load(player_ids: Iterable[int], *, now: datetime) -> dict[int, Known]:
    """player id -> what is known; ids nobody knows are absent (and the engine says no to them)."""
    with connection.cursor() as db:
        db.execute(
            "SELECT compliance_dossiers(%s::bigint[], %s, %s::text[])", [sorted(set(player_ids)), now, list(ONE_BONUS)]
        )
        found: list[Known] = json.loads(db.fetchone()[0] or "[]")
    suppressed = suppression.listed(
        (known["player_id"], known["brand_id"], channel, normal)
        for known in found
        for channel, normal in known.pop("contacts", {}).items()
    )
    for pk, known in ((known["player_id"], known) for known in found):
        if pk in suppressed:
            known["suppressed"] = sorted(suppressed[pk])
    _add_measures([known for known in found if "measures" in known], now)
    return {known["player_id"]: known for known in found}


def _add_measures(found: list[Known], now: datetime) -> None:
    rows = {known["player_id"]: [_read(row) for row in known.pop("measures")] for known in found}
    spent = _deposits(found, rows, now)
    for known in found:
        pk = known["player_id"]
        limits = [
            limit
            for row in rows[pk]
            if row["kind"] in LIMITS and (limit := _limit(row, spent.get((pk, row["id"]), 0), now))
        ]
        exclusions = [row for row in rows[pk] if row["kind"] not in LIMITS]
        running = [row for row in exclusions if row["status"] != "ended"]
        returns = [row["ended_at"] for row in exclusions if row["status"] == "ended" and row["ended_at"]]
        if limits:
            known["limits"] = limits
        if running:
            known["exclusions"] = sorted(
                f"{row['kind']}/{'own' if row['player_id'] in (pk, None) else 'linked'}" for row in running
            )
        if returns:
            known["returned_at"] = max(returns).isoformat()


_INSTANTS = ("ended_at", "pending_from", "tightened_at", "relaxed_at")


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """With every column: the database leaves out what is empty."""
    instants = {name: datetime.fromisoformat(row[name]) if name in row else None for name in _INSTANTS}
    return {"player_id": None, "amount": None, "pending_amount": None} | dict(row) | instants


def _limit(row: Mapping[str, Any], spent: int, now: datetime) -> dict[str, Any] | None:
    """As it stands at `now`: a relaxation whose wait is over counts even before the tick has written it down."""
    amount, pending_from, relaxed_at = row["amount"], row["pending_from"], row["relaxed_at"]
    if pending_from and not row["needs_confirmation"] and pending_from <= now:
        amount, pending_from, relaxed_at = row["pending_amount"], None, pending_from
    gone = row["status"] == "ended" or amount is None
    if gone and not relaxed_at:
        return None
    limit = {
        "kind": row["kind"], "period": row["period"], "amount": 0 if gone else amount, "currency": row["currency"],
        "origin": "removed" if gone else row["origin"],
    }  # fmt: skip
    if not gone and row["kind"] == "deposit_limit":
        limit["left"] = amount - spent
    instants = {"tightened_at": row["tightened_at"], "pending_from": pending_from, "relaxed_at": relaxed_at}
    return limit | {name: at.isoformat() for name, at in instants.items() if at}


def _deposits(found: list[Known], rows: Mapping[int, list[Any]], now: datetime) -> dict[tuple[int, int], int]:
    """(player, measure) -> gross deposits of the running period, of all accounts of the person in that currency."""
    starts: dict[tuple[int, int], datetime] = {}
    for known in found:
        zone = ZoneInfo(known["timezone"])
        for row in rows[known["player_id"]]:
            if row["kind"] == "deposit_limit":
                starts[known["player_id"], row["id"]] = period_start(now, row["period"], zone)
    if not starts:
        return {}
    people = {known["player_id"]: known["person_id"] for known in found}
    payments: dict[tuple[int, str], list[tuple[int, datetime]]] = defaultdict(list)
    approved = Payment.objects.filter(
        player__person_id__in={people[pk] for pk, _ in starts},
        direction=Payment.Direction.DEPOSIT,
        status=Payment.Status.APPROVED,
        occurred_at__gte=min(starts.values()),
    )
    columns = approved.values_list("player__person_id", "player__currency", "amount", "occurred_at")
    for person_id, currency, amount, at in columns:
        payments[person_id, currency].append((amount, at))
    currencies = {(pk, row["id"]): row["currency"] for pk, mine in rows.items() for row in mine}
    return {
        key: sum(amount for amount, at in payments[people[key[0]], currencies[key]] if at >= start)
        for key, start in starts.items()
    }
