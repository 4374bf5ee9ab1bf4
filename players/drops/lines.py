"""Bytes to lines, from any place on. What is longer than a line may be is passed over without being held."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LONGEST = 64 * 1024  # bytes of one event
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # from 1
    raw: bytes  # without its end; only the beginning of one that is too long
    end: int  # where the next one begins
    too_long: bool = False


def lines(file: BinaryIO, start: int, number: int) -> Iterator[Line]:
    """Lines after line `number`, which ended at byte `start`. Empty ones are passed over."""
    file.seek(start)
    end = start
    while piece := file.readline(LONGEST + 2):
        number += 1
        end += len(piece)
        too_long = len(piece.rstrip(b"\r\n")) > LONGEST
        if too_long and not piece.endswith(b"\n"):
            end += _pass_over(file)
        raw = piece[:LONGEST] if too_long else piece.rstrip(b"\r\n")
        if raw.strip():
            yield Line(number, raw, end, too_long)


def _pass_over(file: BinaryIO) -> int:
    """Reads to the end of the line in pieces; how many bytes that was."""
    passed = 0
    while piece := file.readline(_PIECE):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed
