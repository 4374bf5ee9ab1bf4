"""What is kept how long, what is held, and who is erased."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import erasing
from compliance.models import Erasure, LegalHold
from compliance.views.home import brands_of
from compliance.views.people import find
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires, typed
from config.lib.pages import page
from config.lib.words import number
from players.access import player_for


@requires("compliance.view")
@require_safe
def erasure(request: HttpRequest) -> HttpResponse:
    text, mine = typed(request), {"player__brand__in": brands_of(request)}
    player = find(request, text)
    holds = LegalHold.objects.filter(**mine, lifted_at=None).select_related("player__brand", "set_by")
    context = {
        "q": text, "player": player,
        "hold": holds.filter(player=player).first() if player else None,
        "gone": Erasure.objects.filter(player=player).first() if player else None,
        "holds": holds.order_by("-set_at")[:100],
        "erasures": [
            (row, _in_words(row.erased, _WENT), _in_words(row.kept, _STAYS))
            for row in Erasure.objects.filter(**mine).select_related("player__brand", "operator").order_by("-at")[:100]
        ],
    }  # fmt: skip
    return page(request, "compliance/erasure.html", context)


# One, and many; without a figure where there is one of it in every account.
_WENT = {
    "names": ("name and birth date", ""), "addresses": ("1 address", "addresses"), "identity": ("identity number", ""),
    "keys": ("the key to the birth date in sealed rows", ""), "own_attributes": ("1 attribute of yours", "attributes of yours"),
    "unread_events": ("1 event nobody could read", "events nobody could read"),
}  # fmt: skip
_STAYS = {"decisions": ("1 decision", "decisions"), "consents": ("1 consent", "consents"),
          "restrictions": ("1 restriction", "restrictions")}  # fmt: skip


def _in_words(counts: Mapping[str, int], words: Mapping[str, tuple[str, str]]) -> list[str]:
    """'2 addresses', …: what there was any of, in the order of `words`; of what upper apps erased too."""
    rest = {name: (f"1 {name}", name) for name in counts.keys() - words.keys()}
    return [
        one if counts[name] == 1 or not many else f"{number(counts[name])} {many.replace('_', ' ')}"
        for name, (one, many) in {**words, **rest}.items()
        if counts.get(name)
    ]


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                erasing.erase(player, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, f"{player.external_id} is erased.")
            return redirect(_back(player.external_id))
        except erasing.MayNot as error:
            form.add_error(None, str(error))
    context = {
        "form": form, "heading": f"Erase who {player.external_id} is", "submit": "Erase for good",
        "cancel": _back(player.external_id),
        "consequence": "Name, birth date, addresses, identity, own attributes and the text of what was written to them go "
        "and do not come back. Decisions, consents, restrictions, payments and bonuses stay under the account's number; "
        "their addresses stay on the list of those nobody may write to, unreadable.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    running = LegalHold.objects.filter(player=player, lifted_at=None).exists()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = erasing.lift if running else erasing.hold
        try:
            with transaction.atomic():
                act(player, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            return redirect(_back(player.external_id))
        except erasing.MayNot as error:
            form.add_error(None, str(error))
    context = {
        "form": form, "cancel": _back(player.external_id),
        "heading": f"{'Lift the legal hold of' if running else 'Legal hold for'} {player.external_id}",
        "submit": "Lift the hold" if running else "Hold",
        "consequence": "They may be erased again." if running else "Nothing of this player is erased until it is lifted.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _back(external_id: str) -> str:
    return f"{reverse('compliance:erasure')}?{urlencode({'q': external_id})}"
