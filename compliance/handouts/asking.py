"""Who wanted which file, and its making, in the background."""

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from compliance import audit
from compliance.handouts import access, contents, tables
from compliance.models import Handout, Operator
from config.lib.wake import wake_on_commit
from players.models import Brand, Player

log = structlog.get_logger(__name__)
GOOD_FOR = timedelta(days=7)


def ask(kind: str, brand: Brand, player: Player | None, rule: str, since: datetime, until: datetime, operator: Operator,
        reason: str, *, now: datetime) -> Handout:  # fmt: skip
    """Inside atomic."""
    made = Handout.objects.create(
        kind=kind, brand=brand, player=player, rule=rule, since=since, until=until, operator=operator, reason=reason,
        created_at=now, expires_at=now + GOOD_FOR, token=secrets.token_hex(16),
    )  # fmt: skip
    after = {"kind": kind, "rule": rule, "since": since, "until": until, "export": made.pk}
    subject = f"player:{player.pk}" if player else f"brand:{brand.pk}"
    audit.record(operator, "export.asked", subject, brand=brand.pk, reason=reason, after=after)
    wake_on_commit("compliance.tasks.make_exports")
    return made


def work(*, clock: Callable[[], datetime]) -> int:
    """Makes what waits, one after the other, and deletes files whose week is over; how many were made."""
    purge(now=clock())
    made = 0
    while (wanted := _claim()) is not None:
        with transaction.atomic():
            one = Handout.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=wanted, status="waiting")
            row = one.select_related("brand__licence", "player", "operator").first()
            if row is None:
                return made
            _make(row, clock)
        made += 1
    return made


def _claim() -> int | None:
    return Handout.objects.filter(status=Handout.Status.WAITING).order_by("pk").values_list("pk", flat=True).first()


def _make(row: Handout, clock: Callable[[], datetime]) -> None:
    try:
        with transaction.atomic(), tempfile.TemporaryDirectory() as place:
            folder = Path(place) / row.name
            folder.mkdir()
            writer = access if row.kind == Handout.Kind.ACCESS else tables
            row.rows = writer.write(row, folder, now=clock())
            made = Path(shutil.make_archive(str(folder), "zip", place, row.name))
            target = path_of(row)
            shutil.move(made, target)
            target.chmod(0o600)
        row.size, row.digest = target.stat().st_size, hashlib.sha256(target.read_bytes()).hexdigest()
        row.status, row.finished_at = Handout.Status.READY, clock()
    except contents.TooMany as error:
        row.status, row.error, row.finished_at = Handout.Status.FAILED, str(error), clock()
    except Exception:
        log.exception("handout_failed", id=row.pk)
        words = "Something we did not expect; ask for it again."
        row.status, row.error, row.finished_at = Handout.Status.FAILED, words, clock()
    row.save()
    after = {"export": row.pk, "rows": row.rows, "digest": row.digest, "status": row.status}
    subject = f"player:{row.player_id}" if row.player_id else f"brand:{row.brand_id}"
    audit.record(row.operator, "export.made", subject, brand=row.brand_id, reason=row.reason, after=after)


def path_of(row: Handout) -> Path:
    """In the data directory, readable by us alone, under a name nobody chose."""
    folder: Path = settings.DATA_DIR / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{row.token}.zip"


def is_there(row: Handout, *, now: datetime) -> bool:
    return row.status == Handout.Status.READY and row.purged_at is None and now < row.expires_at


def purge(*, now: datetime) -> int:
    over = Q(expires_at__lte=now) | Q(status=Handout.Status.FAILED)
    due = list(Handout.objects.filter(over, purged_at=None)[:100])
    for row in due:
        path_of(row).unlink(missing_ok=True)
        Handout.objects.filter(pk=row.pk).update(purged_at=now)
    return len(due)
