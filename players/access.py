"""Whose players is this operator looking at? The only way a page or an API view gets a player.

A player of a brand the operator may not see does not exist for them: 404, not 403.
"""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from players.models import Brand, Player


def brands_for(request: HttpRequest) -> QuerySet[Brand]:
    """Every brand the operator has a seat at."""
    ids: set[int] | None = request.user.brand_ids()  # type: ignore[union-attr]
    return Brand.objects.all() if ids is None else Brand.objects.filter(id__in=ids)


def brands(request: HttpRequest) -> list[Brand]:
    """The same with their licences, read once per request: frame, lists and alerts all ask."""
    known: list[Brand] | None = getattr(request, "_brands", None)
    if known is None:
        known = list(brands_for(request).select_related("licence"))
        request._brands = known  # type: ignore[attr-defined]
    return known


def current_brand(request: HttpRequest) -> Brand | None:
    """The brand chosen in the top bar; None means all the operator may see."""
    chosen = request.session.get("brand")
    return next((brand for brand in brands(request) if brand.pk == chosen), None)


def shown_brands(request: HttpRequest) -> list[Brand]:
    """The chosen brand alone, else all the operator may see."""
    brand = current_brand(request)
    return [brand] if brand else brands(request)


def visible(request: HttpRequest) -> QuerySet[Player]:
    """Players for lists and counts: those of the chosen brand, or of all the operator's brands."""
    players = Player.objects.select_related("brand")
    return players if sees_everything(request) else players.filter(brand__in=shown_brands(request))


def sees_everything(request: HttpRequest) -> bool:
    """True when no brand is chosen and none is out of reach: a condition on the brand would only slow things down."""
    return request.user.brand_ids() is None and current_brand(request) is None  # type: ignore[union-attr]


def player_for(request: HttpRequest, pk: int) -> Player:
    """One player by id, whichever brand is chosen in the top bar, so that links keep working; else 404."""
    players = Player.objects.select_related("brand__licence", "person").filter(brand__in=brands_for(request))
    return get_object_or_404(players, pk=pk)
