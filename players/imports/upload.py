"""Taking a file in: bounded, recognised for what it is, kept as UTF-8 under a name nobody chose.

Everything that is not a table of text is refused here, in words; nothing later has to wonder. The file is
read as a stream: its size costs disk, never memory.
"""

import codecs
import csv
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from players.imports.sheet import MAX_LINE, Broken, Sheet

MAX_COLUMNS = 200
_SAMPLE = 65_536
_MAGIC = (
    (b"PK\x03\x04", "This is an archive or an Excel workbook, not a CSV file. In Excel choose “Save as”, “CSV UTF-8”."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook, not a CSV file. Choose “Save as”, “CSV UTF-8” there."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"BZh", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"\xfd7zXZ", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"7z\xbc\xaf", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"%PDF", "This is a PDF document, not a CSV file."),
    (b"\x89PNG", "This is a picture, not a CSV file."),
    (b"\xff\xd8\xff", "This is a picture, not a CSV file."),
    (b"GIF8", "This is a picture, not a CSV file."),
    (b"<", "This is a web page or XML, not a CSV file."),
    (b"{", "This is JSON, not a CSV file. The API takes JSON: see the API docs."),
    (b"[", "This is JSON, not a CSV file. The API takes JSON: see the API docs."),
    (b"{\\rtf", "This is a text document, not a CSV file."),
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32": "UTF-32", "cp1252": "Windows-1252",
}  # fmt: skip


class Refused(Exception):
    """The file cannot be taken; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    token: str
    size: int
    encoding: str
    delimiter: str


def folder() -> Path:
    """Where uploads lie: the data directory, readable by us alone."""
    path: Path = settings.DATA_DIR / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(token: str) -> Path:
    return folder() / f"{token}.csv"


def errors_of(token: str) -> Path:
    return folder() / f"{token}.errors.csv"


def take(chunks: Iterable[bytes]) -> Taken:
    """Keeps the file; raises Refused, and leaves nothing behind then."""
    token = secrets.token_hex(16)
    raw, path = folder() / f"{token}.raw", path_of(token)
    try:
        _store(chunks, raw)
        encoding = _encoding(raw)
        _transcode(raw, path, encoding)
        delimiter = _delimiter(path)
        _looks_like_a_table(path, delimiter)
        return Taken(token, path.stat().st_size, NAMES[encoding], delimiter)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        raw.unlink(missing_ok=True)


def discard(token: str) -> None:
    for path in (path_of(token), errors_of(token)):
        path.unlink(missing_ok=True)


def _store(chunks: Iterable[bytes], raw: Path) -> None:
    limit, size = settings.IMPORT_MAX_BYTES, 0
    with open(raw, "xb", opener=_private) as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise Refused(f"The file is larger than {limit // 1_048_576} MB. Split it and upload the parts.")
            file.write(chunk)
    if size == 0:
        raise Refused("The file is empty. Nothing was changed: an empty file takes nobody off anything.")


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)


def _encoding(raw: Path) -> str:
    with open(raw, "rb") as file:
        head = file.read(_SAMPLE)
    for magic, words in _MAGIC:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic):
            raise Refused(words)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if b"\0" in head:
        return _wide(head)
    return "utf-8" if _decodes(raw, "utf-8") else "cp1252"


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of mostly Latin text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and even < len(head) * 0.05:
        return "utf-16-le"
    if even > len(head) * 0.3 and odd < len(head) * 0.05:
        return "utf-16-be"
    raise Refused(
        f"There are NUL characters in it, first in line {head[: head.index(0)].count(10) + 1}: not a text file."
    )


def _decodes(raw: Path, encoding: str) -> bool:
    """True if all of it is `encoding`; half a surrogate pair written as UTF-8 is refused, not guessed at."""
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(raw, "rb") as file:
        while True:
            block = file.read(1 << 20)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                at = error.object[error.start : error.start + 2]
                if len(at) == 2 and at[0] == 0xED and 0xA0 <= at[1] <= 0xBF:
                    line += error.object[: error.start].count(b"\n")
                    raise Refused(
                        f"Line {line} holds half of a character (a lone surrogate). Export the file again."
                    ) from None
                return False
            if not block:
                return True
            line += block.count(b"\n")


def _transcode(raw: Path, path: Path, encoding: str) -> None:
    """Our copy: UTF-8, lines end in one newline, no line longer than we would read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, length = 1, 0
    with open(raw, "rb") as source, open(path, "xb", opener=_private) as copy:
        for text in _decoded(source, decoder, encoding):
            if "\0" in text:
                raise Refused(
                    f"Line {line + text[: text.index(chr(0))].count(chr(10))} holds a NUL character: not a text file."
                )
            first, *more = text.split("\n")
            longest = max([length + len(first), *map(len, more)])
            if longest > MAX_LINE:
                raise Refused(
                    f"A line near line {line} is longer than {MAX_LINE:,} characters: a quote may be missing."
                )
            length = len(more[-1]) if more else length + len(first)
            line += len(more)
            copy.write(text.encode())


def _decoded(source: Iterable[bytes], decoder: codecs.IncrementalDecoder, encoding: str) -> Iterator[str]:
    held, done = "", 0
    read = source.read  # type: ignore[attr-defined]
    while True:
        block = read(_SAMPLE)
        try:
            text = held + decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            name = NAMES[encoding]
            words = f"Near byte {done:,} the file is not {name}. Save it as “CSV UTF-8” and upload it again."
            raise Refused(words) from None
        done += len(block)
        held = "\r" if text.endswith("\r") and block else ""
        text = text[: len(text) - len(held)]
        yield text.replace("\r\n", "\n").replace("\r", "\n")
        if not block:
            return


def _delimiter(path: Path) -> str:
    """The mark that gives the same number of columns, above one, in most of the first lines."""
    with open(path, encoding="utf-8", newline="") as file:
        sample = file.read(_SAMPLE).split("\n")[:50]
    if sample[0].startswith("sep=") and len(sample[0]) == 5:
        return sample[0][4]
    best, score = ",", 0.0
    for mark in (",", ";", "\t", "|"):
        with suppress(csv.Error):
            counts = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
            usual = max(set(counts), key=counts.count, default=0)
            if usual > 1 and (found := counts.count(usual) / len(counts) * min(usual, 20)) > score:
                best, score = mark, found
    return best


def _looks_like_a_table(path: Path, delimiter: str) -> None:
    try:
        first = next(iter(Sheet(path, delimiter).rows()), None)
    except Broken as broken:
        raise Refused(str(broken)) from None
    if first is None:
        raise Refused("There is nothing in the file but empty lines. Nothing was changed.")
    if len(first.cells) > MAX_COLUMNS:
        raise Refused(f"There are {len(first.cells):,} columns; a table has at most {MAX_COLUMNS}.")
