"""Folding: waiting events become facts and the state of the players they are about.

In micro-batches of whatever is there, set-based, one transaction each, one applier at a time per shard of
players. The order
events arrive in does not matter, nor how often: sums are added once per fact, instants are greatest and
least, and what neither can tell is read again from the facts.
"""

from players.batches import Batch
from players.folding.backlog import fold_backlog
from players.folding.claim import born
from players.folding.fold import fold_pending

__all__ = ["Batch", "born", "fold_backlog", "fold_pending"]
