"""The casino the benches are measured on is one the product itself would have written."""

import pytest

from config.lib.clock import utcnow
from players.models import PlayerHabits, PlayerMoney, PlayerState, Session
from players.rebuild import verify
from tests.bench.population import populate


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_generated_is_what_a_rebuild_makes_of_the_same_facts():
    made = populate(300, sessions=6, payments=4, rounds=1, now=utcnow())

    assert PlayerState.objects.count() == made.players == 300
    assert 1000 < Session.objects.count() < 2800
    assert PlayerHabits.objects.count() > 150 < PlayerMoney.objects.count()
    assert verify(now=utcnow()) == []
