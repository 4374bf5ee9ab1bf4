"""A file of any size costs the memory of five hundred lines."""

from datetime import UTC, datetime
from itertools import chain

import psutil
import pytest

from players.imports import preview, running
from tests import cast

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_million_lines_are_checked_in_the_memory_of_a_few(azura, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    head = [b"id,registered,first name,last name,email,country\n"]
    lines = (f"m{n},2025-05-01,First{n},Last{n},m{n}@example.test,SE\n".encode() for n in range(1_000_000))
    one = preview.begin("players", azura, "million.csv", chain(head, lines), cast.olivia(), now=NOW)
    running.check(one, now=NOW)

    process, seen, done = psutil.Process(), {}, 0
    while lines_done := running.step(one.pk, now=NOW):
        done += lines_done
        if done in (100_000, 500_000, 1_000_000):
            seen[done] = process.memory_info().rss / 1_048_576

    one.refresh_from_db()
    assert (one.rows, one.new, one.refused) == (1_000_000, 1_000_000, 0)
    assert seen[1_000_000] - seen[100_000] < 30, seen
