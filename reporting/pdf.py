"""The statement on paper: the page's own figures and bars, printed."""

from django.conf import settings
from django.template.loader import render_to_string

from reporting.rows import rows
from reporting.statements import Statement


def render(statement: Statement) -> bytes:
    """The size is fixed (a page or two), so it may be made while somebody waits."""
    # Without Pango the import itself fails; nothing but this button should.
    from weasyprint import CSS, HTML

    html = render_to_string(
        "reporting/ngr_pdf.html", {"statement": statement, "rows": rows(statement.waterfall, statement.previous)}
    )
    sheet = settings.BASE_DIR / "static" / "css" / "report-print.css"
    pdf: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[CSS(filename=sheet)])
    return pdf


def _nothing(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"A statement fetches nothing: {url}")
