"""What a file says of identity checks. The newest word counts, as in the feed.

A word without a date does not know what was said since: it may take a verification away, and it counts where nobody
has said anything; it never makes a player verified against what is known.
"""

from collections.abc import Sequence
from datetime import datetime

from players.at_once import caution, last_told
from players.facts import NewFact
from players.imports.fields import Row
from players.imports.into import Job
from players.models import Player

_KIND = "player.kyc"


def words(job: Job, rows: Sequence[tuple[Row, Player]]) -> dict[int, NewFact]:
    """player id -> the fact, of those whose line says something new. Hold the accounts' rows before asking."""
    telling = [
        (row, player)
        for row, player in rows
        if "kyc" in row.values and ("kyc_at" in row.values or row.values["kyc"] != player.kyc)
    ]
    told = last_told(sorted(player.pk for _, player in telling)) if telling else {}
    found = {}
    for row, player in telling:
        last = told.get((player.pk, "kyc"))
        at = _dated(row, last) if "kyc_at" in row.values else _undated(job, player, last is not None)
        if at is not None:
            key, data = f"import:{job.id}:{row.line.number}:kyc", {"status": row.values["kyc"], "import": job.id}
            found[player.pk] = NewFact(_KIND, player.pk, at, key, data, is_replay=True)
    return found


def _dated(row: Row, last: tuple[datetime, int] | None) -> datetime | None:
    at: datetime = row.values["kyc_at"]
    place = (at, caution(_KIND, {"status": row.values["kyc"]}))
    return at if last is None or place > last else None


def _undated(job: Job, player: Player, is_told: bool) -> datetime | None:
    """When such a word counts, and from when: where it is the first, anything the feed ever says comes after it."""
    if not is_told and player.kyc == Player.Kyc.NONE:
        return player.registered_at
    return job.now if player.kyc == Player.Kyc.VERIFIED else None
