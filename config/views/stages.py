"""Settings · Stages: when a player counts as new, slipping away, lapsed … Two steps: see who would move, then do it."""

from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players import access, thresholds
from players.models import Brand, PlayerState, Recount, Stage

LABELS = {
    "ftd_days": "First-time depositor for",
    "slipping_after_days": "Slipping away after",
    "lapsed_after_days": "Lapsed after",
    "dormant_after_days": "Dormant after",
    "reactivated_days": "Reactivated for",
}
HELP = {
    "ftd_days": "Days after the first deposit, or until the second one.",
    "slipping_after_days": "Days without real-money play or deposit. Bonus play alone does not count.",
    "lapsed_after_days": "Days without real-money play or deposit.",
    "dormant_after_days": "Days without real-money play or deposit.",
    "reactivated_days": "Days after coming back from a lapse; then active if there were two active days.",
}
ORDER = ("slipping_after_days", "lapsed_after_days", "dormant_after_days")


class ThresholdsForm(forms.ModelForm):
    class Meta:
        model = Brand
        fields = list(LABELS)
        labels = LABELS
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LABELS:
            self.fields[name].widget = forms.NumberInput(attrs={"min": 1, "max": 3650})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        order = [data.get(name) or 0 for name in ORDER]
        if all(order) and not order[0] < order[1] < order[2]:
            raise forms.ValidationError("A player slips away first, lapses later and is dormant last.")
        if not all(1 <= data[name] <= 3650 for name in LABELS if data.get(name) is not None):
            raise forms.ValidationError("A threshold is from 1 day to ten years.")
        return data


class ApplyForm(forms.Form):
    """The second step: why, and whether journeys hear of it."""

    reason = forms.CharField(min_length=8, max_length=300, label="Reason", widget=forms.Textarea(attrs={"rows": 2}))
    tells_journeys = forms.BooleanField(
        label="Journeys that start on a stage may start for the players moved now", required=False
    )


@requires("settings.view")
@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    brands = list(access.brands_for(request).order_by("name"))
    counted: dict[int, dict[int, int]] = {}
    rows = PlayerState.objects.filter(player__brand__in=brands, player__is_test=False)
    for brand, stage, count in rows.values_list("player__brand", "stage").annotate(n=Count("pk")).order_by():
        counted.setdefault(brand, {})[stage] = count
    cards = [
        {
            "brand": brand,
            "thresholds": [(LABELS[name], getattr(brand, name)) for name in LABELS],
            "people": [(stage, counted.get(brand.pk, {}).get(stage.value, 0)) for stage in Stage],
            "recount": Recount.objects.filter(brand=brand, what=Recount.What.STAGES)
            .select_related("asked_by")
            .order_by("-asked_at")
            .first(),
            "everybody": sum(counted.get(brand.pk, {}).values()),
        }
        for brand in brands
    ]
    return page(request, "settings/stages.html", {"cards": cards}, partials={"cards"})


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def thresholds_of(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_object_or_404(access.brands_for(request), pk=pk)
    form = ThresholdsForm(request.POST or None, instance=Brand.objects.get(pk=pk))
    context: dict[str, Any] = {"brand": brand, "form": form, "running": _running(brand)}
    if request.method != "POST" or not form.is_valid():
        return page(request, "settings/stage_thresholds.html", context, status=422 if form.errors else 200)
    new = {name: form.cleaned_data[name] for name in thresholds.NAMES}
    second = ApplyForm(request.POST if request.POST.get("step") == "apply" else None)
    if second.is_valid():
        if _apply(request, brand, new, second.cleaned_data):
            return redirect("settings:stages")
        context["running"] = True
    context |= {"new": new, "second": second} | _preview(brand, new)
    return page(request, "settings/stage_thresholds.html", context, status=422 if second.errors else 200)


def _running(brand: Brand) -> bool:
    return Recount.objects.filter(brand=brand, finished_at=None).exists()


def _preview(brand: Brand, new: dict[str, int]) -> dict[str, Any]:
    shifts = thresholds.preview(brand, new, now=utcnow())
    counts = {(shift.before, shift.after): shift.players for shift in shifts}
    moving = sum(shift.players for shift in shifts if shift.moves)
    table = [
        {
            "stage": before,
            "now": sum(count for (was, _), count in counts.items() if was == before),
            "then": sum(count for (_, is_), count in counts.items() if is_ == before),
            "to": [(after, counts.get((before, after), 0), after == before) for after in Stage],
        }
        for before in Stage
    ]
    return {
        "shifts": sorted((one for one in shifts if one.moves), key=lambda one: -one.players),
        "table": table, "stages": list(Stage), "moving": moving, "everybody": sum(counts.values()),
        "changed": [(LABELS[name], getattr(brand, name), new[name]) for name in LABELS if getattr(brand, name) != new[name]],
    }  # fmt: skip


def _apply(request: HttpRequest, brand: Brand, new: dict[str, int], said: dict[str, Any]) -> bool:
    """False when another change is still under way."""
    before = thresholds.of(brand)
    actor: Any = request.user
    try:
        with transaction.atomic():
            thresholds.change(
                brand, new, actor_id=actor.pk, tells_journeys=said["tells_journeys"], now=utcnow()
            )  # fmt: skip
            audit.record(
                actor,
                "stages.redrawn",
                f"brand:{brand.pk}",
                brand=brand.pk,
                reason=said["reason"],
                before=before,
                after=new,
            )
    except IntegrityError:
        return False
    return True
