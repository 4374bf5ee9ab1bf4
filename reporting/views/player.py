from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bonuses import books
from bonuses.models import Grant, Transfer
from bonuses.views.grants import as_told
from bonuses.words import origin
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import player_for
from reporting import definitions
from reporting.models import NgrDefinition
from reporting.questions.one_player import months
from reporting.questions.scope import Period, Scope


@requires("players.money")
@require_safe
def ngr_player(request: HttpRequest, pk: int) -> HttpResponse:
    """From bonus to the last line, for one player, each number beside its entry."""
    player = player_for(request, pk)
    today = timezone.localtime(utcnow(), ZoneInfo(player.brand.timezone)).date()
    month = Period.month(today.year, today.month)
    try:
        definition = definitions.default_for(player.brand, today)
    except NgrDefinition.DoesNotExist:
        raise Http404("No NGR definition yet.") from None
    entries = Transfer.objects.filter(player=player, unit=f"{player.currency}.BONUS")
    grants = Grant.objects.filter(player=player).select_related("terms__template", "player__brand")
    context = {
        "player": player,
        "labels": books.LABELS,
        "definition": definition,
        "months": months(Scope(player.brand, player.currency, month, player_id=player.pk), definition),
        "grants": [as_told(one, request) for one in grants.order_by("-granted_at")[:20]],
        "entries": [(entry, origin(entry.source)) for entry in entries.order_by("-effective_at")[:60]],
    }
    return page(request, "reporting/ngr_player.html", context)
