"""Whatever arrives: a clear refusal with a reason, kept where it can be looked at, and never a 5xx."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.lib.clock import utcnow
from players.models import Event, FeedTally, Quarantine
from tests.api.conftest import bet, deposit, event

pytestmark = pytest.mark.django_db


def refused(pam, one) -> tuple[str, str]:
    """Reason and pointer; nothing of it reached the inbox, all of it the quarantine."""
    raw = one if isinstance(one, bytes) else json.dumps(one).encode()
    receipt = pam.post(raw).json()
    [result] = receipt["results"]
    assert (receipt["accepted"], receipt["quarantined"]) == (0, 1)
    assert result["detail"]
    assert not Event.objects.exists()
    row = Quarantine.objects.latest("id")
    assert bytes(row.raw) == raw
    assert (row.reason, row.detail) == (result["reason"], result["detail"])
    return result["reason"], result["pointer"]


def with_amount(text: str) -> bytes:
    return json.dumps(deposit(amount=-123454321)).replace("-123454321", text).encode()


# --- amounts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e400", "1E5", "50.0", "0.005", "true", '"50"', "null", "[50]", "{}"]
)
def test_an_amount_that_is_not_a_whole_number_is_refused(pam, anna, text):
    assert refused(pam, with_amount(text)) == ("wrong_type", "/properties/amount")


@pytest.mark.parametrize("text", ["0", "-5000", str(10**16), str(2**63)])
def test_an_amount_out_of_range_is_refused(pam, anna, text):
    assert refused(pam, with_amount(text)) == ("out_of_range", "/properties/amount")


def test_a_number_of_five_thousand_digits_is_refused(pam, anna):
    assert refused(pam, with_amount("9" * 5000)) == ("wrong_type", "/properties/amount")


def test_a_negative_stake_is_refused_and_a_stake_of_nothing_is_a_free_spin(pam, anna):
    assert refused(pam, bet(stake_real=-1)) == ("out_of_range", "/properties/stake_real")
    assert pam.send(bet(stake_real=0))["accepted"] == 1


# --- times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-03-03T12:00:00", "no_zone"),
        ("2026-03-03 12:00:00", "no_zone"),
        ("2026-03-03T24:00:00Z", "bad_time"),
        ("2026-12-31T23:59:60Z", "bad_time"),
        ("2026-02-30T12:00:00Z", "bad_time"),
        ("2026-03-03T12:00:00+99:00", "bad_time"),
        ("2026-W10-2T12:00:00Z", "bad_time"),
        ("20260303T120000Z", "bad_time"),
        ("1772539200", "no_zone"),
        ("", "bad_time"),
        ("0001-01-01T00:00:00+14:00", "too_old"),
        ("9999-12-31T23:59:59-14:00", "bad_time"),
        ("1970-01-01T00:00:00Z", "too_old"),
        (1772539200, "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_a_time_that_is_none_is_refused(pam, anna, text, reason):
    assert refused(pam, deposit(at=text)) == (reason, "/occurred_at")


def test_more_than_a_day_ahead_is_refused_and_less_is_not(pam, anna):
    ahead = utcnow() + timedelta(days=1, minutes=5)
    assert refused(pam, deposit(at=ahead.isoformat())) == ("in_the_future", "/occurred_at")
    assert pam.send(deposit(at=(ahead - timedelta(minutes=10)).isoformat()))["accepted"] == 1


def test_any_zone_is_understood(pam, anna):
    pam.send(deposit(at="2026-03-03T13:30:00.123456+01:30"))
    assert Event.objects.get().occurred_at == datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_session_without_a_start_or_of_forty_days_is_refused(pam, anna):
    session = {"session_id": "s", "category": "slots"}
    assert refused(pam, event("session.ended", **session)) == ("missing", "/properties/started_at")
    forty = (utcnow() - timedelta(days=40)).isoformat()
    assert refused(pam, event("session.ended", started_at=forty, **session)) == (
        "implausible",
        "/properties/started_at",
    )


def test_an_exclusion_that_ends_before_it_starts_is_refused(pam, anna):
    backwards = event("rg.self_excluded", measure_id="m", sequence=1, ends_at="2020-01-01T00:00:00Z")
    assert refused(pam, backwards) == ("ends_before_start", "/properties/ends_at")


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [r"\ud800", r"\udfff", r"a\u0000b"])
def test_text_that_cannot_be_stored_is_refused(pam, anna, text):
    raw = json.dumps(deposit(reason="@@")).replace("@@", text).encode()
    assert refused(pam, raw) == ("malformed", "")


def test_a_member_name_that_cannot_be_stored_is_refused(pam, anna):
    assert refused(pam, json.dumps(deposit()).replace("amount", r"\ud800").encode()) == ("malformed", "")


def test_a_pair_of_surrogates_is_a_letter_like_any_other(pam, anna):
    one = deposit(reason="🎰")
    assert pam.send(one)["accepted"] == 1
    assert Event.objects.get().body["reason"] == "🎰"


@pytest.mark.parametrize("event_id", ["", "  ", "x" * 101, 17, None, ["x"]])
def test_an_event_id_is_a_short_text(pam, anna, event_id):
    assert refused(pam, deposit(event_id=event_id))[1] == "/event_id"


# --- structure ------------------------------------------------------------------------------------


def test_a_member_given_twice_is_refused_and_not_silently_lost(pam, anna):
    raw = json.dumps(deposit(amount=1)).replace('"amount": 1', '"amount": 1, "amount": 2').encode()
    assert refused(pam, raw) == ("repeated_key", "/properties/amount")
    raw = json.dumps(deposit()).replace('{"event"', '{"event": "x", "event"', 1).encode()
    assert refused(pam, raw) == ("repeated_key", "/event")


@pytest.mark.parametrize("kind", ["deposit.aproved", "DEPOSIT.APPROVED", "", None, 5, ["deposit.approved"], {"a": 1}])
def test_a_kind_we_do_not_know_is_refused(pam, anna, kind):
    assert refused(pam, deposit() | {"event": kind}) == ("unknown_event", "/event")


@pytest.mark.parametrize("name", ["event", "event_id", "player", "occurred_at"])
def test_a_missing_member_is_named(pam, anna, name):
    one = deposit()
    del one[name]
    assert refused(pam, one) == ("missing", f"/{name}")


def test_a_missing_property_is_named(pam, anna):
    one = deposit()
    del one["properties"]["payment_id"]
    assert refused(pam, one) == ("missing", "/properties/payment_id")


def test_an_unknown_property_is_refused_with_an_escaped_pointer(pam, anna):
    assert refused(pam, deposit(**{"a/b~c": 1})) == ("unknown_property", "/properties/a~1b~0c")


def test_a_member_outside_the_envelope_is_refused(pam, anna):
    assert refused(pam, deposit() | {"brand_id": 1}) == ("unknown_field", "/brand_id")


@pytest.mark.parametrize("properties", [None, [], "x", 5])
def test_properties_are_an_object(pam, anna, properties):
    assert refused(pam, deposit() | {"properties": properties}) == ("not_an_object", "/properties")


@pytest.mark.parametrize("replay", ["false", 0, None])
def test_replay_is_true_or_false(pam, anna, replay):
    assert refused(pam, deposit() | {"replay": replay}) == ("wrong_type", "/replay")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"currency": "eur"}, "unknown_currency"),
        ({"currency": "ZZZ"}, "unknown_currency"),
        ({"country": "England"}, "unknown_country"),
        ({"timezone": "Mars/Olympus"}, "unknown_timezone"),
        ({"language": "English"}, "unknown_language"),
        ({"birth_date": "17.05.1985"}, "bad_date"),
        ({"birth_date": "2999-01-01"}, "bad_date"),
        ({"birth_date": "1985-02-30"}, "bad_date"),
        ({"email": "anna"}, "bad_email"),
        ({"email": "anna@example.test\nBcc: x@example.test"}, "bad_email"),
        ({"phone": "call me"}, "bad_phone"),
        ({"first_name": "x" * 81}, "too_long"),
        ({"is_test": "no"}, "wrong_type"),
        ({"restrictions": "unsure"}, "unknown_value"),
    ],
)
def test_a_registration_says_which_value_is_wrong(pam, change, reason):
    profile = {
        "email": "n@example.test", "first_name": "N", "last_name": "N", "birth_date": "1985-05-17",
        "country": "GB", "language": "en", "currency": "GBP",
    }  # fmt: skip
    [name] = change
    assert refused(pam, event("player.registered", "nora", **(profile | change))) == (reason, f"/properties/{name}")


def test_one_bad_event_among_a_thousand_leaves_the_others_alone(pam, anna):
    events = [bet() for _ in range(1000)]
    events[613]["properties"]["stake_real"] = True

    receipt = pam.send(*events)

    assert (receipt["accepted"], receipt["quarantined"]) == (999, 1)
    assert receipt["results"][613]["pointer"] == "/613/properties/stake_real"
    assert json.loads(bytes(Quarantine.objects.get().raw)) == events[613]


def test_the_quarantine_keeps_the_bytes_as_they_were_sent(pam, anna):
    odd = b'{"event" : "nope",\t"event_id":"1"}'
    pam.post(b"[ " + json.dumps(bet()).encode() + b" ,\n" + odd + b" ]")
    assert bytes(Quarantine.objects.get().raw) == odd


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"null", b"5", b'"x"', b"true", b"{", b"[1,]", b"{'a': 1}", b'{"a": 1} {"b": 2}',
        '{"a": 1}'.encode("utf-16"), '{"a": 1}'.encode("utf-16-le"), '{"a": 1}'.encode("utf-32"),
        b"\xef\xbb\xbf{}", b'{"a": "\xff\xfe"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\x00"}', b'{"a": 01}',
        b"[" * 100_000, b'{"a":' * 100_000,
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_gets_a_400_and_is_kept(pam, body):
    response = pam.post(body)

    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["code"] == "malformed"
    row = Quarantine.objects.get()
    assert bytes(row.raw) == body[:65536]
    assert row.detail == error["detail"]
    assert FeedTally.objects.get().quarantined == 1


@pytest.mark.parametrize("item", [None, 5, "x", [], True])
def test_an_array_of_something_else_is_refused_item_by_item(pam, item):
    receipt = pam.send(item, item)
    assert [result["reason"] for result in receipt["results"]] == ["not_an_object"] * 2


def test_a_body_over_4_mb_is_refused_unread(pam):
    response = pam.post(b'{"a": "' + b"x" * 4 * 1024 * 1024 + b'"}')
    assert response.status_code == 413
    assert response.json()["errors"][0]["code"] == "too_large"


def test_a_packed_body_is_refused_with_a_word(pam):
    assert pam.post(b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 415


def test_a_get_is_refused(pam):
    headers = {"Authorization": f"Api-Key {pam.key}"}
    assert pam.client.get("/api/v1/events", headers=headers).status_code == 405


# --- anything at all ------------------------------------------------------------------------------

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=8,
)
_near = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["deposit.approved", "round.settled", "rg.lifted", "rg.self_excluded", "player.kyc",
                                  "feed.heartbeat", "player.registered", "rg.x"]) | _json,
        "event_id": st.sampled_from(["a", "b", "c"]) | _json,
        "occurred_at": st.sampled_from(["2026-03-03T12:00:00Z", "2026-03-03T12:00:00"]) | _json,
    },
    optional={
        "player": st.sampled_from(["anna", "nobody"]) | _json,
        "replay": _json,
        "properties": st.dictionaries(
            st.sampled_from(["amount", "payment_id", "measure_id", "sequence", "ends_at", "status", "currency", "x"]),
            st.sampled_from(["2027-01-01T00:00:00Z", "m", 1, "GBP", None]) | _json, max_size=4,
        ) | _json,
    },
)  # fmt: skip
_bytes = st.binary(max_size=300) | st.text(alphabet='{}[]",:\\u0d8erg.\n1e', max_size=120).map(str.encode)
_bodies = _bytes | st.one_of(_near, st.lists(_near | _json, max_size=5)).map(json.dumps).map(str.encode)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_bodies, ndjson=st.booleans())
@example(body=b'{"event":"rg.lifted","event_id":"\\u0000","player":"anna"}', ndjson=False)
@example(body=b'[{"event":"rg.lifted","event_id":"a","player":"\\ud800"}]', ndjson=True)
def test_nothing_brings_it_down_and_nothing_is_lost(pam, anna, body, ndjson):
    FeedTally.objects.all().delete()
    kept, parked = Event.objects.count(), Quarantine.objects.count()

    response = pam.post(body, "application/x-ndjson" if ndjson else "application/json")

    assert response.status_code in (200, 400)
    tally = FeedTally.objects.first()
    counts = (tally.accepted, tally.duplicate, tally.quarantined) if tally else (0, 0, 0)
    if response.status_code == 400:
        assert counts == (0, 0, 1)
        return
    receipt = response.json()
    assert counts == (receipt["accepted"], receipt["duplicate"], receipt["quarantined"])
    assert sum(counts) == receipt["received"] == len(receipt["results"])
    assert Quarantine.objects.count() - parked == receipt["quarantined"]
    assert Event.objects.count() - kept <= receipt["accepted"]
