"""The small things of the frame: choosing a brand, light or dark, the feed light, is the house alive."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from players.access import brands_for


@require_POST
def choose_brand(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("brand", "")
    if chosen:
        brand = get_object_or_404(brands_for(request), pk=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0)
        request.session["brand"], request.session["zone"] = brand.pk, brand.timezone
    else:
        request.session.pop("brand", None)
        request.session.pop("zone", None)
    return back(request)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme in {"auto", "light", "dark"}:
        request.user.theme = theme  # type: ignore[union-attr]
        request.user.save(update_fields=["theme"])  # type: ignore[call-arg]
    return back(request)


@require_safe
@never_cache
def feed_light(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/light.html")


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database and Redis answer, 503 with the name of the one that does not."""
    broken = []
    try:
        with connection.cursor() as db:
            db.execute("SELECT 1")
    except Exception:  # whatever it is, the answer is the same
        broken.append("database")
    try:
        cache.get("healthz")
    except Exception:
        broken.append("redis")
    return JsonResponse({"ok": not broken, "broken": broken}, status=503 if broken else 200)


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To where the form was sent from: `next`, never off this site."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)
