"""The builder: one form, one address; every button edits the draft that travels in it."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from compliance import audit
from compliance.models import Operator
from config.lib.clock import utcnow
from config.lib.http import requires
from config.lib.pages import page, partial_of
from players.models import Brand
from segments import builder, library
from segments.building import NameTaken, save_draft
from segments.explaining import explain_player, find_player
from segments.language.attributes import registry
from segments.language.criteria import CONSEQUENCES, criteria
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import Group
from segments.looking_back import shortfalls
from segments.models import Segment
from segments.preview import TooSlow, preview
from segments.validating import check
from segments.views.access import editable_brands, operator, segment_for
from segments.widgets import draw

_SAVES = ("save", "live")
_PARTIALS = {"builder-rule", "builder-result", "builder-explain"}


@dataclass
class Desk:
    """What lies on the builder's desk during one request."""

    segment: Segment | None
    brand: Brand
    brands: list[Brand]
    name: str
    box: builder.Box
    target: str = builder.ROOT
    focus: str = ""
    rule: Group | None = None
    loose: list[str] = field(default_factory=list)
    name_problem: str = ""
    operator: Operator | None = None

    def read(self, *, strict: bool = False) -> None:
        """Parses the draft; puts problems on the cards."""
        try:
            self.rule = check(self.box.json(), self.brand, self.operator, segment=self.segment)
        except RuleError as error:
            self.rule, self.loose = None, builder.show_problems(self.box, error.problems, strict=strict)

    def edit(self, do: builder.Edit) -> None:
        before = self.size
        self.target = builder.apply(self.box, do, self.target, self.brand.currency)
        parent = builder.find(self.box, self.target)
        if do.verb == "add" and self.size > before and isinstance(parent, builder.Box):
            self.focus = parent.of[-1].path

    @property
    def size(self) -> int:
        return sum(1 for _ in builder.cards(self.box))


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
        desk = _desk(request, segment)
    except builder.Unreadable as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    if desk is None:
        messages.error(request, "You have no brand to build a segment for.")
        return redirect("segments:list")
    desk.operator = operator(request)
    do = builder.Edit.read(request.POST.get("do", ""))
    if do.verb in _SAVES and partial_of(request) in ("", "builder-rule"):
        return _save(request, desk, do.verb)
    desk.edit(do)
    desk.read()
    response = page(request, "segments/builder.html", _context(request, desk), partials=_PARTIALS)
    if partial_of(request) == "builder-rule":
        response["HX-Trigger-After-Settle"] = "rule-changed"
    return response


def _desk(request: HttpRequest, segment: Segment | None) -> Desk | None:
    brands = [segment.brand] if segment else editable_brands(request)
    if not brands:
        return None
    data = request.POST if request.method == "POST" else request.GET
    wanted = data.get("brand", "")
    brand = next((brand for brand in brands if str(brand.pk) == wanted), brands[0])
    if request.method == "POST":
        box = builder.numbered(builder.from_post(request.POST))
        return Desk(
            segment,
            brand,
            brands,
            data.get("name", "").replace("\0", "").strip()[:120],
            box,
            data.get("target", builder.ROOT),
        )
    if segment:
        rule = segment.draft or (segment.current.rule if segment.current else None)
        return Desk(segment, brand, brands, segment.name, builder.from_rule(rule) if rule else builder.Box())
    starter = library.BY_KEY.get(data.get("start", ""))
    if starter:
        return Desk(None, brand, brands, starter.name, builder.from_rule(starter.rule))
    return Desk(None, brand, brands, "", builder.numbered(builder.Box()))


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
        "root": draw(desk.box, desk.brand, target=desk.target, focus=desk.focus),
        "shape": json.dumps(desk.box.shape()),
        "json": json.dumps(desk.rule.json(), indent=2, ensure_ascii=False) if desk.rule else "",
        "sentence": sentence(desk.rule) if desk.rule else "",
        "cards": list(builder.cards(desk.box)),
        "waiting": sum(card.is_blank for card in builder.cards(desk.box)),
    }
    if not wanted:
        context |= {"families": registry.families(), "common": [a for a in registry if a.common]}
    if wanted in ("", "builder-result"):
        context |= _result(request, desk)
    if wanted == "builder-explain" and desk.rule:
        word = request.POST.get("explain", "") or request.POST.get("who", "")
        player = find_player(desk.brand, word)
        context["explanation"] = explain_player(player, desk.rule, word, now=utcnow())
    return context


def _result(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    if desk.rule is None:
        return {"result": None}
    chips = [CONSEQUENCES[key] for key in criteria(desk.rule)]
    short = shortfalls(desk.brand, desk.rule, now=utcnow())
    try:
        found = preview(desk.brand, desk.rule, now=utcnow())
    except TooSlow:
        return {"result": None, "too_slow": True, "chips": chips, "shortfalls": short}
    last = request.POST.get("last_count", "")
    change = found.count - int(last) if last.isdecimal() and len(last) < 12 else 0
    return {"result": found, "chips": chips, "change": change, "shortfalls": short}
