"""Who is playing now: sessions that began and have not been heard to end, whichever of the two comes first.

After two days without an end nobody believes in it any more; `forget` clears such rows away.
"""

from collections.abc import Sequence
from datetime import datetime

from config.lib import prepared
from players.folding.claim import Claimed, reach
from players.models import LiveSession
from players.pam.generic.play import LONGEST_SESSION

_MINE = """
    SELECT id, player_id, occurred_at AS at, body AS p FROM players_event
    WHERE id = ANY(%(ids)s::bigint[]) AND received_at BETWEEN %(first)s AND %(last)s
"""

_STARTED = f"""
INSERT INTO players_livesession AS l (player_id, session_id, category, game_id, started_at, device)
SELECT DISTINCT ON (player_id, p ->> 'session_id') player_id, p ->> 'session_id', (p ->> 'category')::smallint,
       (p ->> 'game')::bigint, at, coalesce(p ->> 'device', '')
FROM ({_MINE}) AS mine
WHERE at > %(believed)s
  AND NOT EXISTS (SELECT FROM players_session s WHERE s.player_id = mine.player_id AND s.session_id = p ->> 'session_id'
                  AND s.started_at BETWEEN %(earliest)s AND %(latest)s OFFSET 0)
  AND NOT EXISTS (SELECT FROM players_fact f WHERE f.player_id = mine.player_id AND f.occurred_at >= at
                  AND f.kind = 'player.logout' OFFSET 0)
ORDER BY player_id, p ->> 'session_id', at, id
ON CONFLICT (player_id, session_id) DO UPDATE SET started_at = excluded.started_at, category = excluded.category,
    game_id = excluded.game_id, device = excluded.device
    WHERE excluded.started_at < l.started_at
"""

_ENDED = f"""
DELETE FROM players_livesession l USING ({_MINE}) AS mine
WHERE l.player_id = mine.player_id AND l.session_id = mine.p ->> 'session_id'
"""

_LOGGED_OUT = f"""
DELETE FROM players_livesession l USING ({_MINE}) AS mine
WHERE l.player_id = mine.player_id AND l.started_at <= mine.at
"""


def apply(events: Sequence[Claimed], now: datetime) -> None:
    """After the sessions of the batch have been folded: an end that came earlier is looked up there."""
    started = [event for event in events if event.kind == "session.started"]
    if started:
        moments = [event.occurred_at for event in started]
        bounds = {"earliest": min(moments) - LONGEST_SESSION, "latest": max(moments) + LONGEST_SESSION}
        prepared.run(_STARTED, reach(started) | bounds | {"believed": now - LONGEST_SESSION})
    for kind, statement in (("session.ended", _ENDED), ("player.logout", _LOGGED_OUT)):
        if mine := [event for event in events if event.kind == kind]:
            prepared.run(statement, reach(mine))


def forget(*, now: datetime) -> int:
    """Sessions nobody ended within two days; how many."""
    gone, _ = LiveSession.objects.filter(started_at__lte=now - LONGEST_SESSION).delete()
    return gone
