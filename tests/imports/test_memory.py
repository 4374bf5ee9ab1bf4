"""A file of any size costs the memory of five hundred lines."""

import sys
from datetime import UTC, datetime
from itertools import chain

import psutil
import pytest

from players.imports import preview, running
from tests import cast

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINES = 1_000_000
PLAYER = "m{n},2025-05-01,First{n},Last{n},m{n}@example.test,SE\n"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "kind", "head", "line"),
    [
        ("check", "players", "id,registered,first name,last name,email,country\n", PLAYER),
        ("go", "suppressions", "email\n", "m{n}@example.test\n"),
    ],
)
def test_a_million_lines_pass_in_the_memory_of_a_few(azura, settings, tmp_path, verb, kind, head, line):
    settings.DATA_DIR = tmp_path
    lines = (line.format(n=n).encode() for n in range(LINES))
    one = preview.begin(kind, azura, "million.csv", chain([head.encode()], lines), cast.olivia(), now=NOW)
    getattr(running, verb)(one, now=NOW)

    process, seen, done = psutil.Process(), {}, 0
    while lines_done := running.step(one.pk, now=NOW):
        done += lines_done
        if done in (LINES // 10, LINES // 2, LINES):
            seen[done] = process.memory_info().rss / 1_048_576

    one.refresh_from_db()
    sizes = ", ".join(f"{size:.1f} MB after {done}" for done, size in seen.items())
    sys.stdout.write(f"{verb} {kind}: {sizes}\n")  # shown by -rP
    assert (one.rows, one.new, one.refused) == (LINES, LINES, 0)
    assert seen[LINES] - seen[LINES // 10] < 30, seen
