"""A system of Northlight that speaks to the segments' part of the API."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from config.lib.clock import utcnow
from players.models import Brand, Feed, FeedKey
from segments.building import build, go_live, save_draft
from segments.models import Segment

ALL = ("segments:read", "segments:write", "segments:members")
VIP: dict[str, Any] = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]}
HARM: dict[str, Any] = {"all": [{"attribute": "deposits_after_loss", "op": "at_least", "value": 0}]}


@dataclass
class System:
    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Api-Key {self.key}"} | headers
        return self.client.generic(
            method, f"/api/v1/segments{path}", raw, content_type="application/json", headers=headers
        )

    def get(self, path: str = "") -> HttpResponse:
        return self.send("GET", path, b"")

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def create(self, rule: dict[str, Any] = VIP, name: str = "Regulars", **headers: str) -> HttpResponse:
        return self.post("", {"name": name, "rule": rule}, **headers)

    def count(self, rule: dict[str, Any], **more: Any) -> HttpResponse:
        return self.post("/preview", {"rule": rule, **more})


def system_of(brand: Brand, *scopes: str) -> System:
    _, key = FeedKey.objects.create_key(
        name="test", feed=Feed.objects.get(brand=brand), scopes=list(scopes or ALL)
    )  # fmt: skip
    return System(key)


def live(brand: Brand, rule: dict[str, Any] = VIP, name: str = "Everybody") -> Segment:
    segment = save_draft(None, brand, name, rule, None, now=utcnow())
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    assert build(segment.pk, now=utcnow())
    return Segment.objects.get(pk=segment.pk)


def errors(response: HttpResponse, status: int = 400) -> dict[str | None, str]:
    """attr -> detail."""
    assert response.status_code == status, response.content
    return {error["attr"]: error["detail"] for error in response.json()["errors"]}
