"""What counsel has answered to an open question of a licence: written down by one person, signed by another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from compliance import counsel
from compliance.models import CounselAnswer
from compliance.rules import Rule
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for
from players.models import Licence

_RULES = "/compliance/rules/"


class AnswerForm(ReasonForm):
    """The figures only where the answer has some."""

    most = forms.DecimalField(
        required=False, min_value=0, max_digits=9, decimal_places=2, label="A bonus is worth at most (EUR)"
    )
    times = forms.IntegerField(
        required=False, min_value=0, max_value=1000, label="Played through at most (times the bonus)"
    )
    field_order = ("most", "times", "reason")

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "The answer, and where it is written"
        for name in ("most", "times") if rule.id != counsel.CAPPED else ():
            del self.fields[name]

    def figures(self) -> dict[str, int | None]:
        most, times = self.cleaned_data.get("most"), self.cleaned_data.get("times")
        return {"most": None if most is None else int(most * 100), "times": times}


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, licence_id: int, rule: str) -> HttpResponse:
    licence = get_object_or_404(_licences(request), pk=licence_id)
    asked = counsel.question(licence, rule)
    if asked is None:
        raise Http404
    form = AnswerForm(asked, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            counsel.ask(licence, rule, request.user, form.cleaned_data["reason"], now=utcnow(), **form.figures())  # type: ignore[arg-type]
            messages.success(request, "Written down. It counts when a second person has signed it.")
            return redirect(f"{_RULES}?licence={licence.jurisdiction}")
        except counsel.CannotAnswer as refused:
            form.add_error("reason", str(refused))
    context = {
        "form": form, "submit": "Write it down", "cancel": f"{_RULES}?licence={licence.jurisdiction}",
        "heading": f"{asked.id} under {licence.jurisdiction} {licence.number}: counsel's answer",
        "consequence": f"{asked.sentence} It counts when a second person has signed it.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = _written(request, pk)
    if request.method == "POST":
        try:
            counsel.sign(row, request.user, now=utcnow())  # type: ignore[arg-type]
            messages.success(request, f"Signed: {row.rule} under {row.licence.jurisdiction}.")
        except counsel.CannotAnswer as refused:
            messages.error(request, str(refused))
        return redirect(f"{_RULES}?licence={row.licence.jurisdiction}")
    context = {
        "row": row, "rule": counsel.question(row.licence, row.rule), "is_own": row.asked_by_id == request.user.pk,
        "is_open": not (row.signed_by or row.declined_by),
    }  # fmt: skip
    return page(request, "compliance/counsel_sign.html", context)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _written(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            counsel.decline(row, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. The question stays as it was.")
        except counsel.CannotAnswer as refused:
            messages.error(request, str(refused))
        return redirect(f"{_RULES}?licence={row.licence.jurisdiction}")
    context = {
        "form": form, "heading": f"Decline: counsel's answer to {row.rule} under {row.licence.jurisdiction}",
        "submit": "Decline", "cancel": f"{_RULES}counsel/answers/{pk}/sign/", "consequence": "The question stays as it was.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _licences(request: HttpRequest) -> QuerySet[Licence]:
    return Licence.objects.filter(brands__in=brands_for(request)).distinct()


def _written(request: HttpRequest, pk: int) -> CounselAnswer:
    rows = CounselAnswer.objects.select_related("licence", "asked_by", "signed_by", "declined_by")
    return get_object_or_404(rows.filter(licence__in=_licences(request)), pk=pk)
