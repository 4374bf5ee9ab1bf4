"""What is only announced is fetched; until the answer it is unknown, and unknown is a no."""

from datetime import timedelta

import pytest
from django.db import transaction

from compliance import gate
from compliance.models import Consent, Measure, Standing
from compliance.models.decision import Purpose
from config.casino.operator_api import Account, details_of
from config.lib.clock import utcnow
from players.models import Contact, Fact, Fetch, Player, Quarantine
from players.pam.fasttrack import asking
from tests import cast
from tests.fasttrack.conftest import example, fetch

pytestmark = pytest.mark.django_db

YES = {"email": True, "siteNotification": True, "sms": False}


def verdict(name: str) -> str:
    return Standing.objects.get(person__players__external_id=name).verdict


def ask(player: Player, channel: str = "email") -> gate.Answer:
    request = gate.Request(
        player.pk, Purpose.PROMOTIONAL, channel, frozenset({"casino"}), frozenset({"all"}), "campaign:1"
    )
    with transaction.atomic():
        [answer] = gate.clear_many([request], now=cast.noon())
    return answer


def owed(name: str = "nora") -> list[str]:
    rows = Fetch.objects.filter(external_id=name, due_at__isnull=False)
    return sorted(rows.values_list("what", flat=True))


def test_a_new_account_is_fetched_whole_and_may_be_contacted_then(sender, operator):
    operator.accounts["nora"] = Account(details_of("nora"), YES)
    assert sender.one("USER_CREATE_V2", example("USER_CREATE_V2", user_id="nora"))["status"] == "accepted"
    assert owed() == ["blocks", "consents", "details"]
    assert not Player.objects.filter(external_id="nora").exists()

    assert fetch() == 3

    nora = Player.objects.get(external_id="nora")
    assert (nora.first_name, nora.currency, nora.kyc, nora.affiliate) == ("Nora", "GBP", "verified", "AFF_1234A_UK")
    assert nora.registered_at.isoformat() == "2026-01-05T10:00:00+00:00"
    assert Contact.objects.get(player=nora, channel="sms").address == "+447700900123"
    assert verdict("nora") == "open"
    cast.register_answer(nora)
    assert ask(nora).allowed
    assert not ask(nora, "sms").allowed
    assert not Quarantine.objects.exists()
    assert owed() == []


def test_until_the_operator_answers_a_new_account_does_not_exist_and_then_is_unknown(sender, operator):
    operator.accounts["nora"] = Account(details_of("nora"), YES)
    sender.one("USER_CREATE_V2", example("USER_CREATE_V2", user_id="nora"))
    operator.before = lambda path: operator.tricks.append("error") if "userdetails" not in path else None

    fetch()

    assert verdict("nora") == "unknown"
    assert owed() == ["blocks", "consents"]


def test_a_block_that_is_announced_denies_before_the_answer(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), YES)
    before = ask(anna)
    assert before.allowed

    assert sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))["status"] == "accepted"

    assert verdict("anna") == "unknown"
    with transaction.atomic():
        assert gate.still_allowed([before.decision_id], now=cast.noon()) == set()
    assert ask(anna).code == "DENY_STATE_UNAVAILABLE"
    assert operator.calls == []

    assert fetch() == 1
    assert verdict("anna") == "open"
    assert ask(anna).allowed


def test_an_exclusion_the_operator_tells_closes_and_one_that_is_over_waits_as_any_return(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), YES, excluded=True)
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))
    fetch()
    assert verdict("anna") == "excluded"

    operator.accounts["anna"].excluded = False
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))
    assert verdict("anna") == "excluded"
    fetch()
    assert verdict("anna") == "time_out"  # seven days after a return from one without end
    assert Measure.objects.get(player=anna).ended_by == "operator"  # nobody said that the player asked for it
    assert owed("anna") == []


def test_the_same_block_announced_again_after_its_answer_denies_again(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), YES)
    notice = example("USER_BLOCK_V2")
    sender.one("USER_BLOCK_V2", notice)
    fetch()
    assert verdict("anna") == "open"

    sender.one("USER_BLOCK_V2", notice)

    assert verdict("anna") == "unknown"
    fetch()
    assert verdict("anna") == "open"


def test_an_answer_asked_for_before_the_newest_announcement_is_thrown_away(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), YES)
    notice = example("USER_BLOCK_V2")
    sender.one("USER_BLOCK_V2", notice)
    seen = []

    def meanwhile(path: str) -> None:
        if not seen:  # the operator has read the row, the player excludes himself, and we are told
            seen.append(path)
            Fetch.objects.filter(external_id="anna").update(notices=2)

    row = Fetch.objects.get(external_id="anna")
    claimed = Fetch(id=row.id, notices=row.notices)
    meanwhile("")
    from players.models import OperatorApi
    from players.pam.fasttrack import fetching
    from players.pam.fasttrack.operator import Outcome, Told

    stale = Outcome(Told.ANSWER, operator.accounts["anna"].answer("userblocks"))
    assert not fetching._settle(OperatorApi.objects.get(), claimed, stale, utcnow())

    assert verdict("anna") == "unknown"
    assert owed("anna") == ["blocks"]
    fetch()
    assert verdict("anna") == "open"


def test_consents_that_are_announced_count_no_longer_until_they_are_told(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), {"email": True, "siteNotification": False})
    before = ask(anna)
    assert before.allowed
    assert ask(anna, "onsite").allowed

    sender.one("USER_CONSENTS_V2", example("USER_CONSENTS_V2"))

    with transaction.atomic():
        assert gate.still_allowed([before.decision_id], now=cast.noon()) == set()
    assert not ask(anna).allowed
    assert not ask(anna, "onsite").allowed
    assert verdict("anna") == "open"  # of restrictions nothing was announced

    assert fetch() == 1
    assert ask(anna).allowed
    assert ask(anna, "onsite").code == "DENY_OPTED_OUT"


def test_a_yes_without_wording_is_not_recorded_and_a_no_is_for_every_product(sender, operator, anna):
    from players.models import OperatorApi

    OperatorApi.objects.update(wording="")
    operator.accounts["anna"] = Account(details_of("anna"), {"email": True})
    sender.one("USER_CONSENTS_V2", example("USER_CONSENTS_V2"))
    fetch()

    newest = Consent.objects.filter(player=anna).order_by("-occurred_at", "granted")
    assert newest.filter(channel="email").first().granted is None
    refused = newest.filter(channel="sms", granted=False)
    assert {row.product for row in refused} == {"casino", "betting", "bingo"}


def test_unsubscribing_while_the_answer_is_on_its_way_stays_the_newest_word(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna"), YES)
    sender.one("USER_CONSENTS_V2", example("USER_CONSENTS_V2"))
    cast.consent(anna, "casino/email", granted=False)
    fetch()

    assert not ask(anna).allowed


def test_a_block_of_somebody_unknown_is_in_force_when_the_account_appears(sender, operator):
    operator.accounts["nora"] = Account(details_of("nora"), YES, blocked=True, note="dispute")
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2", user_id="nora"))
    assert owed() == ["blocks", "consents", "details"]

    fetch()

    nora = Player.objects.get(external_id="nora")
    assert not ask(nora).allowed
    assert Fact.objects.filter(player=nora, kind="rg.announced").exists()


def test_a_block_nobody_can_read_denies_its_player_and_one_of_nobody_the_feed(sender, anna):
    assert sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2", timestamp="yesterday"))["status"] == "quarantined"
    assert verdict("anna") == "unknown"
    assert owed("anna") == ["blocks"]  # and is fetched all the same

    sender.feed.refresh_from_db()
    assert sender.feed.freshness == "fresh"
    sender.send("USER_BLOCK_V2", None, raw=b'{"user_id": "an', status=400)
    sender.feed.refresh_from_db()
    assert sender.feed.freshness == "stale"


def test_two_blocks_nobody_can_read_deny_both_players(sender, anna):
    cast.make_player(sender.feed.brand, "nora")
    for name in ("anna", "nora"):
        sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2", user_id=name, timestamp="yesterday"))

    assert (verdict("anna"), verdict("nora")) == ("unknown", "unknown")


def test_an_announcement_from_a_clock_that_is_ahead_counts_from_now(sender, operator, anna):
    ahead = (utcnow() + timedelta(hours=12)).isoformat()
    sender.one("USER_CONSENTS_V2", example("USER_CONSENTS_V2", timestamp=ahead))

    assert Fetch.objects.get().told_at <= utcnow()


def test_how_far_behind_the_answers_are_is_known_per_feed(sender, operator, anna):
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))
    behind = asking.lag(sender.feed, now=utcnow())

    assert (behind.waiting, behind.blocks, behind.failing, behind.is_configured) == (1, 1, 0, True)
    assert behind.oldest is not None
    assert behind.answered_at is None


def test_the_feeds_page_says_what_is_still_to_be_asked(sender, operator, anna, client):
    client.force_login(cast.carla())
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))
    page = client.get("/integration/feeds/").content.decode()

    assert "To ask of the operator" in page
    assert "none yet" in page
