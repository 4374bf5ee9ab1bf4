"""What counts as a sign of harm, who signed it, and what was found: the definitions a regulator asks for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import CharField, Count, Func, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance.markers import definitions
from compliance.markers.catalogue import BY_ID
from compliance.models import Case, MarkerHit, MarkerNorm, MarkerVersion, Standing, Sweep, Watch
from compliance.views.home import brands_of
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.money import exponent
from config.lib.pages import page
from players.access import brands_for
from players.models import Brand


@requires("compliance.view")
@require_safe
def markers(request: HttpRequest) -> HttpResponse:
    now, brands = utcnow(), list(brands_of(request).select_related("licence").order_by("name"))
    chosen = request.GET.get("brand", "")
    brand = next((one for one in brands if str(one.pk) == chosen), brands[0] if brands else None)
    if brand is None:
        raise Http404
    signed, watched = definitions.of_brand(brand), Watch.objects.filter(player__brand=brand)
    hits = dict(MarkerHit.objects.filter(player__brand=brand, counts_until__gt=now).values_list("marker")
                .annotate(players=Count("player", distinct=True)).order_by())  # fmt: skip
    each = Func("unknown", function="unnest", output_field=CharField())
    unknown = dict(watched.values_list(each).annotate(players=Count("pk")).order_by())
    rows = [(one, hits.get(key, 0), unknown.get(key, 0)) for key, one in signed.of.items()]
    levels = dict(Standing.objects.filter(person__players__brand=brand).values_list("risk")
                  .annotate(people=Count("person", distinct=True)).order_by())  # fmt: skip
    context = {
        "owner": brand, "of_brands": brands, "rows": rows, "scale": signed.scale, "scale_version": signed.scale_version,
        "waiting": definitions.waiting(brand), "watched": watched.count(), "levels": levels,
        "norms": MarkerNorm.objects.filter(brand=brand).count(), "sweep": Sweep.objects.order_by("pk").first(),
        "cases": Case.objects.filter(player__brand=brand).aggregate(all=Count("pk"), acted=Count("pk", filter=~Q(acted_at=None))),
    }  # fmt: skip
    return page(request, "compliance/markers.html", context)


class MarkerForm(ReasonForm):
    """Its thresholds by name; amounts in the brand's currency, as people write them."""

    def __init__(self, *args: Any, definition: definitions.Definition, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amounts = [name for name, value in definition.values.items() if isinstance(value, dict) and value]
        self.currency, self.definition = currency, definition
        self.fields["is_on"] = forms.BooleanField(required=False, initial=definition.is_on, label="In use")
        self.fields["points"] = forms.IntegerField(min_value=0, max_value=10, initial=definition.points, label="Points")
        for name, value in definition.values.items():
            if isinstance(value, int | float):
                self.fields[name] = forms.FloatField(
                    min_value=0, initial=value, label=name.replace("_", " ").capitalize()
                )
            elif name in self.amounts:
                self.fields[name] = self._amount(name, value.get(currency))
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def _amount(self, name: str, minor: int | None) -> forms.DecimalField:
        """Where nobody has said it in this currency yet, the marker cannot be told; here it may be."""
        digits = exponent(self.currency)
        return forms.DecimalField(
            min_value=Decimal(1).scaleb(-digits), max_digits=15, decimal_places=digits, required=minor is not None,
            initial=None if minor is None else Decimal(minor).scaleb(-digits),
            label=f"{name.capitalize()} ({self.currency})",
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, old in self.definition.values.items():
            if name not in self.cleaned_data:
                continue
            new = self.cleaned_data[name]
            if name in self.amounts:
                minor = {} if new is None else {self.currency: int(new.scaleb(exponent(self.currency)))}
                told[name] = dict(old) | minor
            else:
                told[name] = int(new) if float(new).is_integer() else new
        return told


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, brand_id: int, key: str) -> HttpResponse:
    brand = get_object_or_404(brands_for(request).select_related("licence"), pk=brand_id)
    if key not in BY_ID:
        raise Http404
    definition = definitions.of_brand(brand).of[key]
    form = MarkerForm(request.POST or None, definition=definition, currency=brand.currency)
    if form.is_valid():
        told = form.cleaned_data
        definitions.ask(brand, key, request.user, told["reason"], values=form.values(), points=told["points"],  # type: ignore[arg-type]
                        is_on=told["is_on"], now=utcnow())  # fmt: skip
        messages.success(request, "Asked. It counts when a second person has signed.")
        return _back(brand)
    context = {"form": form, "definition": definition, "owner": brand}
    return page(request, "compliance/marker.html", context, status=422 if form.errors else 200)


@requires("compliance.edit")
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(MarkerVersion.objects.filter(signed_by=None, brand__in=brands_for(request)), pk=pk)
    try:
        definitions.sign(row, request.user, now=utcnow())  # type: ignore[arg-type]
        messages.success(request, f"Signed: {row.marker} counts as version {row.number} from now on.")
    except definitions.CannotSign as refused:
        messages.error(request, str(refused))
    return _back(row.brand)


@requires("compliance.edit")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    rows, form = MarkerVersion.objects.select_related("brand"), ReasonForm(request.POST or None)
    row = get_object_or_404(rows.filter(signed_by=None, brand__in=brands_for(request)), pk=pk)
    if request.method == "POST" and form.is_valid():
        try:
            definitions.decline(row, request.user, form.cleaned_data["reason"], now=utcnow())  # type: ignore[arg-type]
            messages.success(request, "Declined. The definition stays as it is.")
        except definitions.CannotSign as refused:
            messages.error(request, str(refused))
        return _back(row.brand)
    context = {
        "form": form, "heading": f"Decline: {row.marker} version {row.number} at {row.brand.name}", "submit": "Decline",
        "cancel": f"/compliance/markers/?brand={row.brand_id}", "consequence": "The definition stays as it is.",
    }  # fmt: skip
    return page(request, "compliance/reason.html", context, status=422 if form.errors else 200)


def _back(brand: Brand) -> HttpResponse:
    response = redirect("compliance:markers")
    response["Location"] += f"?brand={brand.pk}"
    return response
