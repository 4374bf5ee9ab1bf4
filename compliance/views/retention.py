"""How long a licence keeps what, and what was erased because of it."""

import csv
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit, retention, retiring
from compliance.models import Retention
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from config.lib.spreadsheet import safe
from players.access import brands_for
from players.models import Licence

LOOK_BACK = timedelta(days=730)


class TermForm(ReasonForm):
    days = forms.IntegerField(min_value=1, max_value=36_500, label="Days")
    field_order = ("days", "reason")


@requires("compliance.view")
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    now, brands = utcnow(), brands_of(request)
    licences = Licence.objects.filter(brands__in=brands).distinct().order_by("jurisdiction", "pk")
    kept = [retention.of(licence, term.data) for licence in licences for term in retention.TERMS]
    asked = {(row.licence_id, row.data): row for row in retention.waiting(licences)}
    context = {
        "kept": [(one, retiring.due_now(one, now=now), asked.get((one.licence.pk, one.term.data))) for one in kept],
        "classes": retention.CLASSES,
        "report": retiring.report(brands, since=now - LOOK_BACK),
    }
    return page(request, "compliance/retention.html", context)


@requires("compliance.view")
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    rows = retiring.report(brands_of(request), since=utcnow() - LOOK_BACK)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="erased.csv"'
    out = csv.writer(answer)
    out.writerow(["month", "licence", "what", "how", "count"])
    out.writerows([f"{row.month:%Y-%m}", safe(row.licence), safe(row.what), safe(row.how), row.count] for row in rows)
    with transaction.atomic():
        audit.record(request.user, "export.erased", "retention", brand=None)  # type: ignore[arg-type]
    return answer


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, licence_id: int, data: str) -> HttpResponse:
    licence = get_object_or_404(_licences(request), pk=licence_id)
    if data not in Retention.Data.values:
        raise Http404
    now_is = retention.of(licence, data)
    form = TermForm(request.POST or None, initial={"days": now_is.days})
    if request.method == "POST" and form.is_valid():
        days, reason = form.cleaned_data["days"], form.cleaned_data["reason"]
        try:
            retention.ask(licence, data, days, request.user, reason, now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Asked. It counts when a second person has signed it.")
            return redirect("compliance:retention")
        except retention.CannotChange as error:
            form.add_error("days", str(error))
    context = {
        "form": form, "submit": "Ask for it", "cancel": "/compliance/retention/",
        "heading": f"How long {licence.jurisdiction} keeps: {now_is.term.data.label.lower()}",
        "consequence": f"Counted {now_is.term.counted}. It counts when a second person has signed it; what is older then "
        "goes within the hour and does not come back. A legal hold or an open case keeps it.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    if request.method == "POST":
        try:
            retention.sign(row, request.user, now=utcnow())  # type: ignore[arg-type]
            messages.success(
                request, f"Signed: {row.get_data_display()}, {row.days} days under {row.licence.jurisdiction}."
            )
        except retention.CannotChange as refused:
            messages.error(request, str(refused))
        return redirect("compliance:retention")
    would_be = retention.asked(row)
    is_open = not (row.signed_by or row.declined_by)
    context = {
        "row": row, "would_be": would_be, "now_is": retention.of(row.licence, row.data), "is_open": is_open,
        "is_own": row.asked_by_id == request.user.pk,
        "due": retiring.due_now(would_be, now=utcnow()) if is_open else None,
    }  # fmt: skip
    return page(request, "compliance/retention_sign.html", context)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _asked(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            retention.decline(row, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. It is kept as long as before.")
        except retention.CannotChange as refused:
            messages.error(request, str(refused))
        return redirect("compliance:retention")
    context = {
        "form": form, "heading": f"Decline: {row.get_data_display().lower()}, {row.days} days under {row.licence.jurisdiction}",
        "submit": "Decline", "cancel": f"/compliance/retention/changes/{pk}/sign/",
        "consequence": "It is kept as long as before.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _licences(request: HttpRequest) -> QuerySet[Licence]:
    return Licence.objects.filter(brands__in=brands_for(request)).distinct()


def _asked(request: HttpRequest, pk: int) -> Retention:
    rows = Retention.objects.select_related("licence", "asked_by", "signed_by", "declined_by")
    return get_object_or_404(rows.filter(licence__in=_licences(request)), pk=pk)
