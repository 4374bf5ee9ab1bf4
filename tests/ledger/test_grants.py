"""A bonus is given once, through the gate, and the books move in the same transaction."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bonuses import budgets, ledger
from bonuses.closing import end_early, money, wagering
from bonuses.expiring import run as expire
from bonuses.grants import ReferenceReused
from bonuses.models import Grant, Template, Terms, Transfer, WagerCount
from compliance import gate
from config.lib.clock import utcnow
from players.models import Category, Fact
from tests.cast import exclude, make_player
from tests.ledger.conftest import fold, give, make_terms, play

pytestmark = pytest.mark.django_db


def held(grant: Grant) -> tuple[int, int]:
    """(bonus money, open wagering) in the books."""
    found = ledger.balances([money(grant), wagering(grant)])
    return found[money(grant)], found[wagering(grant)]


def test_anna_gets_a_bonus_and_the_books_and_her_history_say_so(anna, terms) -> None:
    grant = give(anna, terms, "welcome:anna").grant

    assert grant is not None
    assert (grant.status, grant.amount, grant.wagering_required) == ("claimed", 50_00, 500_00)
    assert Grant.objects.get().status == Grant.Status.ACTIVE
    assert held(grant) == (50_00, 500_00)
    assert set(grant.transfers.values_list("code", flat=True)) == {"issue", "requirement"}
    assert [(c.before, c.after) for c in grant.changes.order_by("id")] == [("", "claimed"), ("claimed", "active")]
    assert Fact.objects.filter(kind="bonus.granted", player=anna).count() == 1
    assert grant.decision.outcome == "allow"


def test_asking_twice_gives_once(anna, terms) -> None:
    first, second = give(anna, terms, "welcome:anna"), give(anna, terms, "welcome:anna")

    assert first.grant == second.grant
    assert Transfer.objects.filter(code="issue").count() == 1


def test_a_reference_of_somebody_else_is_an_error(anna, cleo, terms) -> None:
    give(anna, terms, "one")
    with pytest.raises(ReferenceReused):
        give(cleo, terms, "one")


def test_bo_is_excluded_and_gets_nothing_but_a_recorded_refusal(bo, terms) -> None:
    result = give(bo, terms)

    assert result.grant is None
    assert not result.answer.allowed
    assert result.answer.decision_id
    assert not Grant.objects.exists()
    assert not Transfer.objects.exists()


def test_the_database_refuses_a_grant_without_an_allow(anna, bo, terms) -> None:
    denied = give(bo, terms).answer.decision_id
    allowed = give(anna, terms).grant
    row = {"terms": terms, "amount": 1, "currency": "GBP", "status": "active", "wagering_required": 0,
           "granted_at": utcnow(), "expires_at": utcnow()}  # fmt: skip

    for person, player, decision, state in (
        (bo.person, bo, denied, "RG002"),
        (bo.person, bo, allowed.decision_id, "RG002"),
        (bo.person, bo, 999_999, "RG001"),
    ):
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            Grant.objects.create(person=person, player=player, decision_id=decision, reference="raw", **row)
        assert gate.refusal(caught.value) == state


@pytest.mark.parametrize("change", ["amount = 1", "player_id = 1", "reference = 'x'", "wagering_required = 0"])
def test_what_was_promised_cannot_be_rewritten(anna, terms, change: str) -> None:
    give(anna, terms)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as db:
        db.execute(f"UPDATE bonuses_grant SET {change}")


def test_a_match_gives_its_share_of_the_deposit_up_to_the_cap(anna, northlight) -> None:
    match = make_terms(northlight, "deposit_match", amount=0, percent=100, cap=100_00, min_deposit=10_00,
                       wagering_base="deposit_bonus", wagering_multiplier=5)  # fmt: skip

    assert give(anna, match, deposit_amount=9_99).refusal.startswith("It needs a deposit of at least 10.00")
    grant = give(anna, match, deposit_amount=80_00).grant
    assert (grant.amount, grant.wagering_required) == (80_00, 800_00)
    assert match.bonus_for(500_00) == 100_00


def test_great_britain_refuses_more_than_ten_times_the_bonus(anna, northlight) -> None:
    assert not give(anna, make_terms(northlight, wagering_multiplier=35)).answer.allowed


def test_wager_free_cash_turns_real_at_once(anna, northlight) -> None:
    grant = give(anna, make_terms(northlight, "free_cash", wagering_multiplier=0, amount=5_00)).grant

    assert Grant.objects.get().status == Grant.Status.COMPLETED
    assert held(grant) == (0, 0)
    assert Transfer.objects.get(code="release").amount == 5_00


def test_a_budget_is_never_overspent(anna, kaja, northlight, fiona) -> None:
    terms = make_terms(northlight, amount=30_00)
    budgets.top_up(terms.template, 50_00, "GBP", "topup:1", actor=fiona, reason="November", now=utcnow())

    assert give(anna, terms).grant
    assert give(anna, terms).refusal == "The budget of this template is used up."
    assert ledger.balances([ledger.budget_pot(terms.template_id, "GBP")]).popitem()[1] == 20_00
    assert give(kaja, terms).refusal == "These terms are not offered to this player."


def test_w06_rounds_count_by_category_and_once(azura) -> None:
    anna = make_player(azura, "anna")  # in Malta: Great Britain allows no more than 10 times the bonus
    grant = give(anna, make_terms(azura, amount=80_00, wagering_multiplier=35)).grant
    rounds = [
        play(anna, stake=1500_00),
        play(anna, stake=2000_00, category=Category.TABLE),
        play(anna, stake=500_00, category=Category.LIVE_CASINO),
        play(anna, stake=300_00, category=Category.SPORTS),
    ]
    fold(*rounds)
    fold(*rounds)

    grant.refresh_from_db()
    assert (grant.wagering_done, grant.wagering_required, grant.progress) == (1750_00, 2800_00, 62.5)
    assert held(grant) == (80_00, 1050_00)
    assert WagerCount.objects.filter(grant=grant).count() == 4
    assert Transfer.objects.get(code="wagered").amount == 1750_00


def test_bonus_play_moves_the_money_and_a_done_requirement_turns_it_real(anna, northlight) -> None:
    grant = give(anna, make_terms(northlight, amount=20_00, wagering_multiplier=2)).grant
    fold(play(anna, stake=15_00, of_bonus=15_00, win_bonus=10_00), play(anna, stake=30_00))

    grant.refresh_from_db()
    assert grant.status == Grant.Status.COMPLETED
    assert held(grant) == (0, 0)
    assert Transfer.objects.get(code="release").amount == 15_00
    assert Fact.objects.filter(kind="bonus.completed", player=anna).count() == 1


def test_a_round_taken_back_gives_back_the_wagering_and_the_stake(anna, terms) -> None:
    grant = give(anna, terms).grant
    round_ = play(anna, stake=40_00, of_bonus=10_00, win_bonus=4_00)
    fold(round_)
    assert held(grant) == (44_00, 460_00)

    fold(rolled_back=(round_,))

    grant.refresh_from_db()
    assert held(grant) == (50_00, 500_00)
    assert grant.wagering_done == 0


def test_a_round_taken_back_after_the_end_leaves_the_end_and_is_booked_outside(anna, northlight) -> None:
    give(anna, make_terms(northlight, amount=20_00, wagering_multiplier=1))
    round_ = play(anna, stake=20_00, of_bonus=5_00)
    fold(round_)

    fold(rolled_back=(round_,))

    assert Grant.objects.get().status == Grant.Status.COMPLETED
    assert Transfer.objects.get(code="stake_back").amount == 5_00
    assert WagerCount.objects.filter(is_rollback=True, outside=5_00).count() == 1


def test_a_round_whose_rollback_came_first_never_counts(anna, terms) -> None:
    grant = give(anna, terms).grant
    round_ = play(anna, stake=40_00)
    fold(rolled_back=(round_,))
    fold(round_)

    assert held(grant) == (50_00, 500_00)


def test_time_over_keeps_what_is_left_for_the_house(anna, terms) -> None:
    grant = give(anna, terms).grant

    assert expire(now=utcnow() + timedelta(days=29)) == 0
    assert expire(now=utcnow() + timedelta(days=32)) == 1
    assert held(grant) == (0, 0)
    assert Grant.objects.get().status == Grant.Status.EXPIRED
    assert Transfer.objects.get(code="expire").amount == 50_00


def test_an_exclusion_stops_the_wagering_and_moves_no_expiry(anna, terms) -> None:
    grant = give(anna, terms).grant
    exclude(anna)
    fold(play(anna, stake=100_00))

    stopped = Grant.objects.get()
    assert (stopped.status, stopped.wagering_done, stopped.expires_at) == ("stopped", 0, grant.expires_at)
    assert held(grant) == (50_00, 500_00)


def test_per_grant_everything_given_is_accounted_for(anna, northlight) -> None:
    template = make_terms(northlight, amount=30_00, wagering_multiplier=3, max_release=10_00)
    for reference in ("a", "b", "c"):
        give(anna, template, reference)
    fold(play(anna, stake=20_00, of_bonus=12_00, win_bonus=9_00), play(anna, stake=75_00), play(anna, stake=30_00,
         of_bonus=30_00))  # fmt: skip
    end_early([Grant.objects.get(reference="c").pk], "forfeited", "withdrew", at={}, now=utcnow(), actor_id=None)

    for grant in Grant.objects.all():
        sums = dict.fromkeys(("issue", "stake", "win", "release", "forfeit", "expire", "cancel"), 0)
        for code, amount in grant.transfers.filter(unit="GBP.BONUS").values_list("code", "amount"):
            sums[code] += amount
        left = sums["issue"] - sums["stake"] + sums["win"] - sums["release"] - sums["forfeit"] - sums["expire"]
        assert left == held(grant)[0] >= 0
    assert Terms.objects.count() == Template.objects.count() == 1
