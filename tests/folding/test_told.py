"""What a PAM tells besides play and money: chargebacks, running sessions, tags, its own bonuses, custom events."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.lib.clock import NEVER
from players import rebuild
from players.folding import live
from players.models import (
    Brand,
    DailyActivity,
    Fact,
    LiveSession,
    Payment,
    Player,
    PlayerBonus,
    PlayerState,
    PlayerTag,
    Round,
)
from tests.folding.casino import DAY, HOUR, NOW, SLOTS, Sent, brand, fold_all, payment, player, receive, session

pytestmark = pytest.mark.django_db


def fold(azura: Brand, *events: Sent, now: datetime = NOW) -> None:
    receive(azura, events, now)
    fold_all(now)


# --- chargebacks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_deposit_charged_back_counts_as_not_deposited_whenever_the_bank_says_so(
    azura: Brand, finn: Player, order: tuple[int, ...]
) -> None:
    statuses = ("requested", "approved", "charged_back")
    events = [payment(finn.pk, NOW - (3 - n) * HOUR, "p1", 5000, status) for n, status in enumerate(statuses)]
    for n in order:
        fold(azura, events[n], payment(finn.pk, NOW - 2 * DAY, "kept", 700))

    state = PlayerState.objects.get(player=finn)
    assert (state.deposits, state.deposit_sum, state.deposit_sum_30d) == (1, 700, 700)
    assert (state.last_deposit_at, state.second_deposit_at) == (NOW - 2 * DAY, NEVER)
    assert Fact.objects.filter(kind="deposit.charged_back").count() == 1
    assert rebuild.verify(now=NOW) == []


def test_a_payment_keeps_what_it_cost_and_the_code_it_was_made_with(azura: Brand, finn: Player) -> None:
    body = {"payment_id": "p1", "amount": 5000, "method": "card", "fee": 75, "bonus_code": "SPRING"}
    fold(azura, Sent("deposit.approved", finn.pk, NOW, body))

    paid = Payment.objects.get()
    assert (paid.fee, paid.bonus_code) == (75, "SPRING")
    assert Fact.objects.get(kind="deposit.approved").data["bonus_code"] == "SPRING"


# --- rounds -----------------------------------------------------------------------------------------


def test_a_round_remembers_locked_money_jackpot_and_free_spins(azura: Brand, finn: Player) -> None:
    body = {"round_id": "r1", "category": SLOTS, "stake_real": 300, "stake_bonus": 0, "win_real": 9000, "win_bonus": 0,
            "stake_locked": 100, "jackpot_win": 8000, "is_free_spin": True}  # fmt: skip
    fold(azura, Sent("round.settled", finn.pk, NOW, body))

    told = Round.objects.get()
    assert (told.stake_locked, told.win_locked, told.jackpot_win, told.is_free_spin) == (100, None, 8000, True)
    assert DailyActivity.objects.get(player=finn).stake_real == 300


# --- playing now ------------------------------------------------------------------------------------


def started(finn: Player, at: datetime = NOW - HOUR, session_id: str = "s1") -> Sent:
    return Sent("session.started", finn.pk, at, {"session_id": session_id, "category": SLOTS, "device": "mobile"})


def test_a_session_that_began_is_live_until_its_end(azura: Brand, finn: Player) -> None:
    fold(azura, started(finn))
    assert LiveSession.objects.get(player=finn).started_at == NOW - HOUR

    fold(azura, session(finn.pk, NOW - HOUR, 60, "s1"))
    assert not LiveSession.objects.exists()


@pytest.mark.parametrize("together", [True, False])
def test_a_start_that_comes_after_its_end_makes_nobody_play(azura: Brand, finn: Player, together: bool) -> None:
    events = [session(finn.pk, NOW - HOUR, 30, "s1"), started(finn)]
    if together:
        fold(azura, *events)
    else:
        for event in events:
            fold(azura, event)

    assert not LiveSession.objects.exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
def test_a_log_out_ends_what_began_before_it_and_nothing_later(
    azura: Brand, finn: Player, order: tuple[int, ...]
) -> None:
    events = [started(finn), Sent("player.logout", finn.pk, NOW - HOUR / 2), started(finn, NOW, "s2")]
    for n in order:
        fold(azura, events[n])

    assert list(LiveSession.objects.values_list("session_id", flat=True)) == ["s2"]


def test_nobody_plays_for_two_days(azura: Brand, finn: Player) -> None:
    fold(azura, started(finn, NOW - 3 * DAY, "old"), started(finn, NOW - 2 * DAY + HOUR, "young"))
    assert list(LiveSession.objects.values_list("session_id", flat=True)) == ["young"]

    assert live.forget(now=NOW + HOUR) == 1
    assert not LiveSession.objects.exists()


# --- tags -------------------------------------------------------------------------------------------


def tagged(finn: Player, at: datetime, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Sent:
    return Sent("player.tagged", finn.pk, at, {"add": list(add), "remove": list(remove)})


def test_per_tag_the_newest_word_counts(azura: Brand, finn: Player) -> None:
    fold(azura, tagged(finn, NOW, remove=("vip",)), tagged(finn, NOW - HOUR, add=("vip", "poker")))

    assert dict(PlayerTag.objects.values_list("tag", "is_on")) == {"vip": False, "poker": True}
    assert Fact.objects.filter(kind="player.tagged").count() == 2


# --- bonuses of the PAM -------------------------------------------------------------------------------


def bonus(finn: Player, at: datetime, status: str, **more: Any) -> Sent:
    return Sent("bonus.status", finn.pk, at, {"bonus_ref": "ub-1", "status": status} | more)


def test_a_bonus_of_the_pam_stands_where_its_newest_status_says(azura: Brand, finn: Player) -> None:
    fold(azura, bonus(finn, NOW, "completed"), bonus(finn, NOW - HOUR, "claimed"))
    fold(azura, bonus(finn, NOW - 2 * HOUR, "offered", amount=2000, type="reload", product="casino"))

    told = PlayerBonus.objects.get()
    assert (told.status, told.status_at, told.taken_at) == ("completed", NOW, NOW - HOUR)
    assert (told.amount, told.type, told.product, told.is_ours) == (2000, "reload", "casino", False)
    assert set(Fact.objects.values_list("kind", flat=True)) == {"bonus.completed", "bonus.claimed", "bonus.offered"}


def test_wagering_progress_is_kept_and_told_nobody(azura: Brand, finn: Player) -> None:
    for done, at in ((500, NOW), (300, NOW - HOUR), (0, NOW - 2 * HOUR)):
        fold(azura, Sent("bonus.wagered", finn.pk, at, {"bonus_ref": "ub-1", "required": 700, "done": done}))
    fold(azura, bonus(finn, NOW - DAY, "active"))

    told = PlayerBonus.objects.get()
    assert (told.wagering_done, told.wagering_required, told.status) == (500, 700, "active")
    assert list(Fact.objects.values_list("kind", flat=True)) == ["bonus.active"]


def test_the_older_way_to_say_a_status_is_the_same_fact(azura: Brand, finn: Player) -> None:
    fold(
        azura,
        Sent("bonus.claimed", finn.pk, NOW, {"grant_ref": "g-1"}),
        Sent("bonus.status", finn.pk, NOW, {"grant_ref": "g-1", "status": "claimed"}),
    )

    assert Fact.objects.get().kind == "bonus.claimed"
    assert PlayerBonus.objects.get().is_ours


def test_a_custom_event_is_a_fact_with_what_it_carried(azura: Brand, finn: Player) -> None:
    event = Sent("custom.level_up", finn.pk, NOW, {"level": 12, "mission": "spring"})
    fold(azura, event)

    fact = Fact.objects.get()
    assert (fact.kind, fact.data) == ("custom.level_up", {"level": 12, "mission": "spring"})


# --- any order ----------------------------------------------------------------------------------------

moments = st.integers(0, 60).map(lambda n: NOW - n * timedelta(minutes=30))
names = st.sampled_from(["a", "b"])
sayings = st.one_of(
    st.tuples(st.just("tag"), moments, names, st.booleans()),
    st.tuples(st.just("bonus"), moments, names, st.sampled_from(PlayerBonus.Status.values)),
    st.tuples(st.just("wagered"), moments, names, st.integers(0, 900)),
    st.tuples(st.just("started"), moments, names, st.none()),
    st.tuples(st.just("ended"), moments, names, st.none()),
    st.tuples(st.just("logout"), moments, st.none(), st.none()),
    st.tuples(st.just("deposit"), moments, names, st.sampled_from(["approved", "charged_back", "rolled_back"])),
)


def as_event(finn: Player, what: str, at: datetime, name: Any, value: Any) -> Sent:
    if what == "tag":
        return tagged(finn, at, add=(name,)) if value else tagged(finn, at, remove=(name,))
    if what == "bonus":
        return Sent("bonus.status", finn.pk, at, {"bonus_ref": name, "status": value})
    if what == "wagered":
        return Sent("bonus.wagered", finn.pk, at, {"bonus_ref": name, "required": 900, "done": value})
    if what == "started":
        return started(finn, at, f"{name}{at:%d%H%M}")
    if what == "ended":
        return session(finn.pk, at, 15, f"{name}{at:%d%H%M}")
    if what == "logout":
        return Sent("player.logout", finn.pk, at)
    return payment(finn.pk, at, name, 500, value)


def snapshot() -> list[Any]:
    state = PlayerState.objects.values("deposits", "deposit_sum", "last_deposit_at", "last_real_at", "stage").get()
    return [
        state,
        list(PlayerTag.objects.order_by("tag").values_list("tag", "is_on", "at")),
        list(PlayerBonus.objects.order_by("ref").values_list("ref", "status", "status_at", "taken_at", "wagered_at", "wagering_done")),
        list(LiveSession.objects.order_by("session_id").values_list("session_id", "started_at")),
    ]  # fmt: skip


@settings(
    max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(sayings, min_size=1, max_size=20), seed=st.integers(0, 2**32))
def test_told_in_any_order_twice_and_in_any_batches_it_ends_the_same(said: list[Any], seed: int) -> None:
    with transaction.atomic():
        at = brand()
        finn = player(at, NOW - 100 * DAY)
        # A status of one payment is said once: repeated it would carry the same time.
        events = list(
            {(one[0], *one[2:]) if one[0] == "deposit" else one: as_event(finn, *one) for one in said}.values()
        )
        with transaction.atomic():
            for event in sorted(events, key=lambda e: e.at):
                fold(at, event)
            lived = snapshot()
            transaction.set_rollback(True)

        chance = random.Random(seed)
        told = events + chance.sample(events, len(events) // 3)
        chance.shuffle(told)
        while told:
            size = chance.randint(1, 7)
            fold(at, *told[:size])
            told = told[size:]

        assert snapshot() == lived
        assert rebuild.verify(now=NOW) == []
        transaction.set_rollback(True)
