"""The list of players."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.lib.http import requires
from config.lib.keyset import take
from config.lib.pages import page
from players import access
from players.models import Player
from players.views.filters import PlayerFilter
from players.views.masks import masked_name


@requires("players.view")
@require_safe
def players(request: HttpRequest) -> HttpResponse:
    form = PlayerFilter(request.GET)
    rows = form.apply(access.visible(request).filter(state__isnull=False).select_related("state"))
    found = take(rows, sort=form.order, token=request.GET.get("after", ""))
    for player in found.rows:
        player.masked_name = masked_name(player)
    context = {
        "form": form,
        "found": found,
        "filtered": bool(form.chosen().keys() - {"sort"}),
        "countries": countries(request),
        "money": request.user.may("players.money"),  # type: ignore[union-attr]
        "announce": f"{len(found.rows)} players shown" + (", more follow" if found.next else ""),
    }
    return page(request, "players/list.html", context, partials={"rows"})


def countries(request: HttpRequest) -> list[str]:
    """Countries with players, for the filter; remembered for ten minutes because it reads every player."""
    brands = sorted(brand.pk for brand in access.brands(request))
    rows = Player.objects.filter(brand__in=brands).exclude(country="").order_by()
    found: list[str] | None = cache.get_or_set(
        f"countries:{'-'.join(map(str, brands))}",
        lambda: sorted(rows.values_list("country", flat=True).distinct()),
        600,
    )
    return found or []
