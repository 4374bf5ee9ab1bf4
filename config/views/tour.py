"""The tour, in demo mode only: elsewhere it does not exist."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from config import tour as script
from config.lib.pages import page


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return page(request, "tour/tour.html", {"rows": script.rows(request)})


@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    row = next((row for row in script.ROWS if row.key == key and row.act), None)
    if not settings.DEMO or row is None or row.act is None:
        raise Http404
    try:
        result = row.act()
    except Exception as problem:  # a tour says what went wrong instead of breaking off
        result = f"It did not work: {problem}"
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "tour/row.html", {"one": script.drawn(request, row, result)})
    messages.info(request, result)
    return redirect("tour")
