"""X-06 at the approval and again at the send: what counts is what this player reads, not what the template looks like."""

import pytest

from campaigns import recipes
from campaigns.lint import findings
from campaigns.models import Delivery
from compliance.models import Decision
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, post, work

__all__ = ["post"]

pytestmark = pytest.mark.django_db
NOW = cast.noon()
HIDDEN = "Your {{ player.first_name }} is here"


def sent(player: Player, subject: str, purpose: str = "transactional") -> Delivery:
    build.simple(player.brand, NOW, subject=subject, purpose=purpose)
    cast.tell(player, "player.login", now=NOW, at=NOW)
    work(NOW)
    return Delivery.objects.get()


def test_a_service_message_that_sells_once_it_is_filled_in_is_not_sent(post: Sink, anna: Player) -> None:
    Player.objects.update(first_name="bonus")
    anna.refresh_from_db()
    mail = sent(anna, HIDDEN)  # approved: whatever the template says, it does not say the word

    assert (mail.status, mail.code, post.mails) == ("refused", "DENY_PURPOSE_MISMATCH", [])
    decision = Decision.objects.get()
    assert decision.reasons == ["DENY_PURPOSE_MISMATCH X-06"]
    assert decision.inputs["request"]["content"] == ["selling"]


def test_one_that_says_what_it_has_to_is_sent(post: Sink, anna: Player) -> None:
    assert sent(anna, "Your deposit limit is in force").status == "sent"
    assert len(post.mails) == 1


def test_a_brand_may_be_called_after_a_jackpot(post: Sink, anna: Player) -> None:
    Brand.objects.update(name="Jackpot Bonus House")
    anna.refresh_from_db()
    assert sent(anna, "Welcome to {{ brand.name }}").status == "sent"


def test_pressure_that_only_the_filled_in_words_make_is_told_of_a_promotion_too(post: Sink, anna: Player) -> None:
    sent(anna, "Last {{ 'ch' | append: 'ance' }}", purpose="promotional")
    assert Decision.objects.get().inputs["request"]["content"] == ["urgency"]


def test_at_the_approval_it_is_said_once_with_the_word(northlight: Brand) -> None:
    version = recipes.create(northlight, "blank", cast.carla(), name="Dressed up", now=NOW, trigger="fact",
                             trigger_fact="player.login", products=["casino"])  # fmt: skip
    recipes.message(version, 1, [{"subject": "Your bonus", "body": "<p>Hello.</p>"}], purpose="transactional")
    red = [
        (one.rule, one.words)
        for one in findings(version, now=NOW)
        if one.level == "red" and one.rule in ("PD-04", "X-06")
    ]
    assert red == [("PD-04", "row 1: “bonus” makes a service message a promotion")]
