"""Pages of segments, as an operator meets them."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.models import AuditEntry, Operator
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, CustomAttribute, Player, PlayerList, SeenName
from segments.building import build, go_live, save_draft
from segments.language.parse import parse
from segments.language.sentence import sentence
from segments.library import STARTERS
from segments.models import Membership, Segment
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "/segments/new/"
# The three questions of the right column, as htmx asks them.
AT_ONCE, EXACTLY, REACHED = (
    {"HX-Request": "true", "HX-Target": f"builder-{target}"} for target in ("result", "found", "reach")
)
RULE = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]}


@pytest.fixture
def crm(client: Client, carla: Operator) -> Client:
    client.force_login(carla)
    return client


def live(brand: Brand, rule: dict[str, Any] = RULE, name: str = "Everybody") -> Segment:
    segment = save_draft(None, brand, name, rule, None, now=utcnow())
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    assert build(segment.pk, now=utcnow())
    return segment


def form(rule: dict[str, Any], **more: str) -> dict[str, Any]:
    """A rule of one level as the builder's own fields."""
    [(kind, leaves)] = rule.items()
    data: dict[str, Any] = {
        "shape": json.dumps({"of": [leaf["attribute"] for leaf in leaves]}), "c:kind": kind, "name": "Regulars",
    }  # fmt: skip
    for index, leaf in enumerate(leaves):
        data[f"c-{index}:op"], data[f"c-{index}:v"] = leaf["op"], leaf.get("value", "")
    return data | more


def test_every_page_opens(crm: Client, anna: Player) -> None:
    segment = live(anna.brand)
    paths = [reverse(f"segments:{name}") for name in ("list", "new", "library", "catalogue")]
    tabs = ("detail", "members", "uses", "versions", "explain", "edit", "archive")
    paths += [reverse(f"segments:{name}", args=[segment.pk]) for name in tabs]
    paths += [reverse("segments:player-panel", args=[anna.pk]), f"/segments/{segment.pk}/explain/?who=anna"]
    for path in paths:
        assert crm.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/segments/?q=%00", "/segments/?q=%00Every", "/segments/{}/explain/?who=%00"])
def test_a_search_for_a_character_that_cannot_be_stored_finds_nothing_or_what_is_left(
    crm: Client, anna: Player, path: str
) -> None:
    segment = live(anna.brand)
    answer = crm.get(path.format(segment.pk))
    assert answer.status_code == 200
    assert "Everybody" in answer.content.decode()


def test_a_button_adds_a_condition_and_the_count_follows_its_value(crm: Client, anna: Player, bo: Player) -> None:
    page = crm.post(NEW, {"shape": '{"of": []}', "do": "add:vip_tier"})
    assert "VIP tier" in page.content.decode()
    Player.objects.filter(pk=anna.pk).update(vip_tier=3)

    found = crm.post(
        NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "2"}]}),
        headers=AT_ONCE,
    ).content.decode()  # fmt: skip
    assert "≈" in found
    assert "Players whose VIP tier is at least 2." in found

    found = crm.post(
        NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "2"}]}), headers=EXACTLY,
    ).content.decode()  # fmt: skip
    assert "<strong data-count>1</strong>" in found
    assert "anna" in found
    assert "<html" not in found


def test_a_card_offers_the_tags_lists_and_sports_of_its_brand_and_no_other(
    crm: Client, anna: Player, bjork: Brand
) -> None:
    for brand, word in ((anna.brand, "of-ours"), (bjork, "of-theirs")):
        for what in ("tag", "sport", "league"):
            SeenName.objects.create(brand=brand, what=what, name=word, seen_at=utcnow())
        PlayerList.objects.create(brand=brand, name=word, created_at=utcnow())
    for key in ("tags", "sports", "leagues", "lists"):
        page = crm.post(NEW, {"shape": '{"of": []}', "do": f"add:{key}", "brand": anna.brand_id}).content.decode()
        assert "of-ours" in page, key
        assert "of-theirs" not in page, key


def test_the_count_of_a_segment_that_lived_through_yesterday_says_how_it_has_changed_since(
    crm: Client, anna: Player, bo: Player
) -> None:
    segment = live(anna.brand)
    asked = form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]})
    edit = f"/segments/{segment.pk}/edit/"
    assert "yesterday" not in crm.post(edit, asked, headers=EXACTLY).content.decode()  # it went live today

    before = utcnow() - timedelta(days=3)
    Segment.objects.filter(pk=segment.pk).update(live_at=before)
    Membership.objects.filter(player=anna).update(entered_at=before)

    assert "+1 since yesterday evening" in crm.post(edit, asked, headers=EXACTLY).content.decode()


def test_a_value_that_is_no_number_is_told_beside_its_field(crm: Client, anna: Player) -> None:
    rule = {"all": [{"attribute": "vip_tier", "op": "is", "value": "gold"}]}

    answer = crm.post(NEW, form(rule, do="save"))

    assert answer.status_code == 422
    assert "“gold” is not a whole number." in answer.content.decode()
    assert not Segment.objects.exists()


def test_saving_and_going_live_is_audited_and_asks_what_to_do_with_those_who_match_already(
    crm: Client, anna: Player
) -> None:
    saved = crm.post(NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]}, do="live"))
    segment = Segment.objects.get()
    assert saved["Location"] == f"/segments/{segment.pk}/launch/"
    assert segment.status == "draft"

    assert crm.post(saved["Location"], {}).status_code == 422
    crm.post(saved["Location"], {"existing": "act"})

    segment.refresh_from_db()
    assert (segment.status, segment.acts_on_existing) == ("live", True)
    kinds = AuditEntry.objects.filter(subject=f"segment:{segment.pk}").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["segment.saved", "segment.live"]


def test_a_rule_that_matches_everybody_goes_live_only_when_that_is_meant(
    crm: Client, northlight: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segments.validating.FEW", 3)
    for _ in range(3):
        cast.make_player(northlight)
    path = crm.post(NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]}, do="live"))[
        "Location"
    ]
    assert "Everybody is meant" in crm.get(path).content.decode()

    assert "Confirm that everybody is meant" in crm.post(path, {"existing": "act"}).content.decode()
    assert Segment.objects.get().status == "draft"
    crm.post(path, {"existing": "act", "everybody": "meant"})
    assert Segment.objects.get().status == "live"


def test_a_save_sent_twice_makes_one_segment_and_the_second_answer_is_the_first(crm: Client, anna: Player) -> None:
    rule = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]}
    first, second = (crm.post(NEW, form(rule, do="live")) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Segment.objects.count() == 1

    other = crm.post(NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "5"}]}, do="live"))
    assert other.status_code == 422
    assert "There is already a segment called “Regulars”." in other.content.decode()


@pytest.mark.parametrize("shape", ["", "{", "[]", '"x"', '{"of": ["password"]}', '{"of": 1}', "[" * 5000])
def test_a_form_this_server_never_wrote_is_refused(crm: Client, anna: Player, shape: str) -> None:
    assert crm.post(NEW, {"shape": shape}).status_code == 400


def test_nobody_sees_or_edits_segments_of_a_brand_without_a_seat(client: Client, anna: Player, bjork: Brand) -> None:
    segment = live(anna.brand)
    client.force_login(cast.make_operator("Sven", Role.CRM_MANAGER, bjork))

    assert client.get(f"/segments/{segment.pk}/").status_code == 404
    assert client.get(f"/segments/{segment.pk}/edit/").status_code == 404
    assert segment.name not in client.get("/segments/").content.decode()


def test_finance_has_no_segments(client: Client, anna: Player, fiona: Operator) -> None:
    segment = live(anna.brand)
    client.force_login(fiona)

    assert client.get(f"/segments/{segment.pk}/").status_code == 403
    assert client.get(f"/segments/{segment.pk}/edit/").status_code == 403
    assert client.get(NEW).status_code == 403


def test_a_protected_player_is_never_counted_out(crm: Client, anna: Player, bo: Player) -> None:
    found = crm.post(
        NEW, form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]}),
        headers=REACHED,
    ).content.decode()  # fmt: skip

    protected = re.search(r"Protected or blocked</th><td class=\"num\">([^<]*)<", found)
    assert protected
    assert protected[1] == "&lt; 10"
    assert "<strong>&lt; 10</strong>" in found


def test_the_panel_names_the_one_condition_that_keeps_a_player_out(crm: Client, anna: Player) -> None:
    rule = {
        "all": [
            {"attribute": "vip_tier", "op": "is", "value": 0},
            {"attribute": "deposits", "op": "at_least", "value": 2},
        ]
    }
    live(anna.brand, rule, "Regular depositors")
    panel = crm.get(reverse("segments:player-panel", args=[anna.pk])).content.decode()
    assert "Regular depositors" in panel
    assert "who have made at least 2 deposits" in panel


def test_archiving_needs_a_reason_and_empties_the_segment(crm: Client, anna: Player) -> None:
    segment = live(anna.brand)
    assert crm.post(f"/segments/{segment.pk}/archive/", {"reason": "no"}).status_code == 422
    crm.post(f"/segments/{segment.pk}/archive/", {"reason": "Replaced by another one"})
    segment.refresh_from_db()
    assert segment.status == "archived"
    assert not segment.memberships.filter(left_at=None).exists()


def test_the_launch_page_counts_who_would_enter_and_who_would_leave(crm: Client, anna: Player, bo: Player) -> None:
    """Anna is VIP 3, Bo is 0: the version in force asks for 0, the draft for more."""
    Player.objects.filter(pk=anna.pk).update(vip_tier=3)
    segment = live(anna.brand, {"all": [{"attribute": "vip_tier", "op": "is", "value": 0}]})
    stricter = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 1}]}
    save_draft(segment, anna.brand, segment.name, stricter, None, now=utcnow())

    page = crm.get(f"/segments/{segment.pk}/launch/").content.decode()

    moves = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)<", page))
    assert moves == {"Members now": "1", "Would enter": "1", "Would leave": "1"}
    assert "every player of" not in page


def test_a_player_is_picked_by_hand_with_a_reason_and_the_rule_decides_again_when_told_to(
    crm: Client, anna: Player, bo: Player
) -> None:
    Player.objects.filter(pk=anna.pk).update(vip_tier=3)
    segment = live(anna.brand, {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 1}]})
    path = f"/segments/{segment.pk}/members/pick/"

    def inside() -> set[str]:
        return set(segment.memberships.filter(left_at=None).values_list("player__external_id", flat=True))

    assert crm.post(path, {"who": "bo", "what": "in", "reason": "no"}).status_code == 422
    assert crm.post(path, {"who": "nobody", "what": "in", "reason": "Asked by phone"}).status_code == 422
    crm.post(path, {"who": "bo", "what": "in", "reason": "Asked by phone"})
    crm.post(path, {"who": "anna", "what": "out", "reason": "Wants to be left alone"})
    assert inside() == {"bo"}
    page = crm.get(f"/segments/{segment.pk}/members/").content.decode()
    assert "Asked by phone" in page
    assert "Never a member" in page
    assert "Chosen by hand" in crm.get(f"/segments/{segment.pk}/").content.decode()

    for who in ("bo", "anna"):
        crm.post(path, {"who": who, "what": "rule", "reason": "The campaign is over"})
    assert inside() == {"anna"}


def test_a_segment_in_use_is_not_archived_and_the_page_says_where_it_is_needed(crm: Client, anna: Player) -> None:
    segment = live(anna.brand)
    live(anna.brand, {"all": [{"attribute": "segment", "op": "in", "value": [segment.pk]}]}, "Built on it")

    answer = crm.post(f"/segments/{segment.pk}/archive/", {"reason": "Replaced by another one"})

    assert answer.status_code == 409
    assert "Segment “Built on it”" in answer.content.decode()
    assert "Segment “Built on it”" in crm.get(f"/segments/{segment.pk}/uses/").content.decode()
    segment.refresh_from_db()
    assert segment.status == "live"


def edited(crm: Client, rule: dict[str, Any], do: str) -> dict[str, Any]:
    """The rule the page shows as JSON after a button was pressed."""
    page = crm.post(NEW, form(rule, do=do)).content.decode()
    found = re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)
    assert found
    return dict(json.loads(html.unescape(found[1])))


SILENT = {"attribute": "days_since_play", "op": "at_least", "value": 14}
SLOTS = {"attribute": "top_category", "op": "is", "value": "slots"}


@pytest.mark.parametrize(
    ("do", "wanted"),
    [
        ("copy:c-0", [SLOTS, SLOTS, SILENT]),
        ("remove:c-0", [SILENT]),
        ("negate:c-0", [SLOTS | {"op": "is_not"}, SILENT]),
        ("negate:c-1", [SLOTS, {"none": [SILENT]}]),
        ("wrap:c-1", [SLOTS, {"any": [SILENT]}]),
        ("remove:c-7", [SLOTS, SILENT]),
        ("into:c-0:c-0", [SLOTS, SILENT]),
        ("negate:", [SLOTS, SILENT]),
        ("reread:c-1:nonsense", [SLOTS, SILENT]),
    ],
)
def test_the_menu_of_a_condition_edits_the_rule(crm: Client, anna: Player, do: str, wanted: list[Any]) -> None:
    assert edited(crm, {"all": [SLOTS, SILENT]}, do) == {"all": wanted}


def test_where_words_have_two_readings_the_card_says_which_and_offers_the_other(crm: Client, anna: Player) -> None:
    page = crm.post(NEW, form({"all": [SLOTS, SILENT]})).content.decode()
    assert "Play of any kind counts." in page
    assert "Slots only instead" in page

    only_slots = {"attribute": "days_since_play_in", "params": {"category": "slots"}, "op": "at_least", "value": 14}
    assert edited(crm, {"all": [SLOTS, SILENT]}, "reread:c-1:play") == {"all": [SLOTS, only_slots]}


def test_a_condition_is_compared_with_another_attribute_by_clicking(crm: Client, anna: Player) -> None:
    sums = {"all": [{"attribute": "deposit_sum", "op": "more_than", "value": "10"}]}
    [leaf] = edited(crm, sums, "compare:c-0")["all"]
    assert leaf["than"]["attribute"] != "deposit_sum"
    assert "value" not in leaf

    more = {"c-0:than": "withdrawal_sum", "c-0:percent": "200"}
    page = crm.post(NEW, form({"all": [{"attribute": "deposit_sum", "op": "more_than"}]}, **more)).content.decode()
    assert "200 % of their amount withdrawn" in page


def test_a_draft_asking_for_an_attribute_that_is_gone_opens_with_a_sentence(crm: Client, anna: Player) -> None:
    segment = live(anna.brand)
    Segment.objects.filter(pk=segment.pk).update(draft={"all": [{"attribute": "gone", "op": "is", "value": 1}]})
    for path in ("", "versions/", "launch/", "members/", "explain/?who=anna", "edit/"):
        assert crm.get(f"/segments/{segment.pk}/{path}").status_code in (200, 302, 400), path


def test_reach_is_told_per_channel_and_who_is_in_other_segments_too(crm: Client, northlight: Brand) -> None:
    """Twenty may be contacted by e-mail, twelve of them by SMS, nobody has a phone number."""
    for number in range(20):
        cast.make_player(northlight, consents=("casino/email", "casino/sms") if number < 12 else ("casino/email",))
    live(northlight, {"all": [{"attribute": "country", "op": "is", "value": "GB"}]}, "The British")
    everybody = form({"all": [{"attribute": "vip_tier", "op": "at_least", "value": "0"}]})

    page = crm.post(NEW, everybody, headers=REACHED).content.decode()

    rows = dict(re.findall(r'<th scope="row">([^<]*)</th><td class="num">([^<]*)<', page))
    assert rows == {"E-mail": "20", "SMS": "12", "Push": "0", "On site": "0", "Phone": "0"}
    assert re.search(r"The British</a><span class=\"num\">20<", page)
    assert "100.0 % of these, 100.0 % of that segment" in page


def test_an_attribute_of_the_brands_own_stands_in_the_catalogue_under_its_name(crm: Client, anna: Player) -> None:
    CustomAttribute.objects.create(
        brand=anna.brand, key="club", label="Club level", kind="number", help="Of the club.", declared_at=utcnow()
    )
    page = crm.get(NEW).content.decode()
    assert "Club level" in page
    button = re.search(r'value="(add:[a-z_]+:club)"', page)
    assert button

    card = crm.post(NEW, {"shape": '{"of": []}', "do": button[1]}).content.decode()
    assert re.search(r'value="club"\s+selected', card)
    assert "Club level" in crm.get("/segments/catalogue/?q=club").content.decode()


def test_the_catalogue_is_searched_by_name_meaning_and_other_words(crm: Client, anna: Player) -> None:
    def found(query: str) -> list[str]:
        page = crm.get("/segments/catalogue/", {"q": query}).content.decode()
        return re.findall(r"<td><strong>([^<]*)</strong>", page)

    assert "Days since last play" in found("silent")
    assert "VIP tier" in found("vip")
    assert len(found("")) >= 80
    assert found("zzzz") == []


def test_every_starter_opens_in_the_builder_as_the_sentence_the_library_shows(crm: Client, anna: Player) -> None:
    library = html.unescape(crm.get("/segments/library/").content.decode())
    shown = [starter for starter in STARTERS if not starter.protects]
    assert len(shown) >= 15
    for starter in shown:
        words = sentence(parse(starter.rule))
        assert words in library
        assert words in html.unescape(crm.get(f"{NEW}?start={starter.key}").content.decode()), starter.key


def test_opening_the_builder_asks_the_database_as_much_for_forty_conditions_as_for_two(
    crm: Client, anna: Player, django_assert_max_num_queries: Any
) -> None:
    many = form({"any": [{"attribute": "deposit_sum", "op": "more_than", "value": str(n)} for n in range(1, 40)]})
    with django_assert_max_num_queries(30):
        assert crm.post(NEW, many, headers={"HX-Request": "true", "HX-Target": "builder-rule"}).status_code == 200
