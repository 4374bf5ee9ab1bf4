"""Pages players open from a message: stop it, and the inbox."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import inbox as cards
from campaigns import links, preferences, stopping
from config.lib.clock import utcnow
from players.models import Player


@csrf_exempt  # RFC 8058: the mail provider posts, without a cookie and without a form of ours
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_messages(request: HttpRequest, token: str) -> HttpResponse:
    """A GET only asks (mail scanners open every link); a POST stops."""
    link = links.read_stop(token)
    player = Player.objects.select_related("brand").filter(id=link.player_id).first() if link else None
    if link is None or player is None:
        return render(request, "campaigns/public/gone.html", status=404)
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        stopping.stop(link, now=utcnow(), screen="one-click" if one_click else "stop-page")
    context = {
        "player_brand": player.brand,
        "channel": link.channel,
        "stopped": request.method == "POST",
        "token": token,
    }
    return render(request, "campaigns/public/stop.html", context)


@csrf_exempt  # the signed address is the authority; there is no session another site could ride on
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """Everything the player has said yes to, to be changed box by box or withdrawn at once."""
    link = links.read_stop(token)
    player = Player.objects.select_related("brand__licence").filter(id=link.player_id).first() if link else None
    if link is None or player is None:
        return render(request, "campaigns/public/gone.html", status=404)
    now = utcnow()
    may_agree, saved = preferences.may_agree(link, now=now), None
    if request.method == "POST":
        wanted = () if "nothing" in request.POST else request.POST.getlist("yes")
        saved = preferences.save(player, wanted, open_to_yes=may_agree, now=now)
    context = {
        "player_brand": player.brand, "token": token, "saved": saved, "may_agree": may_agree,
        "matrix": preferences.matrix(player, open_to_yes=may_agree),
    }  # fmt: skip
    return render(request, "campaigns/public/choices.html", context)


@login_not_required
@require_safe
def inbox(request: HttpRequest, token: str) -> HttpResponse:
    """What a casino's site would show its player; here a page of its own."""
    player_id = links.read_inbox(token)
    player = Player.objects.select_related("brand").filter(id=player_id).first() if player_id else None
    if player is None:
        return render(request, "campaigns/public/gone.html", status=404)
    context = {
        "player_brand": player.brand,
        "player": player,
        "token": token,
        "cards": cards.cards(player.id, now=utcnow()),
    }
    return render(request, "campaigns/public/inbox.html", context)
