"""Reads from the address which statement is asked for, inside the brands this operator may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest

from config.lib.clock import utcnow
from players.access import brands_for, current_brand
from players.models import Brand, Player
from reporting import definitions
from reporting.forms import StatementForm
from reporting.models import NgrDefinition
from reporting.questions.scope import Period, Scope


@dataclass(frozen=True)
class Asked:
    form: StatementForm
    brand: Brand
    period: Period
    currency: str
    definition: NgrDefinition
    now: datetime

    @property
    def scope(self) -> Scope:
        return Scope(self.brand, self.currency, self.period)

    @property
    def query(self) -> str:
        return (
            f"brand={self.brand.pk}&first={self.period.first}&last={self.period.last}"
            f"&definition={self.definition.pk}&currency={self.currency}"
        )


def asked(request: HttpRequest) -> Asked | None:
    """None while there is no brand or no definition to report by; a brand of somebody else is a 404."""
    now = utcnow()
    brands = brands_for(request).select_related("licence").order_by("name")
    brand = _brand(request, brands)
    if brand is None:
        return None
    found = Player.objects.filter(brand=brand).exclude(currency=brand.currency).values_list("currency", flat=True)
    currencies = [brand.currency, *sorted(set(found))]
    today = now.astimezone(ZoneInfo(brand.timezone)).date()
    form = StatementForm(request.GET)
    form.fields["brand"].queryset = brands  # type: ignore[attr-defined]
    form.fields["definition"].queryset = NgrDefinition.objects.all()  # type: ignore[attr-defined]
    form.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
    period, chosen = form.period(today), form.chosen()
    definition = chosen.get("definition") or _of_licence(brand, period)
    if definition is None:
        return None
    shown = StatementForm(initial={"brand": brand, "first": period.first, "last": period.last,
                                   "definition": chosen.get("definition"), "currency": chosen.get("currency")})  # fmt: skip
    for name in ("brand", "definition", "currency"):
        _copy(form, shown, name)
    return Asked(shown, brand, period, chosen.get("currency") or brand.currency, definition, now)


def _copy(form: StatementForm, shown: StatementForm, name: str) -> None:
    field: Any = shown.fields[name]
    source: Any = form.fields[name]
    if hasattr(source, "queryset"):
        field.queryset = source.queryset
    else:
        field.choices = source.choices


def _brand(request: HttpRequest, brands: Any) -> Brand | None:
    if request.GET.get("brand", "").isdecimal():
        found: Brand | None = brands.filter(pk=request.GET["brand"]).first()
        if found is None:
            raise Http404
        return found
    current = current_brand(request)
    first: Brand | None = brands.filter(pk=current.pk).first() if current else brands.first()
    return first


def _of_licence(brand: Brand, period: Period) -> NgrDefinition | None:
    try:
        return definitions.default_for(brand, period.last)
    except NgrDefinition.DoesNotExist:
        return None
