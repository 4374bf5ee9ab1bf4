"""The demo's data: kept over a restart, never thrown away where it is somebody else's."""

from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from config.casino.crowd import Casino, Memory
from config.casino.gamblers import DAY, HISTORY_DAYS
from config.embedded.servers import running

NOW = 1_790_000_000.0


def test_a_restart_finds_the_data_of_the_run_before(tmp_path: Path) -> None:
    with running(tmp_path, postgres=True, valkey=False) as first, psycopg.connect(first.database_owner_url) as db:
        db.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with running(tmp_path, postgres=True, valkey=False) as second, psycopg.connect(second.database_owner_url) as db:
        assert db.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_reset_refuses_to_empty_a_database_that_somebody_else_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "mail").mkdir()
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@else/casino")

    with pytest.raises(CommandError, match="drop it yourself"):
        call_command("demo", "--reset")

    assert (tmp_path / "mail").is_dir()


def test_the_first_hour_shows_somebody_every_few_seconds(tmp_path: Path) -> None:
    casino = Casino(7, 2600, Memory(tmp_path / "unused", NOW - HISTORY_DAYS * DAY), NOW)
    for gambler in casino.gamblers.values():
        for _ in casino.past(gambler):
            pass

    soon = [event for event in casino.due(NOW + 600) if event.at > NOW]

    assert len(soon) > 300
    assert {"player.login", "deposit.approved", "round.settled", "session.ended"} <= {event.kind for event in soon}


def test_a_newcomer_pays_in_within_minutes_and_whoever_was_away_comes_back(tmp_path: Path) -> None:
    casino = Casino(7, 600, Memory(tmp_path / "unused", NOW - HISTORY_DAYS * DAY), NOW)
    for second in range(0, 60, 10):
        casino.newcomer(NOW + second)
        casino.comes_back(NOW + second)

    told = list(casino.due(NOW + 400))

    assert sum(event.kind == "player.registered" for event in told) == 6
    assert sum(event.kind == "deposit.approved" for event in told) > 6
    assert all(a.at <= b.at for a, b in zip(told, told[1:], strict=False))
