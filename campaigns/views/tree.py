"""The Build tab: the tree on the left, the chosen card's form on the right. Works without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import access, building, drawing, editing, forms, telling, words
from campaigns.access import operator
from campaigns.lint import findings
from campaigns.models import Step, Variant, Version
from campaigns.previewing import preview
from campaigns.publishing import Refused
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page


def frame(request: HttpRequest, version: Version, tab: str) -> dict[str, Any]:
    """What every tab of a campaign shows around itself."""
    return {
        "campaign": version.campaign,
        "version": version,
        "versions": version.campaign.versions.order_by("-number"),
        "tab": tab,
        "tone": words.VERSION_TONE.get(version.status, "muted"),
        "starts": words.starts(version),
        "again": words.again(version),
        "leaves": words.leaves(version),
        "may_edit": version.is_draft and operator(request).may("campaigns.edit", version.campaign.brand_id),
        "may_approve": operator(request).may("campaigns.approve", version.campaign.brand_id),
        "is_author": operator(request).id in (version.author_id, *version.editors),
    }


@requires("campaigns.view")
@require_safe
def build(request: HttpRequest, pk: int) -> HttpResponse:
    version = access.version_for(request, pk)
    return _build(request, version, request.GET.get("card", ""))


def _build(request: HttpRequest, version: Version, card: str, form: BaseForm | None = None) -> HttpResponse:
    found = findings(version, now=utcnow()) if version.is_draft or version.status == Version.Status.SUBMITTED else []
    context = frame(request, version, "build") | {
        "column": drawing.tree(version, found),
        "found": found,
        "card": card,
        "kinds": [(k.value, k.label, drawing.ICONS[k]) for k in Step.Kind],
        **_inspector(request, version, card, form),
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "campaigns/build.html", context, partials={"inspector"}, status=status)


def _inspector(request: HttpRequest, version: Version, card: str, form: BaseForm | None) -> dict[str, Any]:
    """card: 'start', 'exit', a step id, or 'variant-<id>'."""
    if card in ("start", "exit"):
        return {"form": form or _FORMS[card](instance=version), "title": _TITLES[card]}
    if card.startswith("variant-"):
        variant = _variant(version, card)
        shown = preview(variant, request.GET.get("as", ""), request)
        return {"form": form or forms.VariantForm(instance=variant), "variant": variant, "step": variant.step,
                "title": f"Words for {variant.segment.name if variant.segment else 'everyone else'}", "shown": shown}  # fmt: skip
    if card.isdecimal():
        steps = version.steps.select_related("version__campaign__brand__licence", "terms__template")
        step = get_object_or_404(steps, id=card)
        variants = list(step.variants.select_related("segment"))
        return {"form": form or _step_form(step, None), "step": step, "title": step.get_kind_display(),
                "told": telling.lines(step, version), "variants": variants, "subjects": {one.id: words.readable(one.subject) for one in variants}}  # fmt: skip
    return {}


_FORMS: dict[str, Callable[..., BaseForm]] = {"start": forms.StartForm, "exit": forms.ExitForm}
_TITLES = {"start": "Starts when", "exit": "Leaves early when"}
_STEP_FORMS = {"message": forms.MessageForm, "wait": forms.WaitForm, "bonus": forms.BonusForm}


def _step_form(step: Step, data: Any) -> BaseForm | None:
    if step.kind == Step.Kind.BRANCH:
        chosen = [arm.segment_id for arm in step.arms.all() if arm.segment_id]
        return forms.BranchForm(step.version, data, initial={"segments": chosen})
    made = _STEP_FORMS.get(step.kind)
    return made(data, instance=step) if made else None


def _variant(version: Version, card: str) -> Variant:
    number = card.removeprefix("variant-")
    if not number.isdecimal():
        raise Http404("No such variant.")
    found = Variant.objects.select_related("segment", "step__version__campaign__brand__licence")
    return get_object_or_404(found, id=number, step__version=version)


@requires("campaigns.edit")
@require_POST
def save(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    version = access.version_for(request, pk)
    try:
        building.draft_now(version)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("campaigns:detail", pk)
    form = _bound(version, card, request.POST)
    if form is None:
        raise Http404("This card has nothing to fill in.")
    if not form.is_valid():
        return _build(request, version, card, form)
    with transaction.atomic():
        if isinstance(form, forms.BranchForm):
            building.set_columns(Step.objects.get(id=card), list(form.cleaned_data["segments"]))
        else:
            form.save()  # type: ignore[attr-defined]
        before, after = editing.changes(form)
        editing.note(version, operator(request), card, before=before, after=after)
    messages.success(request, "Saved.")
    return redirect(f"{reverse('campaigns:detail', args=[pk])}?card={card}")


def _bound(version: Version, card: str, data: Any) -> BaseForm | None:
    if card in _FORMS:
        return _FORMS[card](data, instance=version)
    if card.startswith("variant-"):
        return forms.VariantForm(data, instance=_variant(version, card))
    if not card.isdecimal():
        return None
    return _step_form(get_object_or_404(version.steps.select_related("version__campaign__brand"), id=card), data)


@requires("campaigns.edit")
@require_http_methods(["POST"])
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """add, remove, up, down, add-variant, remove-variant: one button each."""
    version = access.version_for(request, pk)
    try:
        with transaction.atomic():
            card = _change(version, verb, request.POST)
            editing.note(version, operator(request), f"{verb} {card}".strip())
    except Refused as refused:
        messages.error(request, str(refused))
        card = ""
    return redirect(f"{reverse('campaigns:detail', args=[pk])}?card={card}")


def _change(version: Version, verb: str, data: Any) -> str:
    number = {name: int(data[name]) if data.get(name, "").isdecimal() else None for name in ("arm", "after", "id")}
    if verb == "add":
        if data.get("kind") not in Step.Kind.values:
            raise Refused("There is no such card.")
        return str(building.add(version, data["kind"], arm_id=number["arm"], after=number["after"]).id)
    if verb == "remove-variant":
        variant = _variant(version, f"variant-{number['id']}")
        building.remove_variant(variant)
        return str(variant.step_id)
    step = get_object_or_404(version.steps.select_related("version__campaign"), id=number["id"])
    if verb == "remove":
        building.remove(step)
        return ""
    if verb == "add-variant":
        return f"variant-{building.add_variant(step).id}"
    building.move(step, down=verb == "down")
    return str(step.id)
