"""A sender in the shape of the Fast Track CRM, the operator it belongs to, and a sender of our own format."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.test import Client

from config.casino.operator_api import OperatorApi as Operator
from config.lib.clock import utcnow
from players.models import Brand, Feed, FeedKey, OperatorApi, Origin
from players.pam.fasttrack import SCHEMAS
from players.pam.fasttrack.fetching import fetch_due
from tests import cast

ORIGIN = "northlight.example"
_numbers = count(1)


@dataclass
class Sender:
    feed: Feed
    key: str
    client: Client

    def send(self, schema: str, payload: Any, *, status: int = 200, raw: bytes = b"") -> dict[str, Any]:
        """Posts to the path the schema has, or as a message of that type; the receipt."""
        method, path = next(iter(SCHEMAS[schema].routes), ("POST", f"/v1/integration/messages/{schema}"))
        content = raw or json.dumps(payload).encode()
        response = self.client.generic(method, path, content, "application/json", headers={"X-API-Key": self.key})
        assert response.status_code == status, response.content
        return response.json()

    def one(self, schema: str, payload: Any) -> dict[str, Any]:
        """What became of a single payload."""
        return self.send(schema, payload)["results"][0]


def example(schema: str, **more: Any) -> dict[str, Any]:
    """The schema's own example, of now; members that are ... are left out."""
    payload = SCHEMAS[schema].example | {"timestamp": utcnow().isoformat()} | more
    return {name: value for name, value in payload.items() if value is not ...}


def sender_of(brand: Brand, origin: str = ORIGIN) -> Sender:
    feed = Feed.objects.get(brand=brand)
    Origin.objects.get_or_create(entry=feed, origin=origin, feed=feed)
    _, key = FeedKey.objects.create_key(name="test", feed=feed)
    return Sender(feed, key, Client(raise_request_exception=False))


@pytest.fixture
def sender(northlight: Brand) -> Sender:
    return sender_of(northlight)


@pytest.fixture
def operator(sender: Sender, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A running operator's API that Northlight's feed is set up to ask."""
    fake = Operator(key="s3cret")
    settings.OPERATOR_API_HOSTS = [fake.host]
    monkeypatch.setenv("OPERATOR_API_KEY_NORTHLIGHT", "s3cret")
    OperatorApi.objects.create(
        feed=sender.feed, base_url=fake.url, key_name="OPERATOR_API_KEY_NORTHLIGHT", per_second=500, wording="v3"
    )
    yield fake
    fake.close()


def fetch() -> int:
    return fetch_due(clock=utcnow)


for make in (cast.northlight, cast.bjork, cast.azura, cast.anna, cast.bo):
    globals()[make.__name__] = cast.as_fixture(make)
