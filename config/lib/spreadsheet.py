"""Cells a spreadsheet cannot be tricked by."""

from decimal import Decimal

# A cell that starts like a formula is run by spreadsheets; numbers of ours start with a minus and stay numbers.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\0")


def safe(cell: object) -> str:
    text = str(cell)
    if isinstance(cell, int | Decimal) or not text.startswith(RISKY):
        return text
    return f"'{text}"
