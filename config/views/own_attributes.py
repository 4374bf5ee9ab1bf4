"""Settings · Your own attributes: what a brand keeps of its players beyond what every platform tells."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players import access
from players.models import Brand, CustomAttribute, SeenName
from players.pam.generic.own import KEY_PATTERN
from segments.language.attributes import Criterion
from segments.language.criteria import CONSEQUENCES

_NOT_OFFERED = {Criterion.RG_NEED}  # signs of harm are the catalogue's own: nobody may call something else one
_CRITERIA = [("", "Nothing a licence minds")] + [
    (one.value, CONSEQUENCES[one.value][0]) for one in Criterion if one not in _NOT_OFFERED
]
KEPT: tuple[str, ...] = ("label", "unit", "help", "criterion", "sensitivity")


class AttributeForm(forms.ModelForm):
    criterion = forms.ChoiceField(
        choices=_CRITERIA, required=False, label="Selecting by it is selecting by",
        help_text="Handed to the gate with every message to a segment that asks for it.",
    )  # fmt: skip

    class Meta:
        model = CustomAttribute
        fields = KEPT
        labels = {"label": "Name", "help": "Meaning"}
        help_texts = {
            "label": "As operators say it: Points in the shop.",
            "unit": "Of a number: points, visits, EUR.",
            "help": "Exactly what the value says, so that nobody has to ask.",
            "sensitivity": "Decides who may see samples and members of segments that ask for it.",
        }


class NewForm(AttributeForm):
    key = forms.CharField(
        max_length=32, validators=[RegexValidator(KEY_PATTERN, "Small letters, digits and _, beginning with a letter.")],
        help_text="As events name it: shop_points. Never changes.",
    )  # fmt: skip

    class Meta(AttributeForm.Meta):
        fields = ("brand", "key", "kind", *KEPT)
        help_texts = AttributeForm.Meta.help_texts | {"kind": "Never changes: rules are built on it."}

    def __init__(self, brands: QuerySet[Brand], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["brand"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = brands, None


def _mine(request: HttpRequest) -> QuerySet[CustomAttribute]:
    return CustomAttribute.objects.filter(brand__in=access.brands_for(request))


@requires("settings.view")
@require_safe
def attributes(request: HttpRequest) -> HttpResponse:
    valued = Count(
        "values", filter=Q(values__number__isnull=False) | Q(values__day__isnull=False) | ~Q(values__word="")
    )
    rows = _mine(request).select_related("brand").annotate(players=valued).order_by("brand__name", "label")
    seen = SeenName.objects.filter(brand__in=access.brands_for(request)).select_related("brand").order_by("name")
    known = set(_mine(request).values_list("brand", "key"))
    context = {
        "rows": rows,
        "consequences": CONSEQUENCES,
        "undeclared": [one for one in seen.filter(what="own") if (one.brand_id, one.name) not in known],
        "misfits": seen.filter(what="misfit"),
    }
    return page(request, "settings/attributes.html", context)


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = NewForm(
        access.brands_for(request).order_by("name"), request.POST or None, initial={"key": request.GET.get("key")}
    )
    if request.method == "POST" and form.is_valid():
        form.instance.declared_at, form.instance.declared_by = utcnow(), request.user
        try:
            with transaction.atomic():
                form.save()
                _put_on_record(request, "attribute.declared", form.instance, None)
            return redirect("settings:attributes")
        except IntegrityError:
            form.add_error("key", "This brand has declared an attribute of this key.")
    context = {"form": form, "heading": "Declare an attribute"}
    return page(request, "settings/attribute.html", context, status=422 if form.errors else 200)


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_mine(request).select_related("brand"), pk=pk)
    before = {name: getattr(found, name) for name in KEPT}
    form = AttributeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            _put_on_record(request, "attribute.changed", found, before)
        return redirect("settings:attributes")
    context = {"form": form, "heading": found.label, "attribute": found}
    return page(request, "settings/attribute.html", context, status=422 if form.errors else 200)


def _put_on_record(request: HttpRequest, kind: str, found: CustomAttribute, before: dict[str, Any] | None) -> None:
    actor: Any = request.user
    after = {name: getattr(found, name) for name in KEPT}
    audit.record(actor, kind, f"attribute:{found.pk}", brand=found.brand_id, before=before, after=after)
