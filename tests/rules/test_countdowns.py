"""What the Protection tab says will change by itself is what the rules do."""

from datetime import timedelta

import pytest
from django.db import transaction

from compliance import countdowns, gate
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_the_gate import promo

pytestmark = pytest.mark.django_db


def test_the_clocks_of_a_lowered_limit_are_those_of_the_gate(dev: Player) -> None:
    now = utcnow()
    first, second = countdowns.of_person(dev.person_id, now=now)
    assert (first.rule, second.rule) == ("POL-04", "POL-04")
    assert round((first.at - now) / timedelta(hours=1)) == 24
    assert round((second.at - now) / timedelta(days=1)) == 7
    ask = promo(dev, channel="onsite")
    with transaction.atomic():
        before, after = (
            gate.preview([ask], now=first.at + gap)[0] for gap in (-timedelta(minutes=1), timedelta(minutes=1))
        )
    # By then the register's answer is too old as well, which is another reason.
    assert [any(reason.endswith("POL-04") for reason in said.reasons) for said in (before, after)] == [True, False]


def test_a_time_out_has_two_clocks_and_an_exclusion_opens_nothing(anna: Player) -> None:
    now = utcnow()
    cast.take_time_out(anna, now + timedelta(days=2))
    cast.exclude(anna, ends_at=now + timedelta(days=200))
    told = countdowns.of_person(anna.person_id, now=now)
    assert [(clock.at - now) // timedelta(days=1) for clock in told] == [2, 3, 200]
    assert "nothing opens" in told[2].what
    assert countdowns.of_person(anna.person_id, now=now + timedelta(days=201)) == []


def test_a_limit_taken_at_registration_starts_no_clock(anna: Player) -> None:
    cast.set_limit(anna, 500_00, origin="onboarding")
    assert countdowns.of_person(anna.person_id, now=utcnow()) == []
