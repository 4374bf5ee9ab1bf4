"""Moving due runs on, and letting what they want to say compete. PostgreSQL is the queue.

Persons are claimed, not runs: everything due for one human is advanced first and judged together, or
timing would beat priority.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from bonuses.grants import GrantRequest, grant_many
from campaigns import waiting
from campaigns.admission import continue_launches
from campaigns.asking import Audiences, reference_of
from campaigns.competition import compete
from campaigns.journey import Finish, Give, Move, Say, Take, Wait, walk
from campaigns.models import Delivery, Enrolment, Step, Trace, Version
from campaigns.trees import tree_of
from compliance.asking import Answer
from compliance.models.decision import PROMOTIONS
from config.lib import locks
from config.lib.wake import wake_on_commit
from players import looking_again
from players.models import Fact
from segments.membership import is_member

PERSONS = 500

_DUE_PERSONS = """
WITH due AS (
    SELECT person_id, min(due_at) AS at FROM (
        SELECT e.person_id, e.due_at FROM campaigns_enrolment e JOIN campaigns_version v ON v.id = e.version_id
        WHERE e.state = 'active' AND e.due_at <= %(now)s AND v.status IN ('live', 'closing')
        UNION ALL
        SELECT d.person_id, d.due_at FROM campaigns_delivery d
        JOIN campaigns_enrolment e ON e.id = d.enrolment_id JOIN campaigns_version v ON v.id = e.version_id
        WHERE d.status = 'planned' AND d.due_at <= %(now)s AND v.status IN ('live', 'closing')
    ) everything GROUP BY person_id ORDER BY min(due_at), person_id LIMIT %(limit)s
)
SELECT person_id FROM due WHERE pg_try_advisory_xact_lock(%(lock)s, person_id::int) ORDER BY person_id
"""
_MOVE_ON = """
UPDATE campaigns_enrolment e
SET step_id = coalesce(r.step_id, e.step_id), due_at = r.due_at, waits_for = r.waits_for, state = r.state,
    reason = r.reason, ended_at = CASE WHEN r.state = 'active' THEN NULL ELSE %(now)s END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id bigint, step_id bigint, due_at timestamptz, waits_for text,
     state text, reason text)
WHERE e.id = r.id
"""


def advance(*, now: datetime, limit: int = PERSONS) -> int:
    """Moves the due runs of up to `limit` persons; returns how many persons had something due."""
    continue_launches(now=now)
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute(_DUE_PERSONS, {"now": now, "limit": limit, "lock": locks.JOURNEY})
            persons = [person_id for (person_id,) in db.fetchall()]
        if not persons:
            return 0
        runs = list(
            Enrolment.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("version__campaign", "player__brand")
            .filter(person_id__in=persons, state=Enrolment.State.ACTIVE, due_at__lte=now)
            .filter(version__status__in=Version.MOVING)
            .order_by("person_id", "id")
        )
        _Moves(runs, now).make()
        if compete(persons, now=now):
            wake_on_commit("campaigns.tasks.dispatch")
        if len(persons) == limit:
            wake_on_commit("campaigns.tasks.advance")
    return len(persons)


def _deposit(run: Enrolment) -> int | None:
    """The newest deposit since the player entered, the one that let him in included; minor units."""
    since = Q(id=run.fact_id) | Q(occurred_at__gte=run.entered_at)
    fact = Fact.objects.filter(since, player_id=run.player_id, kind="deposit.approved").order_by("-occurred_at").first()
    return int(fact.data["amount"]) if fact else None


class _Moves:
    """One batch of runs, moved with a fixed number of statements."""

    def __init__(self, runs: Sequence[Enrolment], now: datetime) -> None:
        self.runs, self.now = runs, now
        self.rows: list[dict[str, object]] = []
        self.traces: list[Trace] = []
        self.deliveries: list[Delivery] = []
        self.gifts: list[tuple[Enrolment, Step]] = []
        self.steps = {step.id: step for step in Step.objects.filter(version__in={run.version_id for run in runs})}

    def make(self) -> None:
        segments = self._segments()
        for run in self.runs:
            zone = run.player.timezone or run.player.brand.timezone
            inside = {segment for segment, player in segments if player == run.player_id}
            for move in walk(tree_of(run.version), run.step_id, inside, zone, self.now):
                self._note(run, move)
        self._give()
        with connection.cursor() as db:
            db.execute(_MOVE_ON, {"rows": json.dumps(self.rows), "now": self.now})
        Delivery.objects.bulk_create(self.deliveries, ignore_conflicts=True)
        Trace.objects.bulk_create(self.traces)
        over = {row["id"] for row in self.rows if row["state"] != Enrolment.State.ACTIVE}
        looking_again.soon((run.player_id for run in self.runs if run.id in over), now=self.now)

    def _segments(self) -> set[tuple[int, int]]:
        trees = [tree_of(run.version) for run in self.runs]
        wanted = {arm.segment_id for tree in trees for node in tree.nodes.values() for arm in node.arms}
        named = sorted(segment for segment in wanted if segment is not None)
        return is_member(named, sorted({run.player_id for run in self.runs})) if named else set()

    def _note(self, run: Enrolment, move: Move) -> None:
        match move:
            case Take(step_id, _, title):
                self._trace(run, Trace.Kind.BRANCHED, step_id, title)
            case Wait(step_id, until, fact):
                self._trace(run, Trace.Kind.WAITED, step_id, fact)
                self._stand(run, step_id, until, fact)
            case Say(step_id):
                self._plan(run, self.steps[step_id])
            case Give(step_id):
                self.gifts.append((run, self.steps[step_id]))
            case Finish(step_id):
                self._trace(run, Trace.Kind.DONE, step_id)
                self._stand(run, step_id, None, state=Enrolment.State.DONE, reason="end")

    def _plan(self, run: Enrolment, step: Step) -> None:
        promotional = step.purpose in PROMOTIONS
        status = Delivery.Status.PLANNED if promotional else Delivery.Status.READY
        self.deliveries.append(
            Delivery(
                enrolment=run, step=step, person_id=run.person_id, player_id=run.player_id, channel=step.channel,
                purpose=step.purpose, status=status, created_at=self.now, due_at=self.now,
                expires_at=self.now + timedelta(hours=step.valid_hours),
            )
        )  # fmt: skip
        self._trace(run, Trace.Kind.PLANNED, step.id)
        self._stand(run, step.id, None)

    def _give(self) -> None:
        """Bonuses through their own door; refused ones skip the step or end the run, as the step says."""
        if not self.gifts:
            return
        audiences = Audiences(self.now)
        chosen = [audiences.of(step, run.version) for run, step in self.gifts]
        requests = [
            GrantRequest(
                player_id=run.player_id,
                terms_id=step.terms_id or 0,  # a version without terms cannot be submitted
                reference=reference_of(run.id, step.id),
                criteria=audience.criteria,
                audience=audience.players,
                together=audience.together,
                deposit_amount=_deposit(run),
            )
            for (run, step), audience in zip(self.gifts, chosen, strict=True)
        ]
        for (run, step), result in zip(self.gifts, grant_many(requests, now=self.now), strict=True):
            if result.grant is not None:
                self._trace(run, Trace.Kind.GRANTED, step.id, str(result.grant.id))
                self._stand(run, step.id, self.now)
                continue
            code = result.answer.code if result.answer else result.refusal
            if result.answer and (again := self._again(run, step, result.answer)):
                self._trace(run, Trace.Kind.LATER, step.id, code)
                self._stand(run, run.step_id, again, waiting.HELD)  # on the step before: it comes here once more
                continue
            self._trace(run, Trace.Kind.NOT_GRANTED, step.id, code)
            if step.if_refused == Step.Refused.LEAVE:
                self._trace(run, Trace.Kind.EXITED, step.id, "bonus_refused")
                self._stand(run, step.id, None, state=Enrolment.State.EXITED, reason="bonus_refused")
            else:
                self._stand(run, step.id, self.now)

    def _again(self, run: Enrolment, step: Step, answer: Answer) -> datetime | None:
        if not answer.waits_for_register:
            return None
        waits = Trace.objects.filter(enrolment=run, step=step, kind=Trace.Kind.LATER).order_by("id")
        since = waits.values_list("at", flat=True).first() or self.now
        wake_on_commit("compliance.tasks.ask_registers")
        return answer.asked_again(since, since + waiting.GIFT_WAITS, self.now)

    def _stand(
        self, run: Enrolment, step_id: int | None, due_at: datetime | None, waits_for: str = "", *,
        state: str = Enrolment.State.ACTIVE, reason: str = "",
    ) -> None:  # fmt: skip
        due = due_at.isoformat() if due_at else None
        self.rows.append(
            {"id": run.id, "step_id": step_id, "due_at": due, "waits_for": waits_for, "state": state, "reason": reason}
        )

    def _trace(self, run: Enrolment, kind: str, step_id: int | None, detail: str = "") -> None:
        self.traces.append(
            Trace(enrolment=run, player_id=run.player_id, at=self.now, kind=kind, step_id=step_id, detail=detail[:200])
        )
