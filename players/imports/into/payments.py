"""Deposits and withdrawals of the past: one line per status a payment reached. Never sets off a journey; one that was
made since a journey began may end it."""

import json
from typing import Any

from django.db import connection

from players import partitions, rebuild
from players.batches import Batch, tell_of_file
from players.facts import NewFact, record
from players.imports.fields import Row
from players.imports.into import Job, Outcome, known, look_again, minor
from players.imports.values import Wrong
from players.models import Payment
from players.registration import Known

_INSERT = """
    INSERT INTO players_payment (player_id, payment_id, direction, status, amount, method, reason, occurred_at, recorded_at)
    SELECT p, i, d, s, a, m, r, o, %s
    FROM jsonb_to_recordset(%s::jsonb) AS row(p bigint, i text, d text, s text, a bigint, m text, r text, o timestamptz)
    ORDER BY p, i, s, d
    ON CONFLICT DO NOTHING
"""
CONTRADICTION = "This status of this payment is here already, with another amount."
_NEGATIVE = "A payment is taken back by a line with the status rolled_back and its amount, not by a negative amount."


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    told: dict[tuple[int, str, str, str], tuple[Row, Known, dict[str, Any]]] = {}
    for row, player in known(job, rows, outcome):
        try:
            one = _columns(job, row, player)
        except Wrong as wrong:
            outcome.refused.append((row, str(wrong)))
            continue
        key = (one["p"], one["i"], one["s"], one["d"])
        if key in told:
            _compare(row, one["a"], told[key][2]["a"], outcome)
        told.setdefault(key, (row, player, one))
    there = Payment.objects.filter(player_id__in={key[0] for key in told}, payment_id__in={key[1] for key in told})
    for payment in there:
        found = told.pop((payment.player_id, payment.payment_id, payment.status, payment.direction), None)
        if found:
            _compare(found[0], found[2]["a"], payment.amount, outcome)
    outcome.new += len(told)
    if not job.dry and told:
        _write(job, list(told.values()))
    return outcome


def _columns(job: Job, row: Row, player: Known) -> dict[str, Any]:
    said = row.values
    amount = minor(said["amount"], player.currency, is_minor=job.is_minor)
    if amount <= 0:
        raise Wrong(_NEGATIVE)
    return {
        "p": player.id, "i": said["payment_id"], "d": said["direction"], "s": status_of(said),
        "a": amount, "m": said.get("method", ""), "r": said.get("reason", ""), "o": said["occurred_at"].isoformat(),
    }  # fmt: skip


def status_of(said: dict[str, Any]) -> str:
    return str(said.get("status", "approved"))


def _compare(row: Row, amount: int, there: int, outcome: Outcome) -> None:
    if amount == there:
        outcome.unchanged += 1
    else:
        outcome.refused.append((row, CONTRADICTION))


def _write(job: Job, told: list[tuple[Row, Known, dict[str, Any]]]) -> None:
    partitions.ensure_for({row.values["occurred_at"].date() for row, _, _ in told})
    with connection.cursor() as db:
        db.execute(_INSERT, [job.now, json.dumps([one for _, _, one in told])])
    facts = record([_fact(row, player, one) for row, player, one in told], now=job.now)
    ids = sorted({player.id for _, player, _ in told})
    rebuild.rebuild_players(ids, now=job.now)
    look_again(job, ids)
    tell_of_file(Batch(ids, [], facts, job.now, is_replay=True))  # behind the state rows, as the fold does


def _fact(row: Row, player: Known, one: dict[str, Any]) -> NewFact:
    """Under the key the feed would give it: told again from there, it is the same fact."""
    kind = f"{one['d']}.{one['s']}"
    data = {"payment_id": one["i"], "amount": one["a"], "currency": player.currency}
    data |= {name: value for name, value in (("method", one["m"]), ("reason", one["r"])) if value}
    at = row.values["occurred_at"]
    return NewFact(kind, player.id, at, f"{kind}:{player.id}:{one['i']}", data, is_replay=True)
