"""F17, F18, F20, F21, F23, F25: what is missing, stands still, comes in the wrong order or does not understand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from campaigns.advance import advance
from campaigns.models import Delivery, Enrolment
from compliance import checks, gate, loading
from compliance.models import Decision
from compliance.rules import everywhere
from config.lib.clock import utcnow
from players import freshness, inbox
from players.folding.fold import fold_pending
from players.models import Feed, Player
from tests import cast
from tests.api.conftest import deposit, event
from tests.journey import build
from tests.journey.conftest import Sink, post, work
from tests.rules.test_each_input_of_the_dossier_counts import NAMES
from tests.spec.test_4_the_gate import clear, promo

__all__ = ["post"]
pytestmark = pytest.mark.django_db
NOW = utcnow()
SECOND = timedelta(seconds=1)
BEGAN = NOW - 250 * SECOND  # so that all of it has been: no feed is heard in time to come


def at(second: float) -> datetime:
    return BEGAN + second * SECOND


def take(player: Player, *events: dict[str, Any], second: float = 0) -> dict[str, Any]:
    feed = Feed.objects.get(brand=player.brand)
    return inbox.accept(feed, list(events), now=at(second)).as_dict()


def judged(player: Player, second: float) -> str:
    freshness.judge(now=at(second))
    return Feed.objects.get(brand=player.brand).freshness


def beat(**families: int) -> dict[str, Any]:
    return event("feed.heartbeat", None, sequence=sum(families.values()), families=families)


def refused(player: Player) -> tuple[str, str]:
    [answer] = clear(promo(player))
    assert not answer.allowed
    return answer.code, answer.reasons[0]


STALE = ("DENY_STATE_UNAVAILABLE", "DENY_STATE_UNAVAILABLE SYS-01")
SILENCES: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {  # how: seconds it may last, heartbeat of a second
    "it is announced and does not come": (10, lambda second: beat(restrictions=41, payments=900)),
    "nobody speaks of it any more": (120, lambda second: beat(payments=900 + second)),
}


@pytest.mark.parametrize("how", SILENCES)
def test_f17_when_restrictions_stop_coming_promotions_stop_within_ten_seconds_of_the_patience_although_the_heart_beats(
    anna: Player, how: str
) -> None:
    patience, heartbeat = SILENCES[how]
    take(anna, event("rg.reality_check", minutes=30) | {"sequence": 40}, beat(restrictions=40, payments=900))
    [allowed] = clear(promo(anna))
    stopped = None
    for second in range(5, patience + 30, 5):
        take(anna, heartbeat(second), second=second)
        if judged(anna, second) == "stale":
            stopped = second
            break

    assert stopped is not None
    assert patience < stopped <= patience + 10
    assert refused(anna) == STALE
    with transaction.atomic():
        assert gate.still_allowed([allowed.decision_id], now=utcnow()) == set()
    assert clear(promo(anna, purpose="rg_outreach"))[0].allowed  # help still goes


def test_f18_a_missing_number_among_the_restrictions_is_a_no_for_everybody_until_it_comes_and_then_is_in_force(
    anna: Player, dev: Player
) -> None:
    ella = cast.make_player(anna.brand, "ella")
    check = lambda number: event("rg.reality_check", "ella", minutes=30) | {"sequence": number}  # noqa: E731
    take(anna, check(5), check(6), check(8), beat(restrictions=8))
    assert judged(anna, 9) == "fresh"  # requests overtake each other
    assert judged(anna, 11) == "stale"
    assert refused(anna) == refused(ella) == STALE
    for second in range(20, 200, 10):
        take(anna, check(8 + second), beat(restrictions=8), second=second)
        assert judged(anna, second) == "stale"  # however long it takes

    take(anna, event("rg.self_excluded", measure_id="m", sequence=1, ends_at=None) | {"sequence": 7}, second=200)
    Feed.objects.get(brand=anna.brand)
    take(anna, *(check(number) for number in range(9, 200)), second=201)
    for second in range(202, 244, 6):
        take(anna, beat(restrictions=198), second=second)
        state = judged(anna, second)

    assert state == "fresh"
    assert clear(promo(ella))[0].code == "ALLOW"
    assert refused(anna)[0] == "DENY_SELF_EXCLUDED"


def test_f20_whatever_order_exclusion_lift_and_exclusion_come_in_and_however_often_the_person_stays_excluded(
    northlight: Any,
) -> None:
    day = timedelta(days=1)
    said = [
        ("rg.self_excluded", 1, NOW - 90 * day), ("rg.lifted", 2, NOW - 60 * day), ("rg.self_excluded", 3, NOW - 30 * day),
    ]  # fmt: skip
    for number, order in enumerate(permutations(range(3))):
        repeated = number % 3
        player = cast.make_player(northlight, f"f20-{number}")
        for index in (*order, repeated):
            kind, sequence, when = said[index]
            ends = {"ends_at": None} if kind == "rg.self_excluded" else {}
            take(player, event(kind, player.external_id, event_id=f"{number}-{sequence}", at=when.isoformat(),
                               measure_id="m", sequence=sequence, **ends))  # fmt: skip

        assert refused(player)[0] == "DENY_SELF_EXCLUDED", (order, repeated)


def _unreadable(anna: Player) -> str:
    take(anna, event("rg.time_out", measure_id="t", sequence=1, ends_at="tomorrow"))
    return refused(anna)[0]


def _without_a_rate(anna: Player) -> str:
    cast.set_limit(anna, 5_000_00)
    return clear(promo(anna, ask=gate.Ask("deposit", 10_00, "SEK")))[0].code


def _under(jurisdiction: str) -> str:
    brand = cast.make_brand(f"at-{jurisdiction}", "Elsewhere", jurisdiction, "EUR", "Europe/Paris")
    return refused(cast.make_player(brand))[0]


UNKNOWN: dict[str, tuple[Callable[[Player], str], str]] = {
    "what was said about a restriction": (_unreadable, "DENY_STATE_UNAVAILABLE"),
    "what a currency is worth": (_without_a_rate, "DENY_RATE_MISSING"),
    "the licence": (lambda _: _under(""), "DENY_JURISDICTION_UNKNOWN"),
    "the rules of a licence": (lambda _: _under("FR"), "DENY_RULESET_MISSING"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_f21_whatever_else_is_unknown_is_a_no_with_a_code_of_its_own(anna: Player, what: str) -> None:
    ask, code = UNKNOWN[what]
    assert ask(anna) == code


def test_f21_a_rule_that_crashes_is_a_no_of_its_own_name_and_on_record(
    anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = next(one for one in everywhere.RULES if one.id == "POL-07")
    monkeypatch.setitem(rule.__dict__, "check", lambda *_: 1 / 0)

    assert refused(anna) == ("DENY_RULE_ERROR", "DENY_RULE_ERROR POL-07")
    assert Decision.objects.get().code == "DENY_RULE_ERROR"


def test_f21_what_is_known_of_one_player_and_cannot_be_read_is_a_no_for_them_alone(
    anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    ella = cast.make_player(anna.brand, "ella")
    read = loading.load

    def garbled(*args: Any, **options: Any) -> dict[int, loading.Known]:
        found = read(*args, **options)
        found[anna.pk] |= {"birth_date": "yesterday"}
        return found

    monkeypatch.setattr(loading, "load", garbled)
    answers = clear(promo(anna), promo(ella))

    assert [(one.code, one.reasons) for one in answers] == [
        ("DENY_RULE_ERROR", ("DENY_RULE_ERROR SYS-05",)), ("ALLOW", ())]  # fmt: skip
    assert gate.replay(Decision.objects.get(player=anna)).code == "DENY_RULE_ERROR"


@pytest.mark.parametrize("name", sorted(NAMES - {"currency"}))  # an account's own currency decides nothing by itself
def test_f21_of_whom_nobody_knows_who_they_are_nothing_is_allowed(
    anna: Player, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = loading.load

    def nameless(*args: Any, **options: Any) -> dict[int, loading.Known]:
        found = read(*args, **options)
        return {pk: {key: value for key, value in known.items() if key != name} for pk, known in found.items()}

    monkeypatch.setattr(loading, "load", nameless)
    grant = gate.Incentive("free_cash", 1_00, "GBP", products=frozenset({"casino"}))
    try:
        [answer] = clear(promo(anna, channel="bonus", incentive=grant))
    except KeyError:  # nothing is decided at all
        assert not Decision.objects.exists()
    else:
        assert name == "brand_id" or not answer.allowed, answer  # whose brand it is the database looks up itself


def test_f23_code_that_is_older_than_its_database_starts_no_gate_and_decides_nothing(
    anna: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checks.find_spec
    monkeypatch.setattr(checks, "find_spec", lambda name: None if name.endswith("0014_erasure") else known(name))
    gate._wall_is_whole.cache_clear()
    try:
        with pytest.raises(gate.OlderThanItsDatabase, match="compliance.0014_erasure"):
            clear(promo(anna))
    finally:
        gate._wall_is_whole.cache_clear()
    assert not Decision.objects.exists()
    assert [error.id for error in checks.gate_triggers(databases=["default"])] == ["compliance.E002"]


def test_f25_a_deposit_that_arrives_late_takes_the_player_out_before_the_next_message(post: Sink, anna: Player) -> None:
    noon = cast.noon()
    build.simple(anna.brand, noon, wait_minutes=60, trigger="stage", trigger_stage=3, trigger_fact="",
                 goal_fact="deposit.approved")  # fmt: skip
    cast.tell(anna, "stage.changed", now=noon, at=noon, after=3)
    work(noon)
    assert Enrolment.objects.get().state == "active"

    paid = min(noon, utcnow()) - timedelta(hours=20)  # yesterday, and nobody told us
    take(anna, deposit(at=paid.isoformat()))
    assert fold_pending(now=max(noon, utcnow())) == 1
    advance(now=noon + timedelta(hours=2))

    assert (Enrolment.objects.get().state, Enrolment.objects.get().reason) == ("exited", "goal")
    assert not Delivery.objects.exists()
    work(noon + timedelta(hours=2))
    assert post.mails == []
