from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bonuses.liability import outstanding
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import shown_brands


@requires("bonuses.view")
@require_safe
def liability(request: HttpRequest) -> HttpResponse:
    brands = [brand.pk for brand in shown_brands(request)]
    return page(request, "bonuses/liability.html", {"owed": outstanding(brands, now=utcnow())})
