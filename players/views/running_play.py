"""Play no session tells of yet: rounds since yesterday outside every session, collapsed into one line per spell;
sessions that run, and sports bets one by one."""

from datetime import datetime, timedelta

from django.db import connection

from config.lib.money import Money
from players.models import Bet, Category, LiveSession, Player
from players.views.sentences import Line

_SINCE = timedelta(days=2)
MOST_BETS = 50
_RUNS = """
    SELECT category, min(occurred_at), max(occurred_at), sum(bets), sum(stake_real + stake_bonus),
           sum(win_real + win_bonus)
    FROM (
        SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY category ORDER BY occurred_at) AS run
        FROM (
            SELECT r.*, occurred_at - lag(occurred_at) OVER (PARTITION BY category ORDER BY occurred_at)
                        > interval '30 minutes' AS begins
            FROM players_round r
            WHERE r.player_id = %(player)s AND r.occurred_at > %(since)s
              AND r.round_id NOT LIKE 'bet:%%'  -- told as bets
              AND NOT EXISTS (SELECT FROM players_roundrollback g WHERE g.player_id = r.player_id
                              AND g.round_id = r.round_id)
              AND NOT EXISTS (SELECT FROM players_session s WHERE s.player_id = r.player_id AND s.category = r.category
                              AND s.started_at BETWEEN %(before)s AND r.occurred_at AND s.ended_at >= r.occurred_at)
        ) AS loose
    ) AS spell
    GROUP BY category, run
"""


def lines(player: Player, *, now: datetime, money: bool) -> list[Line]:
    since = now - _SINCE
    with connection.cursor() as db:
        db.execute(_RUNS, {"player": player.pk, "since": since, "before": since - timedelta(days=1)})
        rows = db.fetchall()
    told = [_spell(row, player.currency, money) for row in rows]
    live = LiveSession.objects.filter(player=player, started_at__gt=since).select_related("game")
    bets = Bet.objects.filter(player=player, placed_at__gt=since).order_by("-placed_at")[:MOST_BETS]
    return told + [_live(session) for session in live] + [_bet(bet, player.currency, money) for bet in bets]


def _spell(row: tuple[int, datetime, datetime, int, int, int], currency: str, money: bool) -> Line:
    category, first, last, bets, stake, win = row
    minutes = max(1, round((last - first).total_seconds() / 60))
    unit = "bet" if category == Category.SPORTS else "round"
    times = f"{bets} {unit}{'' if bets == 1 else 's'}"
    text = f"Played {Category(category).label.lower()}: {times}{f' in {minutes} min' if bets > 1 else ''}"
    extra = f"staked {Money(int(stake), currency)}, won {Money(int(win), currency)}" if money else ""
    return Line(last, "play", "device-gamepad-2", text, extra=extra)


def _bet(bet: Bet, currency: str, money: bool) -> Line:
    """'Bet on football, Serie A at 1.85: won'; an open one has its stake at risk."""
    where = ", ".join(word for word in (bet.sport or "several sports", bet.league) if word)
    how = bet.get_ticket_display().lower() if bet.leg_count > 1 else "in play" if bet.in_play else ""
    became = "void" if bet.is_void else "open" if bet.is_open else bet.get_outcome_display().lower()
    text = f"Bet on {where}{f' at {bet.odds.normalize():f}' if bet.odds else ''}{f', {how}' if how else ''}: {became}"
    extra = f"staked {Money((bet.stake_real or 0) + (bet.stake_bonus or 0), currency)}"
    if not bet.is_open and not bet.is_void:
        extra += f", won {Money(bet.win_real + bet.win_bonus, currency)}"
    return Line(bet.placed_at or bet.recorded_at, "play", "ball-football", text, extra=extra if money else "")


def _live(session: LiveSession) -> Line:
    what = session.game.title if session.game else Category(session.category).label.lower()
    return Line(session.started_at, "play", "device-gamepad-2", f"Playing {what} now", tone="green")
