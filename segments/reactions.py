"""What segments do when the fold has moved players on."""

from typing import TYPE_CHECKING

from segments.membership import refresh

if TYPE_CHECKING:
    from players.folding import Batch


def refresh_touched(batch: "Batch") -> None:
    """Fold stage: only the touched players, against the live segments of their brand."""
    refresh(batch.player_ids, now=batch.now, cause="events", is_replay=batch.is_replay)
