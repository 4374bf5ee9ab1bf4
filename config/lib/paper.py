"""A template on paper."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string


def pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Takes a second or so per page: a long document is made in the background."""
    # Without Pango the import itself fails; nothing but this should.
    from weasyprint import CSS, HTML

    sheet = settings.BASE_DIR / "static" / "css" / "report-print.css"
    made: bytes = HTML(string=render_to_string(template, context), url_fetcher=_nothing).write_pdf(
        stylesheets=[CSS(filename=sheet)]
    )
    return made


def _nothing(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"A printed page fetches nothing: {url}")
