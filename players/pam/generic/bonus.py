"""What became of a bonus we granted, as the PAM sees it."""

from players.pam.generic.fields import text
from players.pam.generic.kinds import kind

KINDS = [
    kind(
        f"bonus.{status}",
        f"A granted bonus was {status}.",
        {"grant_ref": text(100)},
        example={"grant_ref": "g-2026-17"},
    )
    for status in ("claimed", "forfeited", "expired")
]
