"""What a role may learn of players through segments: no more than their pages show it."""

import re

import pytest
from django.test import Client

from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, Player, PlayerList, PlayerState
from segments import sizes
from segments.building import build, go_live, save_draft
from segments.language.compile import matching, population
from segments.language.parse import RuleError, parse
from segments.language.tree import At
from segments.models import Segment
from segments.permitted import NOBODY, Rights, Sight, families, sight
from segments.validating import check
from tests import cast

pytestmark = pytest.mark.django_db

EVERYTHING = Rights(people=True, personal=True, financial=True, protection=True)
CRM = Rights(people=True, personal=False, financial=True, protection=False)
ANALYST = Rights(people=True, personal=False, financial=False, protection=False)
HARM = {"all": [{"attribute": "deposits_after_loss", "op": "at_least", "value": 0}]}
AGE = {"all": [{"attribute": "age", "op": "at_least", "value": 18}]}
RICH = {"all": [{"attribute": "deposit_sum", "op": "at_least", "value": 0, "params": {"currency": "GBP"}}]}
VIP = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]}


def live(brand: Brand, rule: dict, name: str) -> Segment:
    segment = save_draft(None, brand, name, rule, None, now=utcnow())
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    assert build(segment.pk, now=utcnow())
    return segment


def shape(rule: dict) -> dict:
    import json

    [leaf] = rule["all"]
    return {"shape": json.dumps({"of": [leaf["attribute"]]}), "c:kind": "all", "c-0:op": leaf["op"],
            "c-0:v": str(leaf["value"]), "name": "Regulars"}  # fmt: skip


def result(client: Client, rule: dict) -> str:
    headers = {"HX-Request": "true", "HX-Target": "builder-found"}
    return client.post("/segments/new/", shape(rule), headers=headers).content.decode()


# --- signs of harm -----------------------------------------------------------------------------------------------


def test_for_whoever_may_not_see_restrictions_signs_of_harm_do_not_exist(northlight: Brand) -> None:
    known = {attribute.key for shelf in families(CRM).values() for attribute in shelf}
    assert "deposits_after_loss" not in known
    assert {"age", "deposit_sum", "vip_tier"} <= known
    assert "deposits_after_loss" in {attribute.key for shelf in families(EVERYTHING).values() for attribute in shelf}

    with pytest.raises(RuleError) as refused:
        check({"any": [{"none": [VIP["all"][0], HARM["all"][0]]}]}, northlight, CRM)
    with pytest.raises(RuleError) as unknown:
        parse({"any": [{"none": [VIP["all"][0], {"attribute": "no_such", "op": "is"}]}]})
    assert refused.value.problems[0].pointer == unknown.value.problems[0].pointer == "/any/0/none/1/attribute"
    assert refused.value.problems[0].sentence == unknown.value.problems[0].sentence.replace(
        "no_such", "deposits_after_loss"
    )
    assert check(HARM, northlight, EVERYTHING) == parse(HARM)


def test_a_segment_about_harm_does_not_exist_for_others_nor_does_anybodys_stay_in_it(
    client: Client, anna: Player
) -> None:
    segment = live(anna.brand, HARM, "Needs a call")
    for name, role, sees in (("Carla", Role.CRM_MANAGER, False), ("Olivia", Role.COMPLIANCE_OFFICER, True)):
        client.force_login(cast.make_operator(name, role))
        for address in (f"/segments/{segment.pk}/", f"/segments/{segment.pk}/members/"):
            assert client.get(address).status_code == (200 if sees else 404), (name, address)
        listed = client.get("/segments/").content.decode()
        panel = client.get(f"/segments/player/{anna.pk}/").content.decode()
        found = client.get("/search/?q=Needs a", follow=True).content.decode()
        catalogue = client.get("/segments/catalogue/").content.decode()
        assert [("Needs a call" in page) for page in (listed, panel, found)] == [sees] * 3
        assert ("soon after a loss" in catalogue) is sees


def test_a_draft_about_harm_does_not_exist_either(client: Client, anna: Player, carla: object) -> None:
    segment = save_draft(None, anna.brand, "Draft", HARM, None, now=utcnow())
    client.force_login(carla)  # type: ignore[arg-type]
    assert client.get(f"/segments/{segment.pk}/edit/").status_code == 404


# --- personal data and money -------------------------------------------------------------------------------------


def test_who_may_not_reveal_selects_by_age_but_sees_nobody_and_no_exact_number(
    client: Client, anna: Player, carla: object
) -> None:
    segment = live(anna.brand, AGE, "Grown up")
    client.force_login(carla)  # type: ignore[arg-type]

    page = result(client, AGE)
    assert "<strong data-count>&lt; 10</strong>" in page
    assert anna.external_id not in page
    assert "By stage" not in page
    assert "&lt; 10" in client.get("/segments/").content.decode()
    overview = client.get(f"/segments/{segment.pk}/").content.decode()
    assert "Not counted exactly or by day" in overview
    assert "Entered, last 7 days" not in overview
    members = client.get(f"/segments/{segment.pk}/members/").content.decode()
    assert "Nobody is shown" in members
    assert not re.search(r"\banna\b", members)
    explained = client.get(f"/segments/{segment.pk}/explain/?who=anna").content.decode()
    assert "may not see" in explained
    assert "Grown up" not in client.get(f"/segments/player/{anna.pk}/").content.decode()


def test_who_may_not_see_them_one_by_one_does_not_keep_them_as_a_list_either(client: Client, anna: Player) -> None:
    by_age, by_harm = live(anna.brand, AGE, "Grown up"), live(anna.brand, HARM, "Needs a call")
    carla, olivia = cast.carla(), cast.olivia()
    client.force_login(carla)
    assert client.post(f"/segments/{by_age.pk}/freeze/", {"name": "Theirs"}).status_code == 302
    assert client.post(f"/segments/{by_harm.pk}/freeze/", {"name": "Theirs"}).status_code == 404
    assert not PlayerList.objects.exists()

    client.force_login(olivia)
    client.post(f"/segments/{by_harm.pk}/freeze/", {"name": "To be called"})
    made = PlayerList.objects.get()
    sees = {}
    for one in (olivia, carla):
        client.force_login(one)
        named = "To be called" in client.get("/segments/lists/").content.decode()
        sees[one.name] = (named, client.get(f"/segments/lists/{made.pk}/").status_code)
    assert sees == {"Olivia": (True, 200), "Carla": (False, 404)}
    with pytest.raises(RuleError):
        check({"all": [{"attribute": "lists", "op": "is", "value": "To be called"}]}, anna.brand, carla)


def test_what_is_no_secret_is_counted_to_the_last_player(client: Client, anna: Player, carla: object) -> None:
    client.force_login(carla)  # type: ignore[arg-type]
    assert "<strong data-count>1</strong>" in result(client, VIP)


@pytest.mark.parametrize(
    ("rule", "rights", "people", "exact"),
    [
        (VIP, CRM, True, True),
        (VIP, NOBODY, False, True),
        (AGE, CRM, False, False),
        (AGE, EVERYTHING, True, True),
        (RICH, CRM, True, True),
        (RICH, ANALYST, False, True),
    ],
)
def test_what_is_shown_depends_on_what_the_rule_asks_and_who_asks(
    northlight: Brand, rule: dict, rights: Rights, people: bool, exact: bool
) -> None:
    shown = sight(parse(rule), northlight, rights)
    assert (shown.people, shown.exact, shown.small) == (people, exact, people)


# --- sizes -------------------------------------------------------------------------------------------------------

COARSE = Sight(people=False, exact=False, small=False)


def crowd(brand: Brand, size: int) -> None:
    from players.models import Person

    people = Person.objects.bulk_create(Person() for _ in range(size))
    now = utcnow()
    rows = [
        Player(brand=brand, person=person, external_id=f"c{index}", currency="GBP", registered_at=now, vip_tier=index % 90)
        for index, person in enumerate(people)
    ]  # fmt: skip
    players = Player.objects.bulk_create(rows)
    PlayerState.objects.bulk_create(
        PlayerState(player=player, brand_id=brand.pk, registered_at=now, stage_since=now) for player in players
    )


def test_no_two_sizes_tell_of_the_one_player_between_them(northlight: Brand) -> None:
    crowd(northlight, 80)
    at, everybody = At.brand(northlight, utcnow()), population(northlight).count()

    def size(tier: int, op: str = "less_than") -> sizes.Size:
        rule = parse({"all": [{"attribute": "vip_tier", "op": op, "value": tier}]})
        return sizes.size_of(matching(northlight, rule, at), everybody, COARSE)

    found = [size(tier) for tier in range(1, 70)]
    again = [size(tier - 1, "at_most") for tier in range(1, 70)]
    assert found == again, "the same players, asked for in other words, are the same size"
    assert all(one.count is None for one in found[:9])
    told = [one.count for one in found if one.count is not None]
    assert all(count % 10 == 0 for count in told)
    assert all(abs(count - tier) <= 14 for tier, count in enumerate((one.count or 0 for one in found), 1))
    steps = [index for index, (low, high) in enumerate(zip(told, told[1:], strict=False)) if high != low]
    assert len(steps) > 8, "around each ten it goes up and down: there is no one player at whom it turns"
    assert size(90) == size(80), "all but a few are told as all"


def test_a_count_below_ten_is_told_to_nobody_who_may_not_see_players(northlight: Brand) -> None:
    shown = sight(parse(VIP), northlight, NOBODY)
    assert [str(sizes.told(count, shown)) for count in (0, 9, 10, 1234)] == ["< 10", "< 10", "10", "1,234"]
