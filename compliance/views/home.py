from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance import wall
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import shown_brands
from players.models import Brand


def brands_of(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The brand chosen in the top bar, or all the operator may see; a query set."""
    return Brand.objects.filter(pk__in=[brand.pk for brand in shown_brands(request)])


@requires("compliance.view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now, brands = utcnow(), brands_of(request)
    refused = wall.refused_by_rule(brands, now=now)
    most = max((times for _, times in refused), default=1)
    sentences = wall.sentences()
    context = {
        "wall": wall.standing_wall(brands, now=now),
        "refused": [(rule, sentences.get(rule, ""), times, most) for rule, times in refused[:12]],
        "duties": wall.duties(brands)[:10],
        "switches": wall.waiting_switches(brands),
        "stops": wall.stops(brands),
    }
    return page(request, "compliance/home.html", context)
