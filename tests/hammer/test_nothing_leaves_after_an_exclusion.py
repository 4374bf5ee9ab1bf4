"""The race every functional test is blind to. The control must fail, or this proves nothing."""

import psycopg
import pytest
from django.db import connections

from tests import cast
from tests.hammer import race
from tests.hammer.people import address, make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.hammer]


def test_no_send_commits_and_none_is_handed_over_after_any_change_of_its_person_and_without_the_lock_some_do() -> None:
    people, officer = make(24), cast.olivia().pk
    owner, app = address("owner"), address("default")
    with psycopg.connect(owner, autocommit=True) as admin:
        race.build(admin, connections["default"].settings_dict["USER"])
        try:
            guarded = race.run(app, owner, people, officer, seconds=2.5, seed=1, locked=True, senders=4)
            for patience in (1.5, 4, 12):  # a busy machine needs longer to show what is not there
                control = race.run(app, owner, people, officer, seconds=patience, seed=2, locked=False, senders=4)
                if control.violations and control.late:
                    break
        finally:
            race.drop(admin)

    assert guarded.sends > 50
    assert {"exclusions", "lifts", "limits", "joined", "parted"} <= set(guarded.changes), guarded
    assert (guarded.violations, guarded.late, guarded.deadlocks) == (0, 0, 0), guarded
    assert control.violations >= 1, f"the control found nothing, so the run above proves nothing: {control}"
    assert control.late >= 1, control
