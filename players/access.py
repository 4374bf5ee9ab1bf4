"""Whose players is this operator looking at? The only way a page or an API view gets a player.

A player of a brand the operator may not see does not exist for them: 404, not 403.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from players.models import Brand, Player, PlayerList

SEES_PROTECTION = "compliance.reasons"


def brands_for(request: HttpRequest) -> QuerySet[Brand]:
    """Every brand where the operator holds what the page asks for (config.lib.http.requires): a seat elsewhere, for
    something else, shows and moves nothing here."""
    return _of(_held(request))


def _held(request: HttpRequest) -> set[int] | None:
    held: set[int] | None = request.user.brand_ids(getattr(request, "permission", None))  # type: ignore[union-attr]
    return held


def _of(ids: set[int] | None) -> QuerySet[Brand]:
    return Brand.objects.all() if ids is None else Brand.objects.filter(id__in=ids)


def brands(request: HttpRequest) -> list[Brand]:
    """Every brand with a seat, with their licences, read once per request: frame and alerts ask."""
    known: list[Brand] | None = getattr(request, "_brands", None)
    if known is None:
        known = list(_of(request.user.brand_ids()).select_related("licence"))  # type: ignore[union-attr]
        request._brands = known  # type: ignore[attr-defined]
    return known


def current_brand(request: HttpRequest) -> Brand | None:
    """The brand chosen in the top bar; None means all the operator may see."""
    chosen = request.session.get("brand")
    return next((brand for brand in brands(request) if brand.pk == chosen), None)


def shown_brands(request: HttpRequest) -> list[Brand]:
    """The chosen brand alone, else all the operator may see; of these, those `brands_for` knows."""
    brand, held = current_brand(request), _held(request)
    return [one for one in ([brand] if brand else brands(request)) if held is None or one.pk in held]


def visible(request: HttpRequest) -> QuerySet[Player]:
    """Players for lists and counts: those of the chosen brand, or of all the operator's brands."""
    players = Player.objects.select_related("brand")
    return players if sees_everything(request) else players.filter(brand__in=brands_with_players(request))


def brands_with_players(request: HttpRequest) -> list[Brand]:
    """Of the brands on show those whose players the operator may see: a seat there may be for something else."""
    return [brand for brand in shown_brands(request) if may(request, "players.view", brand)]


def may(request: HttpRequest, permission: str, brand: Brand) -> bool:
    return bool(request.user.may(permission, brand.pk))  # type: ignore[union-attr]


def lists(request: HttpRequest) -> QuerySet[PlayerList]:
    """Uploaded lists of the brands on show, as far as the operator may know why somebody is on them."""
    brands = request.user.brand_ids(SEES_PROTECTION)  # type: ignore[union-attr]
    return PlayerList.objects.filter(brand__in=shown_brands(request)).known_at(brands)


def may_everywhere(request: HttpRequest, permission: str) -> bool:
    """At each brand whose players are on show: what one page says of all of them takes the role at all of them."""
    return all(may(request, permission, brand) for brand in brands_with_players(request))


def sees_everything(request: HttpRequest) -> bool:
    """True when no brand is chosen and none is out of reach: a condition on the brand would only slow things down."""
    held = request.user.brand_ids("players.view")  # type: ignore[union-attr]
    return held is None and _held(request) is None and current_brand(request) is None


def player_for(request: HttpRequest, pk: int) -> Player:
    """One player by id, whichever brand is chosen in the top bar, so that links keep working; else 404."""
    found = get_object_or_404(Player.objects.select_related("brand__licence", "person"), pk=pk)
    if not may(request, getattr(request, "permission", "players.view"), found.brand):
        raise Http404
    return found
