"""Today: what needs this operator, what happened, how the base stands."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.lib.pages import page


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return page(request, "today/today.html")
