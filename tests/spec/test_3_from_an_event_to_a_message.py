"""From an event to a message and out again, on the real database and a real post office."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import decode_header, make_header

import pytest

from bonuses.models import Grant
from campaigns import publishing, recipes
from campaigns.advance import advance
from campaigns.dispatch import dispatch
from campaigns.models import Attempt, Delivery, Enrolment, Step, Trace
from campaigns.reactions import interrupt
from config.lib.clock import utcnow
from players.facts import settle_owed
from players.models import Fact, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.ledger.conftest import make_terms


@dataclass
class Batch:
    player_ids: list[int]
    round_ids: list[int]
    facts: list[Fact]
    now: datetime
    is_replay: bool


__all__ = ["post"]

pytestmark = pytest.mark.django_db

NOW = cast.noon()


def login(player: Player, key: str = "") -> None:
    cast.tell(player, "player.login", now=NOW, at=NOW, key=key)


def exclude(player: Player) -> None:
    cast.tell(player, "rg.self_excluded", now=NOW, at=NOW, measure_id="x", sequence=1, ends_at=None)


def deposit(player: Player, at=NOW) -> Fact:  # noqa: ANN001
    (fact,) = cast.tell(player, "deposit.approved", now=at, at=at, payment_id="d1", amount=50_00)
    return fact


def test_an_event_becomes_a_mail(post: Sink, anna: Player, carla, olivia) -> None:  # noqa: ANN001
    build.simple(anna.brand, NOW)

    login(anna)
    work(NOW)

    (mail,) = post.mails
    assert mail["Subject"] == "Hello Anna"
    assert mail["X-To"] == "anna@example.test"
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.provider_id) == ("accepted", mail["Message-ID"])
    assert attempt.decision.outcome == "allow"
    assert Enrolment.objects.get().state == "done"
    told = Fact.objects.get(player=anna, kind="message.sent")
    assert told.data["decision_id"] == attempt.decision_id, "what left names the yes it left by"


def test_the_same_event_told_twice_lets_nobody_in_twice(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, reentry_days=0)

    login(anna, key="login-1")
    login(anna, key="login-1")
    work(NOW)

    assert Enrolment.objects.count() == 1
    assert len(post.mails) == 1


def test_a_deposit_during_the_wait_ends_the_journey_in_the_transaction_that_folds_it(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, wait_minutes=60, goal_fact="deposit.approved")
    login(anna)
    work(NOW)
    fact = deposit(anna, NOW + timedelta(minutes=5))

    interrupt(Batch(player_ids=[anna.id], round_ids=[], facts=[fact], now=NOW + timedelta(minutes=5), is_replay=False))

    run = Enrolment.objects.get()
    assert (run.state, run.reason, run.goal_at) == ("exited", "goal", fact.occurred_at)
    assert Trace.objects.get(kind="exited").fact_id == fact.id
    work(NOW + timedelta(hours=2))
    assert post.mails == []


def test_an_awaited_event_ends_the_wait_and_the_journey_goes_on(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, wait_minutes=600, wait_fact="deposit.approved")
    login(anna)
    work(NOW)
    fact = deposit(anna)

    interrupt(Batch(player_ids=[anna.id], round_ids=[], facts=[fact], now=NOW, is_replay=False))
    work(NOW)

    assert len(post.mails) == 1


def test_history_that_is_filled_in_neither_starts_nor_ends_a_journey(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, wait_minutes=60, goal_fact="deposit.approved")
    login(anna)
    work(NOW)
    fact = deposit(anna, NOW - timedelta(days=300))
    fact.is_replay = True

    interrupt(Batch(player_ids=[anna.id], round_ids=[], facts=[fact], now=NOW, is_replay=True))

    assert Enrolment.objects.get().state == "active"


def test_who_excludes_herself_during_a_journey_gets_nothing_more_and_the_refusal_is_on_record(
    post: Sink, anna: Player
) -> None:
    build.simple(anna.brand, NOW, wait_minutes=60)
    login(anna)
    work(NOW)

    exclude(anna)
    work(NOW)
    work(NOW + timedelta(hours=2))

    assert post.mails == []
    run = Enrolment.objects.get()
    assert (run.state, run.reason) == ("exited", "rg.self_excluded")
    refused = Delivery.objects.get()
    assert refused.status == "refused"
    assert refused.decision.outcome == "deny"
    assert refused.decision.code == "DENY_SELF_EXCLUDED"


def test_an_exclusion_between_planning_and_sending_stops_the_message_at_the_door(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW)
    login(anna)
    settle_owed(now=NOW)
    advance(now=NOW)
    assert Delivery.objects.get().status == "ready"

    exclude(anna)
    dispatch(now=NOW)

    assert post.mails == []
    assert Delivery.objects.get().status == "refused"


def test_a_service_message_reaches_whom_promotions_may_not(post: Sink, dev: Player) -> None:
    build.simple(
        dev.brand, NOW, trigger_fact="rg.limit_set", purpose="rg_confirmation", reentry_days=0,
        subject="Your {{ event.what }} of {{ event.amount }}", products=[],
    )  # fmt: skip
    cast.tell(dev, "rg.limit_set", now=NOW, at=NOW, measure_id="w", sequence=2, kind="deposit_limit", period="week",
              amount=15_00, currency="GBP", origin="player")  # fmt: skip
    work(NOW)

    (mail,) = post.mails
    assert str(make_header(decode_header(mail["Subject"]))) == "Your deposit limit of 15.00\xa0GBP"
    assert mail["List-Unsubscribe"] is None


def test_the_control_group_is_kept_out_and_still_measured(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, control_percent=90, goal_fact="deposit.approved")
    crowd = [cast.make_player(anna.brand) for _ in range(30)]
    for player in crowd:
        login(player)
    work(NOW)

    control = Enrolment.objects.filter(state="control").order_by("id")
    assert 20 <= control.count() < 30
    fact = deposit(control[0].player)
    interrupt(Batch(player_ids=[fact.player_id], round_ids=[], facts=[fact], now=NOW, is_replay=False))
    assert Enrolment.objects.get(id=control[0].id).goal_at is not None


def test_more_players_than_the_launch_limit_pause_the_campaign(post: Sink, anna: Player) -> None:
    version = build.simple(anna.brand, NOW, launch_limit=3)
    for _ in range(5):
        login(cast.make_player(anna.brand))
    work(NOW)

    version.refresh_from_db()
    assert version.status == "paused"
    assert Enrolment.objects.count() == 3


def test_two_campaigns_at_once_the_stronger_speaks_and_the_weaker_waits(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, name="Weak", priority=10, subject="weak")
    build.simple(anna.brand, NOW, name="Strong", priority=90, subject="strong")

    login(anna)
    work(NOW)

    assert [mail["Subject"] for mail in post.mails] == ["strong"]
    weak = Delivery.objects.get(enrolment__campaign__name="Weak")
    assert (weak.status, weak.code) == ("planned", "spacing")
    assert weak.due_at == NOW + timedelta(minutes=120)
    assert Trace.objects.get(kind="lost").detail.endswith("Strong went first")


def test_a_paused_campaign_says_nothing_until_it_is_resumed(post: Sink, anna: Player) -> None:
    version = build.simple(anna.brand, NOW, wait_minutes=10)
    login(anna)
    work(NOW)
    publishing.pause(version, cast.carla(), "wrong picture")
    work(NOW + timedelta(hours=1))
    assert post.mails == []

    publishing.resume(version, cast.carla(), "mended")
    work(NOW + timedelta(hours=1))

    assert len(post.mails) == 1


def test_a_hole_in_the_words_is_never_sent(post: Sink, anna: Player) -> None:
    build.simple(anna.brand, NOW, subject="Your {{ event.amount }}")
    login(anna)
    work(NOW)

    assert post.mails == []
    refused = Delivery.objects.get()
    assert (refused.status, refused.code, refused.detail) == ("refused", "hole", "event.amount has no value")


def _with_bonus(player: Player, if_refused: str) -> None:
    draft = recipes.create(
        player.brand, "blank", cast.carla(), name="Gift", now=NOW, trigger_fact="player.login", trigger="fact"
    )
    terms = make_terms(player.brand)
    Step.objects.create(version=draft, position=0, kind="bonus", terms=terms, if_refused=if_refused)
    words = {"subject": "{{ bonus.amount }} for you", "body": "<p>Enjoy.</p>"}
    recipes.message(draft, 1, [words], terms=terms)
    build.live(draft, NOW)
    login(player)
    work(NOW, rounds=5)


def test_a_journey_gives_a_bonus_through_its_own_door_and_says_so(post: Sink, anna: Player) -> None:
    _with_bonus(anna, "skip")

    grant = Grant.objects.get(player=anna)
    assert grant.decision.outcome == "allow"
    assert len(post.mails) == 1
    assert Trace.objects.get(kind="granted").detail == str(grant.id)


def test_a_refused_bonus_ends_the_journey_where_the_step_says_so(post: Sink, bo: Player) -> None:
    settle_owed(now=max(utcnow(), NOW))  # his exclusion is old news when he enters
    _with_bonus(bo, "leave")

    assert not Grant.objects.filter(player=bo).exists()
    assert Enrolment.objects.get().reason == "bonus_refused"
    assert Trace.objects.get(kind="not_granted").detail == "DENY_SELF_EXCLUDED"
    assert post.mails == []
