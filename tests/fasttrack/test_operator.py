"""An operator's API that misbehaves holds nobody up, opens nobody, and is asked again until it answers."""

from datetime import timedelta

import pytest

from compliance.models import Standing
from config.casino.operator_api import Account, details_of
from config.lib.clock import NEVER, utcnow
from players.models import Fetch, OperatorApi, Player, Quarantine
from players.pam.fasttrack import answers, asking
from players.pam.fasttrack import operator as calls
from players.pam.fasttrack.answers import Known
from players.pam.fasttrack.fetching import fetch_due
from players.pam.fasttrack.operator import NotConfigured
from players.pam.generic.kinds import Refused
from tests.fasttrack.conftest import example, fetch

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(sender, operator, anna):
    """Anna's block was announced, and the operator knows her as free."""
    operator.accounts["anna"] = Account(details_of("anna"), {"email": True})
    sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2"))
    return operator


def verdict(name="anna"):
    return Standing.objects.get(person__players__external_id=name).verdict


def standing_at(moment):
    return lambda: moment


def later(seconds=3700):
    """The worker's turn some time later."""
    return fetch_due(clock=lambda: utcnow() + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("trick", "said"),
    [
        ("error", "Answered 500"), ("missing", "Answered 404"), ("broken", "Not JSON"), ("page", "Not JSON"),
        ("list", "not an object"), ("away", "Answered 302"), ("cut", "No answer"),
        ("packed", "is packed"),
    ],
)  # fmt: skip
def test_what_is_no_answer_opens_nobody_and_is_asked_for_again(announced, trick, said):
    announced.tricks = [trick]
    assert fetch() == 0

    row = Fetch.objects.get()
    assert verdict() == "unknown"
    assert said in row.trouble
    assert (row.tries, row.due_at > utcnow()) == (1, True)

    assert later() == 1
    assert verdict() == "open"
    assert Fetch.objects.get(due_at=None).trouble == ""


@pytest.mark.parametrize("trick", ["hang", "huge", "drip"])
def test_answers_without_end_are_left_after_a_while(announced, monkeypatch, trick):
    monkeypatch.setattr(calls, "READ", 0.3)
    monkeypatch.setattr(calls, "WHOLE", 0.6)
    announced.tricks = [trick]
    before = utcnow()

    assert fetch() == 0

    assert utcnow() - before < timedelta(seconds=4)
    assert verdict() == "unknown"
    assert Fetch.objects.get().trouble


def test_who_asks_for_a_pause_gets_it_and_it_counts_as_no_failure(announced):
    announced.tricks, announced.retry_after = ["busy"], 30
    fetch()

    api, row = OperatorApi.objects.get(), Fetch.objects.get()
    assert timedelta(seconds=25) < api.paused_until - utcnow() <= timedelta(seconds=30)
    assert row.tries == 0
    assert fetch() == 0
    assert len(announced.calls) == 1
    assert later(31) == 1


def test_whoever_does_not_answer_at_all_is_asked_ever_more_rarely(announced):
    announced.tricks = ["error"] * 20
    waits = []
    at = utcnow()
    for _ in range(6):
        fetch_due(clock=standing_at(at))
        row, api = Fetch.objects.get(), OperatorApi.objects.get()
        waits.append((row.due_at - at).total_seconds())
        at = max(row.due_at, api.paused_until)
    assert waits == [1, 2, 4, 8, 16, 32]
    assert api.failures == 6
    assert api.trouble == "Answered 500."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"blocks": "none"}, "blocks is a list"),
        ({"blocks": [{"active": "no", "type": "Excluded"}]}, "active is true or false"),
        ({"blocks": [{"active": True, "type": "Frozen"}]}, "Excluded or Blocked"),
        ({}, "blocks is a list"),
    ],
)
def test_an_answer_of_another_shape_changes_nothing(announced, body, said):
    announced.accounts["anna"].answer = lambda what: body
    assert fetch() == 0

    assert verdict() == "unknown"
    assert said in Fetch.objects.get().trouble
    assert not Quarantine.objects.exists()


def test_details_of_somebody_else_or_that_nobody_could_register_are_refused(sender, operator):
    operator.accounts["nora"] = Account(details_of("nina"))
    operator.accounts["nemo"] = Account(details_of("nemo", email="not an address"))
    for name in ("nora", "nemo"):
        sender.one("USER_CREATE_V2", example("USER_CREATE_V2", user_id=name))
    fetch()

    troubles = dict(Fetch.objects.filter(what="details").values_list("external_id", "trouble"))
    assert "another player" in troubles["nora"]
    assert troubles["nemo"].startswith("bad_email /properties/email")
    assert not Player.objects.filter(external_id__in=["nora", "nina", "nemo"]).exists()
    assert set(operator.calls) == {"/operator/userdetails/nora", "/operator/userdetails/nemo"}

    operator.accounts["nemo"].details["email"] = "nemo@example.test"
    later()
    assert Player.objects.filter(external_id="nemo").exists()


@pytest.mark.parametrize("flag", ["is_excluded", "is_blocked"])
@pytest.mark.parametrize("word", [0, 1, 1.0, "false", [], {}])
def test_a_flag_that_is_neither_true_nor_false_is_no_word_anybody_relies_on(flag, word):
    known = Known("anna", utcnow(), exists=True)

    with pytest.raises(Refused) as refused:
        answers.details({flag: word}, known)

    assert (refused.value.reason, refused.value.pointer) == ("wrong_type", f"/{flag}")
    assert [event["event"] for event in answers.details({flag: None}, known)] == ["player.updated"]


def test_changed_details_are_taken_over_and_no_older_answer_wins(sender, operator, anna):
    account = operator.accounts["anna"] = Account(details_of("anna", language="sv"))
    sender.one("USER_UPDATE_V2", example("USER_UPDATE_V2"))
    fetch()
    assert Player.objects.get(pk=anna.pk).language == "sv"

    account.details["language"] = "de"
    old = (utcnow() - timedelta(days=3)).isoformat()
    sender.one("USER_UPDATE_V2", example("USER_UPDATE_V2", timestamp=old))
    fetch()
    assert Player.objects.get(pk=anna.pk).language == "de"  # announced earlier, yet fetched later


def test_an_account_the_operator_has_closed_or_calls_excluded_is_closed_here(sender, operator, anna):
    operator.accounts["anna"] = Account(details_of("anna", deleted_at="2026-01-01T00:00:00Z"), excluded=True)
    sender.one("USER_UPDATE_V2", example("USER_UPDATE_V2"))
    fetch()

    assert verdict() == "excluded"
    assert Player.objects.get(pk=anna.pk).status == "closed"


def test_an_id_stays_one_part_of_the_address(sender, operator):
    odd = "../admin?x=1#y/%2e%2e/ü z"
    operator.accounts[odd] = Account(details_of(odd, email="odd@example.test"))
    sender.one("USER_CREATE_V2", example("USER_CREATE_V2", user_id=odd))
    fetch()

    assert Player.objects.filter(external_id=odd).exists()
    assert all(call.count("/") == 3 for call in operator.calls)
    for dots in (".", "..", "...."):
        assert sender.one("USER_CREATE_V2", example("USER_CREATE_V2", user_id=dots))["reason"] == "bad_id"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://169.254.169.254/latest", "not among"), ("https://evil.example", "not among"),
        ("http://127.1/", "not among"), ("file:///etc/passwd", "not among"),
        ("http://user:pw@127.0.0.1:9/", "not among"), ("http://inside.example/", "https://"),
        ("https://inside.example/?a=1", "query"), ("https://inside.example:9000/", "not among"),
    ],
)  # fmt: skip
def test_only_hosts_the_environment_names_are_called(announced, settings, url, said):
    settings.OPERATOR_API_HOSTS = ["inside.example"]
    api = OperatorApi.objects.get()
    api.base_url = url
    with pytest.raises(NotConfigured, match=said):
        calls.address(api)
    OperatorApi.objects.update(base_url=url)

    assert fetch() == 0
    assert said in OperatorApi.objects.get().trouble
    assert verdict() == "unknown"


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "OPERATOR_API_KEY_NOBODY"])
def test_only_keys_meant_for_it_are_ever_sent(announced, monkeypatch, name):
    monkeypatch.setenv("SECRET_KEY", "of-ours")
    OperatorApi.objects.update(key_name=name)

    assert fetch() == 0
    assert announced.calls == []
    assert name in OperatorApi.objects.get().trouble


def test_calls_keep_to_the_pace_of_the_feed(sender, operator):
    OperatorApi.objects.update(per_second=10, room_at=NEVER)
    operator.find = lambda user: Account(details_of(user, mobile=None))
    now = utcnow()
    asking.note(sender.feed, [(f"p{n}", "details", now) for n in range(35)], now=now)
    made = []
    for second in range(4):
        fetch_due(clock=standing_at(now + timedelta(seconds=second)))
        made.append(len(operator.calls))

    assert made == [10, 20, 30, 35]


def test_one_answer_that_brings_us_down_does_not_hold_up_the_others(sender, operator, anna, monkeypatch):
    from players import inbox
    from tests import cast

    cast.make_player(sender.feed.brand, "nora")
    for name in ("anna", "nora"):
        operator.accounts[name] = Account(details_of(name))
        sender.one("USER_BLOCK_V2", example("USER_BLOCK_V2", user_id=name))
    accept = inbox.accept

    def breaks(feed, events, **more):
        if events[0]["player"] == "anna":
            raise ValueError("something we did not expect")
        return accept(feed, events, **more)

    monkeypatch.setattr(inbox, "accept", breaks)
    assert fetch() == 1

    assert (verdict("anna"), verdict("nora")) == ("unknown", "open")
    assert Fetch.objects.get(external_id="anna").trouble == "Could not be applied: ValueError."


def test_a_worker_that_dies_with_the_answer_in_hand_leaves_it_owed(announced, monkeypatch):
    from players.pam.fasttrack import fetching

    class Lightning(BaseException):
        pass

    def strike(*args):
        raise Lightning

    with monkeypatch.context() as dark:
        dark.setattr(fetching, "_settle", strike)
        with pytest.raises(Lightning):
            fetch()
    assert verdict() == "unknown"
    assert fetch() == 0  # leased

    assert later(100) == 1
    assert verdict() == "open"
