"""Labels the PAM puts on a player and takes off again."""

from datetime import datetime
from typing import Any

from players.pam.generic.fields import text
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to
from players.pam.generic.shapes import list_of

_TAGS = list_of(text(40), 20)


def _tagged(properties: dict[str, Any], occurred_at: datetime) -> None:
    if not properties:
        raise Refused("missing", "Name tags to add, to remove, or both.", pointer_to("properties", "add"))
    if both := set(properties.get("add", ())) & set(properties.get("remove", ())):
        raise Refused(
            "contradiction", f'The tag "{min(both)}" is both added and removed.', pointer_to("properties", "remove")
        )


KINDS = [
    kind(
        "player.tagged", "Tags put on a player, taken off, or both. Per tag the newest word counts, by occurred_at.",
        {}, {"add": _TAGS, "remove": _TAGS}, example={"add": ["vip-watch"], "remove": ["newcomer"]},
        whole=_tagged, any_of=("add", "remove"),
        wrong=(
            Wrong({}, "missing", "/add"),
            Wrong({"add": ["a"], "remove": ["a"]}, "contradiction", "/remove"),
            Wrong({"add": ["a", " "]}, "empty", "/add/1"),
        ),
    ),
]  # fmt: skip
