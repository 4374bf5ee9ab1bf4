"""/api/v1/segments: what another system of the brand may do with segments."""

import json

import pytest
import schemathesis
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from compliance.models import AuditEntry
from players.models import Brand, Feed, FeedKey, Player
from segments.building import build
from segments.models import ApiRequest, Membership, Segment
from tests import cast
from tests.api.segments import ALL, HARM, VIP, System, errors, live, system_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(northlight: Brand) -> System:
    return system_of(northlight)


# --- the life of a segment ---------------------------------------------------------------------------------------


def test_a_segment_is_drafted_changed_started_read_and_archived(system: System, anna: Player) -> None:
    made = system.create()
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["status"], one["version"], one["rule"], one["draft"]) == ("draft", None, None, VIP)
    assert one["draft_sentence"] == "Players whose VIP tier is at least 0."
    address = f"/{one['id']}"

    changed = system.send("PATCH", address, {"name": "All of them"})
    assert (changed.json()["name"], changed.json()["draft"]) == ("All of them", VIP)
    started = system.post(f"{address}/live", {"acts_on_existing": False})
    assert started.status_code == 202
    assert (started.json()["status"], started.json()["version"], started.json()["draft"]) == ("live", 1, None)
    build(one["id"], now=cast.noon())

    again = system.get(address).json()
    assert again["members"] == {"count": 1, "text": "1", "is_exact": True}
    assert [row["id"] for row in system.get("?status=live").json()["results"]] == [one["id"]]
    archived = system.post(f"{address}/archive", {"reason": "Replaced by another"})
    assert archived.json()["status"] == "archived"
    assert not Membership.objects.filter(left_at=None).exists()

    kinds = AuditEntry.objects.filter(subject=f"segment:{one['id']}").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["segment.saved", "segment.saved", "segment.live", "segment.archived"]
    prefix = system.key.partition(".")[0]
    assert all(prefix in entry.payload for entry in AuditEntry.objects.filter(subject=f"segment:{one['id']}"))


def test_what_is_live_stays_until_the_changed_draft_is_made_live(system: System, anna: Player) -> None:
    segment = live(anna.brand)
    rule = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 5}]}

    assert system.send("PATCH", f"/{segment.pk}", {"rule": rule}).json()["rule"] == VIP
    assert system.get(f"/{segment.pk}").json()["draft"] == rule
    assert system.post(f"/{segment.pk}/live", {"acts_on_existing": True}).json()["version"] == 2
    assert errors(system.post(f"/{segment.pk}/live", {"acts_on_existing": True}), 409)


def test_an_archived_segment_is_read_and_not_changed(system: System, anna: Player) -> None:
    segment = live(anna.brand)
    system.post(f"/{segment.pk}/archive", {"reason": "Not needed now"})
    assert system.get(f"/{segment.pk}").status_code == 200
    for method, path, body in (("PATCH", "", {"name": "x"}), ("POST", "/live", {"acts_on_existing": True}),
                               ("POST", "/archive", {"reason": "Not needed now"})):  # fmt: skip
        assert "archived" in errors(system.send(method, f"/{segment.pk}{path}", body), 409)[None]


def test_a_segment_that_another_one_names_is_not_archived(system: System, anna: Player) -> None:
    inner = live(anna.brand)
    live(anna.brand, {"all": [{"attribute": "segment", "op": "in", "value": [inner.pk]}]}, "Outer")
    assert "Outer" in errors(system.post(f"/{inner.pk}/archive", {"reason": "Not needed now"}), 409)[None]


def test_a_name_is_taken_once_per_brand(system: System, bjork: Brand) -> None:
    assert system.create().status_code == 201
    assert "already" in errors(system.create())["/name"]
    assert system_of(bjork).create().status_code == 201


# --- sent again --------------------------------------------------------------------------------------------------


def test_a_request_sent_again_is_answered_the_same_and_done_once(system: System) -> None:
    first = system.create(**{"Idempotency-Key": "k-1"})
    again = system.create(**{"Idempotency-Key": "k-1"})

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Segment.objects.count() == 1


def test_the_same_name_for_another_request_is_refused(system: System) -> None:
    system.create(**{"Idempotency-Key": "k-1"})
    other = system.create(name="Another", **{"Idempotency-Key": "k-1"})
    assert "another request" in errors(other, 422)[None]
    assert Segment.objects.count() == 1


def test_a_refused_request_may_be_mended_under_the_same_name_and_another_key_has_names_of_its_own(
    system: System, northlight: Brand
) -> None:
    bad = {"all": [{"attribute": "no_such", "op": "is"}]}
    assert system.create(bad, **{"Idempotency-Key": "k-1"}).status_code == 400
    assert system.create(**{"Idempotency-Key": "k-1"}).status_code == 201
    assert system_of(northlight).create(name="Another", **{"Idempotency-Key": "k-1"}).status_code == 201


@pytest.mark.parametrize("name", ["", "x" * 256, "caf\u00e9"])
def test_a_name_of_a_request_is_short_and_plain(system: System, name: str) -> None:
    assert system.create(**{"Idempotency-Key": name}).status_code == 400
    assert not ApiRequest.objects.exists()


# --- who may -----------------------------------------------------------------------------------------------------

CALLS = [
    ("GET", "", None, "segments:read"),
    ("GET", "/attributes", None, "segments:read"),
    ("GET", "/{}", None, "segments:read"),
    ("POST", "/preview", {"rule": VIP}, "segments:read"),
    ("POST", "", {"name": "x", "rule": VIP}, "segments:write"),
    ("PATCH", "/{}", {}, "segments:write"),
    ("POST", "/{}/live", {"acts_on_existing": True}, "segments:write"),
    ("POST", "/{}/archive", {"reason": "Not needed now"}, "segments:write"),
    ("GET", "/{}/members", None, "segments:members"),
    ("POST", "/{}/explain", {"player": "anna"}, "segments:members"),
    ("POST", "/{}/check", {"player": "anna"}, "segments:members"),
    ("POST", "/preview", {"rule": VIP, "sample": True}, "segments:members"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
def test_each_call_takes_its_scope(anna: Player, method: str, path: str, body: object, scope: str) -> None:
    segment = live(anna.brand)
    without = system_of(anna.brand, *(one for one in ALL if one != scope))
    assert scope in errors(without.send(method, path.format(segment.pk), body), 403)[None]
    assert system_of(anna.brand).send(method, path.format(segment.pk), body).status_code in (200, 201, 202, 409)


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
def test_the_key_of_a_pam_posts_events_and_nothing_else(
    anna: Player, method: str, path: str, body: object, scope: str
) -> None:
    _, key = FeedKey.objects.create_key(name="PAM", feed=Feed.objects.get(brand=anna.brand))
    assert System(key).send(method, path.format(1), body).status_code == 403
    assert Segment.objects.count() == 0


def test_a_key_for_segments_posts_no_events(system: System) -> None:
    headers = {"Authorization": f"Api-Key {system.key}"}
    answer = system.client.post("/api/v1/events", b"[]", content_type="application/json", headers=headers)
    assert errors(answer, 403)


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
def test_without_a_key_or_with_that_of_another_brand_there_is_nothing(
    anna: Player, bjork: Brand, method: str, path: str, body: object, scope: str
) -> None:
    segment = live(anna.brand)
    assert System("nonsense").send(method, path.format(segment.pk), body).status_code == 401
    if "{}" in path:
        assert system_of(bjork).send(method, path.format(segment.pk), body).status_code == 404
        assert system_of(anna.brand).send(method, path.format(10**30), body).status_code == 404


def test_another_brands_player_is_not_explained_or_checked(system: System, anna: Player, kaja: Player) -> None:
    segment = live(anna.brand)
    for call in ("explain", "check"):
        assert errors(system.post(f"/{segment.pk}/{call}", {"player": "kaja"}), 404)


def test_a_revoked_key_opens_nothing(system: System) -> None:
    FeedKey.objects.update(revoked=True)
    assert system.get().status_code == 401


def test_too_many_requests_are_told_when_to_come_again(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    from players.api.pace import PerKey

    monkeypatch.setattr(PerKey, "get_rate", lambda self: "2/min")
    assert [system.count(VIP).status_code for _ in range(3)] == [200, 200, 429]
    refused = system.count(VIP)
    assert refused.json()["errors"][0]["code"] == "throttled"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert system.get().status_code == 200, "another pace for another kind of request"


# --- counts and people -------------------------------------------------------------------------------------------


def test_a_rule_is_counted_without_being_saved(system: System, anna: Player, bo: Player) -> None:
    found = system.count(VIP, sample=True).json()
    assert found["sentence"] == "Players whose VIP tier is at least 0."
    assert found["criteria"] == ["vip"]
    assert found["size"] == {"count": 2, "text": "2", "is_exact": True}
    assert found["everybody"] == 2
    assert sorted(one["player"] for one in found["sample"]) == ["anna", "bo"]
    assert not Segment.objects.exists()


def test_a_key_that_may_not_see_players_is_told_no_small_number(anna: Player, bo: Player) -> None:
    reader = system_of(anna.brand, "segments:read")
    assert reader.count(VIP).json()["size"] == {"count": None, "text": "< 10", "is_exact": False}
    assert "anna" not in reader.count(VIP).content.decode()
    segment = live(anna.brand)
    assert reader.get(f"/{segment.pk}").json()["members"]["text"] == "< 10"


def test_members_are_read_to_the_end_without_a_gap_or_one_twice(system: System, northlight: Brand) -> None:
    names = [cast.make_player(northlight, consents=()).external_id for _ in range(5)]
    segment = live(northlight)
    found, path = [], f"/{segment.pk}/members?limit=2"
    while path:
        page = system.get(path).json()
        found += [row["player"] for row in page["results"]]
        path = page["next"] and f"/{segment.pk}/members?limit=2&after={page['next']}"
    assert found == names
    assert AuditEntry.objects.filter(kind="segment.members_read").count() == 1


@pytest.mark.parametrize("after", ["x", "1", "eyJ4IjoxfQ:1tJ:abc", "%00", "-1", "a" * 5000])
def test_a_place_nobody_gave_out_is_refused(system: System, anna: Player, after: str) -> None:
    segment = live(anna.brand)
    assert "after" in errors(system.get(f"/{segment.pk}/members?after={after}"))
    assert "after" in errors(system.get(f"?after={after}"))


def test_a_place_in_another_list_is_refused(system: System, northlight: Brand) -> None:
    for _ in range(2):
        cast.make_player(northlight, consents=())
    one, other = live(northlight), live(northlight, name="Other")
    place = system.get(f"/{one.pk}/members?limit=1").json()["next"]
    assert system.get(f"/{one.pk}/members?limit=1&after={place}").status_code == 200
    assert "after" in errors(system.get(f"/{other.pk}/members?limit=1&after={place}"))


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1000000000", "ten", "1.5", "²", ""])
def test_a_page_has_1_to_1000_rows(system: System, anna: Player, limit: str) -> None:
    segment = live(anna.brand)
    assert "limit" in errors(system.get(f"/{segment.pk}/members?limit={limit}"))


def test_a_player_is_explained_condition_by_condition_with_their_own_values(system: System, anna: Player) -> None:
    rule = {"any": [{"attribute": "vip_tier", "op": "at_least", "value": 3}, {"none": VIP["all"]}]}
    segment = live(anna.brand, rule)

    told = system.post(f"/{segment.pk}/explain", {"player": "anna"}).json()

    assert (told["is_member"], told["matches"]) == (False, False)
    assert told["finding"]["of"][0] == {
        "holds": False, "words": "whose VIP tier is at least 3", "attribute": "vip_tier", "value": "0",
    }  # fmt: skip
    assert told["finding"]["of"][1]["of"][0]["holds"] is True


def test_the_pam_asks_whether_this_player_is_in_by_one_statement_that_is_planned_once(
    system: System, anna: Player, bo: Player
) -> None:
    segment = live(anna.brand, {"all": [{"attribute": "kyc", "op": "is", "value": "verified"}]})
    Membership.objects.filter(player=bo).update(left_at=cast.noon())

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert system.post(f"/{segment.pk}/check", {"player": "anna"}).json()["is_member"] is True
    assert len([one for one in asked if "segments_membership" in one["sql"]]) <= 1
    told = system.post(f"/{segment.pk}/check", {"player": "bo"}).json()
    assert told == {"player": "bo", "is_member": False, "since": None}
    assert errors(system.post(f"/{segment.pk}/check", {"player": "nobody"}), 404)


def test_no_address_carries_a_player(system: System, anna: Player) -> None:
    segment = live(anna.brand)
    assert system.get(f"/{segment.pk}/explain?player=anna").status_code == 405
    assert system.get(f"/{segment.pk}/check?player=anna").status_code == 405


# --- signs of harm -----------------------------------------------------------------------------------------------


def test_for_a_key_without_the_scope_signs_of_harm_do_not_exist(system: System, anna: Player) -> None:
    segment = live(anna.brand, HARM, "Needs a call")
    keys = {one["key"] for one in system.get("/attributes").json()["attributes"]}
    assert "deposits_after_loss" not in keys
    assert "vip_tier" in keys
    assert errors(system.create(HARM)) == {"/rule/all/0/attribute": "There is no attribute “deposits_after_loss”."}
    assert errors(system.count(HARM)) == errors(system.create(HARM))
    assert system.get().json()["results"] == []
    for path in ("", "/members"):
        assert system.get(f"/{segment.pk}{path}").status_code == 404
    nested = {"all": [{"attribute": "segment", "op": "in", "value": [segment.pk]}]}
    unknown = {"all": [{"attribute": "segment", "op": "in", "value": [segment.pk + 1]}]}
    one, other = errors(system.count(nested)), errors(system.count(unknown))
    assert list(one) == list(other)
    assert [*one.values()][0].replace(str(segment.pk), "N") == [*other.values()][0].replace(str(segment.pk + 1), "N")
    past = {"all": [{"attribute": "was_in_segment", "op": "on", "value": "2026-11-01",
                     "params": {"segment": segment.pk}}]}  # fmt: skip
    never = {"all": [past["all"][0] | {"params": {"segment": segment.pk + 1}}]}
    assert list(errors(system.count(past))) == list(errors(system.count(never)))
    wrong = {"all": [{"attribute": "deposits_after_loss", "op": "no_such"}]}
    assert "There is no attribute" in errors(system.count(wrong))["/rule/all/0/attribute"]
    than = {"all": [{"attribute": "deposits", "op": "more_than", "than": {"attribute": "deposits_after_loss"}}]}
    assert "“deposits_after_loss”" in errors(system.count(than))["/rule/all/0/than/attribute"]


def test_a_key_with_the_scope_may_use_them(anna: Player) -> None:
    system = system_of(anna.brand, *ALL, "segments:protection")
    assert system.create(HARM).json()["draft"] == HARM
    assert "deposits_after_loss" in {one["key"] for one in system.get("/attributes").json()["attributes"]}


# --- the document ------------------------------------------------------------------------------------------------


def test_the_document_knows_every_call(document: dict) -> None:
    paths = {path: set(found) for path, found in document["paths"].items() if path.startswith("/api/v1/segments")}
    assert len(paths) == 9
    assert paths["/api/v1/segments/{id}"] >= {"get", "patch"}


@pytest.mark.parametrize(
    ("path", "method"),
    [("/preview", "POST"), ("/{id}", "PATCH"), ("/{id}/check", "POST")],
)
def test_no_request_the_document_allows_or_forbids_brings_it_down(
    document: dict, system: System, anna: Player, path: str, method: str
) -> None:
    segment = live(anna.brand)
    operation = schemathesis.openapi.from_dict(document)[f"/api/v1/segments{path}"][method]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(GenerationMode.NEGATIVE)
    seen = set()

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def attempt(case: object) -> None:
        body = case.body  # type: ignore[attr-defined]
        raw = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        status = system.send(method, path.format(id=segment.pk), raw).status_code
        seen.add(status)
        assert status < 500

    attempt()
    assert seen
