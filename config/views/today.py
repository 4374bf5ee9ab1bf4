"""Today: what needs this operator, what happened, how the base stands. Each role sees its own part."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.lib.clock import utcnow
from config.lib.pages import page
from config.needs import needs
from config.views import today_figures as figures
from players import access


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    now = utcnow()
    brands = access.shown_brands(request)
    context: dict[str, Any] = {"needs": needs(request), "now": now, "support": request.user.may("players.reveal")}  # type: ignore[union-attr]
    context["finds"] = context["support"] or request.user.may("bonuses.grant") and not request.user.may("segments.view")  # type: ignore[union-attr]
    context["filling"] = settings.DEMO and not (settings.DATA_DIR / "history.told").exists()
    for name, permission in SECTIONS:
        if brands and request.user.may(permission):  # type: ignore[union-attr]
            context[name] = figures.remembered(name, brands, now, getattr(figures, name))
    return page(request, "today/today.html", context)


SECTIONS = (
    ("base", "segments.view"),
    ("messages_figures", "campaigns.edit"),
    ("protection", "compliance.view"),
    ("money", "reports.finance"),
    ("arriving", "integration.edit"),
    ("staff", "settings.edit"),
    ("vips", "bonuses.grant"),
)
