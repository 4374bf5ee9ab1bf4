"""Names the PAM of a brand uses: of its own events, tags, sports and leagues. Kept once each, so that whoever builds
a rule or a journey is offered them without a look through everything that was ever said."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from config.lib import prepared
from players.folding.claim import Claimed
from players.models import SeenName

# In one order for everybody: two appliers that meet the same new names wait for each other instead of deadlocking.
_KEEP = """
    INSERT INTO players_seenname (brand_id, what, name, seen_at)
    SELECT DISTINCT f.brand_id, n.what, n.name, %(now)s::timestamptz
    FROM jsonb_to_recordset(%(names)s::jsonb) AS n(feed bigint, what text, name text) JOIN players_feed f ON f.id = n.feed
    WHERE NOT EXISTS (SELECT 1 FROM players_seenname s
                      WHERE s.brand_id = f.brand_id AND s.what = n.what AND s.name = n.name)
    ORDER BY f.brand_id, n.what, n.name
    ON CONFLICT DO NOTHING
"""
Said = tuple[int, str, str]  # feed, what, name


def apply(events: Sequence[Claimed], now: datetime) -> None:
    """Of custom events and tags; bets tell theirs themselves, once it is known what they are."""
    said: set[Said] = set()
    for event in events:
        if event.kind.startswith("custom."):
            said.add((event.feed_id, SeenName.What.EVENT, event.kind))
        elif event.kind == "player.tagged":
            said |= {(event.feed_id, SeenName.What.TAG, tag) for tag in event.properties.get("add", ())}
    keep(said, now)


def keep(said: Iterable[Said], now: datetime) -> None:
    names = [{"feed": feed, "what": str(what), "name": name} for feed, what, name in sorted(said) if name]
    if names:
        prepared.run(_KEEP, {"names": json.dumps(names), "now": now})
