"""Whose segments is this operator looking at? The only way a page gets a segment."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from compliance.models import Operator
from players.access import brands_for, current_brand, shown_brands
from players.models import Brand
from segments.models import Segment
from segments.permitted import known_to


def operator(request: HttpRequest) -> Operator:
    """Behind LoginRequiredMiddleware and a permission there is always one."""
    assert isinstance(request.user, Operator)
    return request.user


def visible(request: HttpRequest) -> QuerySet[Segment]:
    """Segments of the chosen brand, or of all the operator's brands, as far as their role may know of them."""
    segments = Segment.objects.select_related("brand", "current").filter(brand__in=shown_brands(request))
    return known_to(operator(request), segments)


def segment_for(request: HttpRequest, pk: int, permission: str = "segments.view") -> Segment:
    """404 for a brand the operator may not see, 403 where they may look but not touch."""
    segments = Segment.objects.select_related("brand", "current").filter(brand__in=brands_for(request))
    segment = get_object_or_404(segments, pk=pk)
    if not operator(request).may(permission, segment.brand_id):
        raise PermissionDenied(permission)
    if not known_to(operator(request), Segment.objects.filter(pk=pk)).exists():
        raise Http404
    return segment


def editable_brands(request: HttpRequest) -> list[Brand]:
    """Brands the operator may build segments for, the one chosen in the top bar first."""
    chosen, me = current_brand(request), operator(request)
    brands = [brand for brand in brands_for(request) if me.may("segments.edit", brand.pk)]
    return sorted(brands, key=lambda brand: (brand != chosen, brand.name))
