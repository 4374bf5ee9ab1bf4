"""One short check per line of the gate's SQL (writing, closing and opening): each raises AssertionError when its line does not hold.

They run as the application's role; what only time or a defect could have done, the owner does. Each leaves everybody
as they were.
"""

from datetime import timedelta

from compliance import standings, stops, switches
from compliance.persons import joining
from config.lib.clock import utcnow
from players.models import Person
from tests import cast
from tests.hammer.world import (
    ALLOWED,
    DAY,
    World,
    aged,
    brand_stopped,
    check,
    is_free,
    put,
    refused,
    row_is_free,
    standing,
    still,
    undone,
)
from tests.spec.test_4_nothing_gets_around_the_gate import T, decide, insert, outcome, run


@check
def nothing_without_a_decision(w: World) -> None:
    refused("RG001", insert(w.anna, 999_999))


@check
def a_no_is_no_allow(w: World) -> None:
    with undone():
        refused("RG002", insert(w.bo, decide(w.bo)))


@check
def an_allow_is_for_its_person(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        refused("RG002", f"INSERT INTO {T} (person_id, player_id, decision_id, channel, purpose)"
                         f" VALUES ({w.hit.person_id}, {w.anna.pk}, {ok}, 'email', 'promotional')")  # fmt: skip


@check
def an_allow_is_for_its_account(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        refused("RG002", f"INSERT INTO {T} (person_id, player_id, decision_id, channel, purpose)"
                         f" VALUES ({w.anna.person_id}, {w.hit.pk}, {ok}, 'email', 'promotional')")  # fmt: skip


@check
def an_allow_is_for_its_channel(w: World) -> None:
    with undone():
        refused("RG002", insert(w.anna, decide(w.anna), channel="sms"))


@check
def an_allow_is_for_its_purpose(w: World) -> None:
    with undone():
        refused("RG002", insert(w.anna, decide(w.anna, purpose="transactional")))


@check
def a_grant_needs_an_allow_of_a_bonus(w: World) -> None:
    with undone():
        ok = decide(w.hit, inputs={"request": {"incentive": {"value": 1, "currency": "GBP"}}})
        refused("RG002", put(w, decision_id=ok, channel="email"))


@check
def an_allow_grows_old(w: World) -> None:
    ok = aged(w, decide(w.anna))
    refused("RG003", insert(w.anna, ok))


@check
def a_stopped_brand_writes_nothing(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        stops.stop(w.anna.brand, cast.olivia(), "something is wrong", now=utcnow())
        refused("RG004", insert(w.anna, ok))


@check
def an_allow_ends_with_its_generation(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        standings.note_change([w.anna.person_id], now=utcnow())
        refused("RG004", insert(w.anna, ok))


@check
def a_standing_that_ran_out_writes_nothing(w: World) -> None:
    ok = decide(w.anna)
    with standing(w, "valid_until = now()", "valid_until = NULL"):
        refused("RG004", insert(w.anna, ok))


@check
def a_row_holds_the_standing(w: World) -> None:
    ok = decide(w.anna)
    with undone():
        run(insert(w.anna, ok))
        assert not row_is_free(w)


@check
def an_allow_is_for_one_message(w: World) -> None:
    now = utcnow().isoformat()
    with undone():
        ok = decide(w.hit, reference="delivery:0")
        refused("RG002", "INSERT INTO campaigns_attempt (person_id, player_id, decision_id, channel, purpose, delivery_id, number,"
                " address, subject, html, text, button, url, status, created_at, lease_until, provider_id, error)"
                f" VALUES ({w.hit.person_id}, {w.hit.pk}, {ok}, 'email', 'promotional', {w.target.delivery}, 1, '', '', '',"
                f" '', '', '', 'sending', '{now}', '{now}', '', '')")  # fmt: skip


@check
def an_allow_is_for_one_amount(w: World) -> None:
    with undone():
        told = {"request": {"incentive": {"value": 1, "currency": "GBP"}}}
        ok = decide(w.hit, channel="bonus", inputs=told)
        refused("RG002", put(w, decision_id=ok, amount=500_00))
        run(put(w, decision_id=ok))


@check
def who_closes_a_person_has_them_alone(w: World) -> None:
    with undone():
        standings.lock([w.anna.person_id])
        assert not is_free(w, 7001, w.anna.person_id, "_shared")


@check
def no_argument_ends_a_time_out(w: World) -> None:
    with undone():
        cast.take_time_out(w.anna, utcnow() + DAY)
        standings.derive([w.anna.person_id], now=utcnow() + 9 * DAY)
        assert outcome(decide(w.anna)) == ("deny", "DENY_TIME_OUT")


@check
def a_time_out_opens_a_day_later(w: World) -> None:
    with undone():
        cast.take_time_out(w.anna, utcnow() - timedelta(hours=23), at=utcnow() - 9 * DAY)
        assert outcome(decide(w.anna)) == ("deny", "DENY_TIME_OUT")


@check
def off_it_is_the_day_after_alone_and_by_two(w: World) -> None:
    with undone():
        row = switches.ask(w.anna.brand, "POL-01", False, cast.olivia(), "asked", now=utcnow())
        cast.take_time_out(w.anna, utcnow() + DAY, at=utcnow() - 9 * DAY)
        switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())
        assert outcome(decide(w.anna)) == ("deny", "DENY_TIME_OUT")
    with undone():
        twin = cast.make_player(cast.azura(), person=w.anna.person)
        cast.take_time_out(w.anna, utcnow() - timedelta(hours=23), at=utcnow() - 9 * DAY)
        row = switches.ask(w.anna.brand, "POL-01", False, cast.olivia(), "asked", now=utcnow())
        standings.derive([w.anna.person_id], now=utcnow())
        assert outcome(decide(w.anna)) == ("deny", "DENY_TIME_OUT")
        switches.sign(row, cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER), now=utcnow())
        assert outcome(decide(w.anna)) == ALLOWED
        assert outcome(decide(twin)) == ("deny", "DENY_TIME_OUT")


@check
def a_term_that_is_over_opens_nothing(w: World) -> None:
    with undone():
        cast.exclude(w.anna, at=utcnow() - 200 * DAY, ends_at=utcnow() - DAY)
        assert outcome(decide(w.anna)) == ("deny", "DENY_AWAITING_RETURN")


@check
def who_is_on_a_register_is_closed(w: World) -> None:
    with undone():
        cast.register_answer(w.anna, "listed")
        assert outcome(decide(w.anna)) == ("deny", "DENY_SELF_EXCLUDED")


@check
def a_person_is_born_unknown(w: World) -> None:
    with undone():
        born = Person.objects.create()
        found = born.standing
        assert (found.verdict, found.promotions_ok, found.bonuses_ok) == ("unknown", False, False)


@check
def an_exclusion_closes_in_its_own_statement(w: World) -> None:
    with undone():
        run(f"INSERT INTO players_fact (kind, player_id, occurred_at, recorded_at, key, data, is_replay) VALUES"
            f" ('rg.self_excluded', {w.anna.pk}, now(), now(), 's-r', '{{\"measure_id\": \"r\", \"sequence\": 1}}', false)",
            f"INSERT INTO compliance_measure (person_id, player_id, kind, source, ref, sequence, status, origin, received_at,"
            f" effective_at, currency, period, product, needs_confirmation) VALUES ({w.anna.person_id}, {w.anna.pk},"
            " 'self_exclusion', 's', 'r', 1, 'active', 'player', now(), now(), '', '', '', false)")  # fmt: skip
        assert outcome(decide(w.anna)) == ("deny", "DENY_SELF_EXCLUDED")


@check
def a_refusal_voids_what_was_allowed(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        cast.consent(w.anna, "casino/email", granted=False)
        assert still(ok) == []


@check
def what_nobody_could_read_stays_unknown(w: World) -> None:
    with undone():
        cast.tell(w.anna, "rg.unreadable", event="rg.time_out", reference="1")
        standings.open_declared([w.anna.person_id], now=utcnow())
        assert outcome(decide(w.anna)) == ("deny", "DENY_STATE_UNAVAILABLE")


@check
def an_exclusion_ends_by_its_source(w: World) -> None:
    with undone():
        refused("RG005", "UPDATE compliance_measure SET status = 'ended', ended_at = now() - interval '9 days'"
                         f" WHERE person_id = {w.bo.person_id}")  # fmt: skip


@check
def a_stop_is_lifted_by_a_signature(w: World) -> None:
    with brand_stopped(w):
        refused("RG005", "UPDATE compliance_brandstop SET lifted_at = now()")


@check
def a_merge_voids_what_was_allowed(w: World) -> None:
    with undone():
        for _ in range(3):  # Anna has been through more than the other
            standings.note_change([w.anna.person_id], now=utcnow())
        ok = decide(w.anna)
        generation = w.anna.person.standing.generation
        joining.join(w.anna, w.hit, now=utcnow())
        assert still(ok) == []
        w.anna.person.standing.refresh_from_db()
        assert w.anna.person.standing.generation > generation  # and no number is met again by chance
