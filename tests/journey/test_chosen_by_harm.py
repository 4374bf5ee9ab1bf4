"""Whoever is chosen by a sign of harm is written to for their protection and for nothing else."""

import pytest
from django.test import Client

from campaigns import publishing
from campaigns.admission import continue_launches
from campaigns.forms import StartForm
from campaigns.models import Attempt, Delivery, Version
from compliance.models import Decision, Seat
from compliance.roles import Role
from players.models import Player
from segments.building import build as build_segment
from segments.building import go_live, save_draft
from segments.models import Segment
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, work

pytestmark = pytest.mark.django_db
NOW = cast.noon()
HARM = {"all": [{"attribute": "deposits_after_loss", "op": "at_least", "value": 0}]}


@pytest.fixture
def harmed(anna: Player) -> Segment:
    segment = save_draft(None, anna.brand, "Needs a call", HARM, None, now=NOW)
    go_live(segment, None, acts_on_existing=False, now=NOW)
    assert build_segment(segment.pk, now=NOW)
    return segment


@pytest.mark.parametrize(("purpose", "goes"), [("promotional", 0), ("transactional", 0), ("rg_confirmation", 1)])
def test_a_campaign_to_them_sends_protection_messages_only(
    post: Sink, anna: Player, harmed: Segment, purpose: str, goes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the check before publication is got around."""
    if not goes:
        with pytest.raises(publishing.NotReady):
            build.simple(anna.brand, NOW, name="Checked", trigger="launch", trigger_fact="", trigger_segment=harmed,
                         purpose=purpose)  # fmt: skip
        monkeypatch.setattr(publishing, "findings", lambda version, now: [])
    build.simple(anna.brand, NOW, trigger="launch", trigger_fact="", trigger_segment=harmed, purpose=purpose)
    assert continue_launches(now=NOW) == 1
    work(NOW)

    assert len(post.mails) == Attempt.objects.count() == goes
    if not goes:
        assert {one.code for one in Decision.objects.filter(purpose=purpose)} <= {"DENY_CHOSEN_BY_PROTECTION"}
        assert not Delivery.objects.filter(status="sent").exists()


def test_who_may_not_know_of_them_cannot_choose_them(anna: Player, harmed: Segment, client: Client) -> None:
    version = build.simple(anna.brand, NOW)

    def offered() -> list[str]:
        form = StartForm(instance=Version.objects.get(pk=version.pk))
        return [one.name for one in form.fields["trigger_segment"].queryset]  # type: ignore[attr-defined]

    assert offered() == []
    Seat.objects.create(operator=version.author, role=Role.COMPLIANCE_OFFICER)
    assert offered() == ["Needs a call"]
