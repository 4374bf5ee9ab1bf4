"""Campaigns that need a segment are told, place by place, and keep it from being archived."""

import pytest
from django.test import Client

from campaigns.models import Arm, Campaign, Step, Variant, Version
from players.models import Brand
from segments import building
from segments.uses import InUse, where_used
from tests import cast
from tests.segments.conftest import PLAYED, MakeSegment

pytestmark = pytest.mark.django_db


def test_every_place_in_a_campaign_is_named_until_it_has_ended(brand: Brand, live: MakeSegment, client: Client) -> None:
    start, only, arm, said = (live(brand, name, PLAYED) for name in ("Start", "Only", "Arm", "Said"))
    carla = cast.carla()
    campaign = Campaign.objects.create(brand=brand, name="Welcome", owner=carla, created_at=cast.noon())
    version = Version.objects.create(
        campaign=campaign, author=carla, created_at=cast.noon(), trigger="segment", trigger_segment=start,
        only_if_segment=only, exit_facts=["segment.left"],
    )  # fmt: skip
    branch = Step.objects.create(version=version, position=0, kind="branch")
    message = Step.objects.create(version=version, position=1, kind="message")
    Arm.objects.create(step=branch, position=0, segment=arm, title="Arm")
    for position in range(2):
        Variant.objects.create(step=message, position=position, segment=said)
    found = where_used([start, only, arm, said])
    assert [(use.kind, use.segment_id, use.label) for use in found] == [
        ("trigger", start.pk, "campaign “Welcome” (draft) starts when players enter it"),
        ("exit", start.pk, "campaign “Welcome” (draft) ends when players leave it"),
        ("audience", only.pk, "campaign “Welcome” (draft) lets only its members in"),
        ("branch", arm.pk, "campaign “Welcome” (draft) branches by it"),
        ("variant", said.pk, "campaign “Welcome” (draft) has a message for it"),
    ]
    assert {use.url for use in found} == {f"/campaigns/{campaign.pk}/"}
    with pytest.raises(InUse):
        building.archive(said, now=cast.noon())
    client.force_login(carla)
    page = client.post(f"/segments/{arm.pk}/archive/", {"reason": "Not needed any more"})
    assert page.status_code == 409
    assert "Campaign “Welcome” (draft) branches by it" in page.content.decode()
    Version.objects.update(status="ended")
    assert not where_used([start, only, arm, said])
    building.archive(said, now=cast.noon())
