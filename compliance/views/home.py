from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance import clocks, desk, wall
from compliance.cases import effects
from compliance.sealing import state as sealing
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
    running = clocks.running(brands, now=now)
    shown, alike, rest = (running, [], 0) if "all" in request.GET else clocks.gathered(running)
    context = {
        "now": now,
        "clocks": [(clock, clock.left(now)) for clock in shown],
        "alike": alike,
        "rest": rest,
        "wall": wall.standing_wall(brands, now=now),
        "seal": sealing.state(now=now),
        "queue": desk.waiting(brands, now=now),
        "signatures": desk.signatures(brands, request.user),  # type: ignore[arg-type]
        "overrides": desk.overrides_in_force(brands),
        "refused": _refused(wall.refused_by_rule(brands, now=now)),
        "lately": desk.lately(brands, now=now),
        "spoken": effects.spoken(brands, now=now),
        "effects": effects.evaluated(brands, now=now),
        "changing": desk.changing(brands, now=now),
        "counsel": desk.for_counsel(brands, now=now),
        "stops": wall.stops(brands),
    }
    return page(request, "compliance/home.html", context)


def _refused(tally: list[tuple[str, int]]) -> list[tuple[str, str, int, int]]:
    """(rule, its sentence, times, the most any rule refused), most first."""
    most, sentences = max((times for _, times in tally), default=1), wall.sentences()
    return [(rule, sentences.get(rule, ""), times, most) for rule, times in tally[: desk.SHOWN]]
