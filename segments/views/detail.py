"""A segment's own page: overview, members, versions, explain; going live and archiving."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from compliance import audit
from config.lib.clock import utcnow
from config.lib.forms import ReasonForm
from config.lib.http import requires, typed
from config.lib.pages import page
from config.lib.wake import wake_on_commit
from segments import building
from segments.explaining import UNSEEN, explain_player, find_player
from segments.history import days
from segments.language.criteria import CONSEQUENCES, criteria, feeds
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.looking_back import shortfalls
from segments.membership import members as open_members
from segments.models import Membership, Segment
from segments.permitted import sight_of
from segments.reading import effective, read, rule_of
from segments.sizes import members_size
from segments.uses import InUse
from segments.views.access import operator, segment_for
from segments.views.pages import words

PAGE = 50


@requires("segments.view")
@require_safe
def detail(request: HttpRequest, pk: int, tab: str = "overview") -> HttpResponse:
    segment = segment_for(request, pk)
    context: dict[str, Any] = {"segment": segment, "tab": tab, "words": words(segment)}
    context["may_export"] = operator(request).may("segments.export", segment.brand_id)
    context["can_edit"] = operator(request).may("segments.edit", segment.brand_id)
    context["sight"] = sight_of(segment, operator(request))
    context |= _TABS[tab](request, segment)
    return page(request, f"segments/{tab}.html", context, partials={"rows", "explanation"})


def _overview(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    history = days(segment, now=utcnow())
    rule = _readable(segment)
    keys = segment.current.criteria if segment.current else criteria(rule) if rule else []
    week = history[-7:]
    seen = sight_of(segment, operator(request))
    return {
        "size": history[-1].size,
        "told": None if seen.small else members_size(open_members(segment), segment.brand, seen),
        "is_veiled": not seen.exact,
        "tallest": max(day.size for day in history),
        "history": history,
        "entered": sum(day.entered for day in week),
        "left": sum(day.left for day in week),
        "chips": [CONSEQUENCES[key] for key in keys if key in CONSEQUENCES],
        "building": segment.build_after is not None,
        "shortfalls": shortfalls(segment.brand, rule, now=utcnow()) if rule else [],
        "feeds": feeds(rule) if rule else set(),
    }


def _readable(segment: Segment) -> Group | None:
    """The rule in force, or the draft; None when nobody can read it any more."""
    try:
        return rule_of(segment)
    except RuleError:
        return None


def _members(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    """Newest first, continued after the row last seen: as fast on page 400 as on page 1."""
    if not sight_of(segment, operator(request)).people:
        return {"rows": []}
    rows = open_members(segment).select_related("player", "player__state").order_by("-pk")
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return {"rows": found[:PAGE], "after": found[PAGE - 1].pk if len(found) > PAGE else None}


def _versions(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    versions = list(segment.versions.select_related("created_by"))
    clauses = [_clauses(version.rule, segment) for version in versions]
    rows = []
    for index, version in enumerate(versions):
        older = clauses[index + 1] if index + 1 < len(versions) else clauses[index]
        gained = [clause for clause in clauses[index] if clause not in older]
        lost = [clause for clause in older if clause not in clauses[index]]
        rows.append({"version": version, "gained": gained, "lost": lost})
    draft = sentence(rule_of(segment, draft=True)) if segment.draft and versions else ""
    return {"versions": rows, "draft_words": draft}


def _clauses(rule: Any, segment: Segment) -> list[str]:
    """The top-level conditions in words; a rule nobody can read any more has none."""
    try:
        tree = read(rule, segment.brand_id)
    except RuleError:
        return []
    parts = [Group("all", (child,)) for child in tree.of] if tree.kind == "all" else [tree]
    return [sentence(part) for part in parts]


def _explain(request: HttpRequest, segment: Segment) -> dict[str, Any]:
    word = typed(request, "who")
    if not sight_of(segment, operator(request)).people:
        return {"who": word, "explanation": UNSEEN}
    rule = effective(segment) if segment.current else rule_of(segment)
    explanation = explain_player(find_player(segment.brand, word), rule, word, now=utcnow()) if word else None
    stays: list[Membership] = []
    if explanation and explanation.player:
        stays = list(Membership.objects.filter(segment=segment, player=explanation.player).order_by("-pk")[:20])
    return {"who": word, "explanation": explanation, "stays": stays}


_TABS: Mapping[str, Callable[[HttpRequest, Segment], dict[str, Any]]] = {
    "overview": _overview,
    "members": _members,
    "versions": _versions,
    "explain": _explain,
}


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def launch(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    if segment.draft is None or segment.status == Segment.Status.ARCHIVED:
        return redirect("segments:detail", pk)
    answer, everybody = request.POST.get("existing", ""), ""
    try:
        rule = rule_of(segment, draft=True)
        if request.method == "POST" and answer in ("new_only", "act"):
            _go_live(request, segment, answer)
            messages.success(request, f"“{segment.name}” is live. Members appear within seconds.")
            return redirect("segments:detail", pk)
    except RuleError as error:
        messages.error(request, f"It cannot go live. {error.problems[0].sentence}")
        return redirect("segments:edit", pk)
    except building.EverybodyMatches as error:
        everybody = str(error)
    context = {
        "segment": segment,
        "words": sentence(rule),
        "chips": [CONSEQUENCES[key] for key in criteria(rule)],
        "size": open_members(segment).count(),
        "everybody": everybody,
        "unanswered": request.method == "POST" and not everybody,
    }
    return page(request, "segments/launch.html", context, status=422 if request.method == "POST" else 200)


def _go_live(request: HttpRequest, segment: Segment, answer: str) -> None:
    me = operator(request)
    with transaction.atomic():
        meant = request.POST.get("everybody") == "meant"
        version = building.go_live(
            segment, me, acts_on_existing=answer == "act", now=utcnow(), everybody_is_meant=meant
        )
        after = {"version": version.number, "rule": version.sentence, "existing": answer}
        audit.record(me, "segment.live", f"segment:{segment.pk}", brand=segment.brand_id, after=after)
        wake_on_commit("segments.tasks.tick")


def _archive(request: HttpRequest, segment: Segment, reason: str) -> None:
    with transaction.atomic():
        building.archive(segment, now=utcnow())
        audit.record(
            operator(request), "segment.archived", f"segment:{segment.pk}", brand=segment.brand_id, reason=reason
        )


@requires("segments.edit")
@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    segment = segment_for(request, pk, "segments.edit")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _archive(request, segment, form.cleaned_data["reason"])
        except InUse as error:
            messages.error(request, f"“{segment.name}” cannot be archived while it is in use: {error}.")
            return redirect("segments:detail", pk)
        messages.success(request, f"“{segment.name}” is archived.")
        return redirect("segments:list")
    context = {
        "form": form,
        "heading": f"Archive “{segment.name}”",
        "submit": "Archive",
        "cancel": reverse("segments:detail", args=[pk]),
        "consequence": "All members leave without triggering a journey. History and versions stay readable.",
    }
    return page(request, "ui/reason.html", context, status=422 if form.errors else 200)
