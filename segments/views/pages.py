"""The list, the starter library, the catalogue and the panel on the player page."""

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from compliance.models import Operator
from config.lib.clock import utcnow
from config.lib.http import requires, typed
from config.lib.pages import page
from players.access import current_brand, player_for, shown_brands
from segments.explaining import near_misses, open_memberships
from segments.language.criteria import CONSEQUENCES, criteria
from segments.language.parse import RuleError, parse
from segments.language.sentence import sentence
from segments.library import offered
from segments.membership import members
from segments.models import Membership, Segment
from segments.permitted import NOBODY, Rights, showing_people, sight_of
from segments.reading import rule_of
from segments.shelves import searched, shelves
from segments.sizes import Size, members_size
from segments.views.access import operator, visible


def sized(segments: QuerySet[Segment]) -> QuerySet[Segment]:
    sizes = Membership.objects.filter(segment=OuterRef("pk"), left_at=None).order_by().values("segment")
    return segments.annotate(size=Subquery(sizes.annotate(n=Count("pk")).values("n")))


def _size(segment: Segment, me: Operator) -> int | Size | None:
    """As a number, or as far as it may be told."""
    if segment.status != Segment.Status.LIVE:
        return None
    seen = sight_of(segment, me)
    return segment.size or 0 if seen.small else members_size(members(segment), segment.brand, seen)  # type: ignore[attr-defined]


def words(segment: Segment) -> str:
    """The sentence in force, or the draft's; empty when nobody can read the rule any more."""
    if segment.current:
        return segment.current.sentence
    try:
        return sentence(rule_of(segment, draft=True))
    except RuleError:
        return ""


@requires("segments.view")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    query, state = typed(request), request.GET.get("state", "")
    segments = visible(request)
    if query:
        segments = segments.filter(Q(name__icontains=query) | Q(current__sentence__icontains=query))
    segments = segments.filter(status=state) if state in Segment.Status.values else segments.exclude(status="archived")
    me = operator(request)
    rows = [(row, words(row), _size(row, me)) for row in sized(segments).order_by(F("status").desc(), "name")[:500]]
    context = {"rows": rows, "q": query, "state": state, "states": Segment.Status.choices}
    return page(request, "segments/list.html", context, partials={"rows"})


@requires("segments.view")
@require_safe
def starters(request: HttpRequest) -> HttpResponse:
    cards = []
    for starter in offered(_least(request)):
        rule = parse(starter.rule)
        chips = [CONSEQUENCES[key] for key in criteria(rule)]
        cards.append({"starter": starter, "words": sentence(rule), "chips": chips})
    return page(request, "segments/library.html", {"cards": cards})


@requires("segments.view")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    brand, query = current_brand(request), typed(request)
    brands = [brand] if brand else shown_brands(request)
    found = searched(shelves(brands[0], _least(request))[1:], query) if brands else []
    context = {"shelves": found, "q": query, "count": sum(len(shelf.items) for shelf in found), "brand": brands[:1]}
    return page(request, "segments/catalogue.html", context, partials={"rows"})


def _least(request: HttpRequest) -> Rights:
    """Of several brands: what may be used at each of them."""
    rights = [Rights.of(operator(request), brand.pk) for brand in shown_brands(request)]
    return next((one for one in rights if not one.protection), rights[0] if rights else NOBODY)


@requires("segments.view")
@require_safe
def player_panel(request: HttpRequest, pk: int) -> HttpResponse:
    player = player_for(request, pk)
    live = Segment.objects.filter(brand=player.brand, status=Segment.Status.LIVE).select_related("current", "brand")
    shown = showing_people(live, operator(request))
    inside = [stay for stay in open_memberships(player) if stay.segment_id in {segment.pk for segment in shown}]
    others = [segment for segment in shown if segment.pk not in {stay.segment_id for stay in inside}]
    misses = near_misses(player, others, now=utcnow())
    context = {"player": player, "inside": inside, "misses": misses, "others": len(others)}
    return page(request, "segments/player_panel.html", context)
