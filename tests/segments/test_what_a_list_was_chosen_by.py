"""A list says who, not why. What it was chosen by is stated by somebody who has not uploaded it, or it was by hand."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from campaigns.asking import criteria_of
from campaigns.models import Campaign
from campaigns.models import Version as CampaignVersion
from compliance.models import AuditEntry, Operator
from compliance.roles import Role
from players.imports.fields import Row
from players.imports.into import Job
from players.imports.into.lists import bring
from players.models import Brand, Player, PlayerList
from players.models.imports import Import
from segments import lists
from segments.membership import tick
from segments.models import Membership, Segment
from segments.reading import criteria_now
from tests import cast
from tests.segments.conftest import PLAYED, MakeSegment, inside

pytestmark = pytest.mark.django_db
ON_IT = {"attribute": "lists", "op": "is", "value": "Dinner"}


@pytest.fixture
def carla(brand: Brand) -> Operator:
    return cast.carla()


@pytest.fixture
def second(brand: Brand) -> Operator:
    return cast.make_operator("Sam", Role.CRM_MANAGER)


def upload(brand: Brand, by: Operator, *players: Player, name: str = "Dinner") -> PlayerList:
    """As the import brings it in, file by file."""
    job = Import.objects.create(
        brand=brand, kind="list", status="done", name="dinner.csv", list_name=name, size=1, rows=1, encoding="utf-8",
        delimiter=",", created_by=by, created_at=cast.noon(), token=f"t{Import.objects.count()}",
    )  # fmt: skip
    rows = [Row(number, {"external_id": player.external_id}) for number, player in enumerate(players, 1)]
    with transaction.atomic():
        bring(Job(brand, job.pk, dry=False, now=cast.noon(), list_name=name), rows)
    return PlayerList.objects.get(brand=brand, name=name)


@pytest.fixture
def dinner(brand: Brand, carla: Operator) -> PlayerList:
    return upload(brand, carla, cast.make_player(brand, "one"), cast.make_player(brand, "two"))


def state(one: PlayerList, by: Operator, *criteria: str, seen: int = 2) -> None:
    lists.state(one, criteria or ("inactivity",), "Not seen since May", by, seen=seen, now=cast.noon())
    one.refresh_from_db()


def told(segment: Segment) -> set[str]:
    return set(criteria_now([segment])[segment.pk])


def test_a_list_is_by_hand_until_a_second_person_has_stated_it(
    brand: Brand, live: MakeSegment, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    segment = live(brand, "On the list", ON_IT)
    assert told(segment) == {"manual"}
    with pytest.raises(lists.CannotState, match="You have uploaded it yourself"):
        state(dinner, carla)
    assert told(segment) == {"manual"}
    state(dinner, second, "inactivity", "vip")
    assert told(segment) == {"inactivity", "vip"}
    [entry] = AuditEntry.objects.filter(kind="list.stated")
    assert (entry.actor, entry.reason) == (second, "Not seen since May")


def test_one_more_upload_and_it_is_by_hand_again(
    brand: Brand, live: MakeSegment, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    segment = live(brand, "On the list", ON_IT)
    state(dinner, second)
    upload(brand, carla, *Player.objects.filter(lists__list=dinner))
    assert told(segment) == {"inactivity"}  # the same players again: the same list
    upload(brand, carla, cast.make_player(brand, "three"))
    assert told(segment) == {"manual"}


def test_what_the_gate_hears_of_a_campaign_follows_the_statement(
    brand: Brand, live: MakeSegment, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    segment = live(brand, "On the list", ON_IT)
    campaign = Campaign.objects.create(brand=brand, name="Come back", owner=carla, created_at=cast.noon())
    version = CampaignVersion.objects.create(
        campaign=campaign, author=carla, created_at=cast.noon(), trigger="segment", trigger_segment=segment
    )
    assert criteria_of(version) == {"manual"}
    state(dinner, second)
    assert criteria_of(version) == {"inactivity"}
    lists.withdraw(dinner, carla, "It was wrong", now=cast.noon())
    assert criteria_of(version) == {"manual"}


def test_versions_tell_which_statement_counted_when_and_nobody_enters_or_leaves(
    brand: Brand, live: MakeSegment, dinner: PlayerList, second: Operator
) -> None:
    segment = live(brand, "On the list", ON_IT, PLAYED)
    outer = live(brand, "Around it", inside(segment))
    other = live(brand, "Other", PLAYED)
    state(dinner, second, "deposit_level")
    lists.withdraw(dinner, second, "Not so", now=cast.noon())
    for one in (segment, outer):
        versions = one.versions.order_by("number").values_list("criteria", "note")
        assert list(versions) == [
            (["inactivity", "manual"], ""),
            (["deposit_level", "inactivity"], "What “Dinner” was chosen by was stated."),
            (["inactivity", "manual"], "What “Dinner” was chosen by is no longer stated."),
        ]
        one.refresh_from_db()
        assert one.build_after is None
    assert other.versions.count() == 1


def test_several_lists_are_by_hand_while_one_of_them_is(
    brand: Brand, live: MakeSegment, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    upload(brand, carla, cast.make_player(brand), name="Lunch")
    segment = live(brand, "Either", ON_IT | {"op": "in", "value": ["Dinner", "Lunch"]})
    state(dinner, second, "all")
    assert told(segment) == {"manual"}
    state(PlayerList.objects.get(name="Lunch"), second, "all", seen=1)
    assert told(segment) == {"all"}


@pytest.mark.parametrize(
    ("criteria", "seen", "why"),
    [
        (("manual",), 2, "Choose what"),
        ((), 2, "Choose what"),
        (("all", "vip"), 2, "Choose what"),
        (("nonsense",), 2, "Choose what"),
        (("vip",), 1, "has changed since you looked"),
    ],
)
def test_a_statement_that_says_nothing_or_of_another_list_is_refused(
    dinner: PlayerList, second: Operator, criteria: tuple[str, ...], seen: int, why: str
) -> None:
    with pytest.raises(lists.CannotState, match=why):
        lists.state(dinner, criteria, "Not seen since May", second, seen=seen, now=cast.noon())


def test_who_may_not_who_cannot_and_when_nobody_knows(
    brand: Brand, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    assert "Your role does not" in lists.why_not(dinner, cast.fiona())
    Import.objects.filter(list_name="Dinner").update(status="importing")
    assert "being added to it right now" in lists.why_not(dinner, second)
    Import.objects.all().delete()
    assert "Nobody is known to have uploaded it" in lists.why_not(dinner, second)


def test_members_of_now_become_a_list_that_keeps_what_they_were_chosen_by(
    brand: Brand, live: MakeSegment, carla: Operator, second: Operator
) -> None:
    segment = live(brand, "Playing", PLAYED)
    players = [cast.make_player(brand) for _ in range(3)]
    for player in players[:2]:
        Membership.objects.create(segment=segment, player=player, entered_at=cast.noon(), cause="build")
    Membership.objects.create(
        segment=segment, player=players[2], entered_at=cast.noon(), left_at=cast.noon(), cause="build"
    )
    early = live(brand, "Named before it was there", ON_IT)
    made = lists.freeze(segment, " Dinner ", carla, now=cast.noon())
    assert set(made.members.values_list("player", flat=True)) == {player.pk for player in players[:2]}
    assert told(live(brand, "From the list", ON_IT)) == {"inactivity"}
    tick(now=cast.noon())
    assert early.memberships.count() == 2
    with pytest.raises(lists.NameTaken):
        lists.freeze(segment, "Dinner", carla, now=cast.noon())
    assert "Nobody is known to have uploaded it" in lists.why_not(made, second)


# --- pages ----------------------------------------------------------------------------------------


def test_the_second_person_states_it_on_its_page_and_the_first_cannot(
    client: Client, dinner: PlayerList, carla: Operator, second: Operator
) -> None:
    address = f"/segments/lists/{dinner.pk}/"
    said: dict[str, Any] = {"criteria": ["inactivity"], "words": "Not seen since May", "seen": 2}
    client.force_login(carla)
    assert "You have uploaded it yourself" in client.get(address).content.decode()
    assert "You have uploaded it yourself" in client.post(address, said, follow=True).content.decode()
    client.force_login(second)
    assert client.post(address, said | {"criteria": []}).status_code == 422
    page = client.post(address, said, follow=True).content.decode()
    assert "Stated. The check hears it from now on." in page
    assert "Sam" in client.get("/segments/lists/").content.decode()
    page = client.post(address, {"do": "withdraw", "reason": "It was wrong"}, follow=True).content.decode()
    assert "it counts as chosen by hand" in page


def test_lists_of_other_brands_do_not_exist(client: Client, dinner: PlayerList) -> None:
    client.force_login(cast.make_operator("Nils", Role.CRM_MANAGER, cast.bjork()))
    assert client.get(f"/segments/lists/{dinner.pk}/").status_code == 404
    assert "Dinner" not in client.get("/segments/lists/").content.decode()


def test_a_segment_is_kept_as_a_list_on_its_page(
    client: Client, brand: Brand, live: MakeSegment, carla: Operator, dinner: PlayerList
) -> None:
    client.force_login(carla)
    segment = live(brand, "Playing", PLAYED)
    assert "Inactivity" in client.get(f"/segments/{segment.pk}/freeze/").content.decode()
    assert client.post(f"/segments/{segment.pk}/freeze/", {"name": "Dinner"}).status_code == 422
    page = client.post(f"/segments/{segment.pk}/freeze/", {"name": "Those playing"}, follow=True).content.decode()
    assert "Members of “Playing”, version 1, at that moment." in page
