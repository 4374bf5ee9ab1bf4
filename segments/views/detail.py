"""A segment's own page: overview, members, where it is used, versions, explain."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.lib.clock import utcnow
from config.lib.http import requires, typed
from config.lib.pages import page
from segments.explaining import UNSEEN, explain_player, find_player
from segments.feeding import flows, needed
from segments.forms import PickForm
from segments.history import CAUSES, causes, days
from segments.language.criteria import CONSEQUENCES, criteria, feeds
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.looking_back import warnings
from segments.membership import members as open_members
from segments.models import Membership, Segment
from segments.permitted import Rights, Sight, sight_of
from segments.reading import effective, read, rule_of
from segments.sizes import members_size
from segments.uses import told, where_used
from segments.views.access import operator, segment_for
from segments.views.pages import words

PAGE = 50


@requires("segments.view")
@require_safe
def detail(request: HttpRequest, pk: int, tab: str = "overview") -> HttpResponse:
    return shown(request, segment_for(request, pk), tab)


def shown(request: HttpRequest, segment: Segment, tab: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """Also for a form on a tab that came back with errors."""
    rule = readable(segment)
    me = operator(request)
    seen = sight_of(segment, me)
    context: dict[str, Any] = {"segment": segment, "tab": tab, "words": words(segment), "sight": seen}
    context["is_unreadable"] = rule is None
    context["may_export"] = me.may("segments.export", segment.brand_id)
    context["can_edit"] = me.may("segments.edit", segment.brand_id)
    context |= _TABS[tab](request, segment, rule, seen) | more
    return page(request, f"segments/{tab}.html", context, partials={"rows", "explanation"}, status=status)


def readable(segment: Segment) -> Group | None:
    """The rule in force with its handpicks, or the draft; None when nobody can read it any more."""
    try:
        return effective(segment) if segment.current else rule_of(segment)
    except RuleError:
        return None


def _overview(request: HttpRequest, segment: Segment, rule: Group | None, seen: Sight) -> dict[str, Any]:
    now = utcnow()
    about: dict[str, Any] = {
        "chips": [CONSEQUENCES[key] for key in criteria(rule)] if rule else [],
        "building": segment.build_after is not None,
        "shortfalls": warnings(segment.brand, rule, now=now) if rule else None,
        "feeds": feeds(rule) if rule else set(),
        "flows": needed(flows(segment.brand), feeds(rule)) if rule else [],
        "uses": len(where_used([segment])),
    }
    if not seen.exact:
        return about | {"told": members_size(open_members(segment), segment.brand, seen), "history": []}
    history = days(segment, now=now)
    week = history[-7:]
    return about | {
        "size": history[-1].size,
        "told": None if seen.small else members_size(open_members(segment), segment.brand, seen),
        "tallest": max(day.size for day in history),
        "history": history,
        "causes": causes(segment, now=now),
        "entered": sum(day.entered for day in week),
        "left": sum(day.left for day in week),
    }


def _members(request: HttpRequest, segment: Segment, rule: Group | None, seen: Sight) -> dict[str, Any]:
    """Newest first, continued after the row last seen: as fast on page 400 as on page 1."""
    if not seen.people:
        return {"rows": []}
    rows = open_members(segment).select_related("player", "player__state").order_by("-pk")
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    picks = segment.handpicks.select_related("player", "operator").order_by("-at") if segment.is_handpicked else None
    return {
        "rows": found[:PAGE],
        "after": found[PAGE - 1].pk if len(found) > PAGE else None,
        "picks": list(picks[:100]) if picks else [],
        "causes": CAUSES,
        "pick_form": PickForm(),
    }


def _uses(request: HttpRequest, segment: Segment, rule: Group | None, seen: Sight) -> dict[str, Any]:
    return {"uses": told(where_used([segment]), segment, Rights.of(operator(request), segment.brand_id))}


def _versions(request: HttpRequest, segment: Segment, rule: Group | None, seen: Sight) -> dict[str, Any]:
    versions = list(segment.versions.select_related("created_by"))
    clauses = [_clauses(version.rule, segment) for version in versions]
    rows = []
    for index, version in enumerate(versions):
        older = clauses[index + 1] if index + 1 < len(versions) else clauses[index]
        rows.append({"version": version} | _diff(clauses[index], older))
    if segment.draft is None or not versions:
        return {"versions": rows}
    draft = _clauses(segment.draft, segment)
    return {"versions": rows, "draft": {"words": _draft_words(segment)} | _diff(draft, clauses[0])}


def _diff(newer: list[str], older: list[str]) -> dict[str, list[str]]:
    gained = [clause for clause in newer if clause not in older]
    return {"gained": gained, "lost": [clause for clause in older if clause not in newer]}


def _draft_words(segment: Segment) -> str:
    try:
        return sentence(rule_of(segment, draft=True))
    except RuleError:
        return "The draft can no longer be read: open the rule and save it again."


def _clauses(rule: Any, segment: Segment) -> list[str]:
    """The top-level conditions in words; a rule nobody can read any more has none."""
    try:
        tree = read(rule, segment.brand_id)
    except RuleError:
        return []
    parts = [Group("all", (child,)) for child in tree.of] if tree.kind == "all" else [tree]
    return [sentence(part) for part in parts]


def _explain(request: HttpRequest, segment: Segment, rule: Group | None, seen: Sight) -> dict[str, Any]:
    word = typed(request, "who")
    if rule is None or not seen.people:
        return {"who": word, "explanation": UNSEEN}
    explanation = explain_player(find_player(segment.brand, word), rule, word, now=utcnow()) if word else None
    stays: list[Membership] = []
    if explanation and explanation.player:
        stays = list(Membership.objects.filter(segment=segment, player=explanation.player).order_by("-pk")[:20])
    return {"who": word, "explanation": explanation, "stays": stays, "causes": CAUSES}


_TABS: Mapping[str, Callable[[HttpRequest, Segment, Group | None, Sight], dict[str, Any]]] = {
    "overview": _overview,
    "members": _members,
    "uses": _uses,
    "versions": _versions,
    "explain": _explain,
}
