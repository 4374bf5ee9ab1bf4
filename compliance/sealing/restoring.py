"""An older copy of the database was put back: a person declares it, signed, and the trail goes on in a new epoch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from compliance import audit
from compliance.models import Block, Operator
from compliance.sealing import anchor, checking
from compliance.sealing.verifier import GENESIS


class CannotDeclare(ValueError):
    """The message says why."""


@dataclass(frozen=True)
class Cut:
    """Where what is here parts from what was signed outside."""

    agreed: list[dict[str, Any]]  # checkpoints whose blocks are here as they were signed, up to the first that is not
    lost: dict[str, Any]  # the last one signed since

    @property
    def block(self) -> int:
        return int(self.agreed[-1]["block"]) if self.agreed else 0

    @property
    def hash(self) -> str:
        return str(self.agreed[-1]["hash"]) if self.agreed else GENESIS


def cut() -> Cut | None:
    """None when all that was signed outside is here."""
    agreed: list[dict[str, Any]] = []
    points = anchor.read()
    for start in range(0, len(points), 1000):
        some = points[start : start + 1000]
        rows = Block.objects.filter(number__in=[point["block"] for point in some]).values_list("number", "hash")
        here = {number: bytes(digest).hex() for number, digest in rows}
        for point in some:
            if here.get(point["block"]) != point["hash"]:
                return Cut(agreed, points[-1])
            agreed.append(point)
    return None


def declare(actor: Operator, reason: str, *, now: datetime) -> dict[str, Any]:
    """Writes what is in `restorations.jsonl` from now on. Reads the whole trail: what went before the cut is as it was.

    Raises CannotDeclare where nothing is missing, or more is wrong than an older copy explains.
    """
    found = cut()
    if found is None:
        raise CannotDeclare("All that was signed outside is here: there is no restore to declare.")
    seen, epoch = found.lost, len(anchor.restored()) + 2
    told = {
        "epoch": epoch, "block": found.block, "hash": found.hash, "lost": seen["block"], "lost_hash": seen["hash"],
        "lost_at": seen["at"], "at": now.isoformat(), "by": actor.name, "reason": reason,
    }  # fmt: skip
    with transaction.atomic():
        after = {"epoch": epoch, "from_block": found.block + 1, "lost_until_block": seen["block"],
                 "signed_outside_until": seen["at"]}  # fmt: skip
        audit.record(actor, "trail.restored", f"trail:{epoch}", brand=None, reason=reason, after=after)
        with connection.cursor() as db:
            db.execute("SELECT compliance_new_epoch()")
        report = checking.check(checkpoints=found.agreed)
        if not report.intact:
            block, what = report.problems[0]
            raise CannotDeclare(f"An older copy does not explain this: block {block} {what}.")
    return anchor.write_restored(told)
