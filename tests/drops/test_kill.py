"""kill -9, for real, of a process that reads a file."""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from config.embedded.processes import ROOT
from config.lib.clock import utcnow
from players.drops import work
from players.models import DropFile, Event, Feed, FeedTally
from tests import cast
from tests.drops.conftest import Folder, deposit, ndjson

LINES = 6000
READER = """
import django
django.setup()
from config.lib.clock import utcnow
from players.drops import work
work.BATCH, work.BREATH = 100, 0.03
work.work(clock=utcnow, seconds=60)
"""


def _environment(drops: str) -> dict[str, str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")), "DROPS_DIR": drops, "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "test", "DEBUG": "1",
    }  # fmt: skip


def _lines() -> int:
    return DropFile.objects.values_list("line", flat=True).first() or 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_reader_killed_again_and_again_takes_every_line_once(tmp_path, settings):
    anna = cast.anna()
    settings.DROPS_DIR = str(tmp_path)
    folder = Folder(tmp_path, Feed.objects.select_related("brand").get(brand=anna.brand))
    folder.put("day.ndjson", ndjson(deposit(n, **({"amount": "odd"} if n % 500 == 7 else {})) for n in range(LINES)))
    kills = 0
    for _ in range(5):
        reader = subprocess.Popen([sys.executable, "-c", READER], env=_environment(str(tmp_path)), cwd=ROOT)
        before, until = _lines(), time.monotonic() + 30
        while _lines() < before + 500 and reader.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if reader.poll() is None:
            reader.kill()
            kills += 1
        reader.wait()
        DropFile.objects.update(due_at=utcnow())  # what the lease would do a minute later
    while work.work(clock=utcnow, seconds=30):
        pass

    row = DropFile.objects.get()
    assert kills >= 3
    assert (row.status, row.line, row.duplicate) == (DropFile.Status.DONE, LINES, 0)
    assert (row.accepted, row.quarantined) == (LINES - 12, 12)
    assert Event.objects.count() == row.accepted
    assert len(folder.errors()) == 12
    assert sum(FeedTally.objects.values_list("accepted", flat=True)) == row.accepted
