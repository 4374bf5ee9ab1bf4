"""Northlight's folder, and files put into it."""

import json
import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.lib.clock import utcnow
from players.drops.work import work
from players.models import Brand, DropFile, Feed
from tests import cast

NOW = utcnow().replace(microsecond=0) - timedelta(minutes=5)


class Folder:
    def __init__(self, root: Path, feed: Feed) -> None:
        self.feed, self.path = feed, root / feed.brand.slug / feed.name
        self.path.mkdir(parents=True)

    def put(self, name: str, content: bytes | str, *, age: float = 60) -> Path:
        path = self.path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        then = utcnow().timestamp() - age
        os.utime(path, (then, then))
        return path

    def lies(self, where: str = ".") -> list[str]:
        """Names of the files there."""
        return sorted(path.name for path in (self.path / where).iterdir() if path.is_file())

    def errors(self) -> list[list[str]]:
        import csv

        [path] = (self.path / "errors").iterdir()
        return list(csv.reader(path.read_text().splitlines()))[1:]


def deposit(number: int, player: str = "anna", **more: Any) -> dict[str, Any]:
    return {
        "event": "deposit.approved", "event_id": f"d{number}", "player": player, "occurred_at": NOW.isoformat(),
        "properties": {"payment_id": f"p{number}", "amount": 100 + number} | more,
    }  # fmt: skip


def ndjson(events: Iterable[Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def run() -> DropFile:
    """Reads whatever is there; the newest file's row."""
    while work(clock=utcnow, seconds=20):
        pass
    return DropFile.objects.latest("id")


@pytest.fixture
def folder(northlight: Brand, settings: Any, tmp_path: Path) -> Folder:
    settings.DROPS_DIR = str(tmp_path / "drops")
    return Folder(tmp_path / "drops", Feed.objects.select_related("brand").get(brand=northlight))


for make in (cast.northlight, cast.anna):
    globals()[make.__name__] = cast.as_fixture(make)
