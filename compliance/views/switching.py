"""Policy switches: what one would have changed in the last days stands beside both signatures."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from compliance import effects, reasons, switches
from compliance.models import PolicySwitch
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from players.access import brands_for
from players.models import Brand


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, brand_id: int, rule: str) -> HttpResponse:
    brand = get_object_or_404(brands_for(request).select_related("licence"), pk=brand_id)
    if rule not in switches.switchable(brand.licence.jurisdiction):
        raise Http404
    turning_on, form = not switches.is_on(brand, rule), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            switches.ask(brand, rule, turning_on, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
        except switches.CannotSwitch as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Asked. It takes effect when a second person has signed.")
        return redirect("compliance:rules")
    context = _shown(brand, rule, turning_on) | {
        "form": form, "submit": "Ask for the switch", "cancel": "/compliance/rules/",
        "tone": "primary" if turning_on else "danger",
    }  # fmt: skip
    return page(request, "compliance/switch.html", context, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = _asked(request, pk)
    if request.method == "POST":
        try:
            signed = switches.sign(row, request.user, now=utcnow())  # type: ignore[arg-type]
        except switches.CannotSwitch as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"Signed: {signed.rule} is now {'on' if signed.enabled else 'off'}.")
        return redirect("compliance:rules")
    context = _shown(row.brand, row.rule, row.enabled) | {
        "asked": row, "is_own": row.asked_by_id == request.user.pk, "is_open": not (row.signed_by or row.declined_by),
    }  # fmt: skip
    return page(request, "compliance/switch.html", context)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _asked(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            switches.decline(row, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. The rule stays as it is.")
        except switches.CannotSwitch as refused:
            messages.error(request, str(refused))
        return redirect("compliance:rules")
    context = {
        "form": form, "heading": f"Decline: {row.rule} {_word(row.enabled)} at {row.brand.name}", "submit": "Decline",
        "cancel": f"/compliance/rules/switches/{pk}/sign/", "consequence": "The rule stays as it is.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, pk: int) -> PolicySwitch:
    rows = PolicySwitch.objects.select_related("brand__licence", "asked_by", "signed_by", "declined_by")
    return get_object_or_404(rows.filter(brand__in=brands_for(request)), pk=pk)


def _shown(brand: Brand, rule: str, turning_on: bool) -> dict[str, object]:
    effect = effects.of_switch(brand, rule, turning_on, now=utcnow())
    return {
        "owner": brand, "rule": effects.rule_of(brand, rule), "effect": effect, "days": effects.DAYS,
        "heading": f"Switch {rule} {_word(turning_on)} at {brand.name}",
        "examples": [(row, reasons.sentence(row.code, "compliance")) for row in effect.examples],
    }  # fmt: skip


def _word(on: bool) -> str:
    return "on" if on else "off"
