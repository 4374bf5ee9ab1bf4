"""A case opens: by itself from medium signs on, by a sign that a law wants answered at once, or by an officer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from compliance.markers.catalogue import BY_ID
from compliance.models import Case, FollowUp, Interaction, Level, LevelChange, Operator
from players.models import Fact, Player

HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30)
# The duty a case answers, and how soon somebody has to act. One hour in NL is law; elsewhere it is our default.
DUTIES: dict[str, tuple[str, timedelta]] = {
    "GB": ("GB-06", DAY), "SE": ("SE-08", DAY), "DE": ("DE-08", DAY), "NL": ("NL-08", HOUR), "MT": ("MT-04", DAY),
    "ON": ("ON-08", DAY), "ES": ("ES-06", DAY), "DK": ("DK-08", DAY),
}  # fmt: skip
LOWER = {"GB": "GB-05"}  # of medium signs, where they are a duty of their own
EVALUATIONS = (7, 30)
# Where a law says until when a request to lift or shorten a restriction is decided.
REQUESTS: dict[str, tuple[str, timedelta]] = {"MT": ("MT-02", 7 * DAY)}
_STOPPED = {Level.MEDIUM: "Bonuses stopped by themselves; other promotions go on."}
_ALL_STOPPED = "Promotions and bonuses stopped by themselves."


@dataclass(frozen=True)
class Opening:
    """Why somebody has to look, under which duty, and until when. `done`: what was done by itself."""

    level: Level
    why: str
    rule: str
    due_at: datetime
    done: str = ""
    actor: Operator | None = None


def open_for(changes: Sequence[LevelChange], *, now: datetime) -> None:
    """In the transaction that put the level in force. One case per person: a running one is raised."""
    players = Player.objects.select_related("brand__licence").in_bulk({change.player_id for change in changes})
    for change in changes:
        player, level = players[change.player_id], Level(change.after)
        rule, wait = duty(player, level)
        since = _newest_sign(change, now) if rule == "NL-08" else now
        done = _STOPPED.get(level, _ALL_STOPPED)
        start(player, Opening(level, in_words(change), rule, since + wait, done), now=now)


def by_hand(player: Player, actor: Operator, reason: str, *, now: datetime) -> Case:
    level = Level(player.person.standing.risk)
    rule, wait = duty(player, level)
    return start(player, Opening(level, reason, rule, now + wait, actor=actor), now=now)


def _for_request(player: Player, now: datetime) -> Case:
    level = Level(player.person.standing.risk)
    rule, wait = duty(player, level)
    return start(player, Opening(level, "Asks to lift or shorten a restriction", rule, now + wait), now=now)


def duty(player: Player, level: Level) -> tuple[str, timedelta]:
    """Medium signs stop bonuses only: a look within a week, where no law is in more of a hurry."""
    jurisdiction = player.brand.licence.jurisdiction
    rule, wait = DUTIES.get(jurisdiction, ("PD-05", DAY))
    if level is Level.MEDIUM:
        return LOWER.get(jurisdiction, rule), wait if wait <= HOUR else WEEK
    return rule, HOUR if level is Level.CRITICAL else wait


def _newest_sign(change: LevelChange, now: datetime) -> datetime:
    """The Dutch hour runs from the sign, not from the moment we read it (NL-08)."""
    told = [datetime.fromisoformat(row["at"]) for row in (*change.evidence["markers"], *change.evidence["scores"])]
    return min(max(told, default=now), now)


def for_requests(facts: Sequence[Fact], *, now: datetime) -> None:
    """Players who asked, as the PAM tells: a line in their case, which opens for it where none is."""
    players = Player.objects.select_related("brand__licence", "person__standing").in_bulk(
        {fact.player_id for fact in facts}
    )
    for fact in facts:
        player = players[fact.player_id]
        if player.brand.licence.jurisdiction not in REQUESTS:
            continue
        case = Case.objects.filter(person_id=player.person_id, closed_at=None).first()
        case = case or _for_request(player, now)
        by = " by a relative" if fact.data.get("by") == "relative" else ""
        where = fact.data.get("reference") or "the PAM does not say where it is written down"
        Interaction.objects.create(case=case, at=fact.occurred_at, kind=Interaction.Kind.LIFT_ASKED,
                                   answered=f"Asked support{by} to lift or shorten a restriction ({where}).")  # fmt: skip


def in_words(change: LevelChange) -> str:
    """'Strong signs of harm: Declined deposits, Plays at night'"""
    names = [BY_ID[row["marker"]].name for row in change.evidence["markers"] if row["marker"] in BY_ID]
    names += [f"{row['model']} {row['version']}" for row in change.evidence["scores"]]
    return f"{Level(change.after).label}: {', '.join(_once(names))}"[:300]


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def start(player: Player, one: Opening, *, now: datetime) -> Case:
    """A case of the person, opened or raised, with a line in its log that says why and what was done."""
    case = Case.objects.select_for_update().filter(person_id=player.person_id, closed_at=None).first()
    if case is None:
        case = Case.objects.create(person_id=player.person_id, player=player, level=one.level, rule=one.rule,
                                   opened_at=now, opened_by=one.actor, why=one.why, due_at=one.due_at)  # fmt: skip
        _set_dates(case, now)
    elif one.level.rank > Level(case.level).rank:
        _raise(case, one, now)
    Interaction.objects.create(case=case, at=now, by=one.actor, seen=one.why, done=one.done,
                               kind=Interaction.Kind.NOTE if one.actor else Interaction.Kind.SYSTEM)  # fmt: skip
    return case


def _set_dates(case: Case, now: datetime) -> None:
    """Medium signs are looked at again when they would have faded; all else is evaluated after a week and a month."""
    if case.level == Level.MEDIUM:
        look_again(case, now + MONTH)
    elif not case.follow_ups.filter(kind=FollowUp.Kind.EVALUATION).exists():
        FollowUp.objects.bulk_create(
            FollowUp(case=case, kind=FollowUp.Kind.EVALUATION, days=days, due_at=now + timedelta(days=days))
            for days in EVALUATIONS
        )


def _raise(case: Case, one: Opening, now: datetime) -> None:
    """What was looked at before says nothing of what is worse now: it is looked at again."""
    case.level, case.rule = one.level, one.rule
    if case.acted_at is None:
        case.due_at = min(case.due_at, one.due_at)
    else:
        look_again(case, one.due_at)
    case.save(update_fields=["level", "rule", "due_at"])
    _set_dates(case, now)


def look_again(case: Case, at: datetime) -> None:
    FollowUp.objects.create(case=case, kind=FollowUp.Kind.REVIEW, due_at=at)
