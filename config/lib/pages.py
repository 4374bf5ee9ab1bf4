"""One template, named partials, one address: the whole page for a browser, a fragment for htmx."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partials: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial when htmx asks for one of `partials` by its target's id.

    A boosted or history-restore request wants the whole page. 422 = the form came back with errors.
    """
    name = template
    target = partial_of(request)
    if target in partials:
        name = f"{template}#{target}"
    response = render(request, name, dict(context or {}), status=status)
    if partials:
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def partial_of(request: HttpRequest) -> str:
    """The id of the element htmx will fill, '' when a whole page is wanted."""
    htmx = getattr(request, "htmx", None)
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return ""
    return (htmx.target or "").rpartition("#")[2]
