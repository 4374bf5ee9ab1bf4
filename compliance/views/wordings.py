"""The words behind the names that consents carry."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import wordings
from compliance.models import Wording
from config.lib.clock import utcnow
from config.lib.http import requires, typed
from config.lib.pages import page
from players.access import brands_for, shown_brands


class WordingForm(forms.Form):
    name = forms.CharField(max_length=60, label="Name", help_text="As the consents carry it.")
    text = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="Words",
        help_text="Exactly as the player saw them.",
    )
    how = forms.CharField(
        max_length=300, min_length=8, label="How it was asked",
        help_text="Which boxes, that none was ticked, what stood beside them.",
    )  # fmt: skip


@requires("compliance.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    brands = shown_brands(request)
    before = (
        Wording.objects.filter(brand__in=brands).select_related("brand", "recorded_by").order_by("-recorded_at", "-pk")
    )
    context = {"used": wordings.used(brands), "recorded": before[:100], "brands": brands}
    return page(request, "compliance/wordings.html", context)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = get_object_or_404(brands_for(request), pk=brand_id)
    form = WordingForm(request.POST or None, initial={"name": typed(request, "name")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wordings.record(brand, given["name"], given["text"], given["how"], request.user, now=utcnow())  # type: ignore[arg-type]
        messages.success(request, f"Recorded: what “{given['name']}” said at {brand.name}.")
        return redirect("compliance:wordings")
    return page(request, "compliance/wording.html", {"form": form, "owner": brand}, status=422 if form.errors else 200)
