"""The only place to ask: may this be sent to, or given to, this player now?

`clear_many` binds, and is asked in the transaction that writes the attempt or the grant; `preview` advises;
`still_allowed` is asked once more while the provider is called. Everything that cannot be told is a no.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.db import DatabaseError, connection

from compliance import loading, troubles, withholding
from compliance.asking import Answer, Ask, Incentive, Request
from compliance.checks import holes, unknown_migrations
from compliance.judging import Judgement, judge_known
from compliance.models.decision import PROMOTIONS, Decision
from compliance.rules.pressure import PROMOTIONS_A_WEEK
from config.lib import locks

__all__ = ["Answer", "Ask", "Incentive", "Request", "clear_many", "preview", "refusal", "replay", "still_allowed"]

MOST = 500  # a batch makes an exclusion of one of its players wait until it has committed


class WallHasAHole(RuntimeError):
    """A gated table can be written without the gate."""


class OlderThanItsDatabase(RuntimeError):
    """This code was rolled back and the database was not: what the gate asks by now is not known here."""


class NotInTransaction(RuntimeError):
    """A binding decision outside the transaction that uses it would bind nothing."""


def clear_many(requests: Sequence[Request], *, now: datetime) -> list[Answer]:
    """Decides and records; answers in the order of the requests. Inside atomic, at most 500."""
    if not connection.in_atomic_block:
        raise NotInTransaction("gate.clear_many is called inside transaction.atomic()")
    if len(requests) > MOST:
        raise ValueError(f"at most {MOST} requests at once, not {len(requests)}")
    with troubles.heard("gate.clear_many"):
        _wall_is_whole()
        _one_bonus_at_a_time(requests)
        judged = _judge_in_turn(requests, now)
        made = [_row(one, now) for one in judged if one.known]
        withholding.withhold(made)
        rows = iter(_decide(made))
    return [Answer(one.request, *next(rows)) if one.known else _answer(one) for one in judged]


def preview(requests: Sequence[Request], *, now: datetime) -> list[Answer]:
    """What the gate would say; records nothing and binds nobody."""
    dossiers = _load(requests, now)
    return [_answer(_judge(request, dossiers.get(request.player_id), now)) for request in requests]


def still_allowed(decision_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Which of these may still go. Holds shared locks until the caller's transaction ends: call the provider in it.

    An exclusion waits for that transaction, so it ends within the provider's timeout (≤ 3 s).
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("gate.still_allowed is called inside transaction.atomic()")
    with troubles.heard("gate.still_allowed"), connection.cursor() as db:
        db.execute("SELECT compliance_still_allowed(%s::bigint[])", [list(decision_ids)])
        return {row[0] for row in db.fetchall()}


def replay(decision: Decision) -> Judgement:
    """The same rules over the stored snapshot. Raises Unreadable when the birth date in it was erased."""
    stored = decision.inputs
    asked = Request.from_snapshot(stored["request"])
    return judge_known(withholding.known_of(decision), asked, datetime.fromisoformat(stored["now"]))


def refusal(error: DatabaseError) -> str | None:
    """'RG001' … 'RG004' when the database refused a row for want of a fresh allow; None for any other error."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state if state.startswith("RG") else None


class _Judged(NamedTuple):
    request: Request
    known: loading.Known | None  # None: nobody knows the player
    judgement: Judgement


def _load(requests: Sequence[Request], now: datetime) -> dict[int, loading.Known]:
    spoken = {part.currency for request in requests for part in (request.ask, request.incentive) if part is not None}
    return loading.load({request.player_id for request in requests}, now=now, currencies=spoken)


def _judge(request: Request, known: loading.Known | None, now: datetime) -> _Judged:
    return _Judged(request, known, judge_known(known, request, now) if known else _NOBODY)


def _judge_in_turn(requests: Sequence[Request], now: datetime) -> list[_Judged]:
    """Each request sees what the ones before it in this batch gave or sent, to any account of the person."""
    dossiers = _load(requests, now)
    given: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    judged = []
    for request in requests:
        known = dossiers.get(request.player_id)
        kind = _counted_as(request)
        if known and given:
            known = _with_earlier(known, given)
        one = _judge(request, known, now)
        judged.append(one)
        if known and kind and one.judgement.outcome == Decision.Outcome.ALLOW:
            house = known["licensee"] if kind == "bonuses_before" else ""
            given[kind, known["person_id"], house].add(request.reference)
    return judged


def _most(one: _Judged) -> int | None:
    """So many such messages a person may have in a week, for the database to see that this is not one more."""
    if (
        one.known is None
        or one.judgement.outcome != Decision.Outcome.ALLOW
        or "POL-09" in one.known.get("switched_off", ())
    ):
        return None
    return PROMOTIONS_A_WEEK if _counted_as(one.request) == "recent_promotions" else None


def _counted_as(request: Request) -> str | None:
    """The part of a dossier to which an allow of this request adds (see compliance_dossiers)."""
    if request.channel == "bonus":
        return "bonuses_before"
    reaches_out = request.channel not in ("onsite", "ads")
    return "recent_promotions" if request.purpose in PROMOTIONS and reaches_out else None


def _with_earlier(known: loading.Known, given: Mapping[tuple[str, int, str], set[str]]) -> loading.Known:
    person = known["person_id"]
    earlier = {
        "bonuses_before": given.get(("bonuses_before", person, known["licensee"])),
        "recent_promotions": given.get(("recent_promotions", person, "")),
    }
    more = {name: sorted({*known.get(name, ()), *found}) for name, found in earlier.items() if found}
    return known | more if more else known


@cache
def _wall_is_whole() -> None:
    """Once per process: one that finds a hole in the wall, or itself out of date, decides nothing at all."""
    found = holes(connection.alias)
    if found:
        raise WallHasAHole("; ".join(f"{table}: {why}" for table, why in found))
    if unknown := unknown_migrations(connection.alias):
        raise OlderThanItsDatabase(", ".join(unknown))


_NOBODY = Judgement(Decision.Outcome.DENY, "DENY_STATE_UNAVAILABLE", (), "none", None)


def _answer(one: _Judged) -> Answer:
    judgement, generation = one.judgement, one.known.get("generation", 0) if one.known else 0
    reasons = tuple(str(reason) for reason in judgement.reasons)
    return Answer(one.request, None, judgement.outcome, judgement.code, reasons, generation, judgement.retry_at)


def _row(one: _Judged, now: datetime) -> dict[str, Any]:
    request, known, judgement = one
    return {
        "player_id": request.player_id, "purpose": str(request.purpose), "channel": request.channel,
        "outcome": judgement.outcome.value, "code": judgement.code,
        "reasons": [str(reason) for reason in judgement.reasons], "reference": request.reference,
        "ruleset": judgement.ruleset, "generation": known.get("generation", 0) if known else 0,
        "retry_at": judgement.retry_at.isoformat() if judgement.retry_at else None,
        "products": sorted(request.promotes), "most": _most(one),
        "inputs": {"now": now.isoformat(), "request": request.snapshot(), "dossier": known},
    }  # fmt: skip


def _decide(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """(id, outcome, code, reasons, generation, retry_at) per row, in order."""
    if not rows:
        return []
    with connection.cursor() as db:
        db.execute(
            "SELECT json_agg(json_build_array(id, outcome, code, reasons, generation, retry_at))::text"
            " FROM compliance_decide(%s::jsonb)",
            [orjson.dumps(rows).decode()],
        )
        return [
            (pk, Decision.Outcome(outcome), code, tuple(reasons), generation, at and datetime.fromisoformat(at))
            for pk, outcome, code, reasons, generation, at in orjson.loads(db.fetchone()[0])
        ]


def _one_bonus_at_a_time(requests: Sequence[Request]) -> None:
    """Two grants for one person in two transactions must not both be the first (SE-04): the later sees the earlier."""
    players = {request.player_id for request in requests if request.channel == "bonus"}
    if players:
        with connection.cursor() as db:
            db.execute(
                "SELECT pg_advisory_xact_lock(%s, k) FROM (SELECT DISTINCT compliance_person_key(person_id) AS k"
                " FROM players_player WHERE id = ANY (%s) ORDER BY 1) AS keys",
                [locks.BONUS, sorted(players)],
            )
