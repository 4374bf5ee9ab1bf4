"""Stored decisions judged again, from the snapshot each was taken in, by the rules of its day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance import gate
from compliance.models import Decision
from compliance.persons.sealing import Unreadable


@dataclass(frozen=True)
class Again:
    """`erased`: the birth date in it is gone with the player's key, so nobody can tell. `overruled`: the database said no
    of its own; that part is not judged again."""

    decision: Decision
    same: bool = False
    erased: bool = False
    overruled: bool = False
    outcome: str = ""
    code: str = ""


def again(row: Decision) -> Again:
    try:
        found = gate.replay(row)
    except Unreadable:
        return Again(row, erased=True)
    own = [reason for reason in row.reasons if not reason.endswith(" DB")]
    overruled = len(own) < len(row.reasons)
    same = [str(reason) for reason in found.reasons] == own and (
        overruled or (found.outcome, found.code) == (row.outcome, row.code)
    )
    return Again(row, same, False, overruled, found.outcome.label, found.code)


def many(rows: Iterable[Decision]) -> Iterator[Again]:
    """A snapshot that cannot be read at all is not the same either."""
    for row in rows:
        try:
            yield again(row)
        except (KeyError, TypeError, ValueError):
            yield Again(row)
