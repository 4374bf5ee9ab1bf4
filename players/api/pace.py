"""How often a key may ask."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class PerKey(SimpleRateThrottle):
    """Requests of one key per minute; settings name the rates. The view says `pace` and has `key`."""

    def __init__(self) -> None:
        """The rate is the view's, so it is known when the request comes."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = view.pace
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"pace:{self.scope}:{view.key.prefix}"
