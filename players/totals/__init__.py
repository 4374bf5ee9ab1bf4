"""Control totals: what the PAM says a gaming day adds up to, beside what its events added up to here.

    read       JSON or CSV, checked, every wrong value with its place
    put        keeps the totals of one day; sending them again replaces them
    list_ids   the payments or rounds behind a total, so that a difference can be told by id
    compare    sums per currency, category and kind against the same gaming day of daily activity; where a line
               differs: by id when the PAM has listed them all, else by hour when it told the hours

A deposit or withdrawal counts on the day it was approved unless it was taken back since; a round on the day it was
settled unless it was rolled back since. Test accounts count: the PAM's totals know no difference.
"""

from players.totals.comparing import compare, compare_due
from players.totals.ids import list_ids
from players.totals.reading import Line, read_csv, read_totals
from players.totals.receiving import Unfinished, put

__all__ = ["Line", "Unfinished", "compare", "compare_due", "list_ids", "put", "read_csv", "read_totals"]
