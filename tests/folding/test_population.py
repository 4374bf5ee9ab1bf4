"""The casino the benches are measured on is one the product itself would have written."""

import pytest

from config.lib.clock import utcnow
from players.models import PlayerState, Session
from players.rebuild import verify
from tests.bench.population import populate

# What is drawn instead of told by the facts: real-money play without rounds, stages and their timers.
_DRAWN = ("stage", "streak_from", "spell_from", "last_real_at", "rounds", "stake", "win", "top_category", "first_real_at",
          "last_play_at", "active_days_30d")  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_generated_adds_up_as_a_rebuild_adds_it_up():
    made = populate(300, sessions=6, payments=4, now=utcnow())

    assert PlayerState.objects.count() == made.players == 300
    assert 1000 < Session.objects.count() < 2800
    wrong = [line for line in verify(now=utcnow()) if not any(name in line for name in _DRAWN)]
    assert wrong == []
