from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bonuses.liability import outstanding
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, current_brand


@requires("bonuses.view")
@require_safe
def liability(request: HttpRequest) -> HttpResponse:
    brand = current_brand(request)
    brands = [brand.pk] if brand else list(brands_for(request).values_list("pk", flat=True))
    return page(request, "bonuses/liability.html", {"owed": outstanding(brands, now=utcnow())})
