"""Is there a check for every line of the gate's SQL? Each is spoilt in the test database itself, and put back."""

import os
from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest
from django.db import connections

from tests import cast
from tests.hammer import checks_of_decisions, checks_of_rows
from tests.hammer.mutants import MUTANTS, Mutant
from tests.hammer.people import address, make
from tests.hammer.world import CHECKS, World
from tests.spec.test_4_nothing_gets_around_the_gate import gated_table

__all__ = ["checks_of_decisions", "checks_of_rows", "gated_table"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with (
        psycopg.connect(address("owner"), autocommit=True) as owner,
        psycopg.connect(address("default"), autocommit=True) as other,
    ):
        yield World(cast.anna(), cast.bo(), make(1)[0], owner, other)
    connections["default"].close()


def test_each_line_of_the_gate_that_is_spoilt_is_noticed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    cast.olivia()
    for name, check in CHECKS.items():
        check(world)  # unspoilt, everything holds
        assert name in {mutant.killed_by for mutant in MUTANTS}, f"{name} kills nobody"
    told, survivors = [], []
    for number, mutant in enumerate(MUTANTS, 1):
        noticed = _noticed(world, mutant)
        told.append(f"{number:2} {'killed' if noticed else 'SURVIVED'} {mutant.function}: {' '.join(mutant.text.split())[:70]}"
                    f" -> {' '.join(mutant.becomes.split())[:40] or '(nothing)'} by {mutant.killed_by}")  # fmt: skip
        survivors += [] if noticed else [told[-1]]
    with capsys.disabled() if os.environ.get("PITBOSS_TELL") else nullcontext():
        print("", *told, f"{len(MUTANTS) - len(survivors)} of {len(MUTANTS)} killed", sep="\n")  # noqa: T201

    assert survivors == []


def _noticed(world: World, mutant: Mutant) -> bool:
    row = world.owner.execute("SELECT pg_get_functiondef(%s::regproc)", [mutant.function]).fetchone()
    assert row is not None
    assert mutant.text in row[0], f"{mutant.function} has no such line any more: {mutant.text}"
    world.owner.execute(row[0].replace(mutant.text, mutant.becomes))
    try:
        CHECKS[mutant.killed_by](world)
    except AssertionError:
        return True
    finally:
        world.owner.execute(row[0])
    return False
