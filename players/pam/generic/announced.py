"""Something changed and will be told apart: unknown from this moment on, and unknown is a no."""

from players.pam.generic.kinds import kind

KINDS = [
    kind(
        "rg.announced",
        "Something about this player's restrictions changed and is not told yet: no promotion and no bonus until "
        "it is. `rg.baseline` of this moment or later opens again.",
        {}, example={}, at_once=True,
    ),
    kind(
        "consent.announced",
        "This player's consents changed and are not told yet: none counts until `consent.changed` of this moment "
        "or later says so, one product and channel at a time.",
        {}, example={}, at_once=True,
    ),
]  # fmt: skip
