"""The statement on paper: the page's own figures and bars, printed."""

from config.lib.paper import pdf
from reporting.rows import rows
from reporting.statements import Statement


def render(statement: Statement) -> bytes:
    """The size is fixed (a page or two), so it may be made while somebody waits."""
    context = {"statement": statement, "rows": rows(statement.waterfall, statement.previous)}
    return pdf("reporting/ngr_pdf.html", context)
