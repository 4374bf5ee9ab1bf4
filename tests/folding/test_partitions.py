from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from config.lib.clock import utcnow
from config.lib.prepared import _numbered
from players import partitions
from players.folding import claim
from players.models import DailyActivity, Event, Round, Session, Waiting

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2019, 3, 5, 12, tzinfo=UTC)


def round_at(when: datetime, **values: object) -> Round:
    return Round.objects.create(player_id=1, round_id="r1", category=1, occurred_at=when, recorded_at=when, **values)


def event_at(when: datetime, event_id: str = "e1") -> Event:
    return Event.objects.create(
        feed_id=1, event_id=event_id, kind="player.login", player_id=1, occurred_at=when, received_at=when,
        digest=b"x", body={},
    )  # fmt: skip


def test_after_migrating_todays_events_and_facts_have_a_place() -> None:
    now = utcnow()

    assert event_at(now).pk
    assert round_at(now).pk
    assert DailyActivity.objects.create(player_id=1, day=now.date(), category=1).pk


def test_history_of_any_age_gets_its_months_on_demand_from_the_role_that_may_not_create_tables() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        round_at(LONG_AGO)

    partitions.ensure_for([LONG_AGO.date()])
    partitions.ensure_for([LONG_AGO.date()])

    assert Round.objects.get(pk=round_at(LONG_AGO).pk).occurred_at == LONG_AGO
    session = Session.objects.create(
        player_id=1, session_id="s", category=1, started_at=LONG_AGO, ended_at=LONG_AGO, seconds=0
    )
    assert Session.objects.filter(pk=session.pk).exists()


def test_the_same_event_id_twice_in_a_day_is_refused_by_the_partition_itself() -> None:
    now = utcnow()
    event_at(now)

    with pytest.raises(DatabaseError), transaction.atomic():
        event_at(now)


@pytest.mark.parametrize(("parent", "day"), [("players_player", date(2026, 1, 1)), ("players_round", date(1970, 1, 1))])
def test_only_the_four_tables_and_sane_days_get_partitions(parent: str, day: date) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as db:
        db.execute("SELECT players_ensure_partition(%s, %s)", [parent, day])


def test_old_inbox_days_are_dropped_but_never_one_with_something_still_to_fold() -> None:
    now = utcnow()
    partitions.drop_old_inbox(now=now)  # what tests that lived in the past left behind
    done, waiting, recent = (now - timedelta(days=n) for n in (20, 21, 5))
    for when in (done, waiting, recent):
        partitions.ensure_inbox(when.date())
    event_at(done)
    late = event_at(waiting, "w")
    Waiting.objects.create(id=late.pk, received_at=waiting, feed_id=1, player_id=1)
    kept = {late.pk, event_at(recent, "r").pk}

    assert partitions.drop_old_inbox(now=now) == 1
    assert set(Event.objects.values_list("pk", flat=True)) == kept


def test_claiming_the_oldest_waiting_events_reads_the_queue_in_order_and_the_inbox_by_key() -> None:
    with connection.cursor() as db, transaction.atomic():
        claim.start()
        text, names = _numbered(claim._OLDEST)
        values = {"limit": 1000, "shards": list(claim.ALL)}
        db.execute(b"PREPARE oldest AS " + text)
        db.execute(
            "EXPLAIN EXECUTE oldest({})".format(
                ", ".join(repr(values[n]) if n == "limit" else "'{0,1}'" for n in names)
            )
        )
        plan = "\n".join(row[0] for row in db.fetchall())

    assert "Index Scan using players_waiting_pkey" in plan
    assert "Seq Scan" not in plan
    assert plan.count("Sort") == 0
