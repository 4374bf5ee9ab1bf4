"""POST /api/v1/events: what a PAM integrator may rely on."""

import json
from datetime import timedelta

import pytest

from config.lib.clock import utcnow
from players import inbox
from players.models import Contact, Event, Fact, Feed, FeedTally, Player, Quarantine
from tests import cast
from tests.api.conftest import bet, deposit, event, pam_of, registered

pytestmark = pytest.mark.django_db


def only(receipt):
    [result] = receipt["results"]
    return result


# --- three shapes of body -------------------------------------------------------------------------


def test_one_event_is_accepted_and_kept(pam, anna):
    receipt = pam.post(deposit()).json()

    assert receipt["received"] == receipt["accepted"] == 1
    assert only(receipt)["status"] == "accepted"
    kept = Event.objects.get()
    assert (kept.kind, kept.player_id, kept.body["amount"]) == ("deposit.approved", anna.id, 5000)


def test_an_array_gets_a_result_per_event_in_the_order_sent(pam, anna):
    events = [deposit(), bet(), event("player.login")]

    receipt = pam.send(*events)

    assert [result["event_id"] for result in receipt["results"]] == [one["event_id"] for one in events]
    assert receipt["accepted"] == 3


def test_ndjson_is_read_line_by_line_and_a_broken_line_stays_alone(pam, anna):
    lines = [json.dumps(deposit()), '{"event": "deposit.app', "", json.dumps(bet())]

    receipt = pam.post("\n".join(lines).encode(), "application/x-ndjson").json()

    assert [result["status"] for result in receipt["results"]] == ["accepted", "quarantined", "accepted"]
    assert receipt["results"][1]["reason"] == "malformed"
    assert bytes(Quarantine.objects.get().raw) == lines[1].encode()


def test_an_empty_array_is_nothing_received(pam):
    assert pam.post([]).json() == {"received": 0, "accepted": 0, "duplicate": 0, "quarantined": 0, "results": []}


def test_a_thousand_events_are_accepted_and_one_more_is_refused(pam, anna):
    assert pam.send(*(bet() for _ in range(1000)))["accepted"] == 1000

    response = pam.post([bet() for _ in range(1001)])

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "too_many"


# --- again and again ------------------------------------------------------------------------------


def test_the_same_event_sent_again_is_a_duplicate_and_kept_once(pam, anna):
    one = deposit()

    assert only(pam.send(one))["status"] == "accepted"
    assert only(pam.send(one))["status"] == "duplicate"
    assert Event.objects.count() == 1


def test_the_order_of_members_does_not_make_another_event(pam, anna):
    one = deposit()
    pam.send(one)

    assert only(pam.send(dict(reversed(one.items()))))["status"] == "duplicate"


def test_the_same_event_twice_in_one_batch_is_kept_once(pam, anna):
    one = bet()

    receipt = pam.send(one, one)

    assert [result["status"] for result in receipt["results"]] == ["accepted", "duplicate"]
    assert Event.objects.count() == 1


@pytest.mark.parametrize("together", [True, False])
def test_one_id_with_two_contents_is_a_conflict_not_a_silent_drop(pam, anna, together):
    first, second = deposit(event_id="x", amount=1), deposit(event_id="x", amount=2)

    results = pam.send(first, second)["results"] if together else [only(pam.send(one)) for one in (first, second)]

    assert [result["status"] for result in results] == ["accepted", "quarantined"]
    assert results[1]["reason"] == "conflict"
    assert Event.objects.get().body["amount"] == 1


def test_a_duplicate_is_found_on_another_day(pam, anna):
    one = deposit(at="2026-03-01T10:00:00Z")
    inbox.accept(pam.feed, [one], now=utcnow() - timedelta(days=2))

    assert only(pam.send(one))["status"] == "duplicate"


def test_two_feeds_may_use_the_same_id(pam, anna):
    other = Feed.objects.create(brand=pam.feed.brand, name="sports")
    one = deposit()

    inbox.accept(pam.feed, [one], now=utcnow())
    receipt = inbox.accept(other, [one], now=utcnow())

    assert receipt.accepted == 1


# --- players --------------------------------------------------------------------------------------


def test_an_event_of_an_unknown_player_is_kept_whole_and_can_be_replayed(pam, anna):
    parked = deposit("nils")
    assert only(pam.send(parked))["reason"] == "unknown_player"
    row = Quarantine.objects.get()
    assert json.loads(bytes(row.raw)) == parked
    assert inbox.replay([row.id], now=utcnow()) == 0

    nils = cast.make_player(anna.brand, "nils")

    assert inbox.replay([row.id], now=utcnow()) == 1
    row.refresh_from_db()
    assert (row.resolution, row.player_id) == ("Applied.", nils.id)
    assert Event.objects.get().player_id == nils.id


def test_a_player_of_another_brand_is_unknown(pam, kaja):
    assert only(pam.send(deposit("kaja")))["reason"] == "unknown_player"


def test_registration_and_the_first_deposit_arrive_in_one_array(pam):
    receipt = pam.send(deposit("nora"), registered("nora"), bet("nora"))

    assert receipt["accepted"] == 3
    nora = Player.objects.get(external_id="nora")
    assert (nora.first_name, nora.currency, nora.brand) == ("Nora", "GBP", pam.feed.brand)
    assert Contact.objects.get(player=nora).normal == "nora@example.test"
    assert Event.objects.filter(player=nora).count() == 3


def test_registration_applies_what_came_before_it(pam):
    pam.send(deposit("nora"))
    assert not Event.objects.exists()

    pam.send(registered("nora"))

    assert sorted(Event.objects.values_list("kind", flat=True)) == ["deposit.approved", "player.registered"]
    assert Quarantine.objects.get().resolved_at is not None


def test_registering_twice_makes_one_player_and_one_fact(pam):
    pam.send(registered("nora"), registered("nora", first_name="Eleonora"))

    assert Player.objects.get(external_id="nora").first_name == "Eleonora"
    assert Fact.objects.filter(kind="player.registered").count() == 1


def test_a_profile_ends_the_same_whatever_order_its_changes_come_in(pam):
    pam.send(registered("nora", at="2026-01-01T00:00:00Z"))
    newer = event("player.updated", "nora", language="sv", at="2026-02-02T00:00:00Z")
    older = event("player.updated", "nora", language="fi", country="FI", at="2026-02-01T00:00:00Z")

    pam.send(newer)
    pam.send(older)

    nora = Player.objects.get(external_id="nora")
    assert (nora.language, nora.country) == ("sv", "FI")


def test_facts_keep_no_personal_data(pam):
    pam.send(registered("nora", phone="07700 900123"), event("player.updated", "nora", email="n@example.test"))

    assert Contact.objects.get(channel="sms").address == "+447700900123"
    texts = json.dumps(list(Fact.objects.values_list("data", flat=True)))
    assert "example.test" not in texts
    assert "7700900123" not in texts


def test_a_new_address_forgets_that_the_old_one_bounced(pam):
    pam.send(registered("nora"))
    Contact.objects.update(bounced_at=utcnow(), verified_at=utcnow())

    pam.send(event("player.updated", "nora", email="new@example.test"))

    contact = Contact.objects.get()
    assert (contact.address, contact.bounced_at, contact.verified_at) == ("new@example.test", None, None)


def test_an_account_keeps_its_currency(pam, anna):
    results = pam.send(
        registered("anna", currency="EUR"),
        event("rg.limit_set", measure_id="m", sequence=1, kind="loss_limit", period="day", amount=1,
              currency="EUR", origin="player"),
    )["results"]  # fmt: skip

    assert [result["reason"] for result in results] == ["wrong_currency", "wrong_currency"]
    assert results[0]["pointer"] == "/0/properties/currency"


def test_kyc_is_known_when_the_answer_arrives(pam, anna):
    pam.send(event("player.kyc", status="rejected"))

    anna.refresh_from_db()
    assert anna.kyc == Player.Kyc.REJECTED


# --- games ----------------------------------------------------------------------------------------


def test_a_round_of_a_known_game_gets_its_category(pam, anna):
    pam.put_games([{"game_id": "sun", "title": "Book of Sun", "category": "slots", "rtp": 96.2}])
    round_ = bet(game_id="sun")
    del round_["properties"]["category"]

    assert only(pam.send(round_))["status"] == "accepted"
    body = Event.objects.get().body
    assert body["category"] == 1
    assert body["game"] is not None


def test_a_round_of_a_game_nobody_told_us_of_needs_its_category(pam, anna):
    named, nameless = bet(game_id="moon"), bet(game_id="moon")
    del nameless["properties"]["category"]

    results = pam.send(named, nameless)["results"]

    assert [result["status"] for result in results] == ["accepted", "quarantined"]
    assert results[1]["reason"] == "unknown_game"


# --- the counts -----------------------------------------------------------------------------------


def test_everything_received_is_counted_as_accepted_duplicate_or_quarantined(pam, anna):
    one = deposit()
    pam.send(one, one, deposit("nobody"), bet())
    pam.post(b"{")

    tally = FeedTally.objects.get()
    assert (tally.accepted, tally.duplicate, tally.quarantined) == (2, 1, 2)


def test_the_feed_knows_how_far_it_has_got(pam, anna):
    before = utcnow()
    pam.send(deposit(at="2026-03-01T10:00:00Z"), bet(at="2026-03-01T09:00:00Z"))
    pam.send(bet(at="2026-02-01T09:00:00Z"))

    feed = Feed.objects.get(pk=pam.feed.pk)
    assert feed.last_event_at >= before
    assert feed.last_occurred_at.isoformat() == "2026-03-01T10:00:00+00:00"


def test_a_heartbeat_lifts_the_high_water_mark_and_never_lowers_it(pam):
    assert pam.send(event("feed.heartbeat", None, sequence=40))["accepted"] == 1
    pam.send(event("feed.heartbeat", None, sequence=7))

    feed = Feed.objects.get(pk=pam.feed.pk)
    assert feed.heartbeat_sequence == 40
    assert not Event.objects.exists()


# --- who may send ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Api-Key", "Api-Key nonsense", "Api-Key aaaaaaaa.b", "Bearer x", "Api-Key \udc80.x", "Api-Key a\0.b"]
)
def test_without_the_right_key_nothing_is_taken(pam, anna, header):
    response = pam.post(deposit(), Authorization=header)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Api-Key"
    assert not Event.objects.exists()


def test_a_revoked_or_expired_key_opens_nothing(pam, anna):
    pam.feed.keys.update(expiry_date=utcnow() - timedelta(seconds=1))
    assert pam.post(deposit()).status_code == 401

    pam.feed.keys.update(expiry_date=None, revoked=True)
    assert pam.post(deposit()).status_code == 401


def test_a_key_in_the_address_is_no_key(pam, anna):
    response = pam.client.post(f"/api/v1/events?api_key={pam.key}", b"{}", content_type="application/json")
    assert response.status_code == 401


def test_a_key_opens_its_own_brand_only(pam, anna, bjork):
    receipt = pam_of(bjork).send(deposit("anna"))
    assert only(receipt)["reason"] == "unknown_player"
