"""A self-exclusion register that gives no usable answer defers what it holds up; its yes is final, its no sends."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from bonuses import crediting
from bonuses import due as giving
from bonuses.grants import GrantRequest, grant_many
from bonuses.models import Grant
from campaigns import due, recipes
from campaigns.models import Delivery, Enrolment, Step
from compliance.models import Decision
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.ledger.conftest import make_terms

__all__ = ["post"]

pytestmark = pytest.mark.django_db
NOW = cast.noon()
MINUTE = timedelta(minutes=1)


def swede() -> Player:
    """May be written to, but for the register, which nobody has asked yet."""
    return cast.make_player(cast.bjork(), "sven", register=None)


def greeted(player: Player) -> Delivery:
    """A mail that became due while the register had not answered."""
    build.simple(player.brand, NOW)
    cast.tell(player, "player.login", now=NOW, at=NOW)
    work(NOW)
    return Delivery.objects.get()


def answers(player: Player, result: str, at: datetime) -> None:
    cast.register_answer(player, result, at=at, now=at)
    work(at)


def test_20_a_mail_waits_for_the_register_and_goes_as_soon_as_it_says_no(post: Sink) -> None:
    player = swede()
    mail = greeted(player)
    assert (mail.status, mail.code) == ("planned", "DENY_REGISTER_UNAVAILABLE")
    assert (mail.due_at, post.mails) == (NOW + 15 * MINUTE, [])
    assert due.players(NOW + 15 * MINUTE, 10) == [player.pk]  # so it is asked before

    answers(player, "unavailable", NOW + MINUTE)
    assert post.mails == []
    answers(player, "clear", NOW + 2 * MINUTE)
    mail.refresh_from_db()
    assert (mail.status, len(post.mails)) == ("sent", 1)


def test_a_listed_player_is_final(post: Sink) -> None:
    player = swede()
    mail = greeted(player)
    answers(player, "listed", NOW + MINUTE)
    mail.refresh_from_db()
    assert (mail.status, mail.code, post.mails) == ("refused", "DENY_NATIONAL_REGISTER", [])


def test_a_stale_answer_is_asked_for_again_too(post: Sink) -> None:
    player = swede()
    cast.register_answer(player, "clear", at=NOW - timedelta(hours=25), now=NOW)
    assert greeted(player).code == "DENY_REGISTER_STALE"
    answers(player, "clear", NOW + MINUTE)
    assert len(post.mails) == 1


def test_a_register_that_never_answers_is_asked_ever_more_seldom_until_the_time_of_the_mail_is_over(post: Sink) -> None:
    mail = greeted(swede())
    while mail.status == "planned":
        work(mail.due_at, rounds=1)
        mail.refresh_from_db()
    assert (mail.status, mail.code, post.mails) == ("refused", "DENY_REGISTER_UNAVAILABLE", [])
    asked = list(Decision.objects.order_by("id").values_list("decided_at", flat=True))
    assert 8 <= len(asked) <= 16
    assert mail.expires_at - mail.created_at == timedelta(hours=48)


def test_what_stands_in_the_way_for_good_is_not_waited_for(post: Sink) -> None:
    player = swede()
    cast.consent(player, "casino/email", granted=False, at=NOW - MINUTE, now=NOW)
    assert greeted(player).status == "refused"


def test_a_service_mail_does_not_wait_for_a_register(post: Sink) -> None:
    player = swede()
    build.simple(player.brand, NOW, purpose="transactional")
    cast.tell(player, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert len(post.mails) == 1


def gift(brand: Brand) -> None:
    version = recipes.create(brand, "blank", cast.carla(), name="Gift", now=NOW, trigger_fact="player.login",
                             products=["casino"])  # fmt: skip
    Step.objects.create(version=version, position=0, kind=Step.Kind.BONUS, terms=make_terms(brand, expiry_days=60))
    build.live(version, NOW)


@pytest.mark.parametrize(("result", "given"), [("clear", 1), ("listed", 0)])
def test_a_bonus_of_a_journey_waits_too(result: str, given: int) -> None:
    player = swede()
    gift(player.brand)
    cast.tell(player, "player.login", now=NOW, at=NOW)
    work(NOW)
    run = Enrolment.objects.get()
    assert (run.state, run.due_at, Grant.objects.count()) == ("active", NOW + 15 * MINUTE, 0)
    answers(player, result, NOW + MINUTE)
    run.refresh_from_db()
    assert (run.state, Grant.objects.count()) == ("done", given)


def test_a_bonus_on_its_way_to_the_pam_waits_and_its_player_is_asked_about(settings) -> None:  # noqa: ANN001
    settings.PAM_CREDIT_URL = "http://127.0.0.1:9/credit"
    player = cast.make_player(cast.bjork(), "sven")
    terms = make_terms(player.brand, expiry_days=60)
    grant = grant_many([GrantRequest(player.pk, terms.pk, "g")], now=NOW)[0].grant
    assert grant is not None
    later = NOW + timedelta(hours=26)  # the register's answer is a day old by then
    assert crediting.run(now=later) == 0
    grant.refresh_from_db()
    assert (grant.status, grant.credit, grant.credit_due_at) == ("claimed", "pending", later + 15 * MINUTE)
    assert giving.players(later + 15 * MINUTE, 10) == [player.pk]

    cast.register_answer(player, "clear", at=later, now=later)
    assert crediting.run(now=later + 15 * MINUTE) == 1
    grant.refresh_from_db()
    assert (grant.status, grant.credit_detail) == ("claimed", "not reached: ConnectError")


def test_the_page_of_the_campaign_says_what_waits_and_until_when(client: Client) -> None:
    mail = greeted(swede())
    client.force_login(cast.carla())
    page = client.get(f"/campaigns/{mail.enrolment.campaign_id}/live/").content.decode()
    assert "Waiting to be asked again" in page
    assert "Waiting for a check outside" in page
