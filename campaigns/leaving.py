"""Who leaves a journey before its end, and why. A deposit ends a reactivation in the middle of a wait."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from campaigns import inbox, refusal
from campaigns.models import Card, Delivery, Enrolment, Step, Trace
from compliance.models.decision import PROMOTIONS
from players import looking_again
from players.models import Fact, Player

GOAL = "goal"
ENDING = ("rg.self_excluded", "rg.time_out", "rg.blocked", "rg.strong_signs")  # for the human, at every brand
CLOSING = ("player.blocked", "player.closed", "player.erased")  # for this account


def interrupt(facts: Sequence[Fact], *, now: datetime) -> int:
    """Goals, exits and awaited events of these facts; returns how many waits ended so that somebody goes on.

    Touches only runs of the facts' players, in id order, inside the caller's transaction.
    """
    if not facts:
        return 0
    by_player: dict[int, list[Fact]] = {}
    for fact in facts:
        by_player.setdefault(fact.player_id, []).append(fact)
    kinds = {fact.kind for fact in facts}
    with transaction.atomic():
        runs = list(
            Enrolment.objects.select_for_update(no_key=True, of=("self",))
            .select_related("version")
            .filter(player_id__in=by_player)
            .filter(
                Q(state="active", waits_for__in=kinds)
                | Q(state="active", version__exit_facts__overlap=list(kinds))
                | Q(goal_at=None, version__goal_fact__in=kinds, entered_at__gt=now - timedelta(days=400))
            )
            .order_by("id")
        )
        resumed = [run for run in runs if _apply(run, by_player[run.player_id], now)]
        gone = [run for run in runs if run.state == Enrolment.State.EXITED]
        _leave(gone, now)
        looking_again.soon((run.player_id for run in runs if run in gone or run.goal_at), now=now)
    return len(resumed)


def _apply(run: Enrolment, facts: Iterable[Fact], now: datetime) -> bool:
    """Writes what these facts mean for one run; True if its wait ended and it goes on."""
    for fact in sorted(facts, key=lambda f: (f.occurred_at, f.id)):
        if not _came_after(run, fact):
            continue
        if _reaches_goal(run, fact):
            run.goal_at = fact.occurred_at
            _note(run, Trace.Kind.GOAL, fact, now)
            if run.state == Enrolment.State.ACTIVE:
                return _exit(run, GOAL, fact, now)
            run.save(update_fields=["goal_at"])
        elif run.state == Enrolment.State.ACTIVE and _exits(run, fact):
            return _exit(run, fact.kind, fact, now)
        elif run.state == Enrolment.State.ACTIVE and run.waits_for == fact.kind:
            _note(run, Trace.Kind.RESUMED, fact, now)
            run.due_at, run.waits_for = now, ""
            run.save(update_fields=["due_at", "waits_for"])
            return True
    return False


def _came_after(run: Enrolment, fact: Fact) -> bool:
    """A deposit that reaches us late still ends a journey; history that is filled in does not."""
    if fact.is_replay:
        return fact.occurred_at >= run.entered_at
    return fact.id > run.fact_id if run.fact_id else fact.recorded_at >= run.entered_at


def _reaches_goal(run: Enrolment, fact: Fact) -> bool:
    version = run.version
    in_time = fact.occurred_at <= run.entered_at + timedelta(days=version.goal_days)
    return run.goal_at is None and version.goal_fact == fact.kind and in_time


def _exits(run: Enrolment, fact: Fact) -> bool:
    if fact.kind not in run.version.exit_facts:
        return False
    if fact.kind == "segment.left":
        return fact.data.get("segment_id") == run.version.trigger_segment_id
    return True


def _exit(run: Enrolment, reason: str, fact: Fact, now: datetime) -> bool:
    run.state, run.reason, run.ended_at = Enrolment.State.EXITED, reason, now
    run.due_at, run.waits_for = None, ""
    run.save(update_fields=["state", "reason", "ended_at", "due_at", "waits_for", "goal_at"])
    _note(run, Trace.Kind.EXITED, fact, now)
    return False


def _note(run: Enrolment, kind: str, fact: Fact, now: datetime) -> None:
    Trace.objects.create(
        enrolment=run,
        player_id=run.player_id,
        at=now,
        kind=kind,
        step_id=run.step_id,
        fact_id=fact.id,
        detail=fact.kind,
    )


def _leave(runs: Sequence[Enrolment], now: datetime) -> None:
    """What these runs still had to say is no longer wanted."""
    Delivery.objects.filter(enrolment__in=runs, status__in=[Delivery.Status.PLANNED, Delivery.Status.READY]).update(
        status=Delivery.Status.DROPPED,
        code="left_journey",
        detail="left the journey before it was sent",
        settled_at=now,
    )


def withdraw(facts: Sequence[Fact], *, now: datetime) -> None:
    """Exclusion, time-out, block: promotional runs of the human end, with a refusal on record for each. An account
    that is blocked or closed ends its own."""
    causes = {fact.player_id: fact for fact in facts if fact.kind in ENDING}
    closed = {fact.player_id: fact for fact in facts if fact.kind in CLOSING}
    if not causes and not closed:
        return
    cause_of = {
        person_id: causes[player_id]
        for player_id, person_id in Player.objects.filter(id__in=causes).values_list("id", "person_id")
    }
    with transaction.atomic():
        runs = list(
            Enrolment.objects.select_for_update(no_key=True, of=("self",))
            .filter(Q(player__person_id__in=cause_of) | Q(player_id__in=closed))
            .select_related("player")
            .filter(state=Enrolment.State.ACTIVE, version_id__in=_promotional_versions())
            .order_by("id")
        )
        refusal.put_on_record(runs, now=now)
        for run in runs:
            cause = cause_of.get(run.player.person_id) or closed[run.player_id]
            _exit(run, cause.kind, cause, now)
        looking_again.soon((run.player_id for run in runs), now=now)
        cards = Card.objects.filter(
            Q(player__person_id__in=cause_of) | Q(player_id__in=closed),
            recalled_at=None, attempt__purpose__in=PROMOTIONS,
        )  # fmt: skip
        inbox.tell_on_commit(cards.values_list("player_id", flat=True))
        cards.update(recalled_at=now)


def _promotional_versions() -> QuerySet:
    steps = Step.objects.filter(Q(kind=Step.Kind.BONUS) | Q(kind=Step.Kind.MESSAGE, purpose__in=PROMOTIONS))
    return steps.values("version_id")


def follow_person(player_ids: Collection[int]) -> None:
    mine = Player.objects.filter(pk=OuterRef("player_id")).values("person_id")
    with transaction.atomic():
        Enrolment.objects.filter(player_id__in=player_ids, state=Enrolment.State.ACTIVE).update(
            person_id=Subquery(mine)
        )
        waiting = Delivery.objects.filter(
            player_id__in=player_ids, status__in=[Delivery.Status.PLANNED, Delivery.Status.READY]
        )
        waiting.update(person_id=Subquery(mine))
