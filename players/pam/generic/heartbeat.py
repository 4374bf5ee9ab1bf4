"""The feed is alive, and how far it has got."""

from players.pam.generic.fields import SEQUENCE
from players.pam.generic.kinds import kind

KINDS = [
    kind(
        "feed.heartbeat",
        "Every 10 seconds, with the highest sequence sent so far. Names no player.",
        {"sequence": SEQUENCE},
        example={"sequence": 48213},
        has_player=False,
    )
]
