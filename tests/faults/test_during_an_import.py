"""F17 to F25 and a lost database, while a file comes in: a yes that is imported opens nothing that is shut."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import Error, connection

from campaigns import dispatch
from campaigns.advance import advance
from campaigns.models import Delivery, Enrolment
from compliance import checks, gate
from compliance.models import Consent
from compliance.persons import joining
from config.lib.clock import utcnow
from players import inbox
from players.facts import settle_owed
from players.folding.fold import fold_pending
from players.imports.into import consents
from players.models import Feed
from tests import cast
from tests.api.conftest import deposit, event
from tests.faults.importing import CHUNK, LINES, MANY, Importing, begin, importing
from tests.faults.test_what_comes_in_between import elsewhere, held, impatient, raising
from tests.faults.test_what_is_unknown import beat, judged, take
from tests.hammer.people import address
from tests.journey import build
from tests.journey.conftest import Sink, post, work

__all__ = ["importing", "post"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.noon()


@contextmanager
def in_the_middle_of_a_chunk(act: Callable[[], object]) -> Iterator[None]:
    """Its lines are written and its people locked, and nothing is committed."""
    record = consents.record

    def and_then(facts: Any, now: Any) -> Any:
        written = record(facts, now=now)
        act()
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consents, "record", and_then)
        yield


def somebody_waits() -> None:
    """Until somebody is kept waiting for a person."""
    with psycopg.connect(address("owner"), autocommit=True) as db:
        deadline = time.monotonic() + 10
        while not db.execute("SELECT FROM pg_locks WHERE classid = 7001 AND NOT granted").fetchall():
            assert time.monotonic() < deadline
            time.sleep(0.005)


def everybody_is_written_to(importing: Importing) -> None:
    """What is due to be said to each of them; `dispatch` would hand it over."""
    build.simple(importing.brand, NOW, trigger_fact="custom.import")
    for player in importing.players:
        cast.tell(player, "custom.import", now=NOW, at=NOW)
    settle_owed(now=NOW)
    advance(now=NOW)


def test_f19_f20_who_excludes_themselves_between_two_chunks_stays_shut_whatever_the_file_and_an_old_lift_say(
    importing: Importing, post: Sink
) -> None:
    importing.step()
    before, after = importing.players[0], importing.players[9]  # whose lines came in, and whose come later
    for player in (before, after):
        elsewhere(lambda player=player: cast.exclude(player, sequence=3, at=NOW)).join(20)
        cast.tell(player, "rg.lifted", at=NOW, measure_id="excl", sequence=2)  # the lift of an earlier one, late
    importing.bring()

    assert importing.came_in_once()
    said = importing.codes()
    assert {said.pop(9), said.pop(0)} == {"DENY_SELF_EXCLUDED"}
    assert set(said) == {"ALLOW"}
    everybody_is_written_to(importing)
    dispatch.dispatch(now=NOW)
    assert len(post.mails) == MANY - 2
    assert Delivery.objects.filter(player__in=[before, after], status="sent").count() == 0


def test_f17_where_the_feed_goes_stale_in_the_middle_every_line_comes_in_and_nobody_is_written_to(
    importing: Importing,
) -> None:
    importing.step()
    Feed.objects.filter(brand=importing.brand).update(freshness="stale")
    importing.bring()

    assert importing.came_in_once()
    assert Consent.objects.filter(player__in=importing.players, granted=True).count() == MANY
    assert set(importing.codes()) == {"DENY_STATE_UNAVAILABLE"}


def test_f18_while_a_number_is_missing_among_the_restrictions_the_lines_come_in_and_it_is_in_force_once_it_is_there(
    importing: Importing,
) -> None:
    anyone, missing = importing.players[0], importing.players[9]
    check = lambda number: event("rg.reality_check", "i0", minutes=30) | {"sequence": number}  # noqa: E731
    take(anyone, check(5), check(6), check(8), beat(restrictions=8))
    importing.step()
    assert judged(anyone, 11) == "stale"
    importing.bring()
    assert importing.came_in_once()
    assert set(importing.codes()) == {"DENY_STATE_UNAVAILABLE"}

    told = event("rg.self_excluded", missing.external_id, measure_id="m", sequence=1, ends_at=None)
    take(anyone, told | {"sequence": 7}, second=12)
    for second in range(13, 49, 7):
        take(anyone, beat(restrictions=8), second=second)
        judged(anyone, second)
    said = importing.codes()
    assert (said.pop(9), set(said)) == ("DENY_SELF_EXCLUDED", {"ALLOW"})


def test_f21_whose_standing_is_held_or_gone_in_the_middle_is_refused_and_the_others_go_on(importing: Importing) -> None:
    found = list[str]()

    def and_asks() -> None:
        def asks() -> None:
            with impatient():
                found.extend(importing.codes())

        with held("SELECT FROM compliance_standing WHERE person_id = %s FOR UPDATE", importing.players[0].person_id):
            elsewhere(asks).join(20)

    importing.step()
    with in_the_middle_of_a_chunk(and_asks):
        importing.step()
    unknown, silent = "DENY_STATE_UNAVAILABLE", "DENY_NO_OPT_IN"
    assert found[:2] == [unknown, "ALLOW"]  # the first is held by somebody, the second has come in
    assert found[2:] == [silent] * (MANY - 2)  # the two of this chunk have not come in yet

    with psycopg.connect(address("owner"), autocommit=True) as owner:
        owner.execute("DELETE FROM compliance_standing WHERE person_id = %s", [importing.players[9].person_id])
    importing.bring()
    assert importing.came_in_once()
    said = importing.codes()
    assert (said.pop(9), set(said)) == (unknown, {"ALLOW"})


@pytest.mark.parametrize("function", ["compliance_dossiers", "compliance_decide", "compliance_still_allowed",
                                      "compliance_enforce"])  # fmt: skip
def test_f21_where_the_gate_cannot_be_asked_in_the_middle_every_line_comes_in_and_nobody_is_written_to(
    importing: Importing, post: Sink, function: str
) -> None:
    importing.step()
    with raising(function):
        importing.bring()
        everybody_is_written_to(importing)
        with pytest.raises(Error, match="the disk is gone"):
            dispatch.dispatch(now=NOW)
    assert (post.mails, importing.came_in_once()) == ([], True)
    assert Delivery.objects.filter(status="sent").count() == 0


def test_f21_where_nobody_can_be_closed_in_the_middle_no_line_that_says_no_is_taken_and_none_is_lost(
    importing: Importing,
) -> None:
    importing.step()
    with raising("compliance_lock_persons"), pytest.raises(Error, match="the disk is gone"):
        importing.step()
    assert Consent.objects.filter(player__in=importing.players).count() == CHUNK  # not half of the second
    importing.bring()

    assert importing.came_in_once()
    assert set(importing.codes()) == {"ALLOW"}


def test_f22_who_turns_out_to_be_an_excluded_human_before_in_the_middle_of_and_after_their_lines_is_shut(
    importing: Importing,
) -> None:
    bo, threads = cast.bo(), list[threading.Thread]()
    before, during, after = (importing.players[number] for number in (0, 3, 9))
    join = lambda one: elsewhere(lambda: joining.join(one, bo, now=utcnow()))  # noqa: E731
    importing.step()
    join(before).join(20)
    join(after).join(20)

    def and_waits() -> None:
        threads.append(join(during))
        somebody_waits()

    with in_the_middle_of_a_chunk(and_waits):
        importing.step()
    threads[0].join(20)
    importing.bring()

    assert importing.came_in_once()
    said = importing.codes()
    assert {said.pop(9), said.pop(3), said.pop(0)} == {"DENY_LINKED_ACCOUNT_EXCLUDED"}
    assert set(said) == {"ALLOW"}


def test_f23_code_rolled_back_in_the_middle_loses_no_line_and_lets_no_message_out_until_it_is_whole_again(
    importing: Importing, post: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing.step()
    known = checks.find_spec
    gate._wall_is_whole.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(checks, "find_spec", lambda name: None if name.endswith("0014_erasure") else known(name))
        importing.bring()
        everybody_is_written_to(importing)
        with pytest.raises(gate.OlderThanItsDatabase):
            dispatch.dispatch(now=NOW)
        assert post.mails == []
    assert importing.came_in_once()

    dispatch.dispatch(now=NOW)
    assert len(post.mails) == MANY


def test_f24_a_file_of_exclusions_waits_for_the_chunk_of_its_player_only_and_is_in_force_for_everybody(
    importing: Importing,
) -> None:
    feed, answers, threads = Feed.objects.get(brand=importing.brand), list[Any](), list[threading.Thread]()
    told = [
        event("rg.self_excluded", one.external_id, measure_id="m", sequence=1, ends_at=None)
        for one in reversed(importing.players)  # the worst order: the other way round
    ]

    def and_waits() -> None:
        threads.append(elsewhere(lambda: answers.append(inbox.accept(feed, told, now=utcnow()))))
        somebody_waits()
        with psycopg.connect(address("owner"), autocommit=True) as db:
            closed = db.execute("SELECT count(*) FROM compliance_standing WHERE verdict = 'excluded'").fetchone()
        assert closed == (2,)  # those of the chunk before this one

    importing.step()
    with in_the_middle_of_a_chunk(and_waits):
        importing.step()
    importing.bring()
    threads[0].join(20)

    assert [answer.accepted for answer in answers] == [MANY]
    assert importing.came_in_once()
    assert set(importing.codes()) == {"DENY_SELF_EXCLUDED"}


def test_f25_a_deposit_takes_the_player_out_before_the_next_message_whether_the_feed_or_the_file_tells_of_it(
    importing: Importing, post: Sink
) -> None:
    importing.bring()
    build.simple(importing.brand, NOW, wait_minutes=60, trigger="stage", trigger_stage=3, trigger_fact="",
                 goal_fact="deposit.approved")  # fmt: skip
    late, in_file, in_past, nothing = importing.players[:4]
    for player in (late, in_file, in_past, nothing):
        cast.tell(player, "stage.changed", now=NOW, at=NOW, after=3)
    work(NOW)
    assert Enrolment.objects.filter(state="active").count() == 4

    now = max(NOW, utcnow())
    moments = dict.fromkeys((*importing.players[4:], in_file), NOW + timedelta(minutes=1))
    moments[in_past] = NOW - timedelta(days=400)
    lines = "".join(f"{one.external_id},d{one.pk},deposit,10,{at.isoformat()}\n" for one, at in moments.items())
    importing.one = begin("payments", importing.brand, f"player,payment id,type,amount,date\n{lines}")
    importing.step()
    take(late, deposit("i0", at=(min(NOW, utcnow()) - timedelta(hours=20)).isoformat()))
    assert fold_pending(now=now) == 1
    importing.bring()
    work(NOW + timedelta(hours=2))

    assert (importing.one.status, importing.one.new) == ("done", 10)
    left = Enrolment.objects.filter(state="exited", reason="goal").order_by("player")
    assert [run.player for run in left] == [late, in_file]
    assert [mail["X-To"] for mail in post.mails] == [f"{one.external_id}@example.test" for one in (in_past, nothing)]


def test_a_database_that_goes_away_in_the_middle_of_a_chunk_takes_the_chunk_with_it_and_it_comes_in_once(
    importing: Importing,
) -> None:
    importing.step()

    def and_is_gone() -> None:
        with connection.cursor() as db:
            db.execute("SELECT pg_backend_pid()")
            [pid] = db.fetchone()
        elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])).join(20)
        with connection.cursor() as db:
            db.execute("SELECT 1")

    with in_the_middle_of_a_chunk(and_is_gone), pytest.raises(Error):
        importing.step()
    connection.close()
    one = importing.one
    one.refresh_from_db()
    assert (one.status, one.line, one.new) == ("importing", CHUNK, CHUNK)  # not half of the second
    assert Consent.objects.filter(player__in=importing.players).count() == CHUNK

    importing.bring()
    assert importing.came_in_once()
    assert Consent.objects.filter(player__in=importing.players).count() == LINES
    assert set(importing.codes()) == {"ALLOW"}
