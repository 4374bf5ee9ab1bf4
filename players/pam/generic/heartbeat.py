"""The feed is alive, and how far it has got."""

from players.families import FAMILIES
from players.pam.generic.fields import SEQUENCE
from players.pam.generic.kinds import kind
from players.pam.generic.shapes import map_of

KINDS = [
    kind(
        "feed.heartbeat",
        "Every 10 seconds, with the highest sequence sent so far; `families` says the same per family of events. "
        "Names no player. Without heartbeats and events a feed goes stale, and what depends on it pauses.",
        {"sequence": SEQUENCE},
        {"families": map_of(tuple(FAMILIES), SEQUENCE)},
        example={"sequence": 48213, "families": {"payments": 911, "restrictions": 40}},
        has_player=False,
    )
]
