"""Which key may ask."""

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from players.api.keys import Key, key_of, presented
from players.api.pace import PerKey
from players.models import Brand


class HasScope(BasePermission):
    """Leaves key and brand on the view."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = key_of(presented(request))
        key.require(view.needs)
        view.key, view.brand = key, key.feed.brand
        return True


class AskingAPI(APIView):
    """`needs`: the scope. `pace`: the rate of settings it is held to."""

    permission_classes = [HasScope]
    throttle_classes = [PerKey]
    needs: ClassVar[str]
    pace: ClassVar[str]
    key: Key
    brand: Brand
