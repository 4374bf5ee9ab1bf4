"""Logins and balances: the newest one counts, whatever order they came in."""

from collections.abc import Sequence
from typing import Any

from config.lib import prepared
from players.facts import NewFact
from players.folding.claim import Claimed, reach

_LOGINS = """
UPDATE players_playerstate s SET last_login_at = e.at
FROM (SELECT player_id, max(occurred_at) AS at FROM players_event
      WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s AND kind = 'player.login'
      GROUP BY player_id) e
WHERE s.player_id = e.player_id AND s.last_login_at < e.at
"""

# Two balances of the same instant: the larger one, so that it is one of them and always the same.
_BALANCES = """
UPDATE players_playerstate s SET balance_real = e.real, balance_bonus = e.bonus, balance_at = e.at
FROM (SELECT DISTINCT ON (player_id) player_id, occurred_at AS at, (p ->> 'real')::bigint AS real,
             (p ->> 'bonus')::bigint AS bonus
      FROM (SELECT *, body AS p FROM players_event
            WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s AND kind = 'balance.changed') x
      ORDER BY player_id, at DESC, real DESC, bonus DESC) e
WHERE s.player_id = e.player_id
  AND (e.at, e.real, e.bonus) > (s.balance_at, s.balance_real, s.balance_bonus)
"""

_TOLD = ("player.login", "player.logout", "player.tagged", "bonus.", "custom.")
_PROGRESS = "bonus.wagered"  # told with every bet


def apply(events: Sequence[Claimed]) -> None:
    for kind, statement in (("player.login", _LOGINS), ("balance.changed", _BALANCES)):
        if mine := [event for event in events if event.kind == kind]:
            prepared.run(statement, reach(mine))


def facts(events: Sequence[Claimed]) -> list[NewFact]:
    """Logins, tags, bonus statuses and custom events, rare enough to be told one by one."""
    return [
        _fact(event, event.properties) for event in events if event.kind.startswith(_TOLD) and event.kind != _PROGRESS
    ]


def _fact(event: Claimed, data: dict[str, Any]) -> NewFact:
    """`bonus.status` claimed and the older `bonus.claimed` are one fact."""
    kind = f"bonus.{data['status']}" if event.kind == "bonus.status" else event.kind
    key = f"{kind}:{event.feed_id}:{event.event_id}"
    if grant := data.get("grant_ref"):
        key = f"{kind}:{event.player_id}:{grant}"
    elif bonus := data.get("bonus_ref"):
        key = f"{kind}:{event.player_id}:pam:{bonus}"
    return NewFact(kind, event.player_id, event.occurred_at, key[:160], data, is_replay=event.is_replay)
