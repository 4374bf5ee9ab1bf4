"""The folder of a feed. Whoever may put files there must not be able to make us read or move anything else."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from players.models import Feed

WORKING, DONE, REFUSED, ERRORS = "working", "done", "refused", "errors"
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_KINDS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_UNFINISHED = (".part", ".tmp", ".filepart")


class Away(Exception):
    """There is no such folder or file, or it is not a plain one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies there. `stamp`: inode, size and time of change, which together are this very file."""

    name: str
    kind: str  # csv, ndjson; empty for what we do not read
    size: int
    changed_at: float
    stamp: str


@contextmanager
def folder(feed: Feed) -> Iterator[int]:
    """The open folder of a feed, as descriptor. Raises Away when it has none."""
    parts = (feed.brand.slug, feed.name)
    if not settings.DROPS_DIR or not all(_PART.fullmatch(part) for part in parts):
        raise Away
    opened: list[int] = []
    try:
        opened.append(_open(settings.DROPS_DIR, None))  # the administrator's own path may well be a link
        for part in parts:
            opened.append(_open(part, opened[-1]))
        for name in (WORKING, DONE, REFUSED, ERRORS):
            try:
                os.mkdir(name, 0o700, dir_fd=opened[-1])
            except FileExistsError:
                pass
        yield opened[-1]
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _open(name: str, within: int | None) -> int:
    flags = _FOLDER if within is not None else _FOLDER & ~os.O_NOFOLLOW
    try:
        return os.open(name, flags, dir_fd=within)
    except OSError as error:
        raise Away(str(error)) from None


@contextmanager
def _within(within: int, name: str) -> Iterator[int]:
    """One of our own folders in it; a link in its place is not followed."""
    descriptor = _open(name, within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def waiting(within: int) -> list[Found]:
    """Files that lie there complete or not, oldest first. Links, folders and odd names are not among them."""
    found = []
    with os.scandir(within) as entries:
        for entry in entries:
            if not _NAME.fullmatch(entry.name) or entry.name.lower().endswith(_UNFINISHED):
                continue
            try:
                info = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            # A second name of a file elsewhere could be anybody's file: only those with a single one count.
            if stat.S_ISREG(info.st_mode) and info.st_nlink == 1:
                found.append(_found(entry.name, info))
    return sorted(found, key=lambda one: (one.changed_at, one.name))


def _found(name: str, info: os.stat_result) -> Found:
    kind = _KINDS.get(Path(name).suffix.lower(), "")
    return Found(name, kind, info.st_size, info.st_mtime, f"{info.st_ino}:{info.st_size}:{info.st_mtime_ns}")


def in_work(within: int) -> list[str]:
    with _within(within, WORKING) as working:
        return sorted(os.listdir(working))


def take(within: int, name: str, stored: str) -> bool:
    """Moves a waiting file to `working` under a name of ours. False when it is gone, or was moved before."""
    with _within(within, WORKING) as working:
        try:
            os.rename(name, stored, src_dir_fd=within, dst_dir_fd=working)
        except FileNotFoundError:
            return stored in os.listdir(working)
        return True


def finish(within: int, stored: str, to: str) -> None:
    """Moves a file of `working` to done or refused; nothing when it is not there any more."""
    with _within(within, WORKING) as working, _within(within, to) as target:
        try:
            os.rename(stored, stored, src_dir_fd=working, dst_dir_fd=target)
        except FileNotFoundError:
            pass


@contextmanager
def reading(within: int, stored: str, stamp: str) -> Iterator[BinaryIO]:
    """The file in `working`, opened to read. Raises Away when it is not the very file that was taken."""
    with _within(within, WORKING) as working:
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(stored, flags, dir_fd=working)
        except OSError as error:
            raise Away(f"It cannot be opened any more: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode) or _found(stored, info).stamp != stamp:
            raise Away("It changed after it was taken. Put the new one there under its old name.")
        yield file


def note_errors(within: int, stored: str, size: int, more: bytes) -> int:
    """Writes behind the first `size` bytes of the error file, which are all that was committed; the new size."""
    with _within(within, ERRORS) as errors:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(f"{stored}.errors.csv", flags, 0o600, dir_fd=errors)
    with os.fdopen(descriptor, "r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(more)
    return size + len(more)
