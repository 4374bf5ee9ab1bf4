"""Every dotted path of the flow and every line of the beat schedule leads somewhere."""

from collections.abc import Callable

import pytest
from django.utils.module_loading import import_string

from config import flow
from config.celery import app
from config.lib.flow import reactions


def _paths() -> list[str]:
    tables = [*flow.IN_TRANSACTION.values(), *flow.AFTER_COMMIT.values(), flow.FOLD_STAGES]
    return sorted({path for table in tables for path in table})


@pytest.mark.parametrize("path", _paths())
def test_the_one_who_is_to_hear_exists(path: str) -> None:
    reaction = import_string(path)

    assert isinstance(reaction, Callable)


def test_every_beat_wakes_a_task_that_is_registered() -> None:
    app.loader.import_default_modules()

    assert {line["task"] for line in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_every_task_has_a_queue_that_somebody_serves() -> None:
    from config.embedded.processes import QUEUES

    ours = [name for name in app.tasks if not name.startswith("celery.")]
    queues = {app.amqp.router.route({}, name)["queue"].name for name in ours}

    assert queues <= set(QUEUES)


def test_an_event_of_the_operators_own_goes_by_its_beginning_and_others_by_their_name() -> None:
    assert reactions("AFTER_COMMIT", "custom.level_up") == flow.AFTER_COMMIT["custom.*"]
    assert reactions("AFTER_COMMIT", "stage.changed") == flow.AFTER_COMMIT["stage.changed"]
    assert not {"deposit.*", "rg.*"} & flow.AFTER_COMMIT.keys()


def test_an_unknown_kind_reaches_nobody() -> None:
    assert reactions("AFTER_COMMIT", "nobody.knows") == ()
