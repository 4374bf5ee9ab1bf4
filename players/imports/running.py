"""The work itself: five hundred lines, committed together with how far that is, then the next.

A task is a wake-up call; the row says what is to do. Killed at any moment, whoever comes next goes on behind
the last committed line: nothing is lost, nothing is done twice.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q

from config.lib.wake import wake
from players.imports import errors, repeats, upload
from players.imports.fields import BY_KIND, Row, read
from players.imports.into import Bring, Job, Outcome, accounts, consents, history, lists, own, payments
from players.imports.sheet import Broken, Line, Sheet
from players.imports.values import Reading, Wrong
from players.models.imports import Import

log = structlog.get_logger(__name__)

CHUNK = 500
LEASE = timedelta(seconds=60)
BREATH = 0.02  # seconds between two chunks, in which the fold gets its turn
_POISON = (DataError, IntegrityError)
_INTO: dict[str, Bring] = {
    "players": accounts.bring,
    "contacts": accounts.bring_contacts,
    "consents": consents.bring,
    "history": history.bring,
    "payments": payments.bring,
    "list": lists.bring,
    "suppressions": lists.bring_suppressions,
    "attributes": own.bring,
}


def work(*, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Brings lines in until nothing waits or `seconds` are over; returns how many."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and (pk := _claim(clock())):
        before = done
        while time.monotonic() < until and (lines := step(pk, now=clock())):
            done += lines
            time.sleep(BREATH)
        Import.objects.filter(pk=pk).update(lease_until=None)
        if done == before:
            break
    if Import.objects.filter(status__in=Import.RUNNING).exists() and done:
        wake("players.tasks.run_imports")
    return done


def _claim(now: datetime) -> int | None:
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        due = Import.objects.select_for_update(skip_locked=True).filter(free, status__in=Import.RUNNING)
        found = due.order_by("id").values_list("pk", flat=True).first()
        if found:
            Import.objects.filter(pk=found).update(lease_until=now + LEASE)
        return found


def step(pk: int, *, now: datetime) -> int:
    """The next lines of one import, in one transaction; how many. 0 = it is over, or nobody wants it any more.

    Raises what Django raises when the database is away: nothing of these lines is in, and the import goes on later."""
    try:
        with transaction.atomic():
            # The import's row alone: whatever is told of a player of this brand needs the brand's.
            mine = Import.objects.select_for_update(no_key=True, of=("self",))
            one = mine.select_related("brand").get(pk=pk)
            if not one.running:
                return 0
            lines = _next(one)
            if lines:
                _bring(one, lines, now)
            else:
                _finish(one, now)
            one.lease_until = now + LEASE
            one.save()
            return len(lines)
    except (Broken, OSError, UnicodeDecodeError) as error:
        _fail(pk, str(error), now)
    except (InterfaceError, OperationalError):  # the database's trouble and not the file's: the lease brings it back
        raise
    except Exception:
        log.exception("import_failed", id=pk)
        _fail(pk, "Something we did not expect. What is committed stays; the rest was not touched.", now)
    return 0


def _next(one: Import) -> list[Line]:
    sheet = Sheet(upload.path_of(one.token), one.delimiter)
    return list(islice(sheet.rows(one.offset or one.start, one.line), CHUNK))


def reading(one: Import, now: datetime) -> Reading:
    return Reading(one.options.get("dates", "ymd"), one.brand.timezone, now + timedelta(days=1))


def _bring(one: Import, lines: Sequence[Line], now: datetime) -> None:
    kind, width, how = BY_KIND[one.kind], len(one.header), reading(one, now)
    rows: list[Row] = []
    refused: list[tuple[Line, str]] = []
    for line in lines:
        try:
            rows.append(read(kind, one.mapping, line, width, how))
        except Wrong as wrong:
            refused.append((line, str(wrong)))
    job = Job(one.brand, one.pk, one.dry, now, one.options.get("amounts") == "minor", one.list_name)
    bring = partial(_whole_or_halves, _INTO[one.kind], job)
    outcome = repeats.once(_seen(one.token), one.kind, rows, bring) if one.dry else bring(rows)
    refused += [(row.line, why) for row, why in outcome.refused]
    refused.sort(key=lambda pair: pair[0].number)
    one.new += outcome.new
    one.changed += outcome.changed
    one.unchanged += outcome.unchanged
    one.refused += len(refused)
    one.line, one.offset = lines[-1].number, lines[-1].end
    if refused:
        _note(one, refused)


def _whole_or_halves(bring: Bring, job: Job, rows: list[Row]) -> Outcome:
    """A line the tables cannot hold must not take the others with it: halve until it stands alone."""
    if not rows:
        return Outcome()
    try:
        with transaction.atomic():
            return bring(job, rows)
    except _POISON as error:
        if len(rows) == 1:
            log.warning("import_line_refused", id=job.id, line=rows[0].line.number, error=type(error).__name__)
            return Outcome(refused=[(rows[0], "A value in this line does not fit where it would be kept.")])
    half = len(rows) // 2
    outcome = _whole_or_halves(bring, job, rows[:half])
    outcome.add(_whole_or_halves(bring, job, rows[half:]))
    return outcome


def _note(one: Import, refused: list[tuple[Line, str]]) -> None:
    more = errors.header(one.header) if one.errors_size == 0 else b""
    more += errors.lines((line.number, why, line.cells) for line, why in refused)
    one.errors_size = errors.append(upload.errors_of(one.token), one.errors_size, more)


def _seen(token: str) -> Path:
    return upload.folder() / f"{token}.seen"


def _finish(one: Import, now: datetime) -> None:
    if one.dry:
        one.checked = {name: getattr(one, name) for name in ("new", "changed", "unchanged", "refused")}
        one.status = Import.Status.CHECKED
        _seen(one.token).unlink(missing_ok=True)
    else:
        one.status, one.finished_at = Import.Status.DONE, now


def _fail(pk: int, why: str, now: datetime) -> None:
    Import.objects.filter(pk=pk, status__in=Import.RUNNING).update(
        status=Import.Status.FAILED, note=why[:300], finished_at=now, lease_until=None
    )


# --- what an operator asks for ----------------------------------------------------------------------


def check(one: Import, *, now: datetime) -> None:
    """From the first line, counting only. What an earlier check counted, under other columns perhaps, is void: an
    import that was never checked to its end cannot be gone on with."""
    one.checked = {}
    _begin(one, Import.Status.CHECKING, now)


def go(one: Import, *, now: datetime) -> None:
    """From the first line, for good."""
    _begin(one, Import.Status.IMPORTING, now)


def _begin(one: Import, status: Import.Status, now: datetime) -> None:
    for path in (_seen(one.token), upload.errors_of(one.token)):
        path.unlink(missing_ok=True)
    one.line = one.offset = one.new = one.changed = one.unchanged = one.refused = one.errors_size = 0
    one.status, one.note, one.started_at, one.finished_at, one.lease_until = status, "", now, None, None
    one.save()
    transaction.on_commit(lambda: wake("players.tasks.run_imports"), robust=True)


def resume(one: Import, *, now: datetime) -> None:
    """Behind the last committed line, after a failure or a change of mind."""
    one.status, one.note, one.finished_at, one.lease_until = Import.Status.IMPORTING, "", None, None
    one.save(update_fields=["status", "note", "finished_at", "lease_until"])
    transaction.on_commit(lambda: wake("players.tasks.run_imports"), robust=True)


def cancel(pk: int, *, now: datetime) -> None:
    """After the lines being written at this moment; what is in stays in."""
    Import.objects.filter(pk=pk, status__in=[*Import.RUNNING, "uploaded", "checked", "failed"]).update(
        status=Import.Status.CANCELLED, finished_at=now
    )


def purge(*, now: datetime, keep: timedelta) -> int:
    """Deletes files older than `keep`, and of imports that are over: they hold personal data. How many."""
    old = Import.objects.filter(purged_at=None, created_at__lt=now - keep).exclude(status__in=Import.RUNNING)
    done = 0
    for one in old.order_by("id")[:100]:
        upload.discard(one.token)
        _seen(one.token).unlink(missing_ok=True)
        Import.objects.filter(pk=one.pk).update(purged_at=now)
        done += 1
    return done
