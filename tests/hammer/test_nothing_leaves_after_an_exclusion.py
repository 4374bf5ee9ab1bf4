"""The race every functional test is blind to. The control must fail, or this proves nothing."""

import psycopg
import pytest
from django.db import connections

from tests.hammer import race
from tests.hammer.people import address, make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.hammer]


def test_no_send_commits_and_none_is_handed_over_after_the_exclusion_and_without_the_lock_some_do() -> None:
    people = make(24)
    owner, app = address("owner"), address("default")
    with psycopg.connect(owner, autocommit=True) as admin:
        race.build(admin, connections["default"].settings_dict["USER"])
        try:
            guarded = race.run(app, owner, people, seconds=3, seed=1, locked=True, senders=4)
            control = race.run(app, owner, people, seconds=2, seed=2, locked=False, senders=4)
        finally:
            race.drop(admin)

    assert guarded.sends > 50
    assert guarded.exclusions > 20
    assert (guarded.violations, guarded.late) == (0, 0), guarded
    assert control.violations >= 1, f"the control found nothing, so the run above proves nothing: {control}"
    assert control.late >= 1, control
