"""The conformance run: every example posted, each answer checked, the result kept for the feed."""

import io
import json

import httpx
import pytest
from django.core.management import CommandError, call_command

from config import conformance
from config.lib.clock import utcnow
from config.management.commands import pam_conformance
from players.folding import fold_pending
from players.models import ConformanceRun, Fact, Feed, FeedFamily, Player, Quarantine
from players.pam.conformance import PLAYER, rounds
from tests.api.conftest import deposit

pytestmark = pytest.mark.django_db
CLIENT = httpx.Client


class Wire(httpx.BaseTransport):
    """Carries requests to the application in this process."""

    def __init__(self, client, spoil=None):
        self.client, self.spoil = client, spoil

    def handle_request(self, request):
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        answer = self.client.post(
            request.url.path, request.read(), content_type=headers.pop("content-type", ""), headers=headers
        )
        body = self.spoil(answer.content) if self.spoil and request.url.path.endswith("/events") else answer.content
        return httpx.Response(answer.status_code, content=body)


def run(pam, monkeypatch, *more, spoil=None):
    """The command against this process; its output and whether it was content."""
    monkeypatch.setattr(
        pam_conformance.httpx, "Client", lambda **options: CLIENT(**options, transport=Wire(pam.client, spoil))
    )
    out = io.StringIO()
    try:
        call_command("pam_conformance", "http://testserver", "--key", pam.key, *more, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        return out.getvalue(), error
    return out.getvalue(), None


def test_every_example_is_answered_as_the_contract_says_and_leaves_nothing_behind(pam, anna, monkeypatch):
    pam.send(deposit("nobody"))
    before = Feed.objects.get(pk=pam.feed.pk)

    told, problem = run(pam, monkeypatch, "--brand", "northlight")

    assert problem is None, told
    kept = ConformanceRun.objects.get(feed=pam.feed)
    assert kept.passed == kept.total > 900
    assert (told.strip(), kept.details) == (f"{kept.passed}/{kept.total}", [])
    assert Player.objects.get(external_id=PLAYER).is_test
    assert list(Quarantine.objects.filter(resolved_at=None).values_list("external_id", flat=True)) == ["nobody"]
    after = Feed.objects.get(pk=pam.feed.pk)
    assert (after.freshness, after.heartbeat_sequence) == (before.freshness, before.heartbeat_sequence)
    assert not FeedFamily.objects.filter(feed=after).exclude(first_event_at=None).exists()  # nothing counts as covered


def test_the_good_examples_pass_a_second_time_and_can_all_be_folded(pam):
    for name in ("one", "two"):
        receipt = pam.send(*(case.event for case in rounds(name)[0]))
        assert receipt["accepted"] == receipt["received"]
    while fold_pending(now=utcnow()):
        pass

    assert not Quarantine.objects.exists()
    kinds = set(Fact.objects.filter(player__external_id=PLAYER).values_list("kind", flat=True))
    assert {"deposit.charged_back", "custom.level_up", "player.tagged", "bonus.active", "rg.limit_reached"} <= kinds


def test_an_answer_that_is_not_as_expected_is_named_and_the_exit_code_says_so(pam, monkeypatch):
    told, problem = run(
        pam,
        monkeypatch,
        "--json",
        spoil=lambda body: body.replace(b'"wrong_currency"', b'"x"').replace(b'"no_zone"', b'"x"'),
    )

    assert problem.returncode == 1
    result = json.loads(told)
    assert result["passed"] < result["total"]
    assert any("got" in failure and " x " in f" {failure['got']} " for failure in result["details"])
    assert ConformanceRun.objects.get().passed == result["passed"]


def test_a_key_nobody_knows_ends_the_run_at_once(pam, monkeypatch):
    pam.key = "nonsense.nonsense"
    _, problem = run(pam, monkeypatch)

    assert "401" in str(problem)
    assert not ConformanceRun.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"passed": 2, "total": 1, "version": 1, "details": []},
        {"passed": -1, "total": 1, "version": 1, "details": []},
    ],
)
def test_a_result_that_makes_no_sense_is_not_kept(pam, body):
    answer = pam.client.post(
        "/api/v1/conformance", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Api-Key {pam.key}"},
    )  # fmt: skip

    assert answer.status_code == 400
    assert not ConformanceRun.objects.exists()


def test_the_batches_of_a_run_are_smaller_than_a_request_may_be():
    assert conformance.BATCH <= 1000
