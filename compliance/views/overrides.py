"""Findings somebody asks compliance to overrule: the words, the reason, and one signature."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from compliance.lint import overriding
from compliance.models import Override
from compliance.views.trail import page_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    if request.method == "POST":
        try:
            overriding.sign(row, request.user, now=utcnow())  # type: ignore[arg-type]
            messages.success(request, f"Signed: {row.rule} stands in the way no more.")
        except overriding.CannotOverrule as refused:
            messages.error(request, str(refused))
        return redirect("compliance:home")
    context = {
        "row": row, "is_own": row.asked_by_id == request.user.pk, "is_open": not (row.signed_by or row.declined_by),
        "where": page_of(row.subject),
    }  # fmt: skip
    return page(request, "compliance/override.html", context)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _asked(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            overriding.decline(row, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. It has to be mended before it can be published.")
        except overriding.CannotOverrule as refused:
            messages.error(request, str(refused))
        return redirect("compliance:home")
    context = {
        "form": form, "heading": f"Decline to overrule {row.rule}", "submit": "Decline",
        "cancel": f"/compliance/overrides/{pk}/", "consequence": "What was found has to be mended.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, pk: int) -> Override:
    rows = Override.objects.select_related("brand", "asked_by", "signed_by", "declined_by")
    return get_object_or_404(rows.filter(brand__in=brands_for(request)), pk=pk)
