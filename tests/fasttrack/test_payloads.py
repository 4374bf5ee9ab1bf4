"""Payloads as their senders know them: taken unchanged, exactly, for the brand they name; refused with a reason."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.lib.clock import utcnow
from players import inbox
from players.models import Event, ExchangeRate, Feed, FeedTally, Origin, Payment, Player, Quarantine
from players.pam.fasttrack import SCHEMAS, arriving
from players.pam.fasttrack.members import minor_units
from players.pam.fasttrack.payments import MEANS
from players.pam.fasttrack.play import category_of
from players.pam.generic.kinds import Refused
from players.pam.generic.reading import read_body
from tests import cast
from tests.fasttrack.conftest import example, sender_of

pytestmark = pytest.mark.django_db

# As the vendor's own schemas publish them: method and path of each.
ROUTES = {
    "POST /v2/integration/user", "PUT /v2/integration/user", "POST /v2/integration/login",
    "POST /v2/integration/logout", "PUT /v2/integration/user/consents", "PUT /v2/integration/user/blocks",
    "POST /v1/integration/user/balances", "POST /v1/integration/payment", "POST /v1/integration/casino",
    "POST /v1/integration/bonus",
}  # fmt: skip


def test_every_path_a_sender_knows_is_there():
    assert {f"{method} {path}" for schema in SCHEMAS.values() for method, path in schema.routes} == ROUTES


def test_the_key_comes_as_everywhere_or_in_the_header_these_senders_know(sender, anna):
    body = json.dumps(example("PAYMENT"))
    for headers, status in [
        ({"X-API-Key": sender.key}, 200), ({"Authorization": f"Api-Key {sender.key}"}, 200), ({}, 401),
        ({"X-API-Key": "wrong"}, 401), ({"X-API-Key": sender.key, "Authorization": "Api-Key wrong"}, 401),
    ]:  # fmt: skip
        answer = Client().post("/v1/integration/payment", body, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert Client().get("/v1/integration/payment", headers={"X-API-Key": sender.key}).status_code == 405
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("12.34", "EUR", 1234), ("12", "EUR", 1200), ("12.3", "EUR", 1230), ("12.340000", "EUR", 1234),
        ("0.1", "EUR", 10), ("1e2", "EUR", 10_000), ("12.345", "KWD", 12_345), ("500", "JPY", 500),
        ("4.35", "GBP", 435), ("1.15", "USD", 115), ("-0.5", "SEK", -50), ("0.000", "EUR", 0),
    ],
)  # fmt: skip
def test_major_units_become_minor_units_exactly(written, currency, minor):
    assert minor_units(Decimal(written), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("0.005", "GBP", "too_precise"), ("10.001", "GBP", "too_precise"), ("100.5", "JPY", "too_precise"),
        ("0.30000000000000004", "GBP", "too_precise"), ("NaN", "GBP", "wrong_type"), ("Infinity", "GBP", "wrong_type"),
        ("1e400", "GBP", "out_of_range"), ("1e15", "GBP", "out_of_range"), ("9" * 60, "GBP", "wrong_type"),
        ("-5", "GBP", "out_of_range"), ("0", "GBP", "out_of_range"), ('"12.50"', "GBP", "wrong_type"),
        ("true", "GBP", "wrong_type"), ("12.5", "gbp", "unknown_currency"), ("12.5", "XXQ", "unknown_currency"),
        ("12.5", "EUR", "wrong_currency"), ("1" + "0" * 5000, "GBP", "wrong_type"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_kept_exactly_is_refused_never_rounded(sender, anna, amount, currency, reason):
    raw = json.dumps(example("PAYMENT", amount="@", currency=currency, fee_amount=...)).replace('"@"', amount)
    result = sender.send("PAYMENT", None, raw=raw.encode())["results"][0]

    assert (result["status"], result["reason"]) == ("quarantined", reason)
    assert result["pointer"].rsplit("/", 1)[-1] in ("amount", "currency")
    assert bytes(Quarantine.objects.get().raw) == raw.encode()


@hypothesis_settings(max_examples=80, deadline=None, database=None)
@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD", "BIT"]))
def test_whatever_was_minor_units_once_comes_back_as_such(minor, currency):
    from config.lib.money import exponent

    assert minor_units(Decimal(minor).scaleb(-exponent(currency)), currency) == minor


def test_an_origin_leads_to_the_feed_of_its_brand_and_to_no_other(sender, anna, bjork):
    kaja, other = cast.kaja(), Feed.objects.get(brand=bjork)
    assert sender.one("LOGIN_V2", example("LOGIN_V2", origin="bjork.example"))["reason"] == "unknown_origin"

    Origin.objects.create(entry=sender.feed, origin="bjork.example", feed=other)
    both = [example("LOGIN_V2"), example("LOGIN_V2", origin="bjork.example", user_id="kaja"),
            example("LOGIN_V2", origin="bjork.example")]  # fmt: skip
    receipt = sender.send("LOGIN_V2", both)

    assert [result["status"] for result in receipt["results"]] == ["accepted", "accepted", "quarantined"]
    assert receipt["results"][2]["reason"] == "unknown_player"  # Anna is of Northlight
    assert list(Event.objects.order_by("player_id").values_list("feed_id", "player_id")) == [
        (sender.feed.pk, anna.pk), (other.pk, kaja.pk)
    ]  # fmt: skip
    assert sender_of(bjork, "else").one("LOGIN_V2", example("LOGIN_V2"))["reason"] == "unknown_origin"
    for feed in (sender.feed, other):
        assert sum(FeedTally.objects.filter(feed=feed).values_list("accepted", flat=True)) == 1


def test_what_waits_for_its_player_is_read_again_from_the_bytes_when_the_player_comes(sender, northlight):
    sender.one("PAYMENT", example("PAYMENT", user_id="nora"))
    sender.one("PAYMENT", example("PAYMENT", user_id="nora", payment_id="p-2", currency="EUR"))
    assert set(Quarantine.objects.values_list("shape", "kind", "reason")) == {
        ("fasttrack/PAYMENT", "deposit.approved", "unknown_player")
    }
    cast.make_player(northlight, "nora")

    assert inbox.replay_parked(now=utcnow()) == 1

    assert Event.objects.get().body["amount"] == 5025
    assert Quarantine.objects.get(resolved_at=None).reason == "wrong_currency"


def test_what_was_refused_is_tried_again_from_the_bytes_when_the_reason_is_gone(sender, anna):
    Origin.objects.all().delete()
    sender.one("CASINO", example("CASINO"))
    row = Quarantine.objects.get()
    assert row.reason == "unknown_origin"

    Origin.objects.create(entry=sender.feed, origin="northlight.example", feed=sender.feed)
    assert inbox.replay([row.pk], now=utcnow()) == 1
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("schema", "more", "reason", "pointer"),
    [
        ("CASINO", {"amount": 3}, "sum_differs", "/amount"),
        ("CASINO", {"activity_id": ...}, "missing", "/activity_id"),
        ("CASINO", {"type": "Spin"}, "unknown_value", "/type"),
        ("CASINO", {"timestamp": "2026-03-03T12:00:00"}, "no_zone", "/timestamp"),
        ("CASINO", {"timestamp": "2199-03-03T12:00:00Z"}, "in_the_future", "/timestamp"),
        ("CASINO", {"game_type": ..., "game_id": "nobody-knows"}, "unknown_game", "/properties/game_id"),
        ("PAYMENT", {"type": "Void", "status": "Requested"}, "not_supported", "/status"),
        ("PAYMENT", {"user_id": None}, "wrong_type", "/user_id"),
        ("BONUS", {"status": "NotApplicable"}, "not_supported", "/status"),
        ("SPORTSBOOK", {"activity_id": ...}, "missing", "/activity_id"),
        ("SPORTSBOOK", {"bets": [{"odds": 1.5}]}, "missing", "/bets/0/event_name"),
        ("SPORTSBOOK", {"type": "Settlement", "activity_id_reference": "b", "status": "Rollback"}, "not_supported", "/status"),
        ("USER_BALANCES_UPDATE", {"balances": []}, "missing", "/balances"),
        ("USER_BALANCES_UPDATE", {"balances": [{"key": "real_money", "amount": 1.001, "currency": "GBP", "exchange_rate": 1}]},
         "too_precise", "/balances/0/amount"),
        ("USER_BALANCES_UPDATE", {"balances": [{"key": "real_money", "amount": 1, "currency": "EUR", "exchange_rate": 1}]},
         "wrong_currency", "/currency"),
        ("CUSTOM", {"data": {"nested": {"a": 1}}}, "wrong_type", "/properties/nested"),
        ("GAME", {"rtp": 0.96}, "out_of_range", "/rtp"),
        ("GAME", {"category": "Fishing"}, "unknown_category", "/category"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_a_reason_and_kept(sender, anna, schema, more, reason, pointer):
    result = sender.one(schema, example(schema, **more))

    assert (result["status"], result["reason"], result["pointer"]) == ("quarantined", reason, pointer)
    row = Quarantine.objects.get()
    assert (row.reason, row.shape) == (reason, f"fasttrack/{schema}")


def test_members_nobody_told_us_about_are_let_pass(sender, anna):
    assert sender.one("CASINO", example("CASINO", jackpot_contribution=0.01, meta={"a": [1]}))["status"] == "accepted"


def test_the_same_id_with_another_content_is_a_conflict_and_a_rollback_is_not(sender, anna):
    sender.one("CASINO", example("CASINO"))
    assert sender.one("CASINO", example("CASINO", amount=3, wager_amount=2.5))["reason"] == "conflict"
    assert sender.one("CASINO", example("CASINO", status="Rollback"))["status"] == "accepted"


def test_a_look_by_the_operators_staff_is_no_log_in(sender, anna):
    result = sender.one("LOGIN_V2", example("LOGIN_V2", is_impersonated=True))

    assert result["status"] == "accepted"
    assert "staff" in result["detail"]
    assert not Event.objects.exists()


def test_rates_are_kept_once_a_day_and_the_newest_counts(sender, anna):
    for second, rate in enumerate((1.17, 1.17, 1.18)):
        at = f"2026-03-03T12:00:0{second}Z"
        sender.one("CASINO", example("CASINO", activity_id=f"a{second}", timestamp=at, exchange_rate=rate))
    sender.one("CASINO", example("CASINO", activity_id="late", timestamp="2026-03-03T11:00:00Z", exchange_rate=1.1))

    [kept] = ExchangeRate.objects.values_list("currency", "day", "rate")
    assert kept == ("GBP", date(2026, 3, 3), Decimal("1.18"))


def test_every_payment_type_and_status_is_mapped_or_refused_by_name():
    types, statuses = (SCHEMAS["PAYMENT"].required[name].schema["enum"] for name in ("type", "status"))
    refused = {(how, status) for how in types for status in statuses} - MEANS.keys()

    assert refused == {("Void", status) for status in statuses if status != "Approved"}


def test_words_for_a_game_are_understood_or_left_to_the_catalogue():
    assert [category_of(word) for word in ("Video Slots", "LIVE-CASINO", "Scratch cards", "Fishing", None)] == [
        "slots", "live_casino", "other", None, None
    ]  # fmt: skip


def test_a_body_that_is_not_json_is_refused_and_kept(sender):
    answer = sender.send("PAYMENT", None, raw=b'{"user_id": ', status=400)

    assert answer["errors"][0]["code"] == "malformed"
    assert Quarantine.objects.get().reason == "malformed"
    assert sender.send("PAYMENT", None, raw=b"[]")["received"] == 0
    sender.send("PAYMENT", None, raw=b"[" + b"{}," * 1000 + b"{}]", status=400)


def test_numbers_on_lines_are_as_exact_as_in_arrays(sender, anna):
    raw = b"\n".join(json.dumps(example("PAYMENT", payment_id=f"p{n}", amount=n + 0.07)).encode() for n in range(3))
    answer = sender.client.post(
        "/v1/integration/payment", raw, content_type="application/x-ndjson", headers={"X-API-Key": sender.key}
    )
    assert answer.json()["accepted"] == 3
    assert sorted(Event.objects.values_list("body__amount", flat=True)) == [7, 107, 207]


def test_our_schemas_are_served_and_their_examples_keep_to_them(sender):
    import jsonschema

    listed = Client().get("/api/v1/schemas/fasttrack/").json()["schemas"]
    assert {one["name"] for one in listed} == set(SCHEMAS)
    for one in listed:
        document = Client().get(one["schema"]).json()
        jsonschema.Draft202012Validator.check_schema(document)
        jsonschema.Draft202012Validator(document).validate(SCHEMAS[one["name"]].example)
    assert Client().get("/api/v1/schemas/fasttrack/NONE.json").status_code == 404


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_whatever_is_sent_is_accounted_for(sender, anna, schema):
    """One member at a time replaced by anything at all: never an error of ours, always received = the sum."""
    names = sorted({**SCHEMAS[schema].required, **SCHEMAS[schema].optional})

    @hypothesis_settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(names), ANY)
    def send(name, value):
        raw = json.dumps(example(schema) | {name: value}).encode()
        receipt = arriving.receive(sender.feed, SCHEMAS[schema], read_body(raw, is_exact=True), now=utcnow())
        assert receipt.received == receipt.accepted + receipt.duplicate + receipt.quarantined == 1

    send()


def test_refusals_are_sentences():
    with pytest.raises(Refused, match="we do not round"):
        minor_units(Decimal("0.005"), "EUR")


def test_a_deposit_is_money_on_the_players_page_when_it_is_folded(sender, anna):
    from players import folding

    sender.one("PAYMENT", example("PAYMENT"))
    folding.fold_pending(now=utcnow())

    assert Payment.objects.get(player=anna).amount == 5025
    assert Player.objects.get(pk=anna.pk).state.deposit_sum == 5025
