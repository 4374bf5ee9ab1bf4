"""The builder: one form, one address; every button edits the draft that travels in it."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from compliance import audit
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page, partial_of
from segments import builder, edits
from segments.building import NameTaken, save_draft
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.models import Segment
from segments.shelves import shelves
from segments.views import result
from segments.views.access import operator, segment_for
from segments.views.desk import Desk, laid
from segments.widgets import Drawing

_SAVES = ("save", "live")
_RULE, _EXPLAIN = "builder-rule", "builder-explain"
_PARTIALS = {_RULE, result.ESTIMATE, result.FOUND, result.REACH, _EXPLAIN}


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _build(request, None)


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    if segment.status == Segment.Status.ARCHIVED:
        messages.info(request, "This segment is archived: it can be read, not changed.")
        return redirect("segments:detail", pk)
    return _build(request, segment)


def _build(request: HttpRequest, segment: Segment | None) -> HttpResponse:
    try:
        desk = laid(request, segment)
    except builder.Unreadable as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    if desk is None:
        messages.error(request, "You have no brand to build a segment for.")
        return redirect("segments:list")
    do = edits.Edit.read(request.POST.get("do", ""))
    if do.verb in _SAVES and partial_of(request) in ("", _RULE):
        return _save(request, desk, do.verb)
    desk.edit(do)
    desk.read()
    response = page(request, "segments/builder.html", _context(request, desk), partials=_PARTIALS)
    if partial_of(request) == _RULE:
        response["HX-Trigger-After-Settle"] = "rule-changed"
    return response


def _save(request: HttpRequest, desk: Desk, verb: str) -> HttpResponse:
    desk.read(strict=True)
    if not desk.name:
        desk.name_problem = "Give the segment a name."
    if desk.rule is not None and not desk.name_problem:
        try:
            segment = _stored(request, desk, desk.rule)
        except NameTaken as error:
            if twin := _twin(request, desk, desk.rule):
                return _saved(request, twin, verb)
            desk.name_problem = str(error)
        else:
            return _saved(request, segment, verb)
    return page(request, "segments/builder.html", _context(request, desk), partials=_PARTIALS, status=422)


def _saved(request: HttpRequest, segment: Segment, verb: str) -> HttpResponse:
    if verb == "live":
        return redirect("segments:launch", segment.pk)
    messages.success(request, "Draft saved. Nobody enters or leaves until it is live.")
    return redirect("segments:detail", segment.pk)


def _twin(request: HttpRequest, desk: Desk, rule: Group) -> Segment | None:
    """The draft the same press made a moment ago: a button pressed twice saves one segment and complains of none."""
    if desk.segment is not None:
        return None
    mine = Segment.objects.filter(brand=desk.brand, name=desk.name, created_by=operator(request))
    return mine.filter(status=Segment.Status.DRAFT, draft=rule.json()).first()


def _stored(request: HttpRequest, desk: Desk, rule: Group) -> Segment:
    me = operator(request)
    with transaction.atomic():
        segment = save_draft(desk.segment, desk.brand, desk.name, rule.json(), me, now=utcnow())
        after = {"name": segment.name, "rule": sentence(rule)}
        audit.record(me, "segment.saved", f"segment:{segment.pk}", brand=segment.brand_id, after=after)
    return segment


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    wanted = partial_of(request)
    context: dict[str, Any] = {
        "desk": desk,
        "shape": json.dumps(desk.box.shape()),
        "json": json.dumps(desk.rule.json(), indent=2, ensure_ascii=False) if desk.rule else "",
        "sentence": sentence(desk.rule) if desk.rule else "",
        "cards": list(builder.cards(desk.box)),
        "waiting": desk.blanks,
    }
    if wanted in ("", _RULE):
        context["root"] = Drawing(
            desk.box, desk.brand, desk.segment, desk.target, desk.focus, rights=desk.rights
        ).draw()
    if not wanted:
        context["shelves"] = shelves(desk.brand, desk.rights)
    if wanted in ("", result.ESTIMATE):
        context |= result.estimate(desk)
    # Without scripts nobody asks again: a posted page says everything at once.
    at_once = not wanted and request.method == "POST"
    if at_once or wanted == result.FOUND:
        context |= result.found(request, desk)
    if at_once or wanted == result.REACH:
        context |= result.reached(desk)
    if wanted == _EXPLAIN:
        context |= result.explained(request, desk)
    return context | {"at_once": at_once}
