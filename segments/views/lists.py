"""Uploaded lists: who is on them by whose hand, what they were chosen by, and a segment's members as a list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for, may, shown_brands
from players.models import PlayerList
from segments import lists
from segments.language.criteria import CONSEQUENCES
from segments.permitted import Rights, known_lists, protecting, sight_of
from segments.reading import criteria_now
from segments.views.access import operator, segment_for


class StatementForm(forms.Form):
    criteria = forms.MultipleChoiceField(
        choices=[(key, f"{CONSEQUENCES[key][0]}: {CONSEQUENCES[key][1]}") for key in lists.STATABLE],
        widget=forms.CheckboxSelectMultiple,
        label="These players were chosen by",
        help_text="Everything that played a part. “No special criterion” stands alone.",
    )
    words = forms.CharField(
        min_length=8, max_length=300, label="In your words", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="How the list was made. Kept in the audit trail with your name and the time.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class WithdrawForm(forms.Form):
    reason = forms.CharField(min_length=8, max_length=300, label="Why the statement is taken back")


class FreezeForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name of the list")

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


@requires("segments.view")
@require_safe
def uploads(request: HttpRequest) -> HttpResponse:
    rows = PlayerList.objects.filter(brand__in=shown_brands(request)).select_related("brand", "stated_by")
    rows = known_lists(operator(request), rows)
    found = [(row, _chips(row)) for row in rows.annotate(size=Count("members")).order_by("-created_at")[:200]]
    may_import = any(may(request, "players.import", brand) for brand in shown_brands(request))
    return page(request, "segments/uploads.html", {"rows": found, "may_import": may_import})


@requires("segments.view")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(
        known_lists(operator(request), PlayerList.objects.select_related("brand", "stated_by")),
        pk=pk,
        brand__in=brands_for(request),
    )
    is_back = request.POST.get("do") == "withdraw"
    posted = request.POST or None
    form = StatementForm(None if is_back else posted, initial={"seen": one.members.count()})
    back = WithdrawForm(posted if is_back else None)
    if request.method == "POST" and (back if is_back else form).is_valid():
        try:
            _said(request, one, form, back if is_back else None)
        except lists.CannotState as error:
            messages.error(request, str(error))
        return redirect("segments:upload", pk)
    return page(request, "segments/upload.html", _about(request, one, form, back), status=422 if posted else 200)


def _said(request: HttpRequest, one: PlayerList, form: StatementForm, back: WithdrawForm | None) -> None:
    me = operator(request)
    with transaction.atomic():
        if back is not None:
            lists.withdraw(one, me, back.cleaned_data["reason"], now=utcnow())
        else:
            data = form.cleaned_data
            lists.state(one, data["criteria"], data["words"], me, seen=data["seen"], now=utcnow())
    messages.success(
        request, "Taken back: it counts as chosen by hand." if back else "Stated. The check hears it from now on."
    )


def _about(request: HttpRequest, one: PlayerList, form: StatementForm, back: WithdrawForm) -> dict[str, Any]:
    me = operator(request)
    people = lists.uploaders(one)
    sees = Rights.of(me, one.brand_id).protection
    hidden = [] if sees else protecting(lists.asking_for(one))
    return {
        "list": one,
        "chips": _chips(one),
        "size": one.members.count(),
        "people": people,
        "why_not": lists.why_not(one, me),
        "form": form,
        "back": back if one.is_stated and (me in people or me.may(lists.PERMISSION, one.brand_id)) else None,
        "segments": [segment for segment in lists.asking_for(one) if segment.pk not in hidden],
    }


def _chips(one: PlayerList) -> list[tuple[str, str]]:
    return [CONSEQUENCES[key] for key in one.criteria or ["manual"] if key in CONSEQUENCES]


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    form = FreezeForm(request.POST or None, initial={"name": f"{segment.name} {utcnow():%Y-%m-%d}"[:80]})
    if segment.current is None:
        messages.error(request, "A draft has no members yet.")
        return redirect("segments:detail", pk)
    if not sight_of(segment, operator(request)).people:  # on a list they could be looked at one by one
        messages.error(request, "The rule asks for what your role may not see of a single player.")
        return redirect("segments:detail", pk)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = lists.freeze(segment, form.cleaned_data["name"], operator(request), now=utcnow())
            return redirect("segments:upload", made.pk)
        except lists.NameTaken as error:
            form.add_error("name", str(error))
    context = {
        "form": form,
        "segment": segment,
        "chips": [CONSEQUENCES[key] for key in sorted(criteria_now([segment])[segment.pk]) if key in CONSEQUENCES],
        "submit": "Keep as a list",
        "cancel": reverse("segments:detail", args=[pk]),
    }
    return page(request, "segments/freeze.html", context, status=422 if form.errors else 200)
