"""A statement as CSV that a spreadsheet cannot be tricked by."""

import csv
import io
from decimal import Decimal

from config.lib.money import exponent
from config.lib.spreadsheet import safe
from reporting.statements import Statement


def statement_csv(statement: Statement) -> str:
    header, digits = statement.header, exponent(statement.header.currency)

    def major(minor: int) -> Decimal:
        return Decimal(minor).scaleb(-digits)

    rows: list[list[object]] = [
        ["NGR statement", header.brand],
        ["Licence", header.licence],
        ["Period", str(header.period), header.zone],
        ["Definition", header.definition, header.definition_digest],
        ["Data cut-off", header.cut_off.isoformat()],
        ["Statement hash", statement.hash],
        [],
        ["Line", f"Amount {header.currency}", "% of total GGR", f"Previous {header.currency}", "Basis"],
    ]
    for line in statement.waterfall:
        share = line.share if line.share is not None else "n/a"
        rows.append([line.label, major(line.amount), share, major(statement.previous.get(line.key, 0)), line.basis])
    rows += [[], ["Category", "Rounds", "Stakes", "Cash GGR", "Bonus GGR", "Total GGR", "Bonus cost", "After bonus"]]
    for row in statement.categories:
        played = row.played
        amounts = (played.stakes, played.cash_ggr, played.bonus_ggr, played.total_ggr, row.bonus_cost, row.after_bonus)
        rows.append([row.label, played.rounds, *map(major, amounts)])
    bonus = statement.bonus
    rows += [[], ["Bonus money", f"Amount {header.currency}"]]
    for name in ("opening", "issued", "net_play", "released", "expired", "forfeited", "cancelled", "closing"):
        rows.append([name.replace("_", " "), major(getattr(bonus, name))])
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()
