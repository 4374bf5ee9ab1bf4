"""Reader of the bwin 2005 data set: 42 649 real players, their registration and their sports betting.

`rows(folder)` yields what `players.imports.import_players` takes. Whole euro become cents; two date
formats and the word NULL are what the files contain; pre-match and live betting are two openings of sports.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from players.imports import Opening
from players.models import Category

FOLDER = "bwin_sports_2005"
_LINES = {"FO": "", "LA": "live"}


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """One dict per player of the demographics file; `folder` is the data set's own."""
    with open(folder / "AnalyticDataInternetGambling.csv", encoding="utf-8-sig", newline="") as file:
        play = {row["USERID"]: row for row in csv.DictReader(file)}
    with open(folder / "RawDataIDemographics.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "external_id": row["UserID"],
                "currency": "EUR",
                "registered_at": _day(row["RegDate"]),
                "first_deposit_at": _day(row["FirstPay"]),
                "openings": _openings(play.get(row["UserID"], {})),
            }


def _openings(row: dict[str, str]) -> list[Opening]:
    found = []
    for line, label in _LINES.items():
        first, last = _day(row.get(f"{line}FirstActiveDate")), _day(row.get(f"{line}LastActiveDate"))
        bets = _number(row.get(f"{line}TotalBets"))
        if first is None or last is None or not bets:
            continue
        found.append(
            Opening(
                Category.SPORTS, _number(row[f"{line}TotalStakes"]) * 100, _number(row[f"{line}TotalWinnings"]) * 100,
                bets, first, last, _number(row[f"{line}TotalDaysActive"]), label,
            )
        )  # fmt: skip
    return found


def _number(text: str | None) -> int:
    return 0 if text in (None, "", "NULL") else int(float(text or 0))


def _day(text: str | None) -> datetime | None:
    """Noon of the day: 20050224, 2005-02-24 or 2/24/2005; NULL is none."""
    if text in (None, "", "NULL"):
        return None
    for form in ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text or "", form).replace(hour=12, tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"Not a date: {text!r}")
