"""The casino the benches are measured on is one the product itself would have written."""

import pytest

from config.lib.clock import utcnow
from players.models import PlayerState, Session
from players.rebuild import verify
from tests.bench.population import populate

# What is told by the facts; the rest is drawn: real-money play without rounds, stages and their timers, habits.
_TOLD = ("sessions", "sessions_30d", "session_seconds", "last5_seconds", "last5_sessions", "deposits", "deposit_sum",
         "deposits_30d", "deposit_sum_30d", "withdrawals", "withdrawal_sum", "declined_deposits", "first_deposit_at",
         "second_deposit_at", "last_deposit_at", "seconds")  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_is_generated_adds_up_as_a_rebuild_adds_it_up():
    made = populate(300, sessions=6, payments=4, now=utcnow())

    assert PlayerState.objects.count() == made.players == 300
    assert 1000 < Session.objects.count() < 2800
    told = ("playerstate", "dailyactivity")
    wrong = [line for line in verify(now=utcnow()) if line.startswith(told) and line.split(":")[0].split()[-1] in _TOLD]
    assert wrong == []
