"""What the PAM says about a person, and what the gate makes of it; as the application role."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance import gate, loading, reasons, standings, stops, turning, verdict
from compliance.gate import Ask
from compliance.models import AuditEntry, Decision, Measure, Standing
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.models import Payment, Player, PlayerState
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def standing(player: Player) -> Standing:
    return Standing.objects.get(person_id=player.person_id)


def code(player: Player, **changes: object) -> str:
    return clear(promo(player, **changes))[0].code


def test_a_person_is_born_unknown_and_unknown_is_a_no() -> None:
    stranger = cast.make_player(cast.northlight(), restrictions=None)
    assert standing(stranger).verdict == "unknown"
    assert code(stranger) == "DENY_STATE_UNAVAILABLE"


def test_a_baseline_opens_what_was_unknown() -> None:
    stranger = cast.make_player(cast.northlight(), restrictions=None)
    cast.tell(stranger, "rg.baseline", restrictions=[])
    assert code(stranger) == "ALLOW"


def test_an_exclusion_that_comes_before_the_baseline_stays() -> None:
    stranger = cast.make_player(cast.northlight(), restrictions=None)
    cast.exclude(stranger)
    cast.tell(stranger, "rg.baseline", restrictions=[])
    assert code(stranger) == "DENY_SELF_EXCLUDED"


def test_05_an_exclusion_at_one_brand_holds_at_every_brand_of_the_person(anna: Player) -> None:
    twin = cast.make_player(cast.azura(), person=anna.person)
    assert code(twin) == "ALLOW"
    cast.exclude(anna)
    assert code(twin) == "DENY_LINKED_ACCOUNT_EXCLUDED"


def test_10_when_the_term_is_over_nothing_opens(anna: Player) -> None:
    cast.exclude(anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - DAY)
    assert code(anna) == "DENY_AWAITING_RETURN"
    turning.turn(now=utcnow())
    assert code(anna) == "DENY_AWAITING_RETURN"


def test_the_term_ends_by_the_clock_and_the_tick_says_so(anna: Player) -> None:
    end = utcnow() + timedelta(milliseconds=300)
    cast.exclude(anna, ends_at=end)
    assert standing(anna).valid_until == end
    while utcnow() <= end:
        pass
    turning.turn(now=utcnow())
    assert standing(anna).verdict == "awaiting_return"
    assert Measure.objects.get(person_id=anna.person_id).status == "awaiting_return"


def test_11_a_return_cools_off_for_a_day_and_then_needs_a_new_opt_in(anna: Player) -> None:
    cast.exclude(anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - 2 * DAY)
    cast.lift(anna, "excl", 2, at=utcnow() - 5 * HOUR)
    assert code(anna) == "DENY_TIME_OUT"

    pia = cast.make_player(cast.northlight())
    cast.exclude(pia, at=utcnow() - 200 * DAY, ends_at=utcnow() - 3 * DAY)
    cast.lift(pia, "excl", 2, at=utcnow() - 25 * HOUR)
    assert code(pia) == "DENY_NO_OPT_IN"
    cast.consent(pia, "casino/email", at=utcnow() - HOUR)
    assert code(pia) == "ALLOW"


@pytest.mark.parametrize(("later", "ended", "expected"), [(max, 23, "DENY_TIME_OUT"), (min, 25, "ALLOW")])
def test_a_time_out_opens_a_day_after_its_end(anna: Player, later: Any, ended: int, expected: str) -> None:
    asked = later(utcnow(), cast.noon())  # of the caller's clock and the server's the stricter counts
    cast.take_time_out(anna, asked - ended * HOUR, at=utcnow() - 9 * DAY)
    assert code(anna) == expected


def test_no_argument_can_end_a_time_out_early(anna: Player) -> None:
    cast.take_time_out(anna, utcnow() + DAY)
    with connection.cursor() as db:
        db.execute("SELECT compliance_derive_standing(%s, '2040-01-01Z')", [[anna.person_id]])
    assert standing(anna).verdict == "time_out"


def test_a_block_ends_only_when_somebody_lifts_it(anna: Player) -> None:
    cast.tell(anna, "rg.blocked", measure_id="b", sequence=1, what="marketing")
    assert code(anna) == "DENY_ACCOUNT_RESTRICTED"
    turning.turn(now=utcnow() + 999 * DAY)
    assert code(anna) == "DENY_ACCOUNT_RESTRICTED"
    cast.lift(anna, "b", 2)
    assert code(anna) == "ALLOW"


@pytest.mark.parametrize("second", ["rg.limit_set", "rg.time_out", "rg.blocked"])
def test_one_id_for_two_restrictions_closes_until_it_is_lifted(anna: Player, second: str) -> None:
    more: dict[str, object] = {
        "rg.limit_set": {"kind": "deposit_limit", "period": "week", "amount": 50_00, "currency": "GBP"},
        "rg.time_out": {"ends_at": utcnow().isoformat()}, "rg.blocked": {"what": "bonus"},
    }[second]  # fmt: skip
    cast.exclude(anna, ends_at=utcnow() + 30 * DAY)
    cast.tell(anna, second, measure_id="excl", sequence=2, **more)
    assert (standing(anna).verdict, code(anna)) == ("excluded", "DENY_SELF_EXCLUDED")
    cast.tell(anna, "rg.limit_removed", measure_id="excl", sequence=3)
    assert code(anna) == "DENY_SELF_EXCLUDED"
    cast.lift(anna, "excl", 4)
    assert code(anna) == "DENY_TIME_OUT"  # the exclusion among them holds its time, and the wait after it


def test_one_id_for_two_others_is_unknown_until_it_is_lifted(anna: Player) -> None:
    cast.take_time_out(anna, utcnow() + DAY)
    cast.tell(anna, "rg.blocked", measure_id="break", sequence=2, what="bonus")
    assert (standing(anna).verdict, code(anna)) == ("excluded", "DENY_STATE_UNAVAILABLE")
    cast.lift(anna, "break", 3)
    assert standing(anna).verdict == "open"


def test_a_block_under_the_id_of_an_exclusion_does_not_shorten_it_whichever_is_told_first(anna: Player) -> None:
    other = cast.make_player(cast.northlight())
    cast.exclude(anna)
    cast.tell(anna, "rg.blocked", measure_id="excl", sequence=2, what="marketing")
    cast.tell(other, "rg.blocked", measure_id="excl", sequence=1, what="marketing")
    cast.exclude(other, sequence=2)
    for player in (anna, other):
        cast.lift(player, "excl", 3)
        assert code(player) == "DENY_TIME_OUT"


def test_an_exclusion_of_a_source_that_counts_anew_closes_and_its_own_lift_ends_it(anna: Player) -> None:
    cast.exclude(anna, at=utcnow() - 300 * DAY, sequence=41)
    cast.lift(anna, "excl", 42, at=utcnow() - 100 * DAY)
    assert standing(anna).verdict == "open"
    began = utcnow() - 20 * DAY
    cast.exclude(anna, at=began, sequence=1)
    row = Measure.objects.get(player=anna)
    assert (row.requested_at, row.received_at > began + 19 * DAY) == (began, True)  # its clocks run from there (GB-01)
    assert (standing(anna).verdict, code(anna)) == ("excluded", "DENY_SELF_EXCLUDED")
    cast.lift(anna, "excl", 2, at=utcnow() - 10 * DAY)
    assert code(anna) == "DENY_TIME_OUT"  # ended, and for six months at least it holds


def test_an_old_exclusion_that_arrives_late_does_not_count_as_a_new_one(anna: Player) -> None:
    cast.exclude(anna, at=utcnow() - 300 * DAY, sequence=1)
    cast.lift(anna, "excl", 3, at=utcnow() - 10 * DAY)
    cast.exclude(anna, at=utcnow() - 200 * DAY, sequence=2)
    assert standing(anna).verdict == "open"


def test_a_lift_that_comes_before_its_exclusion_ends_it(anna: Player) -> None:
    cast.lift(anna, "excl", 2, at=utcnow() - 2 * DAY)
    cast.exclude(anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - 3 * DAY)
    row = Measure.objects.get(person_id=anna.person_id)
    assert (row.kind, row.status, standing(anna).verdict) == ("self_exclusion", "ended", "open")


def test_what_could_not_be_read_is_not_talked_away_by_an_older_statement(anna: Player) -> None:
    cast.tell(anna, "rg.unreadable", event="rg.time_out", reference="1")
    standings.open_declared([anna.person_id], now=utcnow())
    assert code(anna) == "DENY_STATE_UNAVAILABLE"
    cast.tell(anna, "rg.baseline", restrictions=[])
    assert code(anna) == "ALLOW"


def test_a_sister_account_does_not_speak_for_the_one_that_could_not_be_read(anna: Player) -> None:
    twin = cast.make_player(cast.azura(), person=anna.person)
    cast.tell(anna, "rg.unreadable", event="rg.time_out", reference="1")
    cast.tell(twin, "rg.baseline", restrictions=[])
    assert code(twin) == "DENY_STATE_UNAVAILABLE"
    cast.tell(anna, "rg.baseline", restrictions=[])
    assert code(twin) == "ALLOW"


def test_a_repeated_or_older_word_changes_nothing(anna: Player) -> None:
    cast.set_limit(anna, 20_00, sequence=2, at=utcnow() - HOUR)
    cast.set_limit(anna, 900_00, sequence=1, at=utcnow() - 40 * DAY)
    limit = Measure.objects.get(person_id=anna.person_id)
    assert (limit.amount, limit.previous_amount, limit.sequence) == (20_00, 900_00, 2)


def test_a_limit_a_week_that_becomes_one_a_day_is_both_until_the_wait_is_over() -> None:
    """50 a day is no less than 50 a week: it is a new limit at once (POL-04), and the old one goes like one removed."""
    brand, now = cast.make_brand("valletta", "Valletta", "MT", "EUR", "Europe/Malta"), utcnow()
    marta, changed = cast.make_player(brand, "marta"), now - 25 * HOUR
    cast.set_limit(marta, 50_00, "week", measure_id="m", at=now - 30 * DAY)
    cast.set_limit(marta, 50_00, "day", measure_id="m", sequence=2, at=changed)

    def limits(at: datetime) -> set[tuple[str, int]]:
        return {(limit["period"], limit["amount"]) for limit in loading.load([marta.pk], now=at)[marta.pk]["limits"]}

    assert limits(changed + 23 * HOUR) == {("week", 50_00), ("day", 50_00)}
    assert limits(now) == {("week", 0), ("day", 50_00)}  # 0: gone, and known to have been there (POL-05)
    assert set(clear(promo(marta, ask=Ask("deposit", 10_00, "EUR")))[0].reasons) == {
        "DENY_RECENT_LIMIT_CHANGE POL-04", "DENY_RECENT_LIMIT_CHANGE POL-05"}  # fmt: skip
    turning.turn(now=now)
    assert set(Measure.objects.filter(player=marta).values_list("period", "status", "tightened_at", "relaxed_at")) == {
        ("week", "ended", now - 30 * DAY, changed + DAY), ("day", "active", changed, None)}  # fmt: skip


def test_what_is_left_of_a_limit_counts_gross_deposits_of_the_running_period(anna: Player) -> None:
    now = cast.noon()
    cast.set_limit(anna, 1_000_00, "day", at=now - 30 * DAY)
    offer = {"ask": Ask("deposit", 150_00, "GBP")}
    assert code(anna, **offer) == "ALLOW"
    for number, (at, amount) in enumerate([(now - 2 * HOUR, 851_00), (now - 30 * HOUR, 500_00)]):
        Payment.objects.create(player=anna, payment_id=f"d{number}", direction="deposit", status="approved",
                               amount=amount, occurred_at=at, recorded_at=at)  # fmt: skip
    assert code(anna, **offer) == "DENY_HIGH_STAKES_VS_LIMIT"


def test_every_reason_is_kept_and_one_is_named(bo: Player) -> None:
    cast.consent(bo, "casino/email", granted=False)
    [answer] = clear(promo(bo))
    assert answer.code == "DENY_SELF_EXCLUDED"
    assert "DENY_OPTED_OUT GB-11" in answer.reasons


def test_answers_come_in_the_order_of_the_requests_and_are_recorded(anna: Player, bo: Player, cleo: Player) -> None:
    asked = [promo(player, reference=f"r{n}") for n, player in enumerate([cleo, anna, bo, anna])]
    answers = clear(*asked)
    assert [answer.allowed for answer in answers] == [False, True, False, True]
    for request, answer in zip(asked, answers, strict=True):
        stored = Decision.objects.get(pk=answer.decision_id)
        assert (stored.player_id, stored.reference, stored.outcome) == (
            request.player_id, request.reference, answer.outcome,
        )  # fmt: skip


def test_a_player_nobody_knows_is_a_no_and_does_not_disturb_the_others(anna: Player) -> None:
    stranger, known = clear(promo(anna, player_id=0), promo(anna))
    assert (stranger.outcome, stranger.decision_id, known.allowed) == ("deny", None, True)


def test_a_preview_records_nothing(anna: Player) -> None:
    assert gate.preview([promo(anna)], now=cast.noon())[0].allowed
    assert not Decision.objects.exists()


def test_every_decision_replays_to_what_is_stored(anna: Player, bo: Player, cleo: Player, dev: Player) -> None:
    people = [anna, bo, cleo, dev, cast.kaja()]
    clear(*[promo(player, ask=Ask("deposit", 15_00, "GBP")) for player in people])
    for stored in Decision.objects.all():
        again = gate.replay(stored)
        assert (again.outcome, again.code) == (stored.outcome, stored.code)
        assert [str(reason) for reason in again.reasons] == stored.reasons


def test_the_number_of_queries_does_not_depend_on_the_number_of_players() -> None:
    def queries(count: int) -> int:
        crowd = [cast.make_player(cast.northlight(), consents=("casino/email",)) for _ in range(count)]
        for player in crowd[:2]:
            cast.set_limit(player, 50_00)
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            gate.clear_many([promo(player) for player in crowd], now=cast.noon())
        return len(seen)

    assert queries(2) == queries(12) <= 20


def test_at_most_500_at_once_and_only_inside_a_transaction(anna: Player) -> None:
    with pytest.raises(ValueError, match="at most 500"):
        clear(*[promo(anna)] * 501)


def test_in_sweden_the_grant_makes_the_next_offer_a_second_one() -> None:
    nils = cast.make_player(cast.bjork())
    bonus = gate.Incentive("deposit_match", 100_00, "SEK", products=frozenset({"casino"}), days=60)
    assert code(nils, incentive=bonus, reference="offer") == "ALLOW"
    assert code(nils, channel="bonus", incentive=bonus, reference="grant") == "ALLOW"
    assert code(nils, channel="bonus", incentive=bonus, reference="grant") == "ALLOW"  # a retry of the same
    assert code(nils, incentive=bonus, reference="another") == "DENY_BONUS_NOT_FIRST"


def test_kaja_has_played_so_no_bonus_may_be_offered(kaja: Player) -> None:
    assert code(kaja) == "ALLOW"
    bonus = gate.Incentive("free_spins", 50_00, "SEK", products=frozenset({"casino"}), stake=1_00)
    assert code(kaja, incentive=bonus) == "DENY_BONUS_NOT_FIRST"


def test_without_a_state_row_a_swede_counts_as_one_who_has_played() -> None:
    nils = cast.make_player(cast.bjork())
    PlayerState.objects.filter(player=nils).delete()
    assert code(nils, incentive=gate.Incentive("gift", 1, "SEK", products=frozenset({"casino"}))) == (
        "DENY_BONUS_NOT_FIRST"
    )


def test_the_third_message_of_the_week_is_the_last(anna: Player) -> None:
    for number in range(3):
        assert code(anna, reference=f"c{number}") == "ALLOW"
    assert code(anna, reference="c3") == "DENY_FREQUENCY"
    assert code(anna, reference="c2") == "ALLOW"
    assert code(anna, reference="c4", channel="onsite") == "ALLOW"


def test_the_stop_button_stops_promotions_and_nothing_else(anna: Player) -> None:
    olivia = cast.olivia()
    stops.stop(anna.brand, olivia, "wrong prices", now=utcnow())
    assert code(anna) == "DENY_BRAND_STOPPED"
    assert code(anna, purpose=Purpose.TRANSACTIONAL) == "ALLOW_NOTICE"
    stops.lift(anna.brand, olivia, "fixed", now=utcnow())
    assert code(anna) == "ALLOW"
    assert list(AuditEntry.objects.order_by("pk").values_list("kind", "reason")) == [
        ("promotions.stopped", "wrong prices"), ("promotions.resumed", "fixed"),
    ]  # fmt: skip


def test_a_stale_feed_stops_everything_promotional(anna: Player) -> None:
    anna.brand.feeds.update(freshness="stale")
    assert code(anna) == "DENY_STATE_UNAVAILABLE"
    assert code(anna, purpose=Purpose.RG_CONFIRMATION) == "ALLOW_NOTICE"


def test_asked_again_at_the_moment_of_sending(anna: Player, cleo: Player) -> None:
    [yes, no] = clear(promo(anna), promo(cleo))
    with transaction.atomic():
        assert gate.still_allowed([yes.decision_id, no.decision_id], now=utcnow()) == {yes.decision_id}
    cast.exclude(anna)
    with transaction.atomic():
        assert gate.still_allowed([yes.decision_id], now=utcnow()) == set()


def test_only_compliance_learns_which_restriction_it_is(bo: Player) -> None:
    line = verdict.for_player(bo, now=utcnow())
    assert line.short == "Promotions: protected"
    assert "Self-exclusion" in line.long
    for private in reasons.PRIVATE:
        assert reasons.sentence(private, "crm") == "Protected"
        assert "Protected" in reasons.sentence(private, "support")
        assert reasons.sentence(private, "compliance") != "Protected"
