"""kill -9, for real, of a process that brings a file in."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from config.embedded.processes import ROOT
from config.lib.clock import utcnow
from players.imports import preview, running, upload
from players.models import Brand, Fact, Import, Player, PlayerState, Round
from players.rebuild import verify
from tests import cast

LINES = 5000
WRONG = 50  # every so many-th line is refused
IMPORTER = """
import django
django.setup()
from config.lib.clock import utcnow
from players.imports import running
running.CHUNK, running.BREATH = 50, 0.03
running.work(clock=utcnow, seconds=60)
"""


def _environment(data: str) -> dict[str, str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return os.environ | {
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")), "PITBOSS_DATA": data, "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "test", "DEBUG": "1",
    }  # fmt: skip


def _players() -> Iterator[str]:
    yield "id,registered,email\n"
    for n in range(LINES):
        yield f"k{n},{'soon' if n % WRONG == 7 else '2025-05-01'},k{n}@example.test\n"


def _history() -> Iterator[str]:
    """Fifty corrections of every one of a hundred players, each of 1.00."""
    yield "id;category;stakes;wins;bets;last played;reference\n"
    for n in range(LINES):
        yield f"h{n % 100};slots;{'much' if n % WRONG == 7 else '1.00'};0;1;2025-07-01;r{n}\n"


def _killed_again_and_again(one: Import, data: str) -> int:
    """Until it is done; how often it was killed in the middle."""
    kills = 0
    while kills < 6:
        importer = subprocess.Popen([sys.executable, "-c", IMPORTER], env=_environment(data), cwd=ROOT)
        one.refresh_from_db()
        before, until = one.line, time.monotonic() + 60
        while one.line < before + 300 and importer.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
            one.refresh_from_db()
        if importer.poll() is not None:
            break
        importer.kill()
        importer.wait()
        kills += 1
        Import.objects.update(lease_until=None)  # what the lease would do a minute later
    return kills


def _everything_came_in_once(one: Import, brand: Brand) -> None:
    facts = Fact.objects.filter(player__brand=brand)
    good = LINES - LINES // WRONG
    if one.kind == "players":
        assert Player.objects.filter(brand=brand).count() == good
        assert facts.filter(kind="player.opening").count() == good
        assert not PlayerState.objects.filter(player__brand=brand).exclude(rounds=0).exists()
        return
    assert facts.filter(kind="player.history").count() == Round.objects.count() == good
    assert sum(PlayerState.objects.filter(player__brand=brand).values_list("stake_real", flat=True)) == good * 100
    assert verify(now=utcnow()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(("kind", "lines"), [("players", _players), ("history", _history)])
def test_an_import_killed_again_and_again_brings_every_line_in_once(tmp_path, settings, kind, lines):
    settings.DATA_DIR = tmp_path
    azura = cast.azura()
    if kind == "history":
        for n in range(100):
            cast.make_player(azura, f"h{n}", consents=())
    one = preview.begin(kind, azura, "k.csv", [line.encode() for line in lines()], cast.olivia(), now=utcnow())
    running.go(one, now=utcnow())

    kills = _killed_again_and_again(one, str(tmp_path))
    while running.work(clock=utcnow, seconds=60):
        pass

    one.refresh_from_db()
    good = LINES - LINES // WRONG
    assert kills >= 4
    assert (one.status, one.line, one.new, one.refused) == ("done", LINES, good, LINES // WRONG)
    assert (one.changed, one.unchanged) == (0, 0)  # a line brought in twice would be one of these
    _everything_came_in_once(one, azura)
    with upload.errors_of(one.token).open(newline="") as file:
        numbers = [int(row["line"]) for row in csv.DictReader(file)]
    assert numbers == [n + 1 for n in range(LINES) if n % WRONG == 7]
