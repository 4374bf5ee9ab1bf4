"""Each kind of event, sent through the API and folded: its example ends where its description says."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.models import Consent, IdentityKey, Measure, RegisterCheck, Standing
from config.lib.clock import NEVER, utcnow
from players.folding import fold_pending
from players.models import (
    Bet,
    Fact,
    Feed,
    LiveSession,
    Payment,
    Player,
    PlayerBonus,
    PlayerState,
    PlayerTag,
    Quarantine,
    Round,
    RoundRollback,
    SeenName,
    Session,
)  # fmt: skip
from players.pam.generic import DOCUMENTED
from players.pam.generic.schemas import example, name_of
from tests.api.conftest import event, registered

pytestmark = pytest.mark.django_db

Check = Callable[[Player], Any]


def fact(kind: str, **data: Any) -> Check:
    return lambda player: Fact.objects.filter(player=player, kind=kind, **{f"data__{k}": v for k, v in data.items()})


def state(**columns: Any) -> Check:
    return lambda player: PlayerState.objects.filter(player=player, **columns)


def account(**columns: Any) -> Check:
    return lambda player: Player.objects.filter(pk=player.pk, **columns)


def rows(model: Any, **columns: Any) -> Check:
    return lambda player: model.objects.filter(player=player, **columns)


def measure(**columns: Any) -> Check:
    return lambda player: Measure.objects.filter(person=player.person_id, **columns)


def standing(**columns: Any) -> Check:
    return lambda player: Standing.objects.filter(person=player.person_id, **columns)


def moved(direction: str, status: str) -> tuple[Check, ...]:
    kept = rows(Payment, direction=direction, status=status, amount=5000, method="card")
    return kept, fact(f"{direction}.{status}", payment_id="p-1001")


EFFECTS: dict[str, tuple[Check, ...]] = {
    "player.registered": (account(first_name="Anna", birth_date="1988-04-12"), standing(verdict="open")),
    "player.updated": (account(language="sv"), fact("player.updated", fields=["language"])),
    "player.login": (fact("player.login", device="mobile"), state(last_login_at__gt=NEVER)),
    "player.logout": (fact("player.logout"),),
    "player.kyc": (account(kyc="verified"), fact("player.kyc", level="address")),
    "player.blocked": (account(status="suspended"), fact("player.blocked", reason="payment dispute")),
    "player.closed": (account(status="closed"),),
    "player.unblocked": (account(status="active"), fact("player.unblocked")),
    "player.tagged": (rows(PlayerTag, tag="vip-watch", is_on=True), rows(PlayerTag, tag="newcomer", is_on=False)),
    "player.attributes": (lambda player: SeenName.objects.filter(brand=player.brand, what="own", name="shoe_size"),),
    "consent.changed": (rows(Consent, product="casino", channel="email", granted=True, wording="2026-02"),),
    "consent.announced": (fact("consent.announced"),),
    "balance.changed": (state(balance_real=12050, balance_bonus=0),),
    **{f"deposit.{status}": moved("deposit", status) for status in Payment.Status},
    **{f"withdrawal.{status}": moved("withdrawal", status) for status in Payment.Status if status != "charged_back"},
    "session.started": (rows(LiveSession, session_id="s-77", category=1),),
    "session.ended": (rows(Session, session_id="s-77", seconds=2700), state(sessions=1, last5_seconds=2700)),
    "round.settled": (rows(Round, round_id="r-90210"), state(rounds=1, stake_real=200, win_real=350)),
    "round.bet": (rows(Round, round_id="r-90211:t-1", bets=1), state(rounds=1, stake_real=200, win_real=0)),
    "round.win": (rows(Round, round_id="r-90211:t-2:win", bets=0), state(rounds=0, stake_real=0, win_real=350)),
    "round.rolled_back": (rows(RoundRollback, round_id="r-90210"),),
    "bet.placed": (rows(Bet, bet_id="b-501", league="Premier League", settled_at=None), state(last_real_at__gt=NEVER)),
    "bet.settled": (rows(Bet, bet_id="b-501", outcome="won", win_real=1850),),
    "bet.voided": (rows(Bet, bet_id="b-501", voided_at__isnull=False),),
    "bonus.status": (rows(PlayerBonus, ref="ub-17", status="active", amount=2000), fact("bonus.active", bonus_ref="ub-17")),
    "bonus.wagered": (rows(PlayerBonus, ref="ub-17", wagering_done=12500, wagering_required=70000),),
    **{
        f"bonus.{status}": (fact(f"bonus.{status}", grant_ref="g-2026-17"), rows(PlayerBonus, is_ours=True, status=status))
        for status in ("claimed", "forfeited", "expired")
    },
    "rg.limit_set": (measure(kind="deposit_limit", amount=2000, period="week", status="active"),),
    "rg.limit_removed": (fact("rg.limit_removed", measure_id="lim-5"),),
    "rg.limit_reached": (fact("rg.limit_reached", attempted=5000),),
    "rg.reality_check": (fact("rg.reality_check", minutes=60),),
    "rg.contact": (fact("rg.contact", topic="bonus_request"),),
    "rg.tool_viewed": (fact("rg.tool_viewed", tool="self_exclusion"),),
    "rg.risk_scored": (fact("rg.risk_scored", level="medium"),),
    "rg.time_out": (measure(kind="time_out", ref="to-9"),),
    "rg.self_excluded": (measure(kind="national_exclusion", ends_at=None), standing(verdict="excluded")),
    "rg.blocked": (measure(kind="marketing_block"), standing(verdict="blocked", promotions_ok=False)),
    "rg.lifted": (fact("rg.lifted", measure_id="b-1"),),
    "player.identified": (
        lambda player: IdentityKey.objects.filter(player=player, kind="pam_person"),
        fact("player.identified", told=["email_verified", "national_id", "national_id_country", "person_ref", "postcode"]),
    ),
    "rg.baseline": (fact("rg.baseline"), standing(verdict="open")),
    "rg.announced": (fact("rg.announced"), standing(verdict="unknown")),
    "rg.register_checked": (lambda player: RegisterCheck.objects.filter(person=player.person_id, result="clear"),),
    "feed.heartbeat": (lambda player: Feed.objects.filter(brand=player.brand, heartbeat_sequence=48213),),
    "custom": (fact("custom.level_up", mission="spring", finished=True),),
}  # fmt: skip


def test_there_is_no_kind_whose_effect_nobody_knows():
    assert set(EFFECTS) == {name_of(kind) for kind in DOCUMENTED}


def test_each_example_is_accepted_and_ends_where_its_description_says(pam):
    """A player of his own for each kind, so that no example helps another."""
    pam.send(*(registered(f"p-{name_of(kind)}", at="2026-01-01T00:00:00Z") for kind in DOCUMENTED))
    examples = [example(kind) | ({"player": f"p-{name_of(kind)}"} if kind.has_player else {}) for kind in DOCUMENTED]
    for one in examples:
        if one["event"] == "session.started":
            one["occurred_at"] = utcnow().isoformat()

    receipt = pam.send(*examples)
    while fold_pending(now=utcnow()):
        pass

    assert receipt["accepted"] == len(DOCUMENTED), receipt
    assert not Quarantine.objects.exists()
    players = {player.external_id: player for player in Player.objects.select_related("brand")}
    without = [
        f"{name}: effect {number}"
        for name, effects in EFFECTS.items()
        for number, effect in enumerate(effects)
        if not effect(players[f"p-{name}"]).exists()
    ]
    assert without == []


def test_a_round_told_bet_by_bet_adds_up_to_the_round_and_loses_only_the_bet_that_is_taken_back(pam, anna):
    told = {"round_id": "r", "category": "slots"}
    bets = [event("round.bet", bet_id=f"b{n}", stake_real=100, stake_bonus=0, **told) for n in (1, 2)]
    win = event("round.win", win_id="b1", win_real=350, win_bonus=0, jackpot_win=300, **told)
    pam.send(event("round.rolled_back", round_id="r", bet_id="b2"), win, *bets)
    while fold_pending(now=utcnow()):
        pass

    mine = PlayerState.objects.get(player=anna)
    assert (mine.rounds, mine.stake_real, mine.win_real) == (1, 100, 350)


def test_locked_money_counts_as_the_players_own(pam, anna):
    body = {"round_id": "r", "category": "slots", "stake_real": 100, "stake_bonus": 0, "win_real": 0, "win_bonus": 0}
    pam.send(event("round.settled", stake_locked=50, win_locked=30, **body))
    while fold_pending(now=utcnow()):
        pass

    mine = Round.objects.get(player=anna)
    assert (mine.stake_real, mine.stake_locked, mine.win_real, mine.win_locked) == (150, 50, 30, 30)
