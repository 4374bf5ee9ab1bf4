"""Signs a law wants answered in hours, whatever level they add up to: a case opens, or the running one is due again.

NL-08: one hour from the sign. ES-02: an intensive player is warned, and without an answer in 72 hours suspended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from compliance import standings
from compliance.cases import opening, queue, working
from compliance.markers.catalogue import BY_ID
from compliance.models import Case, FollowUp, Interaction, Level
from players.models import Brand, Player

_ANSWERED = timedelta(hours=24)  # what a person did lately answers what goes on


class Found(NamedTuple):
    """A marker as it was read. `is_new`: nothing of it counted before; else there is newer evidence of it."""

    player_id: int
    marker: str
    at: datetime
    is_new: bool


@dataclass(frozen=True)
class Signal:
    """`of_each`: newer evidence is a sign of its own, and the time runs from the sign; else from the moment we know.
    `answer`: how long the player has to answer."""

    rule: str
    markers: frozenset[str]
    act: timedelta
    of_each: bool = False
    answer: timedelta | None = None
    done: str = ""


SIGNALS = {
    "NL": Signal("NL-08", frozenset({"M16", "M19", "M20"}), opening.HOUR, of_each=True),
    "ES": Signal("ES-02w", frozenset({"M21"}), opening.DAY, answer=timedelta(hours=72),
                 done="Promotions stopped by themselves (ES-02). To be warned; without an answer in 72 hours to be suspended."),
}  # fmt: skip


def hear(brand: Brand, found: Iterable[Found], *, now: datetime) -> None:
    """In the transaction that keeps what was found."""
    signal = SIGNALS.get(brand.licence.jurisdiction)
    if signal is None:
        return
    told = [one for one in found if one.marker in signal.markers and (one.is_new or signal.of_each)]
    players = Player.objects.select_related("brand__licence", "person__standing").in_bulk(
        {one.player_id for one in told}
    )
    if players:
        standings.lock(sorted({player.person_id for player in players.values()}))
    for pk, player in sorted(players.items()):
        _answer(player, signal, [one for one in told if one.player_id == pk], now)


def _answer(player: Player, signal: Signal, told: Sequence[Found], now: datetime) -> None:
    since = min(min(one.at for one in told), now) if signal.of_each else now
    due, case = since + signal.act, queue.case_of(player.person_id)
    if signal.of_each and (_is_answered(player, max(one.at for one in told)) or case and _is_waited_for(case, due)):
        return
    why = f"{', '.join(sorted({BY_ID[one.marker].name for one in told}))} ({signal.rule})"
    level = max(
        Level(player.person.standing.risk), Level.LOW, key=lambda one: one.rank
    )  # what it adds up to comes next
    if case is not None and case.acted_at is None:
        case.due_at, case.rule = min(case.due_at, due), signal.rule
        case.save(update_fields=["due_at", "rule"])
    elif case is not None:
        opening.look_again(case, due)
    case = opening.start(player, opening.Opening(level, why, signal.rule, due, signal.done), now=now)
    if signal.answer:
        opening.look_again(case, now + signal.answer)


def _is_answered(player: Player, at: datetime) -> bool:
    """By a person: a mail that went by itself answers nothing."""
    acts = Interaction.objects.filter(case__person=player.person_id, kind__in=working.ACTS).exclude(by=None)
    return acts.filter(at__gt=at - _ANSWERED).exists()


def _is_waited_for(case: Case, due: datetime) -> bool:
    """Somebody has to look at it by then anyway."""
    if case.acted_at is None:
        return case.due_at <= due
    return case.follow_ups.filter(kind=FollowUp.Kind.REVIEW, done_at=None, due_at__lte=due).exists()
