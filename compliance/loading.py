"""What is known of up to 500 players, in two statements (more where somebody has a limit that is used up by and by,
a licence asks for sums, or amounts in different currencies must be compared).

A dossier is read in the very form in which a decision stores it, and what is judged is built from that:
nothing can be judged that is not stored.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import connection

from compliance import rates, suppression, usage
from compliance.jurisdictions import ONE_BONUS
from compliance.limits import period_start, zone_for
from compliance.vocabulary import EXCLUSIONS, FLAGS, LIMITS
from config.lib.prepared import bigints

Known = dict[str, Any]  # the plain form of a Dossier, as stored in a decision


def load(player_ids: Iterable[int], *, now: datetime, currencies: Collection[str] = ()) -> dict[int, Known]:
    """player id -> what is known; ids nobody knows are absent (and the engine says no to them).

    `currencies` of what is asked: where a player's limits or licence speak another one, the rates are told.
    `compliance.seen` tells compliance_decide which transactions this could not see.
    """
    with connection.cursor() as db:
        db.execute(
            "SELECT compliance_dossiers(%s::bigint[], %s, %s::text[]),"
            " set_config('compliance.seen', pg_snapshot_xmin(pg_current_snapshot())::text, true)",
            [bigints(sorted(set(player_ids))), now, list(ONE_BONUS)],
        )
        found: list[Known] = orjson.loads(db.fetchone()[0] or "[]")
    suppressed = suppression.listed(
        (known["player_id"], known["brand_id"], channel, normal)
        for known in found
        for channel, normal in known.pop("contacts", {}).items()
    )
    for pk, known in ((known["player_id"], known) for known in found):
        if pk in suppressed:
            known["suppressed"] = sorted(suppressed[pk])
    rows = {known["player_id"]: [_read(row) for row in known.pop("measures", ())] for known in found}
    told = rates.tell(found, rows, currencies, now=now)
    _add_measures([known for known in found if rows[known["player_id"]] or "delisted_at" in known], rows, told, now)
    usage.add_sums(found, told, now=now)
    return {known["player_id"]: known for known in found}


def _add_measures(found: list[Known], rows: Mapping[int, list[Any]], told: rates.Told, now: datetime) -> None:
    used = usage.of_limits(found, rows, told, now=now)
    for known in found:
        pk = known["player_id"]
        zone = zone_for(known["jurisdiction"], known["timezone"])
        limits = [
            limit
            for row in rows[pk]
            if row["kind"] in LIMITS and (limit := _limit(row, used.get((pk, row["id"])), zone, now))
        ]
        running = [row for row in rows[pk] if row["status"] != "ended"]
        excluded = [row for row in rows[pk] if row["kind"] in EXCLUSIONS or row["kind"] == "unknown"]
        still = [row for row in excluded if row["status"] != "ended"]
        returns = [row["ended_at"] for row in excluded if row["status"] == "ended" and row["ended_at"]]
        if delisted := known.pop("delisted_at", None):  # a register has let go of them, which tells no other end
            returns.append(datetime.fromisoformat(delisted))
        closed = [
            row for row in rows[pk]
            if row["kind"] == "product_exclusion" and (row["status"] != "ended" or (row["reopens_at"] or now) > now)
        ]  # fmt: skip
        known |= {
            name: value
            for name, value in (
                ("limits", limits),
                ("exclusions", sorted(f"{row['kind']}/{_whose(row, pk)}" for row in still)),
                ("flags", sorted({row["kind"] for row in running if row["kind"] in FLAGS})),
                ("excluded_products", sorted({row["product"] for row in closed})),
                ("returned_at", max(returns).isoformat() if returns else None),
            )
            if value
        }


def _whose(row: Mapping[str, Any], player_id: int) -> str:
    return "own" if row["player_id"] in (player_id, None) else "linked"


_INSTANTS = ("ended_at", "pending_from", "tightened_at", "relaxed_at", "reached_at", "reopens_at")


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """With every column: the database leaves out what is empty."""
    instants = {name: datetime.fromisoformat(row[name]) if name in row else None for name in _INSTANTS}
    return {"player_id": None, "amount": None, "pending_amount": None, "product": ""} | dict(row) | instants


def _limit(row: Mapping[str, Any], used: usage.Used | None, zone: ZoneInfo, now: datetime) -> dict[str, Any] | None:
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
    if not gone:
        reached = row["reached_at"] and row["reached_at"] >= period_start(now, row["period"], zone)
        if reached:
            limit["left"] = 0  # its source says so, and may count more than we see
        elif used is not None and used.sum is not None:
            limit["left"] = int((amount - used.sum) // 1)  # a part of a minor unit is not left
        if used is not None and used.sum is None and not reached:
            limit["rate_missing"] = True
    instants = {"tightened_at": row["tightened_at"], "pending_from": pending_from, "relaxed_at": relaxed_at}
    return limit | {name: at.isoformat() for name, at in instants.items() if at}
