"""Go-live checklist: per brand, from the key to the first message sent with a recorded yes."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.golive import going_live
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from config.views.integration import shown_brands


@requires("integration.view")
@require_safe
def golive(request: HttpRequest) -> HttpResponse:
    now = utcnow()
    rows = [going_live(brand, now=now) for brand in shown_brands(request)]
    return page(request, "integration/golive.html", {"rows": rows}, partials={"rows"})
