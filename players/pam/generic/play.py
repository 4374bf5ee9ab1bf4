"""Finished sessions, closed rounds and settled bets."""

from datetime import datetime, timedelta
from typing import Any

from players.pam.generic.fields import AMOUNT, CATEGORY, INSTANT, text
from players.pam.generic.kinds import Refused, kind, pointer_to

LONGEST_SESSION = timedelta(days=2)
_WHAT = {"category": CATEGORY, "game_id": text(64)}


def _session(properties: dict[str, Any], occurred_at: datetime) -> None:
    length = occurred_at - datetime.fromisoformat(properties["started_at"])
    if not timedelta(0) <= length <= LONGEST_SESSION:
        raise Refused(
            "implausible", "A session ends after it started and within two days; occurred_at is its end.",
            pointer_to("properties", "started_at"),
        )  # fmt: skip


def _round(properties: dict[str, Any], occurred_at: datetime) -> None:
    if "category" not in properties and "game_id" not in properties:
        raise Refused("missing", "A round names its category or its game_id.", pointer_to("properties", "category"))


KINDS = [
    kind(
        "session.ended", "A game session is over; occurred_at is its end.",
        {"session_id": text(100), "started_at": INSTANT, "category": CATEGORY},
        {"game_id": text(64), "device": text(12)},
        example={"session_id": "s-77", "started_at": "2026-03-03T11:15:00Z", "category": "slots", "device": "mobile"},
        whole=_session,
    ),
    kind(
        "round.settled", "A closed round or a settled sports bet. One of category and game_id must be there.",
        {
            "round_id": text(100), "stake_real": AMOUNT, "stake_bonus": AMOUNT,
            "win_real": AMOUNT, "win_bonus": AMOUNT,
        },
        _WHAT | {"session_id": text(100)},
        example={
            "round_id": "r-90210", "game_id": "book-of-sun", "stake_real": 200, "stake_bonus": 0,
            "win_real": 350, "win_bonus": 0, "session_id": "s-77",
        },
        whole=_round,
    ),
    kind(
        "round.rolled_back", "The supplier took a round back: stake and win both vanish.",
        {"round_id": text(100)}, example={"round_id": "r-90210"},
    ),
]  # fmt: skip
