"""The work itself: files that came, and of one of them the next thousand lines, committed with how far that is.

A task is a wake-up call; the row says what is to do. Killed at any moment, whoever comes next goes on behind
the last committed line: nothing is lost, nothing is done twice.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

import structlog
from django.db import InterfaceError, OperationalError, transaction

from config.lib.wake import wake
from players import inbox, restricting
from players.drops import columns, files
from players.drops.errors import error_lines
from players.drops.lines import Line, lines
from players.inbox import Receipt
from players.intake import Aside
from players.models import DropFile, Feed
from players.pam.generic.fields import instant
from players.pam.generic.kinds import Refused
from players.pam.generic.reading import Malformed, Unreadable, is_storable, parse

log = structlog.get_logger(__name__)

BATCH = 1000
FEW = 20  # people whom one transaction restricts: it holds them all until it commits, and whoever writes to them waits
SETTLED = 5.0  # seconds without a change, before a file counts as complete
LEASE = timedelta(seconds=60)
BREATH = 0.01  # seconds between two batches, in which the fold gets its turn
GIVES_UP = 12  # a thousand halved ten times is one
PAUSE = timedelta(seconds=5)
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd")


def work(*, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Takes new files and reads until nothing waits or `seconds` are over; returns how many lines were committed."""
    until, read = time.monotonic() + seconds, 0
    look(now=clock())
    while time.monotonic() < until and (pk := _claim(clock())) is not None:
        while time.monotonic() < until and (count := step(pk, now=clock())):
            read += count
            time.sleep(BREATH)
        if time.monotonic() >= until:
            DropFile.objects.filter(pk=pk, status=DropFile.Status.READING).update(due_at=clock())
    if read and DropFile.objects.filter(status=DropFile.Status.READING, due_at__lte=clock()).exists():
        wake("players.tasks.take_drops")
    return read


def look(*, now: datetime) -> int:
    """Writes down the files that came since; returns how many."""
    came = 0
    for feed in Feed.objects.select_related("brand").order_by("id"):
        try:
            with files.folder(feed) as within:
                _tidy(within)
                complete = [one for one in files.waiting(within) if one.changed_at < now.timestamp() - SETTLED]
                came += sum(_take(feed, within, one, now) for one in complete)
        except files.Away:
            continue
    return came


def _take(feed: Feed, within: int, found: files.Found, now: datetime) -> bool:
    """The row first, then the move: a crash in between leaves a file that is found again, with its row."""
    row, _ = DropFile.objects.get_or_create(
        feed=feed, name=found.name, stamp=found.stamp,
        defaults={"kind": found.kind, "size": found.size, "seen_at": now, "due_at": now},
    )  # fmt: skip
    if row.status == DropFile.Status.READING:
        return files.take(within, found.name, row.stored)
    # The same file once more, put back from done: it was read, and reading it again would change nothing.
    files.take(within, found.name, row.stored)
    files.finish(within, row.stored, files.DONE if row.status == DropFile.Status.DONE else files.REFUSED)
    return False


def _tidy(within: int) -> None:
    """Files that were finished by somebody who did not live to move them."""
    for stored in files.in_work(within):
        number = stored.partition("-")[0]
        row = DropFile.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
        if row is not None and row.stored == stored and row.status != DropFile.Status.READING:
            files.finish(within, stored, files.DONE if row.status == DropFile.Status.DONE else files.REFUSED)


def _claim(now: datetime) -> int | None:
    with transaction.atomic():
        due = DropFile.objects.select_for_update(skip_locked=True).filter(
            status=DropFile.Status.READING, due_at__lte=now
        )  # fmt: skip
        found = due.order_by("due_at", "id").values_list("pk", flat=True).first()
        if found is not None:
            DropFile.objects.filter(pk=found).update(due_at=now + LEASE)
        return found


def step(pk: int, *, now: datetime) -> int:
    """The next lines of one file; how many. 0 = there are none, or they have to wait."""
    row = DropFile.objects.select_related("feed__brand").get(pk=pk)
    if row.status != DropFile.Status.READING:
        return 0
    try:
        with files.folder(row.feed) as within, files.reading(within, row.stored, row.stamp) as file:
            return _next(row, within, file, now)
    except (files.Away, columns.NoHeader) as problem:
        _refuse(row, str(problem) or "The folder of this feed is gone.", now)
    except (OperationalError, InterfaceError, OSError):  # nothing is wrong with the lines
        log.exception("drop_interrupted", drop=pk, line=row.line)
        DropFile.objects.filter(pk=pk).update(due_at=now + PAUSE)
    except Exception as error:
        log.exception("drop_failed", drop=pk, line=row.line)
        trouble = f"After line {row.line}: {type(error).__name__}. Tried again in smaller pieces."
        DropFile.objects.filter(pk=pk).update(tries=row.tries + 1, trouble=trouble, due_at=now)
    return 0


def _next(row: DropFile, within: int, file: BinaryIO, now: datetime) -> int:
    if row.line == 0 and row.offset == 0:
        _begin(row, file)
    # Lines that brought us down come in ever smaller pieces; the one that does it alone is left out.
    found = _few(islice(lines(file, row.offset, row.line), max(1, BATCH >> row.tries)))
    if not found:
        _finish(row, within, now)
        return 0
    with transaction.atomic():
        locked = DropFile.objects.select_for_update(no_key=True).get(pk=row.pk)
        if (locked.status, locked.line) != (row.status, row.line):
            return 0  # somebody else went on with it
        _accept(row, within, found, now)
    return len(found)


def _few(coming: Iterable[Line]) -> list[Line]:
    """Up to the line that restricts the last of a FEW people."""
    found, restricted = list[Line](), 0
    for line in coming:
        found.append(line)
        restricted += restricting.in_bytes(line.raw)
        if restricted == FEW:
            break
    return found


def _begin(row: DropFile, file: BinaryIO) -> None:
    """Raises NoHeader for what is not a table or lines of text."""
    start = file.read(8)
    if start.startswith(_PACKED) or b"\0" in start:
        raise columns.NoHeader("It is packed or not text. Put it there unpacked.")
    if row.kind not in ("csv", "ndjson"):
        raise columns.NoHeader("Only .csv, .ndjson and .jsonl are read.")
    if row.kind == "csv":
        first = next(lines(file, 0, 0), None)
        if first is None:
            raise columns.NoHeader("It is empty.")
        delimiter, names = columns.header(first.raw)
        row.columns = {"delimiter": delimiter, "names": names}
        row.line, row.offset = first.number, first.end
        # Kept at once, so that the first batch finds the row as it is here.
        DropFile.objects.filter(pk=row.pk).update(columns=row.columns, line=row.line, offset=row.offset)


def _accept(row: DropFile, within: int, found: Sequence[Line], now: datetime) -> None:
    gives_up = len(found) == 1 and row.tries >= GIVES_UP
    values = [_value(row, line) for line in found]
    asides = [_aside(line, value, gives_up) for line, value in zip(found, values, strict=True)]
    receipt = inbox.accept(
        row.feed, values, now=now, raw_of=lambda index: _raw(row, found[index], values[index]), asides=asides
    )
    more = error_lines(found, receipt, with_header=row.errors_size == 0)
    if more:
        row.errors_size = files.note_errors(within, row.stored, row.errors_size, more)
    _advance(row, found[-1], receipt, values, now)


def _value(row: DropFile, line: Line) -> Any:
    if line.too_long:
        return Unreadable(f"The line is longer than {len(line.raw) // 1024} kB, which no event is.")
    if row.columns is not None:
        return columns.event(line.raw, row.columns["delimiter"], row.columns["names"])
    raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
    try:
        value = parse(raw)
    except Malformed as error:
        return Unreadable(error)
    return value if is_storable(value) else Unreadable("A text holds a character that cannot be stored.")


def _aside(line: Line, value: Any, gives_up: bool) -> Aside:
    if isinstance(value, Unreadable):
        return Aside(refused=Refused("too_long" if line.too_long else "malformed", str(value)))
    if gives_up:
        return Aside(refused=Refused("not_applied", "This line could not be applied, and was tried several times."))
    return Aside()


def _raw(row: DropFile, line: Line, value: Any) -> bytes:
    """As received; an event from columns as the event it is, so that it can be tried again."""
    is_event = row.columns is not None and isinstance(value, dict) and value.get("event_id")
    return columns.as_json(value) if is_event else line.raw


def _advance(row: DropFile, last: Line, receipt: Receipt, values: Sequence[Any], now: datetime) -> None:
    newest = _newest(values, receipt)
    row.newest_at = max((at for at in (row.newest_at, newest) if at), default=None)
    row.accepted += receipt.accepted
    row.duplicate += receipt.duplicate
    row.quarantined += receipt.quarantined
    row.line, row.offset, row.due_at = last.number, last.end, now + LEASE
    row.tries, row.trouble = max(0, row.tries - 1), ""
    row.save()


def _newest(values: Sequence[Any], receipt: Receipt) -> datetime | None:
    taken = [value for value, result in zip(values, receipt.results, strict=True) if result["status"] != "quarantined"]
    return max((instant(value["occurred_at"]) for value in taken), default=None)


def _finish(row: DropFile, within: int, now: datetime) -> None:
    """The row first: a crash in between leaves the file in `working`, which `look` tidies up."""
    DropFile.objects.filter(pk=row.pk).update(status=DropFile.Status.DONE, finished_at=now, tries=0, trouble="")
    files.finish(within, row.stored, files.DONE)


def _refuse(row: DropFile, trouble: str, now: datetime) -> None:
    log.warning("drop_refused", drop=row.pk, trouble=trouble)
    DropFile.objects.filter(pk=row.pk).update(
        status=DropFile.Status.REFUSED, finished_at=now, trouble=trouble[:300]
    )  # fmt: skip
    try:
        with files.folder(row.feed) as within:
            files.finish(within, row.stored, files.REFUSED)
    except files.Away:
        pass
