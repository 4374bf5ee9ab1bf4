"""Why messages were not sent, counted by reason for whoever reads it.

Outside compliance a handful of protected players is no number of its own, nor one that is left when the others are
taken from the sum: it is counted together with the most frequent of the other reasons.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from campaigns import words
from compliance import reasons
from segments.sizes import SMALL

_PROTECTED = reasons.PROTECTED


def by_reason(refusals: Iterable[tuple[str, int]], audience: words.Audience) -> list[tuple[str, str]]:
    """(why, how many), most frequent first."""
    return [(why, told) for why, told, _ in _lines([(code, count, None) for code, count in refusals], audience)]


def later(
    waiting: Iterable[tuple[str, int, datetime]], audience: words.Audience
) -> list[tuple[str, str, datetime | None]]:
    """(why, how many, the next one's moment); when something about a protected player is over is not told."""
    return _lines(list(waiting), audience)


def _lines(
    rows: Iterable[tuple[str, int, datetime | None]], audience: words.Audience
) -> list[tuple[str, str, datetime | None]]:
    counts: Counter[str] = Counter()
    soonest: dict[str, datetime] = {}
    for code, count, at in rows:
        why = _PROTECTED if is_private(code, audience) else words.reason(code, audience)
        counts[why] += count
        if at and why != _PROTECTED:
            soonest[why] = min(at, soonest.get(why, at))
    few = _fold(counts) if audience != "compliance" else ""
    return [
        (why, f"< {SMALL}" if why == few and count < SMALL else f"{count:,}", None if why == few else soonest.get(why))
        for why, count in counts.most_common()
    ]


def is_private(code: str, audience: words.Audience) -> bool:
    """Whether it is a reason this reader is not told; what we cannot name may be private."""
    return audience != "compliance" and bool(code) and words.reason(code, "crm") == _PROTECTED


def _fold(counts: Counter[str]) -> str:
    """The line that the few protected are told with; "" where there are none, or not few."""
    if not 0 < counts[_PROTECTED] < SMALL:
        return ""
    protected = counts.pop(_PROTECTED)
    most = next((why for why, _ in counts.most_common(1)), "")
    line = f"{most}, or protected" if most else "Protected, or another reason"
    counts[line] = counts.pop(most, 0) + protected
    return line
