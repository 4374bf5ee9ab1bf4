"""What is done to a segment besides writing its rule: going live, picking players by hand, archiving."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires
from config.lib.pages import page
from config.lib.wake import wake_on_commit
from segments import building, handpick
from segments.explaining import find_player
from segments.forms import PickForm
from segments.language.criteria import CONSEQUENCES, criteria
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.launching import Outlook, outlook
from segments.models import Segment
from segments.permitted import Rights, sight
from segments.reading import rule_of
from segments.uses import InUse, Use, told, where_used
from segments.views.access import operator, segment_for
from segments.views.detail import shown

_EXISTING = ("new_only", "act")


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    if segment.draft is None or segment.status == Segment.Status.ARCHIVED:
        return redirect("segments:detail", pk)
    try:
        rule = rule_of(segment, draft=True)
    except RuleError as error:
        messages.error(request, error.problems[0].sentence)
        return redirect("segments:edit", pk)
    seen = sight(rule, segment.brand, Rights.of(operator(request), segment.brand_id))
    ahead = outlook(segment, rule, seen, now=utcnow())
    problem = _go_live(request, segment) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        messages.success(request, f"“{segment.name}” is live. Members appear within seconds.")
        return redirect("segments:detail", pk)
    context = _launch(request, segment, rule, ahead) | {
        "problem": problem,
        "existing": request.POST.get("existing", "new_only"),
    }
    return page(request, "segments/launch.html", context, status=422 if problem else 200)


def _launch(request: HttpRequest, segment: Segment, rule: Group, ahead: Outlook | None) -> dict[str, Any]:
    return {
        "segment": segment,
        "words": sentence(rule),
        "chips": [CONSEQUENCES[key] for key in criteria(rule)],
        "outlook": ahead,
        "uses": _uses(request, segment),
    }


def _go_live(request: HttpRequest, segment: Segment) -> str:
    """What is wrong, "" if it is live now."""
    me, answer = operator(request), request.POST.get("existing", "")
    if answer not in _EXISTING:
        return "Choose one of the two."
    meant = request.POST.get("everybody") == "meant"
    try:
        with transaction.atomic():
            version = building.go_live(
                segment, me, acts_on_existing=answer == "act", now=utcnow(), everybody_is_meant=meant
            )
            after = {"version": version.number, "rule": version.sentence, "existing": answer}
            audit.record(me, "segment.live", f"segment:{segment.pk}", brand=segment.brand_id, after=after)
            wake_on_commit("segments.tasks.tick")
    except RuleError as error:
        return f"It cannot go live. {error.problems[0].sentence}"
    except building.EverybodyMatches as error:
        return str(error)
    return ""


@requires("segments.edit")
@require_POST
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a player, takes one out, or lets the rule decide again."""
    segment = segment_for(request, pk, "segments.edit")
    form = PickForm(request.POST)
    if not form.is_valid():
        return shown(request, segment, "members", status=422, pick_form=form)
    player = find_player(segment.brand, form.cleaned_data["who"])
    if player is None:
        form.add_error("who", f"No player “{form.cleaned_data['who'][:60]}” at this brand.")
        return shown(request, segment, "members", status=422, pick_form=form)
    act = {"in": handpick.add, "out": handpick.remove, "rule": handpick.clear}[form.cleaned_data["what"]]
    try:
        with transaction.atomic():
            act(segment, [player.pk], operator(request), form.cleaned_data["reason"], now=utcnow())
    except handpick.CannotPick as error:
        form.add_error("who", str(error))
        return shown(request, segment, "members", status=422, pick_form=form)
    messages.success(request, f"{player.external_id} {_DONE[form.cleaned_data['what']]}.")
    return redirect("segments:members", pk)


_DONE = {"in": "is a member now", "out": "is kept out from now on", "rule": "is decided by the rule again"}


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    form, uses = ReasonForm(request.POST or None), _uses(request, segment)
    if request.method == "POST" and not uses and form.is_valid():
        try:
            _archive(request, segment, form.cleaned_data["reason"])
        except InUse as error:
            uses = _told(request, segment, error.uses)
        else:
            messages.success(request, f"“{segment.name}” is archived.")
            return redirect("segments:list")
    context = {
        "form": form,
        "segment": segment,
        "uses": uses,
        "heading": f"Archive “{segment.name}”",
        "submit": "Archive",
        "cancel": reverse("segments:detail", args=[pk]),
    }
    refused = request.method == "POST"
    return page(request, "segments/archive.html", context, status=(409 if uses else 422) if refused else 200)


def _uses(request: HttpRequest, segment: Segment) -> list[Use]:
    return _told(request, segment, where_used([segment]))


def _told(request: HttpRequest, segment: Segment, uses: list[Use]) -> list[Use]:
    return told(uses, segment, Rights.of(operator(request), segment.brand_id))


def _archive(request: HttpRequest, segment: Segment, reason: str) -> None:
    with transaction.atomic():
        building.archive(segment, now=utcnow())
        audit.record(
            operator(request), "segment.archived", f"segment:{segment.pk}", brand=segment.brand_id, reason=reason
        )
