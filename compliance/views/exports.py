"""Files for somebody outside: asked for with a reason, made in the background, taken once or more within a week."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit, wall
from compliance.handouts import asking
from compliance.models import Handout
from compliance.views.home import brands_of
from compliance.views.people import find
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_ABOUT_ONE = (Handout.Kind.PLAYER, Handout.Kind.ACCESS)


class ExportForm(ReasonForm):
    """`request`: whose brands and players may be named."""

    kind = forms.ChoiceField(choices=Handout.Kind.choices, label="About")
    player = forms.CharField(
        required=False, max_length=64, label="Player id", help_text="For a file about a player: the id in the PAM, or ours. All their accounts at the brand."
    )  # fmt: skip
    rule = forms.CharField(
        required=False, max_length=12, label="Rule", help_text="For a file about a rule, for example POL-04."
    )
    since = forms.DateField(label="From", widget=_DAY)
    until = forms.DateField(label="To, that day included", widget=_DAY)
    field_order = ("kind", "brand", "player", "rule", "since", "until", "reason")

    def __init__(self, request: HttpRequest, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.request = request
        self.fields["brand"] = forms.ModelChoiceField(brands_of(request), required=False, label="Brand", empty_label="The player's own",
                                                      help_text="A player's own, when none is chosen.")  # fmt: skip
        self.fields["reason"].label = "Who asked for it, and why"
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind, day = given.get("kind"), time.min
        player = find(self.request, given["player"]) if given.get("player") and kind in _ABOUT_ONE else None
        if kind in _ABOUT_ONE and player is None:
            self.add_error("player", "No player of yours has this id.")
        if kind == Handout.Kind.RULE and given.get("rule", "").upper() not in wall.sentences():
            self.add_error("rule", "There is no rule of that name.")
        brand = player.brand if player else given.get("brand")
        if brand is None and kind not in _ABOUT_ONE:
            self.add_error("brand", "Choose a brand.")
        if given.get("since") and given.get("until"):
            if given["until"] < given["since"]:
                self.add_error("until", "This is before the first day.")
            given["since"] = timezone.make_aware(datetime.combine(given["since"], day))
            given["until"] = timezone.make_aware(datetime.combine(given["until"], day)) + timedelta(days=1)
        rule = given.get("rule", "").upper() if kind == Handout.Kind.RULE else ""
        return given | {"player": player, "brand": brand, "rule": rule}


@requires("compliance.view")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    now = utcnow()
    asked = {name: request.GET[name] for name in ("kind", "player", "rule") if request.GET.get(name)}
    form = ExportForm(
        request, request.POST or None, {"since": (now - timedelta(days=90)).date(), "until": now.date(), **asked}
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            asking.ask(**form.cleaned_data, operator=request.user, now=now)  # type: ignore[arg-type]
        return redirect("compliance:exports")
    found = _mine(request).order_by("-pk")[:50]
    rows = [(row, asking.is_there(row, now=now)) for row in found]
    waits = any(row.status == Handout.Status.WAITING for row, _ in rows)
    context = {"form": form, "rows": rows, "waits": waits}
    return page(request, "compliance/exports.html", context, partials={"made"}, status=422 if form.errors else 200)


def _mine(request: HttpRequest) -> QuerySet[Handout]:
    return Handout.objects.filter(brand__in=brands_of(request)).select_related("brand", "player", "operator")


@requires("compliance.view")
@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_mine(request), pk=pk)
    if not asking.is_there(row, now=utcnow()):
        raise Http404("expired")
    with transaction.atomic():
        subject = f"player:{row.player_id}" if row.player_id else f"brand:{row.brand_id}"
        audit.record(request.user, "export.downloaded", subject, brand=row.brand_id, reason=row.reason,  # type: ignore[arg-type]
                     after={"export": row.pk, "digest": row.digest})  # fmt: skip
    found = FileResponse(asking.path_of(row).open("rb"), as_attachment=True, filename=f"{row.name}.zip")
    return found  # type: ignore[return-value]
