"""The evidence of a case in the order it happened: signs, levels, payments, restrictions, messages, what we did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from compliance.markers import wording
from compliance.models import Case, Level, LevelChange, MarkerHit
from config.lib.money import Money
from players.models import DailyActivity, Fact, Payment, Player
from players.views.sentences import fact_line, payment_line

BEFORE = timedelta(days=30)
MOST = 60
_TOLD = ("rg.", "message.", "bonus.")
_NOISE = frozenset({"rg.register_checked", "rg.baseline"})  # asked of everybody, all the time


@dataclass(frozen=True)
class Entry:
    at: datetime
    icon: str
    text: str
    tone: str = ""
    extra: str = ""


def of(case: Case, *, now: datetime) -> list[Entry]:
    """Newest first; from 30 days before the case was opened until now or its end, at most `MOST` of each kind."""
    first, last = case.opened_at - BEFORE, case.closed_at or now
    players = {player.pk: player for player in Player.objects.filter(person_id=case.person_id).select_related("brand")}
    found = [
        *_signs(players, first, last), *_levels(case, first, last), *_payments(players, first, last),
        *_facts(players, first, last), *_days(players, first, last),
    ]  # fmt: skip
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _signs(players: dict[int, Player], first: datetime, last: datetime) -> Iterator[Entry]:
    rows = (
        MarkerHit.objects.filter(player__in=players, at__range=(first, last)).select_related("player").order_by("-at")
    )
    for row in rows[:MOST]:
        yield Entry(row.at, "alert-triangle", wording.hit(row), "red", f"{row.marker}, {_definition(row.version)}")


def _definition(version: int) -> str:
    return f"definition {version}" if version else "definition as shipped"


def _levels(case: Case, first: datetime, last: datetime) -> Iterator[Entry]:
    rows = LevelChange.objects.filter(person_id=case.person_id, at__range=(first, last)).order_by("-at")
    for row in rows[:MOST]:
        words = f"Level {Level(row.before).label.lower()} → {Level(row.after).label.lower()}"
        yield Entry(row.at, "shield-check", words, extra=_points(row))


def _points(row: LevelChange) -> str:
    points = row.evidence.get("points", 0)
    return f"{points} point{'' if points == 1 else 's'}"


def _payments(players: dict[int, Player], first: datetime, last: datetime) -> Iterator[Entry]:
    rows = Payment.objects.filter(player__in=players, occurred_at__range=(first, last)).exclude(status="requested")
    for row in rows.order_by("-occurred_at")[:MOST]:
        line = payment_line(row, players[row.player_id].currency)
        yield Entry(line.at, line.icon, line.text, line.tone)


def _facts(players: dict[int, Player], first: datetime, last: datetime) -> Iterator[Entry]:
    rows = Fact.objects.filter(player__in=players, occurred_at__range=(first, last)).order_by("-occurred_at")
    told = [row for row in rows[: 5 * MOST] if row.kind.startswith(_TOLD) and row.kind not in _NOISE]
    for row in told[:MOST]:
        line = fact_line(row, players[row.player_id])
        yield Entry(line.at, line.icon, f"{line.text} {line.link}".strip(), line.tone)


def _days(players: dict[int, Player], first: datetime, last: datetime) -> Iterator[Entry]:
    """Play day by day: single sessions would bury everything else."""
    rows = (
        DailyActivity.objects.filter(player__in=players, day__range=(first.date(), last.date()), rounds__gt=0)
        .values("player_id", "day")
        .annotate(bets=Sum("rounds"), minutes=Sum("seconds") / 60, lost=Sum("stake_real") - Sum("win_real"))
        .order_by("-day")
    )
    for row in rows[:MOST]:
        player = players[row["player_id"]]
        result = "lost" if row["lost"] > 0 else "won"
        end = DailyActivity.objects.filter(player=player, day=row["day"], last_play_at__isnull=False)
        at = end.order_by("-last_play_at").values_list("last_play_at", flat=True).first()
        if at is not None:
            text = f"Played {row['minutes']} min that day, {row['bets']} bets"
            yield Entry(
                min(at, last), "device-gamepad-2", text, extra=f"{result} {Money(abs(row['lost']), player.currency)}"
            )
