"""Which key may do what."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from players.api.keys import Key, key_of, presented
from players.api.pace import PerKey
from players.models import Brand, FeedKey
from segments.models import Segment
from segments.permitted import Rights, protecting

Scope = FeedKey.Scope


class HasScopes(BasePermission):
    """Leaves key, brand and rights on the view."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = key_of(presented(request))
        for scope in view.needs.get(request.method, ()):
            key.require(scope)
        view.key, view.brand, view.rights = key, key.feed.brand, rights_of(key)
        return True


def rights_of(key: Key) -> Rights:
    """A system of the brand's own that may see players sees what the PAM knows of them."""
    sees = Scope.SEGMENTS_MEMBERS in key.scopes
    return Rights(
        people=sees, personal=sees, financial=sees, protection=Scope.SEGMENTS_PROTECTION in key.scopes
    )  # fmt: skip


class SegmentsAPI(APIView):
    """`needs`: method -> scopes. `pace`: the rate of settings it is held to."""

    permission_classes = [HasScopes]
    throttle_classes = [PerKey]
    needs: ClassVar[dict[str, tuple[str, ...]]] = {}
    pace: ClassVar[str] = "segments"
    key: Key
    brand: Brand
    rights: Rights

    @property
    def segments(self) -> QuerySet[Segment]:
        """Those this key may know of."""
        found = Segment.objects.select_related("brand", "current").filter(brand=self.brand)
        return found if self.rights.protection else found.exclude(pk__in=protecting(found))

    def segment(self, pk: int) -> Segment:
        """404 for one of another brand, or one that is not for this key."""
        found = Segment.objects.select_related("brand", "current").filter(brand=self.brand, pk=pk).first()
        if found is None or (not self.rights.protection and protecting([found])):
            raise NotFound("There is no such segment at this brand.")
        return found
