"""Settings · Bad runs: what RTP sensitivity goes by. A change is gone through for every player of the brand."""

from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page
from players import access, thresholds
from players.models import Brand, Player, Recount

LABELS = {
    "run_rounds": ("Rounds in a run", ""),
    "run_return": ("Bad when it returned less than", "% of its stakes"),
    "run_stop": ("Stopped play when at most", "rounds followed"),
    "run_cases": ("Unknown with fewer than", "runs of either kind"),
}
HELP = {
    "run_rounds": "Rounds of a session in a row, from its first one on. What is left over at the end is no run.",
    "run_return": "Wins in per cent of the stakes, real and bonus money.",
    "run_stop": "Fewer than the rounds of a run.",
    "run_cases": "A player needs so many bad runs and so many others.",
}
LIMITS = {"run_rounds": (5, 500), "run_return": (1, 100), "run_stop": (0, 100), "run_cases": (1, 1000)}


class RunsForm(forms.ModelForm):
    reason = forms.CharField(min_length=8, max_length=300, label="Reason", widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Brand
        fields = list(LABELS)
        labels = {name: f"{words} … {unit}" if unit else words for name, (words, unit) in LABELS.items()}
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in LIMITS.items():
            self.fields[name] = forms.IntegerField(
                min_value=least, max_value=most, label=self.fields[name].label, help_text=HELP[name]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"run_rounds", "run_stop"} <= data.keys() and data["run_stop"] >= data["run_rounds"]:
            self.add_error(
                "run_stop", "Fewer rounds than a run has, or every session would be stopped by its last run."
            )
        return data


@requires("settings.view")
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    cards = [
        {
            "brand": brand,
            "thresholds": [(words, getattr(brand, name), unit) for name, (words, unit) in LABELS.items()],
            "recount": _newest(brand),
            "everybody": Player.objects.filter(brand=brand).count(),
        }
        for brand in access.brands_for(request).order_by("name")
    ]
    return page(request, "settings/runs.html", {"cards": cards}, partials={"cards"})


def _newest(brand: Brand) -> Recount | None:
    rows = Recount.objects.filter(brand=brand, what=Recount.What.RUNS).select_related("asked_by")
    return rows.order_by("-asked_at").first()


@requires("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def runs_of(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_object_or_404(access.brands_for(request), pk=pk)
    form = RunsForm(request.POST or None, instance=Brand.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid() and _apply(request, brand, form):
        return redirect("settings:runs")
    context = {"brand": brand, "form": form}
    return page(request, "settings/runs_of.html", context, status=422 if form.errors else 200)


def _apply(request: HttpRequest, brand: Brand, form: RunsForm) -> bool:
    """False, and said on the form, when nothing is different or another walk is still under way."""
    new = {name: form.cleaned_data[name] for name in thresholds.RUNS}
    before = {name: getattr(brand, name) for name in thresholds.RUNS}
    if new == before:
        form.add_error(None, "Nothing is different.")
        return False
    actor: Any = request.user
    try:
        with transaction.atomic():
            thresholds.change_runs(brand, new, actor_id=actor.pk, now=utcnow())
            audit.record(
                actor, "runs.redefined", f"brand:{brand.pk}", brand=brand.pk, reason=form.cleaned_data["reason"],
                before=before, after=new,
            )  # fmt: skip
    except IntegrityError:
        form.add_error(None, "The players are still being gone through after the last change. Come back later.")
        return False
    return True
