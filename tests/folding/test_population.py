"""The casino the benches are measured on is one the product itself would have written."""

from pathlib import Path

import pytest
from django.db import connection

from config.lib.clock import utcnow
from players.models import PlayerHabits, PlayerMoney, PlayerState, Session
from players.rebuild import verify
from segments.language.parse import parse
from segments.language.tree import At
from tests.bench.population import populate
from tests.bench.segment_peers import HAND, hand_values, peers
from tests.bench.segments import ids, many, shapes

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


def test_what_is_generated_is_what_a_rebuild_makes_of_the_same_facts():
    made = populate(300, sessions=6, payments=4, rounds=1, now=utcnow())

    assert PlayerState.objects.count() == made.players == 300
    assert 1000 < Session.objects.count() < 2800
    assert PlayerHabits.objects.count() > 150 < PlayerMoney.objects.count()
    assert verify(now=utcnow()) == []


def test_the_product_an_expert_and_column_stores_find_the_same_players(tmp_path: Path):
    now = utcnow()
    made = populate(2_000, brands=1, now=now, facts=False, raw=tmp_path)
    brand = made.brands[0]
    others = peers(brand, now, tmp_path)

    for name, rule in shapes().items():
        ours = sorted(ids(brand, parse(rule), At.brand(brand, now)))
        with connection.cursor() as db:
            db.execute(HAND[name], hand_values(brand, now))
            by_hand = sorted(row[0] for row in db.fetchall())
        assert ours == by_hand, name
        assert ours, f"{name} finds nobody"
        for peer in others:
            assert ours == sorted(peer.ids(name)), f"{name} of {peer.name}"


def test_fifty_segments_are_fifty_different_ones():
    assert len({str(parse(rule)) for rule in many(50)}) == 50
