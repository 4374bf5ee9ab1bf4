"""The waterfall as the page and the PDF draw it: one row per line, its bar in per cent of the widest span."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.waterfall import Line


@dataclass(frozen=True)
class Row:
    line: Line
    shown: int  # costs with their minus
    previous: int | None
    change: int | None
    start: float  # of the bar, 0–100
    width: float
    tone: str  # total, cost, gain (a cost below zero gives back) or loss (a total below zero)

    @property
    def is_total(self) -> bool:
        return self.line.kind == "total"


def rows(lines: Sequence[Line], previous: Mapping[str, int]) -> list[Row]:
    """From total GGR down; the play above it is a table of its own."""
    shown = [line for line in lines if line.kind != "figure"]
    spans = _spans(shown)
    low = min([0, *(min(span) for span in spans)])
    whole = (max([0, *(max(span) for span in spans)]) - low) or 1
    return [
        Row(
            line=line,
            shown=_signed(line.kind, line.amount),
            previous=_signed(line.kind, previous[line.key]) if line.key in previous else None,
            change=_signed(line.kind, line.amount - previous[line.key]) if line.key in previous else None,
            start=round(100 * (min(span) - low) / whole, 3),
            width=round(100 * abs(span[1] - span[0]) / whole, 3),
            tone=_tone(line),
        )
        for line, span in zip(shown, spans, strict=True)
    ]


def _spans(shown: Sequence[Line]) -> list[tuple[int, int]]:
    spans, left = [], 0
    for line in shown:
        if line.kind == "total":
            spans.append((0, line.amount))
            left = line.amount
        else:
            spans.append((left, left - line.amount))
            left -= line.amount
    return spans


def _signed(kind: str, value: int) -> int:
    return -value if kind == "cost" else value


def _tone(line: Line) -> str:
    if line.kind == "cost":
        return "gain" if line.amount < 0 else "cost"
    return "loss" if line.amount < 0 else "total"
