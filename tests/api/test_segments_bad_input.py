"""What must not get into a segment: each is refused with a sentence and a pointer, and leaves nothing behind."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from bonuses.grants import GrantRequest, grant_many
from compliance import gate
from compliance.models import Decision
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.models import Brand, Player, PlayerState
from segments.building import go_live, save_draft
from segments.models import Segment
from tests import cast
from tests.api.segments import HARM, VIP, System, errors, live, system_of
from tests.ledger.conftest import make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(northlight: Brand) -> System:
    return system_of(northlight)


def leaf(attribute: str, op: str, value: Any = None, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"attribute": attribute, "op": op}
    return found | ({} if value is None else {"value": value}) | ({"params": params} if params else {})


def refused(system: System, rule: Any) -> dict[str | None, str]:
    """The same by counting, by saving and by changing; nothing is kept."""
    draft = save_draft(None, system_brand(system), "Draft", VIP, None, now=utcnow())
    found = [
        errors(system.count(rule)),
        errors(system.create(rule, name="Bad")),
        errors(system.send("PATCH", f"/{draft.pk}", {"rule": rule})),
    ]
    assert found[0] == found[1] == found[2]
    draft.refresh_from_db()
    assert draft.draft == VIP
    assert list(Segment.objects.filter(brand=draft.brand)) == [draft]
    draft.delete()
    return found[0]


def system_brand(system: System) -> Brand:
    from players.models import FeedKey

    return FeedKey.objects.select_related("feed__brand").get(prefix=system.key.partition(".")[0]).feed.brand


# --- 37: what there is not, and what is not for everybody ----------------------------------------------------------


def test_37_an_attribute_that_is_not_in_the_catalogue(system: System) -> None:
    for attribute in [
        "email",
        "password",
        "id",
        "player__first_name",
        "__class__",
        "deposits; DROP TABLE",
        "",
        " ",
        "ß" * 99,
    ]:
        assert list(refused(system, {"all": [leaf(attribute, "is", "x")]})) == ["/rule/all/0/attribute"]


def test_37_an_attribute_that_is_no_name_at_all(system: System) -> None:
    for value in [None, 5, True, [], {}, 1.5]:
        assert "/rule/all/0/attribute" in refused(system, {"all": [{"attribute": value, "op": "is", "value": 1}]})


def test_37_an_attribute_that_is_not_for_this_key(system: System) -> None:
    assert refused(system, {"all": [VIP["all"][0], HARM["all"][0]]}) == {
        "/rule/all/1/attribute": "There is no attribute “deposits_after_loss”."
    }


def test_37_nobody_is_singled_out_by_counting(anna: Player) -> None:
    """Anna is the only one born on her day: a reader is told the same of her as of nobody."""
    reader = system_of(anna.brand, "segments:read")
    for age in range(18, 100, 20):
        size = reader.count({"all": [leaf("age", "at_least", age)]}).json()["size"]
        assert size == {"count": None, "text": "< 10", "is_exact": False}


# --- 38, 39: numbers ----------------------------------------------------------------------------------------------


def test_38_the_last_n_of_what_is_not_kept(system: System) -> None:
    """Only the counts the list offers are kept, and they are words of the list."""
    for count in [0, -1, 10**9, "5", 5, None, 1.5, True]:
        rule = {"all": [leaf("sessions_within", "within", 30, count=count, days="30")]}
        assert any(pointer.startswith("/rule/all/0/") for pointer in refused(system, rule) if pointer)


def test_38_a_number_out_of_bounds_or_no_number(system: System) -> None:
    for value in [-1, 10**9, 2**63, 10**400, 1.5, "5", "", [], {}, True, None, "५"]:
        assert list(refused(system, {"all": [leaf("sessions_30d", "at_least", value)]})) == ["/rule/all/0/value"]


def test_38_a_number_json_has_no_word_for(system: System) -> None:
    for raw in [b"NaN", b"Infinity", b"1e400", b"-0.0", b"1E2"]:
        body = b'{"rule": {"all": [{"attribute": "sessions_30d", "op": "at_least", "value": ' + raw + b"}]}}"
        assert system.post("/preview", body).status_code == 400


def test_39_between_the_wrong_way_round_or_without_two_numbers(system: System) -> None:
    for value in [[5, 3], [3], [3, 4, 5], 3, ["3", "5"], [None, None], [[1], [2]], {}]:
        assert list(refused(system, {"all": [leaf("sessions_30d", "between", value)]})) == ["/rule/all/0/value"]


# --- 41, 42: size and circles ---------------------------------------------------------------------------------------


def nested(depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"all": [VIP["all"][0]]}
    for _ in range(depth):
        rule = {"any": [rule]}
    return rule


def test_41_nested_too_deeply(system: System) -> None:
    for depth in [6, 50, 300]:
        [words] = refused(system, nested(depth)).values()
        assert "deep at most" in words


def test_41_nested_so_deeply_that_nobody_can_read_it(system: System) -> None:
    body = b'{"rule": ' + b'{"any": [' * 20_000 + b"]}" * 20_000 + b"}"
    assert system.post("/preview", body).status_code == 400


def test_41_more_conditions_than_a_rule_may_have(system: System) -> None:
    for conditions in [41, 1000]:
        assert any("at most" in words for words in refused(system, {"all": VIP["all"] * conditions}).values())


def test_41_a_list_of_ten_thousand(system: System) -> None:
    rule = {"all": [leaf("country", "in", [f"C{number}" for number in range(10_000)])]}
    assert refused(system, rule) == {"/rule/all/0/value": "Choose at most 200."}


def test_41_a_body_larger_than_four_megabytes(system: System) -> None:
    assert system.post("/preview", b" " * (4 * 1024 * 1024 + 1)).status_code == 413


def test_42_a_segment_that_asks_for_itself(system: System) -> None:
    segment = live(system_brand(system))
    rule = {"all": [leaf("segment", "in", [segment.pk])]}
    [words] = errors(system.send("PATCH", f"/{segment.pk}", {"rule": rule})).values()
    assert "asked about itself" in words


def test_42_two_segments_that_ask_for_each_other(system: System) -> None:
    brand = system_brand(system)
    one = live(brand, name="One")
    other = live(brand, {"all": [leaf("segment", "in", [one.pk])]}, "Other")
    rule = {"all": [leaf("segment", "in", [other.pk])]}
    [words] = errors(system.send("PATCH", f"/{one.pk}", {"rule": rule})).values()
    assert "itself" in words


def test_42_a_segment_that_is_not_there(system: System) -> None:
    for value in [[0], [-1], [2**63], [10**40], ["x"], [], 5, [1.5], [True], None, [[1]]]:
        assert all("/value" in (pointer or "") for pointer in refused(system, {"all": [leaf("segment", "in", value)]}))


def test_42_a_segment_of_another_brand_is_not_there(system: System, bjork: Brand) -> None:
    theirs = live(bjork)
    [words] = refused(system, {"all": [leaf("segment", "in", [theirs.pk])]}).values()
    assert "There is no" in words
    assert theirs.name not in words


# --- 43: kinds, and what is not known -------------------------------------------------------------------------------


def test_43_what_cannot_be_compared(system: System) -> None:
    for one in [
        leaf("top_category", "more_than", 5),
        leaf("top_category", "is", 5),
        leaf("top_category", "is", ["slots"]),
        leaf("top_category", "in", "slots"),
        leaf("sessions_30d", "is", "slots"),
        leaf("vip_tier", "in", [1]),
        leaf("country", "is", "Great Britain"),
        leaf("kyc", "is", None),
        leaf("sessions_30d", "is", {"x": 1}),
        leaf("deposit_sum", "at_least", 5),
        leaf("deposit_sum", "at_least", 5, currency="£"),
        leaf("deposit_sum", "at_least", 5, currency=["GBP"]),
        leaf("vip_tier", "at_least", 1, window="30"),
        leaf("sessions_30d", "at_least", 1) | {"extra": 1},
        leaf("vip_tier", "AT_LEAST", 1),
        leaf("vip_tier", ["is"], 1),
        leaf("vip_tier", "at_least", 1) | {"than": {"attribute": "deposits"}},
    ]:
        assert all((pointer or "").startswith("/rule/all/0") for pointer in refused(system, {"all": [one]}))


def test_43_what_is_no_rule(system: System) -> None:
    for rule in [
        {},
        {"all": []},
        {"all": {}},
        {"all": None},
        {"all": ["x"]},
        {"all": [None]},
        {"all": [[]]},
        {"all": VIP["all"], "any": VIP["all"]},
        {"some": VIP["all"]},
        {"at_least": 0, "of": VIP["all"]},
        {"at_least": 2, "of": VIP["all"]},
        {"at_least": "1", "of": VIP["all"]},
        {"at_least": 1},
        {"of": VIP["all"]},
        VIP["all"][0],
        {"all": VIP["all"], "__proto__": {}},
    ]:
        assert refused(system, rule)


def test_43_who_has_no_value_is_told_apart_from_who_has_another_one(system: System, anna: Player) -> None:
    """'Not slots' is true of who has no favourite; 'deposited nothing' is not 'never deposited'; no ratio is no 0."""
    PlayerState.objects.filter(player=anna).update(top_category=0, deposits=0, rounds=0)
    expected = {
        json.dumps(leaf("top_category", "not_in", ["slots"])): 1,
        json.dumps(leaf("top_category", "in", ["slots"])): 0,
        json.dumps(leaf("affiliate", "not_in", ["acme"])): 1,
        json.dumps(leaf("deposits", "is", 0)): 1,
        json.dumps(leaf("days_since_deposit", "never")): 1,
        json.dumps(leaf("days_since_deposit", "at_least", 1)): 0,
        json.dumps(leaf("days_since_deposit", "less_than", 3650)): 0,
    }
    found = {one: system.count({"all": [json.loads(one)]}).json()["size"]["count"] for one in expected}
    assert found == expected


# --- 45, 46: days and divisions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/London", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"])
def test_45_a_day_is_the_brands_whatever_its_zone_and_the_player_has_none(
    system: System, anna: Player, zone: str
) -> None:
    Brand.objects.update(timezone=zone)
    Player.objects.update(timezone="")
    segment = live(system_brand(system))
    yesterday = (utcnow() - timedelta(days=2)).date().isoformat()
    rule = {"any": [leaf("was_in_segment", "not_on", yesterday, segment=segment.pk), leaf("age", "at_least", 18)]}
    assert system.count(rule).json()["size"]["count"] == 1


def test_45_a_day_that_is_none(system: System) -> None:
    segment = live(system_brand(system))
    for day in ["yesterday", "2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "", 5, "2026-11-1"]:
        rule = {"all": [leaf("was_in_segment", "on", day, segment=segment.pk)]}
        assert "/rule/all/0/value" in errors(system.count(rule))


def test_45_on_the_day_the_clocks_change_a_day_has_its_own_length(northlight: Brand, anna: Player) -> None:
    """In London 25 October 2026 has 25 hours: 00:30 is in it until the 26th begins there, not 24 hours later."""
    from segments.language.nested import day_end
    from segments.language.tree import At

    at = At.brand(northlight, datetime(2026, 11, 1, tzinfo=UTC))
    ends = [day_end(day, at) for day in ("2026-10-24", "2026-10-25")]
    assert (ends[1].astimezone(UTC) - ends[0].astimezone(UTC)) == timedelta(hours=25)


@pytest.mark.parametrize("op", ["more_than", "at_least", "less_than", "at_most", "is"])
@pytest.mark.parametrize("attribute", ["bet_to_deposit", "session_average", "bonus_uptake"])
def test_46_nothing_is_divided_by_nothing(system: System, anna: Player, attribute: str, op: str) -> None:
    assert system.count({"all": [leaf(attribute, op, 0)]}).json()["size"]["count"] == 0


# --- 47: everybody or nobody -----------------------------------------------------------------------------------------


def test_47_a_rule_that_matches_everybody_must_be_meant(
    system: System, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segments.validating.FEW", 1)
    made = system.create().json()

    refusal = errors(system.post(f"/{made['id']}/live", {"acts_on_existing": False}), 409)
    assert "everybody is meant" in refusal[None]
    assert system.get(f"/{made['id']}").json()["status"] == "draft"

    confirmed = {"acts_on_existing": False, "everybody_is_meant": True}
    assert system.post(f"/{made['id']}/live", confirmed).json()["status"] == "live"


def test_47_a_rule_that_matches_nobody_is_counted_as_such_and_may_wait_for_them(system: System, anna: Player) -> None:
    nobody = {"all": [leaf("vip_tier", "at_least", 99)]}
    assert system.count(nobody, sample=True).json()["sample"] == []
    made = system.create(nobody).json()
    assert system.post(f"/{made['id']}/live", {"acts_on_existing": True}).status_code == 202


# --- 49: who is excluded or harmed -----------------------------------------------------------------------------------


@pytest.fixture
def excluded(anna: Player, bo: Player) -> Segment:
    rule = {"any": [leaf("standing", "is", "excluded"), HARM["all"][0]]}
    return live(anna.brand, rule, "Excluded")


def asked(player: Player, segment: Segment, purpose: Purpose, channel: str = "email") -> gate.Answer:
    assert segment.current
    request = gate.Request(player.pk, purpose, channel, frozenset({"casino"}), frozenset(segment.current.criteria), "r")
    with transaction.atomic():
        [answer] = gate.clear_many([request], now=cast.noon())
    return answer


def test_49_a_segment_that_selects_excluded_players_serves_their_protection_only(
    anna: Player, bo: Player, excluded: Segment
) -> None:
    """Anna may be written to otherwise: it is the choice that is refused."""
    assert excluded.current
    assert "rg_need" in excluded.current.criteria
    for purpose in (Purpose.PROMOTIONAL, Purpose.TRANSACTIONAL):
        assert asked(anna, excluded, purpose).code == "DENY_CHOSEN_BY_PROTECTION"
    for purpose in (Purpose.RG_OUTREACH, Purpose.RG_CONFIRMATION, Purpose.REGULATORY_NOTICE):
        assert asked(bo, excluded, purpose).allowed


def test_49_through_another_segment_as_well(anna: Player, excluded: Segment) -> None:
    outer = live(anna.brand, {"none": [leaf("segment", "in", [excluded.pk])]}, "All the others")
    assert asked(anna, outer, Purpose.PROMOTIONAL).code == "DENY_CHOSEN_BY_PROTECTION"
    past = live(anna.brand, {"all": [leaf("was_in_segment", "on", "2026-11-01", segment=excluded.pk)]}, "Once")
    assert asked(anna, past, Purpose.PROMOTIONAL).code == "DENY_CHOSEN_BY_PROTECTION"


def test_49_a_key_without_the_scope_cannot_make_one(system: System, excluded: Segment) -> None:
    for rule in (HARM, {"all": [leaf("standing", "is", "excluded")]}, {"none": [leaf("segment", "in", [excluded.pk])]}):
        assert errors(system.create(rule, name="Mine"))
    assert system.get(f"/{excluded.pk}").status_code == 404


def test_49_no_bonus_is_granted_by_it(anna: Player, excluded: Segment) -> None:
    assert excluded.current
    request = GrantRequest(
        player_id=anna.pk,
        terms_id=make_terms(anna.brand).pk,
        reference="r1",
        criteria=frozenset(excluded.current.criteria),
    )
    with transaction.atomic():
        [result] = grant_many([request], now=cast.noon())
    assert result.grant is None
    assert result.answer.code == "DENY_CHOSEN_BY_PROTECTION"
    assert Decision.objects.get(pk=result.answer.decision_id).outcome == "deny"


# --- 50: too dear ----------------------------------------------------------------------------------------------------


def test_50_a_rule_that_would_cost_too_much_is_refused_with_its_estimate(
    system: System, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segments.language.cost.LIMIT_SECONDS", 0.0)
    [words] = errors(system.count(VIP)).values()
    assert "would take about" in words
    assert "the limit is" in words


def test_50_counting_that_takes_too_long_is_broken_off(
    system: System, anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segments import sizes

    def slow(*given: Any) -> None:
        from django.db import connection

        with connection.cursor() as db:
            db.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("segments.preview.PATIENCE_MS", 50)
    monkeypatch.setattr("segments.api.people.size_of", slow)
    assert "takes longer" in errors(system.count(VIP), 422)[None]
    monkeypatch.setattr("segments.api.people.size_of", sizes.size_of)
    assert system.count(VIP).status_code == 200, "the connection is as it was"


# --- bodies ----------------------------------------------------------------------------------------------------------


def test_a_body_that_is_no_request(system: System) -> None:
    for body in [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"x"',
        b"{",
        b"\xff",
        b"\x00{}",
        b'{"rule": {}, "rule": {}}',
        b'{"rule": "\\u0000"}',
        b'{"rule": {"all": [{"attribute": "affiliate", "op": "is", "value": "\\ud800"}]}}',
    ]:
        assert system.post("/preview", body).status_code == 400


def test_a_member_that_is_nobodys_to_set(system: System) -> None:
    for member in ["brand", "brand_id", "status", "id", "current", "created_by", "is_handpicked", "~/"]:
        answer = system.post("", {"name": "Regulars", "rule": VIP, member: 1})
        assert list(errors(answer)) == ["/" + member.replace("~", "~0").replace("/", "~1")]
        assert not Segment.objects.exists()


def test_a_name_that_is_none(system: System) -> None:
    for name in [None, 5, "", "   ", "x" * 121, "a\nb\x07", [], "\u202edrow"]:
        assert "/name" in errors(system.post("", {"name": name, "rule": VIP}))


def test_a_player_that_is_none(system: System) -> None:
    segment = live(system_brand(system))
    for player in [None, 5, "", "x" * 65, [], {"a": 1}, "a\x00b"]:
        for call in ("check", "explain"):
            assert system.post(f"/{segment.pk}/{call}", {"player": player}).status_code == 400


def test_yes_or_no_is_neither_a_word_nor_a_number(system: System) -> None:
    for answer in ["yes", 1, None, [], "true"]:
        made = system.create(name=f"Regulars {answer}").json()
        assert "/acts_on_existing" in errors(system.post(f"/{made['id']}/live", {"acts_on_existing": answer}))


def test_every_refusal_says_where(system: System) -> None:
    """All that is wrong at once, each with its pointer."""
    rule = {"all": [leaf("no_such", "is"), leaf("vip_tier", "at_least", "x"), {"any": []}]}
    assert set(errors(system.create(rule))) == {"/rule/all/0/attribute", "/rule/all/1/value", "/rule/all/2/any"}


def test_what_was_saved_and_cannot_be_read_any_more_starts_nothing(system: System) -> None:
    made = system.create().json()
    Segment.objects.update(draft={"all": [leaf("gone", "is", 1)]})
    assert "/rule/all/0/attribute" in errors(system.post(f"/{made['id']}/live", {"acts_on_existing": True}))
    assert system.get(f"/{made['id']}").json()["draft_sentence"] is None
    with pytest.raises(ValueError, match="gone"), transaction.atomic():
        go_live(Segment.objects.get(), None, acts_on_existing=True, now=utcnow())
