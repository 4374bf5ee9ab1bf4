"""What segments do when the fold has moved players on."""

from players.batches import Batch
from segments.membership import refresh


def refresh_touched(batch: Batch) -> None:
    """Fold stage: only the touched players, against the live segments of their brand."""
    refresh(batch.player_ids, now=batch.now, cause="events", is_replay=batch.is_replay)
