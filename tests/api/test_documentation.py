"""The OpenAPI document, its page, and a machine that tries what the document promises."""

import json

import pytest
import schemathesis
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from players.pam.generic import KINDS

pytestmark = pytest.mark.django_db


def test_the_document_knows_every_kind_of_event(document):
    post = document["paths"]["/api/v1/events"]["post"]
    one, _ = post["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert {event["title"] for event in one["oneOf"]} == {*KINDS, "custom.*"}


def test_every_example_in_the_document_is_accepted(document, pam, anna):
    content = document["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]["application/json"]
    events = [example["value"] for example in content["examples"].values()]
    for one in events:
        if "player" in one:
            one["player"] = "anna"

    receipt = pam.send(*events)

    assert [result for result in receipt["results"] if result["status"] != "accepted"] == []
    assert len(events) == len(KINDS) + 1


def test_the_document_says_how_to_present_a_key(document):
    [scheme] = document["components"]["securitySchemes"].values()
    assert scheme["in"] == "header"
    assert document["paths"]["/api/v1/events"]["post"]["security"]


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(db):
    page = Client().get(reverse("api-docs"))
    html = page.content.decode()

    assert page.status_code == 200
    assert "http://" not in html
    assert "https://" not in html
    assert "<script>" not in html
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "method"), [("/api/v1/events", "POST"), ("/api/v1/games", "PUT")])
def test_no_request_the_document_allows_or_forbids_brings_it_down(document, pam, anna, path, method):
    operation = schemathesis.openapi.from_dict(document)[path][method]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE)
    seen = set()

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def attempt(case):
        raw = case.body if isinstance(case.body, bytes) else json.dumps(case.body, default=str).encode()
        send = pam.post if method == "POST" else pam.put_games
        status = send(raw).status_code
        seen.add(status)
        assert status < 500

    attempt()
    assert seen
