"""Blocks, identity checks and the other words about an account: in force when the PAM has its answer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from compliance import gate, turning
from compliance.models import Measure
from config.lib.clock import utcnow
from players.models import Fact, Feed, Player
from tests.api.conftest import event, registered
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
NOON, MINUTE = "2026-03-03T12:00:00Z", timedelta(minutes=1)


def code(player: Player, **changes: object) -> str:
    return clear(promo(player, **changes))[0].code


def status(player: Player) -> str:
    return Player.objects.get(pk=player.pk).status


@pytest.mark.parametrize("kind", ["player.blocked", "player.closed"])
def test_a_blocked_account_is_denied_everything_promotional_when_the_answer_arrives(pam, anna, kind):
    assert code(anna) == "ALLOW"

    assert pam.send(event(kind, reason="payment dispute"))["accepted"] == 1

    assert code(anna) == code(anna, channel="bonus") == "DENY_ACCOUNT_RESTRICTED"
    assert Fact.objects.get(kind=kind).data == {"reason": "payment dispute"}


def test_what_was_allowed_a_moment_before_the_block_may_not_go_any_more(pam, anna):
    [answer] = clear(promo(anna))

    pam.send(event("player.blocked"))

    with transaction.atomic():
        assert gate.still_allowed([answer.decision_id], now=utcnow()) == set()


def test_an_account_that_is_open_again_may_be_promoted_to(pam, anna):
    pam.send(event("player.blocked", at=NOON))
    pam.send(event("player.unblocked", at="2026-03-03T12:00:01Z"))

    assert code(anna) == "ALLOW"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("blocked", "opened", "ends"),
    [(NOON, "2026-03-03T12:00:01Z", "active"), ("2026-03-03T12:00:01Z", NOON, "suspended"), (NOON, NOON, "suspended")],
    ids=["opened later", "blocked later", "at the same instant"],
)
def test_the_newest_word_about_an_account_counts_and_of_two_of_one_instant_the_careful_one(
    pam, anna, order, together, blocked, opened, ends
):
    words = [event("player.blocked", at=blocked), event("player.unblocked", at=opened)]
    words = [words[n] for n in order]
    if together:
        pam.send(*words)
    else:
        for word in words:
            pam.send(word)

    assert status(anna) == ends


def test_a_block_nobody_can_read_denies(pam, anna):
    receipt = pam.send(event("player.blocked", resaon="typo"))

    assert receipt["quarantined"] == 1
    assert code(anna) == "DENY_STATE_UNAVAILABLE"
    assert Feed.objects.get(pk=pam.feed.pk).freshness == Feed.Freshness.FRESH


def test_a_block_that_comes_before_the_registration_is_applied_with_it(pam):
    pam.send(event("player.blocked", "nora"))
    pam.send(registered("nora"))

    assert Player.objects.get(external_id="nora").status == "suspended"


def test_a_block_and_a_name_change_do_not_overwrite_each_other(pam, anna):
    pam.send(event("player.blocked", at=NOON))
    pam.send(event("player.updated", first_name="Ann", at="2026-03-03T12:00:05Z"))

    anna.refresh_from_db()
    assert (anna.status, anna.first_name) == ("suspended", "Ann")


def test_the_steps_of_an_identity_check_are_kept_and_only_verified_is_promoted_to(pam, anna):
    for second, step in enumerate(("submitted", "pending", "verified", "expired")):
        pam.send(event("player.kyc", status=step, level="address", at=f"2026-03-03T12:00:0{second}Z"))
        assert (code(anna) == "ALLOW") == (step == "verified")

    assert Fact.objects.filter(kind="player.kyc", data__level="address").count() == 4
    pam.send(event("player.kyc", status="verified", at=NOON))  # late: the newest word stays
    anna.refresh_from_db()
    assert anna.kyc == Player.Kyc.EXPIRED


def limit(sequence, at, amount=2000, **more):
    return event("rg.limit_set", measure_id="m", sequence=sequence, kind="deposit_limit", period="week", amount=amount,
                 currency="GBP", origin="player", at=at.isoformat(), **more)  # fmt: skip


def test_a_limit_with_an_end_is_over_then(pam, anna):
    now = utcnow()
    ends = now - MINUTE
    pam.send(limit(1, now - timedelta(days=7), expires_at=ends.isoformat()))
    mine = Measure.objects.get(person=anna.person_id)
    assert (mine.status, mine.ends_at) == ("active", ends)

    assert turning.turn(now=ends - MINUTE) == 0
    assert turning.turn(now=now) == 1

    mine.refresh_from_db()
    assert (mine.status, mine.ended_at, mine.relaxed_at) == ("ended", ends, ends)


def test_nobody_ends_a_limit_before_its_time(pam, anna):
    now = utcnow()
    pam.send(limit(1, now, expires_at=(now + timedelta(days=7)).isoformat()))

    assert turning.turn(now=now + timedelta(days=8)) == 0  # a clock that runs ahead of the database's
    with pytest.raises(DatabaseError, match="removed only by its source"):
        Measure.objects.update(status="ended", ended_at=F("ends_at"))


def test_running_into_a_limit_and_being_asked_to_pause_are_recorded_and_restrict_nothing(pam, anna):
    pam.send(
        event("rg.limit_reached", kind="deposit_limit", period="week", attempted=5000, currency="GBP"),
        event("rg.reality_check", minutes=60, acknowledged=True),
    )

    assert set(Fact.objects.filter(kind__in=["rg.limit_reached", "rg.reality_check"]).values_list("kind", flat=True)) == {
        "rg.limit_reached", "rg.reality_check",
    }  # fmt: skip
    assert code(anna) == "ALLOW"
