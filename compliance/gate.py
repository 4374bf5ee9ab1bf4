"""The only place to ask: may this be sent to, or given to, this player now?

`clear_many` binds, and is asked in the transaction that writes the attempt or the grant; `preview` advises;
`still_allowed` is asked once more while the provider is called. Everything that cannot be told is a no.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection

from compliance import loading
from compliance.asking import Answer, Ask, Incentive, Request
from compliance.checks import holes
from compliance.dossier import Dossier
from compliance.judging import Judgement, judge
from compliance.models.decision import Decision, Purpose
from players.models import Player

__all__ = ["Answer", "Ask", "Incentive", "Request", "clear_many", "preview", "refusal", "replay", "still_allowed"]

MOST = 500  # a batch makes an exclusion of one of its players wait until it has committed


class WallHasAHole(RuntimeError):
    """A gated table can be written without the gate."""


class NotInTransaction(RuntimeError):
    """A binding decision outside the transaction that uses it would bind nothing."""


def clear_many(requests: Sequence[Request], *, now: datetime) -> list[Answer]:
    """Decides and records; answers in the order of the requests. Inside atomic, at most 500."""
    if not connection.in_atomic_block:
        raise NotInTransaction("gate.clear_many is called inside transaction.atomic()")
    if len(requests) > MOST:
        raise ValueError(f"at most {MOST} requests at once, not {len(requests)}")
    _wall_is_whole()
    _one_bonus_at_a_time(requests)
    judged = _judge_all(requests, now)
    known = [(request, dossier, judgement) for request, dossier, judgement in judged if dossier is not None]
    rows = iter(_decide([_row(*item, now=now) for item in known]))
    return [
        _answer(request, judgement, 0, None) if dossier is None else Answer(request, *next(rows))
        for request, dossier, judgement in judged
    ]


def preview(requests: Sequence[Request], *, now: datetime) -> list[Answer]:
    """What the gate would say; records nothing and binds nobody."""
    return [
        _answer(request, judgement, dossier.generation if dossier else 0, None)
        for request, dossier, judgement in _judge_all(requests, now)
    ]


def still_allowed(decision_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Which of these may still go. Holds shared locks until the caller's transaction ends: call the provider in it.

    An exclusion waits for that transaction, so it ends within the provider's timeout (≤ 3 s).
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("gate.still_allowed is called inside transaction.atomic()")
    with connection.cursor() as db:
        db.execute("SELECT compliance_still_allowed(%s::bigint[])", [list(decision_ids)])
        allowed = {row[0] for row in db.fetchall()}
    promotional = dict(
        Decision.objects.filter(pk__in=allowed, purpose=Purpose.PROMOTIONAL).values_list("pk", "player__brand_id")
    )
    stale = loading.stale_brands(set(promotional.values()))
    return {pk for pk in allowed if promotional.get(pk) not in stale}


def replay(decision: Decision) -> Judgement:
    """The same rules over the stored snapshot."""
    stored = decision.inputs
    return judge(
        Dossier.from_snapshot(stored["dossier"]),
        Request.from_snapshot(stored["request"]),
        datetime.fromisoformat(stored["now"]),
    )


def refusal(error: DatabaseError) -> str | None:
    """'RG001' … 'RG004' when the database refused a row for want of a fresh allow; None for any other error."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state if state.startswith("RG") else None


def _judge_all(requests: Sequence[Request], now: datetime) -> list[tuple[Request, Dossier | None, Judgement]]:
    dossiers = loading.load({request.player_id for request in requests}, now=now)
    judged = []
    for request in requests:
        dossier = dossiers.get(request.player_id)
        judged.append((request, dossier, judge(dossier, request, now) if dossier else _NOBODY))
    return judged


@cache
def _wall_is_whole() -> None:
    """Once per process: a process that finds a hole in the wall decides nothing at all."""
    found = holes(connection.alias)
    if found:
        raise WallHasAHole("; ".join(f"{table}: {why}" for table, why in found))


_NOBODY = Judgement(Decision.Outcome.DENY, "DENY_STATE_UNAVAILABLE", (), "none", None)


def _answer(request: Request, judgement: Judgement, generation: int, decision_id: int | None) -> Answer:
    reasons = tuple(str(reason) for reason in judgement.reasons)
    return Answer(request, decision_id, judgement.outcome, judgement.code, reasons, generation, judgement.retry_at)


def _row(request: Request, dossier: Dossier, judgement: Judgement, *, now: datetime) -> dict[str, Any]:
    return {
        "player_id": request.player_id, "purpose": str(request.purpose), "channel": request.channel,
        "outcome": judgement.outcome.value, "code": judgement.code,
        "reasons": [str(reason) for reason in judgement.reasons], "reference": request.reference,
        "ruleset": judgement.ruleset, "generation": dossier.generation,
        "retry_at": judgement.retry_at.isoformat() if judgement.retry_at else None,
        "inputs": {"now": now.isoformat(), "request": request.snapshot(), "dossier": dossier.snapshot()},
    }  # fmt: skip


def _decide(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """(id, outcome, code, reasons, generation, retry_at) per row, in order."""
    if not rows:
        return []
    with connection.cursor() as db:
        db.execute("SELECT * FROM compliance_decide(%s::jsonb)", [json.dumps(rows, cls=DjangoJSONEncoder)])
        return [
            (pk, Decision.Outcome(outcome), code, tuple(reasons), generation, retry_at)
            for pk, outcome, code, reasons, generation, retry_at in db.fetchall()
        ]


def _one_bonus_at_a_time(requests: Sequence[Request]) -> None:
    """Two grants for one person at once must not both be the first (SE-04): the second sees the first."""
    players = {request.player_id for request in requests if request.channel == "bonus"}
    if players:
        people = sorted(set(Player.objects.filter(pk__in=players).values_list("person_id", flat=True)))
        with connection.cursor() as db:
            db.execute(
                "SELECT pg_advisory_xact_lock(7003, k) FROM (SELECT DISTINCT compliance_person_key(p) AS k"
                " FROM unnest(%s::bigint[]) AS p ORDER BY 1) AS keys",
                [people],
            )
