"""What is in force when the PAM has its answer."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import DatabaseError, transaction

from compliance import gate
from compliance.models import Consent, Measure, Standing
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players import at_once, freshness, inbox, inbox_rows, restricting
from players.models import Event, Fact, Feed, Player, Quarantine
from tests import cast
from tests.api.conftest import bet, event, registered

pytestmark = pytest.mark.django_db


def verdict(player: Player) -> str:
    return Standing.objects.get(person=player.person_id).verdict


def excluded(player="anna", **more):
    return event("rg.self_excluded", player, **({"measure_id": "se1", "sequence": 1, "ends_at": None} | more))


def test_an_exclusion_is_in_force_when_the_answer_arrives(pam, anna):
    assert verdict(anna) == "open"

    assert pam.send(excluded())["accepted"] == 1

    assert verdict(anna) == "excluded"
    assert Measure.objects.filter(person=anna.person_id).exists()


def test_an_exclusion_sent_twice_is_one_measure(pam, anna):
    one = excluded()
    pam.send(one, one)
    pam.send(one)

    assert Measure.objects.filter(person=anna.person_id).count() == 1
    assert Fact.objects.filter(kind="rg.self_excluded").count() == 1


def test_a_crash_before_the_inbox_is_written_loses_no_exclusion(pam, anna, monkeypatch):
    def crash(*args):
        raise DatabaseError("the lights went out")

    one = excluded()
    with monkeypatch.context() as dark:
        dark.setattr(inbox_rows, "keep", crash)
        with pytest.raises(DatabaseError):
            inbox.accept(pam.feed, [one], now=utcnow())
    assert verdict(anna) == "excluded"
    assert not Event.objects.exists()

    assert pam.send(one)["accepted"] == 1  # the PAM had no answer and comes again
    assert Fact.objects.filter(kind="rg.self_excluded").count() == 1


def test_an_exclusion_that_cannot_be_applied_is_not_acknowledged(pam, anna, monkeypatch):
    def crash(*args, **kwargs):
        raise DatabaseError("the lights went out")

    monkeypatch.setattr(at_once, "record", crash)

    assert pam.post(excluded()).status_code == 500
    assert not Event.objects.exists()


def test_registering_with_no_restrictions_opens_and_an_exclusion_in_the_same_array_closes(pam):
    pam.send(registered("nora"), excluded("nils"), registered("nils"), registered("nemo", at="2026-03-01T00:00:00Z"))

    assert verdict(Player.objects.get(external_id="nora")) == "open"
    assert verdict(Player.objects.get(external_id="nils")) == "excluded"


def test_silence_about_restrictions_leaves_the_player_unknown(pam):
    silent = registered("nora")
    del silent["properties"]["restrictions"]

    pam.send(silent)

    assert verdict(Player.objects.get(external_id="nora")) == "unknown"


def test_an_exclusion_that_came_before_the_registration_is_in_force_with_it(pam):
    pam.send(excluded("nora"))
    assert Quarantine.objects.get().reason == "unknown_player"

    pam.send(registered("nora"))

    assert verdict(Player.objects.get(external_id="nora")) == "excluded"
    assert Quarantine.objects.get().resolution == "Applied."


def test_a_restriction_nobody_could_read_denies_its_player(pam, anna):
    result = pam.send(event("rg.time_out", measure_id="t", sequence=1, ends_at="tomorrow"))["results"][0]

    assert result["status"] == "quarantined"
    assert result["pointer"] == "/0/properties/ends_at"
    assert verdict(anna) == "unknown"
    assert Fact.objects.filter(kind="rg.unreadable", player=anna).count() == 1
    assert Quarantine.objects.get().player == anna


@pytest.mark.parametrize("broken", [{"measure_id": 7}, {"measure_id": "x", "sequence": "first", "ends_at": None},
                                    {"measure_id": "x", "sequence": 1, "ends_at": "some day"}])  # fmt: skip
def test_the_next_promotion_after_an_exclusion_nobody_could_read_is_refused(pam, anna, broken):
    message = gate.Request(
        anna.pk, Purpose.PROMOTIONAL, "email", frozenset({"casino"}), frozenset({"all"}), "campaign:1"
    )
    with transaction.atomic():
        [before] = gate.clear_many([message], now=cast.noon())
    assert before.allowed

    assert pam.send(event("rg.self_excluded", **broken))["quarantined"] == 1

    with transaction.atomic():
        assert gate.still_allowed([before.decision_id], now=cast.noon()) == set()  # not even the one in hand
        [after] = gate.clear_many([message], now=cast.noon())
    assert after.code == "DENY_STATE_UNAVAILABLE"


@pytest.mark.parametrize("kind", ["player.blocked", "player.closed"])
def test_a_block_nobody_could_read_denies_its_player_also_one_yet_to_come(pam, anna, kind):
    pam.send(event(kind, reason=7), event(kind, "nora", reason=7), registered("nora"))

    assert verdict(anna) == "unknown"
    assert verdict(Player.objects.get(external_id="nora")) == "unknown"

    pam.send(event(kind, "nils", reason=7))
    pam.send(registered("nils"))

    assert verdict(Player.objects.get(external_id="nils")) == "unknown"


@pytest.mark.parametrize("kind", ["rg.frozen", "rg."])
def test_a_restriction_of_a_kind_we_do_not_know_denies_its_player(pam, anna, kind):
    pam.send(event(kind))

    assert verdict(anna) == "unknown"


@pytest.mark.parametrize("kind", ["RG.self_excluded", "Rg.Time_Out", "Player.Blocked", "PLAYER.CLOSED", " rg.blocked",
                                  "\u200bPlayer.blocked"])  # fmt: skip
def test_a_restriction_denies_its_player_however_its_kind_is_written(pam, anna, kind):
    pam.send(event(kind, reason=7), event(kind, "nora"))
    pam.send(registered("nora"))

    assert verdict(anna) == "unknown"
    assert verdict(Player.objects.get(external_id="nora")) == "unknown"
    assert Quarantine.objects.filter(restricting.rows()).count() == 2  # compliance finds them, nobody sets them aside


@pytest.mark.parametrize("kind", ["Player.Unblocked", "Round.Settled", "organ.rg.x", "RGB.changed"])
def test_what_only_looks_a_little_like_a_restriction_denies_nobody(pam, anna, kind):
    pam.send(event(kind))

    assert verdict(anna) == "open"
    assert not Quarantine.objects.filter(restricting.rows()).exists()


def test_a_restriction_repeated_with_another_content_denies_its_player(pam, anna):
    pam.send(event("rg.lifted", event_id="x", measure_id="m", sequence=1))
    assert verdict(anna) == "open"

    result = pam.send(event("rg.lifted", event_id="x", measure_id="m", sequence=2))["results"][0]

    assert result["reason"] == "conflict"
    assert verdict(anna) == "unknown"


def test_an_unreadable_restriction_of_a_player_yet_to_come_denies_them_from_their_first_moment(pam):
    pam.send(event("rg.time_out", "nora", measure_id="t", sequence=1, ends_at="tomorrow"))

    pam.send(registered("nora"))

    assert verdict(Player.objects.get(external_id="nora")) == "unknown"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'[{"event": "rg.self_excluded", "player": "an', "application/json"),
        (b'{"event": "rg.self_excluded", "player": "an\n', "application/x-ndjson"),
        (b'{"event": "rg.self_excluded", "event_id": "1", "player": 7}', "application/json"),
        (b'[{"event": "player.blocked", "player": "an', "application/json"),
        (b'{"event": "player.closed", "player": "an\n', "application/x-ndjson"),
        ('{"event": "player.closed", "player": "anna"}'.encode("utf-16"), "application/json"),
        (b'{"event": "rg.blocked", "event": "bet.placed", "player": "al", "player": "anna"}', "application/json"),
        (b'{"event": ["player.blocked"], "event_id": "1"}', "application/json"),
    ],
)
def test_a_restriction_of_nobody_knows_whom_makes_the_feed_stale(pam, body, content_type):
    assert pam.feed.freshness == Feed.Freshness.FRESH

    pam.post(body, content_type)

    pam.feed.refresh_from_db()
    assert pam.feed.freshness == Feed.Freshness.STALE
    assert restricting.is_kind(Quarantine.objects.get().kind)

    with pytest.raises(DatabaseError), transaction.atomic():
        Feed.objects.update(freshness=Feed.Freshness.FRESH)
    for pause in (timedelta(0), 2 * freshness.PAUSE):
        freshness.judge(now=utcnow() + pause)
    pam.feed.refresh_from_db()
    assert pam.feed.freshness == Feed.Freshness.STALE  # and stays it until somebody has looked


def test_a_broken_bet_does_not_make_the_feed_stale(pam, anna):
    pam.send(bet(stake_real=-1))
    pam.post(b'{"event": "round.settled", "player": "anna@luxemburg.example"')

    pam.feed.refresh_from_db()
    assert pam.feed.freshness == Feed.Freshness.FRESH


def test_a_withdrawn_consent_is_known_when_the_answer_arrives(pam, anna):
    cell = {"product": "casino", "channel": "email", "wording": "v4", "screen": "settings"}

    pam.send(event("consent.changed", granted=False, **cell))

    newest = Consent.objects.filter(player=anna, product="casino", channel="email").latest("occurred_at")
    assert not newest.granted


def test_an_exclusion_for_good_may_be_written_as_the_year_9999(pam, anna):
    assert pam.send(excluded(ends_at="9999-12-31T00:00:00Z"))["accepted"] == 1
    assert Fact.objects.get(kind="rg.self_excluded").data["ends_at"] is None


def test_a_baseline_with_restrictions_is_refused_because_each_is_an_event_of_its_own(pam, anna):
    assert pam.send(event("rg.baseline", restrictions=["time_out"]))["quarantined"] == 1
    assert verdict(anna) == "unknown"


def test_replayed_restrictions_are_in_force_too(pam, anna):
    pam.send(excluded(replay=True, at=(utcnow() - timedelta(days=3)).isoformat()))
    assert verdict(anna) == "excluded"


def test_players_parked_by_a_race_are_found_by_the_sweeper(pam):
    pam.send(excluded("nora"))
    cast.make_player(pam.feed.brand, "nora")  # came in some other way

    assert inbox.replay_parked(now=utcnow()) == 1
    assert verdict(Player.objects.get(external_id="nora")) == "excluded"


@pytest.mark.django_db(transaction=True)
def test_a_post_about_many_people_calls_the_workers_once_for_each_work(monkeypatch):
    anna, _ = cast.anna(), cast.make_player(cast.northlight(), "b")
    called = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **_: called.append(task))
    feed = Feed.objects.get(brand=anna.brand)
    assert inbox.accept(feed, [excluded(), excluded("b", measure_id="se2")], now=utcnow()).accepted == 2
    assert sorted(called) == ["players.tasks.fold", "players.tasks.settle_owed"]
