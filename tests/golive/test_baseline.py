"""The baseline: a dated full statement takes the players it names from unknown to known, and lifts nobody."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse

from compliance.models import Consent, Measure, Standing
from config.lib.clock import utcnow
from players import baseline
from players.models import Baseline, Fact, Owed, Player
from tests import cast
from tests.api.conftest import Pam, event, pam_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pam(northlight: Any) -> Pam:
    return pam_of(northlight)


def unknown(name: str) -> Player:
    return cast.make_player(cast.northlight(), name, restrictions=None, consents=())


def iso(hours: float = 0) -> str:
    return (utcnow() - timedelta(hours=hours)).isoformat()


AS_OF = 2.0  # hours ago


def post(pam: Pam, body: Any) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Api-Key {pam.key}"}
    return pam.client.post("/api/v1/baseline", raw, content_type="application/json", headers=headers)


def body(*players: dict[str, Any], snapshot: str = "s1", commit: bool = True, chunk: int = 1, **more: Any) -> dict:
    counts = {
        "players": len(players),
        "restrictions": sum(len(one["restrictions"]) for one in players),
        "consents": sum(len(one.get("consents", ())) for one in players),
    }
    given = {"snapshot": snapshot, "as_of": iso(AS_OF), "declared": counts, "chunk": chunk, "players": list(players)}
    return given | {"commit": commit} | more


def says(name: str, *restrictions: dict[str, Any], consents: tuple = ()) -> dict[str, Any]:
    return {"player": name, "restrictions": list(restrictions), "consents": list(consents)}


def excluded(sequence: int = 1, measure: str = "se-1", at: float = 100) -> dict[str, Any]:
    said = {"measure_id": measure, "sequence": sequence, "ends_at": None}
    return {"event": "rg.self_excluded", "occurred_at": iso(at), "properties": said}


def agreed(granted: bool = True, at: float = 90) -> dict[str, Any]:
    return {
        "product": "casino", "channel": "email", "granted": granted, "wording": "v1", "screen": "sign-up",
        "occurred_at": iso(at),
    }  # fmt: skip


def apply(pam: Pam, *players: dict[str, Any], **more: Any) -> Baseline:
    answer = post(pam, body(*players, **more))
    assert answer.status_code == 202, answer.content
    baseline.apply_pending(now=utcnow())
    return Baseline.objects.latest("pk")


def verdict(player: Player) -> str:
    return Standing.objects.get(person=player.person_id).verdict


def test_who_is_named_becomes_known_and_who_is_absent_stays_unknown(pam: Pam) -> None:
    ada, ben, cid = unknown("ada"), unknown("ben"), unknown("cid")

    done = apply(pam, says("ada", consents=(agreed(),)), says("ben", excluded()))

    assert (verdict(ada), verdict(ben), verdict(cid)) == ("open", "excluded", "unknown")
    assert Consent.objects.get(player=ada).granted
    assert (done.status, done.applied, done.unknown) == ("applied", 2, 0)


def test_nobody_is_sent_anything_because_of_it(pam: Pam) -> None:
    unknown("ben")
    before = Owed.objects.count()

    apply(pam, says("ben", excluded()))

    assert Owed.objects.count() == before
    assert all(Fact.objects.filter(key__contains=":b").values_list("is_replay", flat=True))


def test_an_event_with_a_higher_sequence_wins_whatever_its_date(pam: Pam) -> None:
    ada = unknown("ada")
    cast.tell(ada, "rg.self_excluded", at=utcnow() - timedelta(days=9), measure_id="se-1", sequence=1, ends_at=None)
    cast.lift(ada, "se-1", 2, at=utcnow() - timedelta(days=8))

    apply(pam, says("ada", excluded(sequence=1)))

    assert Measure.objects.get(person=ada.person_id).status == "ended"


def test_a_consent_withdrawn_after_the_snapshot_stays_withdrawn(pam: Pam) -> None:
    ada = unknown("ada")
    cast.consent(ada, "casino/email", False, at=utcnow() - timedelta(hours=1))

    apply(pam, says("ada", consents=(agreed(),)))

    newest = Consent.objects.filter(player=ada).order_by("-occurred_at").first()
    assert newest is not None
    assert newest.granted is False


def test_a_restriction_it_does_not_name_stays_in_force_and_is_counted(pam: Pam) -> None:
    bo = cast.bo()

    done = apply(pam, says("bo"), as_of=utcnow().isoformat())

    assert verdict(bo) == "excluded"
    assert done.unnamed == 1


def test_who_had_something_newer_that_nobody_could_read_stays_unknown(pam: Pam) -> None:
    ada = unknown("ada")
    pam.send(event("rg.time_out", "ada", measure_id="t", sequence=1, ends_at="soon"))

    done = apply(pam, says("ada"))

    assert verdict(ada) == "unknown"
    assert (done.applied, done.doubtful) == (0, 1)


def test_a_name_nobody_knows_is_counted_and_harms_nobody(pam: Pam) -> None:
    unknown("ada")

    done = apply(pam, says("ada"), says("stranger", excluded()))

    assert (done.applied, done.unknown) == (1, 1)


def test_an_empty_one_is_refused_and_lifts_nobody(pam: Pam) -> None:
    bo = cast.bo()

    answer = post(pam, body())

    assert answer.status_code == 422
    assert "empty" in answer.json()["detail"]
    assert baseline.apply_pending(now=utcnow()) == 0
    assert verdict(bo) == "excluded"


def test_one_a_tenth_of_the_size_of_the_last_is_refused_and_nothing_of_it_is_applied(pam: Pam) -> None:
    names = [f"p{n}" for n in range(10)]
    for name in names:
        unknown(name)
    apply(pam, *[says(name) for name in names])
    late = unknown("late")

    answer = post(pam, body(says("late"), snapshot="s2", as_of=iso(1)))

    assert answer.status_code == 422
    assert "the one before named 10" in answer.json()["detail"]
    baseline.apply_pending(now=utcnow())
    assert verdict(late) == "unknown"
    assert apply(pam, says("late"), says("p1"), snapshot="s3", as_of=iso(1)).status == "applied"


def test_an_older_one_than_the_last_is_refused(pam: Pam) -> None:
    unknown("ada")
    apply(pam, says("ada"), as_of=iso(1))

    assert post(pam, body(says("ada"), snapshot="old", as_of=iso(3))).status_code == 422


def test_chunks_come_in_any_order_may_be_repeated_and_are_applied_only_when_all_are_there(pam: Pam) -> None:
    ada, ben = unknown("ada"), unknown("ben")
    head = {"as_of": iso(AS_OF), "declared": {"players": 2, "restrictions": 0, "consents": 0}}
    second = {"snapshot": "s1", "chunk": 2, "players": [says("ben")], **head}
    first = {"snapshot": "s1", "chunk": 1, "players": [says("ada")]}

    assert post(pam, second).status_code == 200
    refused = post(pam, {"snapshot": "s1", "commit": True})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "incomplete")
    assert "Chunks are missing: 1" in refused.json()["errors"][0]["detail"]
    assert [post(pam, one).status_code for one in (first, second, first)] == [200, 200, 200]
    assert (verdict(ada), verdict(ben)) == ("unknown", "unknown")

    assert post(pam, {"snapshot": "s1", "commit": True}).status_code == 202
    assert post(pam, {"snapshot": "s1", "commit": True}).status_code == 202
    baseline.apply_pending(now=utcnow())

    assert (verdict(ada), verdict(ben)) == ("open", "open")
    told = pam.client.get("/api/v1/baseline/s1", headers={"Authorization": f"Api-Key {pam.key}"}).json()
    assert (told["status"], told["chunks"], told["applied"]) == ("applied", [1, 2], 2)


def test_interrupted_between_two_chunks_it_goes_on_and_repeating_it_changes_nothing(pam: Pam) -> None:
    for name in ("ada", "ben"):
        unknown(name)
    post(pam, {"snapshot": "s1", "chunk": 2, "players": [says("ben", excluded())],
               "as_of": iso(AS_OF), "declared": {"players": 2, "restrictions": 1, "consents": 0}})  # fmt: skip
    post(pam, {"snapshot": "s1", "chunk": 1, "players": [says("ada")], "commit": True})

    assert baseline.apply_pending(now=utcnow(), limit=1) == 1
    assert Baseline.objects.get().status == "applying"
    assert baseline.apply_pending(now=utcnow()) == 1
    told = Fact.objects.count()
    assert baseline.apply_pending(now=utcnow()) == 0

    assert Baseline.objects.get().status == "applied"
    assert Fact.objects.count() == told


def test_the_same_chunk_with_another_content_is_a_conflict(pam: Pam) -> None:
    post(pam, body(says("ada"), commit=False))

    answer = post(pam, {"snapshot": "s1", "chunk": 1, "players": [says("ben")]})

    assert answer.status_code == 409


def test_two_chunks_that_name_the_same_player_are_refused_with_the_place(pam: Pam) -> None:
    post(pam, body(says("ada"), commit=False))

    answer = post(pam, {"snapshot": "s1", "chunk": 2, "players": [says("ben"), says("ada")]})

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "/players/1/player")


BAD: list[tuple[str, Any, str]] = [
    ("an array", [], "/"),
    ("no name", {"commit": True}, "/snapshot"),
    ("nothing to do", {"snapshot": "s1"}, "/players"),
    ("a member nobody knows", {"snapshot": "s1", "commit": True, "force": True}, "/force"),
    ("the future", body(as_of="2099-01-01T00:00:00Z"), "/as_of"),
    ("too old", body(as_of="2020-01-01T00:00:00Z"), "/as_of"),
    ("no zone", body(as_of="2026-01-01T00:00:00"), "/as_of"),
    ("counts missing", body(declared={"players": 1}), "/declared"),
    ("a count below zero", body(declared={"players": -1, "restrictions": 0, "consents": 0}), "/declared/players"),
    ("a chunk called zero", body(chunk=0), "/chunk"),
    ("a yes in quotes", body(commit="true"), "/commit"),
    ("players as object", body() | {"players": {}}, "/players"),
    ("too many at once", body() | {"players": [says(f"p{n}") for n in range(501)]}, "/players"),
    ("the same player twice", body(says("ada"), says("ada")), "/players/1/player"),
    ("restrictions left out", body() | {"players": [{"player": "ada"}]}, "/players/0/restrictions"),
    ("a lift is no state", body(says("ada", {"event": "rg.lifted", "occurred_at": iso(), "properties": {}})),
     "/players/0/restrictions/0/event"),
    ("a sequence in quotes", body(says("ada", excluded() | {"properties": {"measure_id": "m", "sequence": "1",
     "ends_at": None}})), "/players/0/restrictions/0/properties/sequence"),
    ("a date missing", body(says("ada", {"event": "rg.blocked", "properties": {}})),
     "/players/0/restrictions/0/occurred_at"),
    ("a channel nobody knows", body(says("ada", consents=(agreed() | {"channel": "fax"},))),
     "/players/0/consents/0/channel"),
    ("a consent twice", body(says("ada", consents=(agreed(), agreed()))), "/players/0/consents/1"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "given", "pointer"), BAD, ids=[what for what, _, _ in BAD])
def test_what_is_wrong_is_refused_with_its_place_and_leaves_nothing(
    pam: Pam, what: str, given: Any, pointer: str
) -> None:
    answer = post(pam, given)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, pointer), answer.content
    assert not Baseline.objects.exists()


def test_a_limit_in_another_currency_is_refused(pam: Pam, anna: Player) -> None:
    said = {"measure_id": "l", "sequence": 1, "kind": "deposit_limit", "period": "week", "amount": 1,
            "currency": "SEK", "origin": "player"}  # fmt: skip
    limit = {"event": "rg.limit_set", "occurred_at": iso(), "properties": said}

    answer = post(pam, body(says("anna", limit)))

    assert answer.json()["errors"][0]["attr"] == "/players/0/restrictions/0/properties/currency"


@pytest.mark.parametrize("raw", [b"", b"{", b'{"snapshot": NaN}', b"\xff", b'"\\ud800"', b"null"])
def test_a_body_that_is_no_json_is_refused(pam: Pam, raw: bytes) -> None:
    assert post(pam, raw).status_code == 400


def test_without_a_key_nobody_states_anything_and_another_brands_key_sees_nothing(pam: Pam) -> None:
    post(pam, body(says("ada"), commit=False))
    other = pam_of(cast.bjork())

    assert pam.client.post("/api/v1/baseline", b"{}", content_type="application/json").status_code == 401
    answer = other.client.get("/api/v1/baseline/s1", headers={"Authorization": f"Api-Key {other.key}"})
    assert answer.status_code == 404


# --- from a file ---------------------------------------------------------------------------------

HEAD = "player,event,occurred_at,measure_id,sequence,ends_at,product,channel,granted,wording,screen\n"


def run(path: Path, text: str, as_of: datetime | None = None, *more: str) -> str:
    from io import StringIO

    path.write_text(text)
    out = StringIO()
    when = (as_of or utcnow()).isoformat(timespec="seconds")
    call_command("baseline", str(path), "--brand", "northlight", "--snapshot", "f1", "--as-of", when, *more, stdout=out)
    return out.getvalue()


def test_the_same_from_a_csv_file(northlight: Any, tmp_path: Path) -> None:
    ada, ben = unknown("ada"), unknown("ben")
    text = HEAD + (
        "ada,consent.changed,2026-01-05T10:00:00Z,,,,casino,email,true,v1,sign-up\n"
        "ben,rg.self_excluded,2026-01-05T10:00:00Z,se-1,1,,,,,,\n"
    )

    said = run(tmp_path / "baseline.csv", text)

    assert said.startswith("2 players known")
    assert (verdict(ada), verdict(ben)) == ("open", "excluded")


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("player,event\nada,\n", "the column occurred_at"),
        (HEAD + "ada,rg.self_excluded,2026-01-05T10:00:00Z,se-1,one,,,,,,\n", "line 2: sequence is a whole number"),
        (HEAD + "ada,rg.self_excluded,2026-01-05T10:00:00Z,se-1\n", "line 2: 11 cells"),
        (HEAD + "ada,,,,,,,,,,\nben,,,,,,,,,,\nada,,,,,,,,,,\n", "/players/2/player"),
        (HEAD + "ada,rg.blocked,yesterday,b,1,,,,,,\n", "/players/0/restrictions/0/occurred_at"),
        (HEAD, "empty"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_nothing_of_it_is_applied(
    northlight: Any, tmp_path: Path, lines: str, what: str
) -> None:
    ada = unknown("ada")

    with pytest.raises(CommandError, match=what):
        run(tmp_path / "baseline.csv", lines)

    assert verdict(ada) == "unknown"
