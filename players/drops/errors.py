"""The error file beside a dropped file: which line was not taken and why, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence

from config.lib.spreadsheet import safe
from players.drops.lines import Line
from players.inbox import Receipt

COLUMNS = ("line", "event_id", "reason", "where", "why", "text")
SHOWN = 500  # characters of the line itself


def error_lines(lines: Sequence[Line], receipt: Receipt, *, with_header: bool) -> bytes:
    refused = [
        (line, result) for line, result in zip(lines, receipt.results, strict=True) if result["status"] == "quarantined"
    ]
    if not refused:
        return b""
    out = io.StringIO()
    table = csv.writer(out)
    if with_header:
        table.writerow(COLUMNS)
    for line, result in refused:
        where = result.get("pointer", "").removeprefix(f"/{result['index']}")
        cells = [
            result["event_id"] or "",
            result["reason"],
            where,
            result["detail"],
            line.raw[:SHOWN].decode(errors="replace"),
        ]
        table.writerow([line.number, *(safe(cell) for cell in cells)])
    return out.getvalue().encode("utf-8", "replace")
