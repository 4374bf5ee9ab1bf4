"""A rule that changes while somebody waits for a player is the rule they are then looked at with."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from players.folding import born
from segments import building, membership
from segments.models import Membership
from tests.cast import make_player, noon, northlight
from tests.segments.conftest import make_live


def waiting_for_a_lock() -> bool:
    with connections["owner"].cursor() as db:
        db.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(db.fetchone()[0])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_whoever_waited_for_a_player_looks_with_the_rule_in_force_by_then() -> None:
    brand = northlight()
    player = make_player(brand)
    born([player.pk])
    segment = make_live(brand, "Depositors", {"attribute": "deposits", "op": "at_least", "value": 3})
    failed: list[BaseException] = []

    def look() -> None:
        try:
            with transaction.atomic():
                membership.refresh([player.pk], now=noon(), cause="account")
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        membership.lock([player.pk])
        other = threading.Thread(target=look)
        other.start()
        until = time.monotonic() + 10
        while not waiting_for_a_lock() and time.monotonic() < until:
            time.sleep(0.01)
        rule = {"all": [{"attribute": "deposits", "op": "at_most", "value": 0}]}
        building.save_draft(segment, brand, segment.name, rule, None, now=noon())
        segment.refresh_from_db()
        building.go_live(segment, None, acts_on_existing=False, now=noon())
    other.join(20)

    assert not failed
    assert [row.player_id for row in Membership.objects.filter(segment=segment, left_at=None)] == [player.pk]
