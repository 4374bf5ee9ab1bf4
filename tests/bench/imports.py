"""How fast a file of players is checked and comes in, and what it costs in memory."""

import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import psutil
from django.conf import settings

from compliance.models import Operator
from config.lib.clock import utcnow
from players.imports import preview, running
from players.models import Brand, Import, Licence
from tests.bench import Figure, Run, bench


@bench("imports")
def imports(run: Run) -> Iterator[Figure]:
    """One line per player of the scale; checked, then imported, as a worker does it: five hundred at a time."""
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = Path(folder)
        one = _uploaded(run.players)
        for name, begin in (("imports.check", running.check), ("imports.bring", running.go)):
            begin(one, now=utcnow())
            with run.measure(items=run.players) as meter:
                grown = _to_the_end(one)
            yield Figure(run.players / meter.seconds, "lines/s", meter=meter, name=name)
            yield Figure(grown, "MB grown after the first tenth", name=f"{name}.memory")
            one.refresh_from_db()
            assert (one.new, one.refused) == (run.players, 0)


def _uploaded(lines: int) -> Import:
    licence = Licence.objects.create(jurisdiction="MT", number="bench", licensee="Bench")
    brand = Brand.objects.create(slug="bench", name="Bench", licence=licence, currency="EUR", timezone="Europe/Malta")
    actor = Operator.objects.create_user("bench@operator.test", "Bench")
    rows = (f"m{n},2025-05-01,First{n},Last{n},m{n}@example.test,SE\n".encode() for n in range(lines))
    head = [b"id,registered,first name,last name,email,country\n"]
    return preview.begin("players", brand, "bench.csv", chain(head, rows), actor, now=utcnow())


def _to_the_end(one: Import) -> float:
    process, done, early = psutil.Process(), 0, 0.0
    while lines := running.step(one.pk, now=utcnow()):
        done += lines
        if not early and done >= one.rows / 10:
            early = process.memory_info().rss
    return (process.memory_info().rss - early) / 1_048_576
