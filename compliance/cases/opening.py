"""A case opens: by itself when signs are strong, or by an officer who noticed something."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from compliance.markers.catalogue import BY_ID
from compliance.models import Case, FollowUp, Interaction, Level, LevelChange, Operator
from players.models import Fact, Player

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The duty a case answers, and how soon somebody has to act. One hour in NL is law; elsewhere it is our default.
DUTIES: dict[str, tuple[str, timedelta]] = {
    "GB": ("GB-06", DAY), "SE": ("SE-08", DAY), "DE": ("DE-08", DAY), "NL": ("NL-08", HOUR), "MT": ("MT-04", DAY),
    "ON": ("ON-08", DAY), "ES": ("ES-06", DAY), "DK": ("DK-08", DAY),
}  # fmt: skip
EVALUATIONS = (7, 30)
# Where a law says until when a request to lift or shorten a restriction is decided.
REQUESTS: dict[str, tuple[str, timedelta]] = {"MT": ("MT-02", 7 * DAY)}


def open_for(changes: Sequence[LevelChange], *, now: datetime) -> None:
    """In the transaction that put the level in force. One case per person: a running one is raised."""
    players = Player.objects.select_related("brand__licence").in_bulk({change.player_id for change in changes})
    for change in changes:
        _open(players[change.player_id], Level(change.after), in_words(change), None, now)


def by_hand(player: Player, actor: Operator, reason: str, *, now: datetime) -> Case:
    return _open(player, Level(player.person.standing.risk), reason, actor, now)


def for_requests(facts: Sequence[Fact], *, now: datetime) -> None:
    """Players who asked, as the PAM tells: a line in their case, which opens for it where none is."""
    players = Player.objects.select_related("brand__licence").in_bulk({fact.player_id for fact in facts})
    for fact in facts:
        player = players[fact.player_id]
        if player.brand.licence.jurisdiction not in REQUESTS:
            continue
        case = Case.objects.filter(person_id=player.person_id, closed_at=None).first()
        level = Level(player.person.standing.risk)
        case = case or _open(player, level, "Asks to lift or shorten a restriction", None, now)
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


def _open(player: Player, level: Level, why: str, actor: Operator | None, now: datetime) -> Case:
    rule, wait = DUTIES.get(player.brand.licence.jurisdiction, ("PD-05", DAY))
    due = now + (HOUR if level is Level.CRITICAL else wait)
    case = Case.objects.select_for_update().filter(person_id=player.person_id, closed_at=None).first()
    if case is None:
        case = Case.objects.create(person_id=player.person_id, player=player, level=level, rule=rule, opened_at=now,
                                   opened_by=actor, why=why, due_at=due)  # fmt: skip
        FollowUp.objects.bulk_create(
            FollowUp(case=case, kind=FollowUp.Kind.EVALUATION, days=days, due_at=now + timedelta(days=days))
            for days in EVALUATIONS
        )
    elif level.rank > Level(case.level).rank:
        case.level = level
        if case.acted_at is None:
            case.due_at = min(case.due_at, due)
        case.save(update_fields=["level", "due_at"])
    Interaction.objects.create(case=case, at=now, by=actor, seen=why,
                               kind=Interaction.Kind.NOTE if actor else Interaction.Kind.SYSTEM,
                               done=("" if actor else "Promotions and bonuses stopped by themselves.") if level.is_protected else "")  # fmt: skip
    return case
