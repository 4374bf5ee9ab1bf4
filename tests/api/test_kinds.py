"""Every kind of event: its example is accepted, each wrong one is refused with its reason and place, and its JSON
Schema says the same."""

import json

import pytest
from jsonschema import Draft202012Validator

from config.lib.clock import utcnow
from players.models import Quarantine
from players.pam import conformance
from players.pam.generic import DOCUMENTED, KINDS
from players.pam.generic.envelope import read
from players.pam.generic.kinds import Refused
from players.pam.generic.schemas import json_schema, name_of
from tests.api.conftest import event

# What only the server knows: who plays where. Everything else is decided event by event.
ELSEWHERE = {"unknown_player", "wrong_brand"}
CASES = [case for case in [*conformance.rounds("t")[0], *conformance.rounds("t")[3]] if case.reason not in ELSEWHERE]
# Refusals a schema cannot express: about the clock, the calendar and lists of codes.
BEYOND_SCHEMAS = {
    "in_the_future", "too_old", "bad_time", "no_zone", "bad_date", "bad_email", "empty", "unknown_currency",
    "unknown_timezone", "personal_data", "out_of_range",
}  # fmt: skip


def verdict(case):
    try:
        read(case.event, utcnow())
    except Refused as refused:
        return conformance.QUARANTINED, refused.reason, refused.pointer
    return conformance.ACCEPTED, "", ""


def test_each_example_and_each_wrong_value_is_judged_as_the_contract_says():
    wrong = [(case.name, verdict(case)) for case in CASES if verdict(case) != (case.status, case.reason, case.pointer)]

    assert wrong == []
    assert len(CASES) > 700


def test_every_field_of_every_kind_has_a_value_it_refuses():
    assert [
        f"{kind.name} {name}" for kind in DOCUMENTED for name, field in kind.fields.items() if not field.wrong
    ] == []


def test_every_kind_belongs_to_a_family():
    assert [kind.name for kind in KINDS.values() if not kind.family and kind.has_player] == []


@pytest.mark.parametrize("kind", DOCUMENTED, ids=name_of)
def test_the_json_schema_agrees_with_the_checks(kind):
    schema = json_schema(kind, f"https://crm.example/api/v1/schemas/{name_of(kind)}.json")
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)

    mine = [
        case for case in CASES if KINDS.get(case.event.get("event")) is kind or case.event.get("event") == kind.name
    ]
    accepted = [case for case in mine if case.status == conformance.ACCEPTED]
    together = {f"{kind.name}: {wrong.reason} {wrong.pointer}" for wrong in kind.wrong}
    beyond = [case for case in mine if case.reason in BEYOND_SCHEMAS or case.name in together]
    refused = [case for case in mine if case.status != conformance.ACCEPTED and case not in beyond]

    assert accepted
    assert [case.name for case in accepted if not check.is_valid(case.event)] == []
    assert [case.name for case in refused if check.is_valid(case.event)] == []


def test_the_schemas_are_public_and_may_be_kept(client, db):
    listed = client.get("/api/v1/schemas/")
    assert listed.status_code == 200
    assert [row["event"] for row in listed.json()["schemas"]] == [name_of(kind) for kind in DOCUMENTED]
    assert {row["family"] for row in listed.json()["schemas"]} >= {"payments", "sports", "restrictions", "custom"}

    address = listed.json()["schemas"][0]["href"]
    one = client.get(address)
    schema = json.loads(one.content)
    assert (schema["$id"], schema["version"]) == (address, 1)
    assert "public" in one["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": one["ETag"]}).status_code == 304
    assert client.get("/api/v1/schemas/player.teleported.json").status_code == 404


@pytest.mark.django_db
def test_an_event_may_name_its_brand_and_the_version_of_its_schema(pam, anna):
    fine = event("player.login") | {"brand": "northlight", "version": 1}
    wrong = event("player.login") | {"brand": "azura"}

    results = pam.send(fine, wrong)["results"]

    assert [result["status"] for result in results] == ["accepted", "quarantined"]
    assert (results[1]["reason"], results[1]["pointer"]) == ("wrong_brand", "/1/brand")
    assert Quarantine.objects.get().external_id == "anna"
