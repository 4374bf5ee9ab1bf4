"""POL-01: what two people may switch off is the day after a time-out, at their brand; never the time-out itself."""

from datetime import timedelta

import pytest
from django.db import transaction

from compliance import countdowns, effects, gate, switches, turning, wall
from compliance.gate import Answer
from compliance.models import Decision, Measure, Standing
from config.lib.clock import utcnow
from players.models import Brand, Contact, Player
from tests import cast
from tests.spec.test_4_nothing_gets_around_the_gate import decide, outcome
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def turn_pol_01(brand: Brand, on: bool) -> None:
    row = switches.ask(brand, "POL-01", on, cast.olivia(), "agreed with the board", now=utcnow())
    switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())


def rested(player: Player, since: timedelta = HOUR) -> Player:
    """Had a time-out that is over since then."""
    cast.take_time_out(player, utcnow() - since, at=utcnow() - 9 * DAY)
    return player


def said(player: Player) -> Answer:
    """In daylight, whenever the tests run."""
    Player.objects.filter(pk=player.pk).update(timezone=cast.daylight())
    with transaction.atomic():
        return gate.clear_many([promo(player)], now=utcnow())[0]


def closed(player: Player) -> str:
    """What the database says to an allow of whoever calls it: '' is yes."""
    with transaction.atomic():
        found, code = outcome(decide(player))
        return "" if found == "allow" else code


@pytest.mark.parametrize(
    ("since", "rule"), [(-HOUR, "SYS-06"), (HOUR, "POL-01"), (23 * HOUR, "POL-01"), (25 * HOUR, "")]
)
def test_the_time_out_and_the_day_after_it_have_a_name_each(anna: Player, since: timedelta, rule: str) -> None:
    rested(anna, since)

    refusals = [reason.rpartition(" ")[2] for reason in said(anna).reasons if "TIME_OUT" in reason]
    assert refusals == ([rule] if rule else [])
    assert closed(anna) == ("DENY_TIME_OUT" if rule else "")


def test_switched_off_the_day_after_is_free_at_that_brand_at_once_and_at_no_other(anna: Player) -> None:
    twin = cast.make_player(cast.azura(), person=rested(anna).person)
    assert (closed(anna), closed(twin)) == ("DENY_TIME_OUT", "DENY_TIME_OUT")

    turn_pol_01(anna.brand, on=False)

    assert (closed(anna), closed(twin)) == ("", "DENY_TIME_OUT")
    assert not [reason for reason in said(anna).reasons if "TIME_OUT" in reason]
    assert "DENY_TIME_OUT POL-01" in said(twin).reasons


def test_switched_off_a_time_out_still_closes_for_its_own_length_and_its_end_opens(anna: Player) -> None:
    turn_pol_01(anna.brand, on=False)
    twin = cast.make_player(cast.azura(), person=anna.person)
    end = utcnow() + timedelta(milliseconds=700)
    cast.take_time_out(anna, end)

    assert (closed(anna), closed(twin)) == ("DENY_TIME_OUT", "DENY_TIME_OUT")
    assert "DENY_TIME_OUT SYS-06" in said(anna).reasons
    assert Standing.objects.get(person=anna.person_id).valid_until == end
    while utcnow() <= end:
        pass
    turning.turn(now=utcnow())
    assert (closed(anna), closed(twin)) == ("", "DENY_TIME_OUT")
    assert Standing.objects.get(person=anna.person_id).valid_until == end + DAY


def test_what_was_known_before_the_switch_ends_by_it(anna: Player) -> None:
    end = utcnow() + timedelta(milliseconds=700)
    cast.take_time_out(anna, end)
    turn_pol_01(anna.brand, on=False)

    assert Standing.objects.get(person=anna.person_id).valid_until == end


def test_switched_on_again_it_closes_at_once_also_what_was_allowed_a_moment_before(anna: Player) -> None:
    turn_pol_01(anna.brand, on=False)
    rested(anna)
    [allowed] = clear(promo(anna))
    assert allowed.allowed

    turn_pol_01(anna.brand, on=True)

    assert closed(anna) == "DENY_TIME_OUT"
    with transaction.atomic():
        assert gate.still_allowed([allowed.decision_id], now=utcnow()) == set()


def test_switched_off_where_it_was_taken_for_one_brand_only(azura: Brand) -> None:
    mia = cast.make_player(azura)
    cast.tell(mia, "rg.time_out", at=utcnow() - 9 * DAY, measure_id="t", sequence=1, scope="brand",
              ends_at=(utcnow() - HOUR).isoformat())  # fmt: skip
    assert closed(mia) == "DENY_TIME_OUT"

    turn_pol_01(azura, on=False)

    assert closed(mia) == ""


def test_the_switch_leaves_the_wait_after_an_exclusion_as_it_is(anna: Player) -> None:
    rested(anna)
    cast.exclude(anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - 2 * DAY)
    cast.lift(anna, "excl", 2, at=utcnow() - 5 * HOUR)

    turn_pol_01(anna.brand, on=False)

    assert closed(anna) == "DENY_TIME_OUT"
    assert "DENY_TIME_OUT SYS-06" in said(anna).reasons


def test_both_signatures_see_what_it_would_have_changed(anna: Player) -> None:
    for player in (rested(anna), rested(cast.make_player(anna.brand), -HOUR), rested(cast.cleo())):
        said(player)
    off = effects.of_switch(anna.brand, "POL-01", False, now=utcnow())
    assert (off.changed, off.anyway) == (1, 1)  # Anna alone: one is on a time-out, Cleo said yes to nothing

    turn_pol_01(anna.brand, on=False)
    assert said(anna).allowed
    assert effects.of_switch(anna.brand, "POL-01", True, now=utcnow()).changed == 1


def test_what_was_sent_in_the_day_after_is_no_hole_in_the_wall_where_it_was_off_then(anna: Player) -> None:
    turn_pol_01(anna.brand, on=False)
    assert said(rested(anna)).allowed
    turn_pol_01(anna.brand, on=True)
    allowed = Decision.objects.filter(player=anna)
    assert not wall.breaches(allowed).exists()

    cast.take_time_out(anna, utcnow() + HOUR, at=utcnow() - 9 * DAY, sequence=2)  # the same one is not over
    assert wall.breaches(allowed).count() == 1


def test_the_clocks_of_a_player_say_from_when_on(anna: Player) -> None:
    at = lambda: [clock.at for clock in countdowns.of_person(anna.person_id, now=utcnow())]  # noqa: E731
    end = utcnow() + HOUR
    cast.take_time_out(anna, end)
    assert at() == [end, end + DAY]
    turn_pol_01(anna.brand, on=False)
    assert set(at()) == {end}


@pytest.mark.parametrize(("since", "holes"), [(25 * HOUR, 0), (HOUR, 1), (-HOUR, 1)])
def test_where_it_is_on_it_is_one(anna: Player, since: timedelta, holes: int) -> None:
    assert said(anna).allowed
    decision = Decision.objects.get(player=anna)
    row = Measure.objects.get(player=rested(anna, since))
    row.pk, row.source, row.received_at = None, "earlier", decision.decided_at
    row.save()  # when something was received cannot be rewritten, only written
    assert wall.breaches(Decision.objects.all()).count() == holes


@pytest.mark.parametrize(("off_at", "answer"), [("azura", "DENY_LINKED_ACCOUNT_EXCLUDED"), ("northlight", "")])
def test_who_reads_somebody_elses_mailbox_is_kept_from_them_where_the_day_after_holds(
    anna: Player, off_at: str, answer: str
) -> None:
    """Switched off at another brand, the day after is a word of each brand: the mailbox is asked about at its own."""
    bertil = cast.make_player(anna.brand, "bertil")
    theirs = rested(anna).contacts.get(channel="email")
    Contact.objects.filter(player=bertil, channel="email").update(address=theirs.address, normal=theirs.normal)
    assert closed(bertil) == "DENY_LINKED_ACCOUNT_EXCLUDED"
    turn_pol_01(cast.azura() if off_at == "azura" else anna.brand, False)
    assert closed(bertil) == answer
