"""What a change of state touched, and telling the stages above in config/flow.py.

Each stage runs in a savepoint, so that a bug in wagering never stops folding: one that fails leaves an
owed row with the batch, and the others go on.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from config.lib import flow
from config.lib.redaction import logged
from config.lib.wake import wake_on_commit
from players.facts import LONGEST_BACKOFF
from players.models import Fact, Owed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Players and rounds of one fold, ids ascending. `round_ids` are rounds that were new;
    `rollback_ids` are players_roundrollback rows that were new, whether or not their round is known yet. `played`: the first
    and last moment of the rounds, where known. `holds_locks`: the state rows are locked by this transaction already;
    not so when a stage that failed is run again."""

    player_ids: list[int]
    round_ids: list[int]
    facts: list[Fact]
    now: datetime
    is_replay: bool = False
    rollback_ids: list[int] = field(default_factory=list)
    played: tuple[datetime, datetime] | None = None
    holds_locks: bool = False

    def as_json(self) -> dict[str, Any]:
        """What an Owed row keeps of it. `now` is not kept: whoever does it later says when.
        Nor is `played`: later, looking everywhere is soon enough."""
        return {
            "player_ids": self.player_ids,
            "round_ids": self.round_ids,
            "rollback_ids": self.rollback_ids,
            "fact_ids": [fact.id for fact in self.facts],
            "replay": self.is_replay,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any], *, now: datetime) -> "Batch":
        facts = list(Fact.objects.filter(id__in=kept["fact_ids"]).order_by("id"))
        return cls(kept["player_ids"], kept["round_ids"], facts, now, kept["replay"], kept["rollback_ids"])


def stages() -> list[str]:
    """Dotted paths of config/flow.py, in order."""
    paths: list[str] = import_string(f"{settings.FLOW}.FOLD_STAGES")
    return paths


def tell(batch: Batch) -> None:
    """Runs every stage on `batch`. One that fails leaves an owed row and the others go on."""
    try:
        with transaction.atomic():  # one savepoint while all goes well
            for path in stages():
                flow.call(path, batch)
    except Exception:
        log.warning("fold_stages_one_by_one", players=len(batch.player_ids))
        _one_by_one(batch)


def tell_of_file(batch: Batch) -> None:
    """What came in behind the fold's back, to the one stage of the flow that acts on it. It fails as in the fold."""
    _tell_one(import_string(f"{settings.FLOW}.BY_FILE"), batch)


def _one_by_one(batch: Batch) -> None:
    for path in stages():
        _tell_one(path, batch)


def _tell_one(path: str, batch: Batch) -> None:
    try:
        with transaction.atomic():
            flow.call(path, batch)
    except Exception as error:
        log.exception("fold_stage_failed", stage=path, players=len(batch.player_ids))
        owe(path, batch, error=error)


def owe(path: str, batch: Batch, *, error: Exception | None = None) -> None:
    """A promise to run the stage for this batch later."""
    Owed.objects.create(
        reaction=path,
        batch=batch.as_json(),
        due_at=batch.now + timedelta(seconds=5 if error else 0),
        tries=1 if error else 0,
        error=_words(error) if error else "",
    )
    wake_on_commit("players.tasks.settle_stages")


def settle(*, now: datetime, limit: int = 20) -> int:
    """Runs owed stages again, one transaction each, oldest first; returns how many got done."""
    done = 0
    for _ in range(limit):
        with transaction.atomic():
            row = (
                Owed.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(due_at__lte=now, fact__isnull=True)
                .order_by("due_at", "id")
                .first()
            )
            if row is None:
                break
            done += _again(row, now)
    return done


def _again(row: Owed, now: datetime) -> int:
    batch = Batch.from_json(row.batch or {}, now=now)
    try:
        with transaction.atomic():
            flow.call(row.reaction, batch)
    except Exception as error:
        log.exception("owed_stage_failed", stage=row.reaction, tries=row.tries + 1)
        wait = timedelta(seconds=min(5 * 2 ** min(row.tries, 10), LONGEST_BACKOFF))
        Owed.objects.filter(id=row.id).update(tries=row.tries + 1, error=_words(error), due_at=now + wait)
        return 0
    row.delete()
    return 1


def _words(error: Exception) -> str:
    return logged(f"{type(error).__name__}: {error}")[:2000]
