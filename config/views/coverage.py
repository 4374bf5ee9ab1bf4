"""Coverage: which families of events arrive, of how many players they are known, and what depends on each."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config import coverage as covering
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.views.integration import shown_brands


@requires("integration.view")
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    now = utcnow()
    return page(
        request,
        "integration/coverage.html",
        {"brands_covered": [covering.covered(b, now=now) for b in shown_brands(request)]},
    )
