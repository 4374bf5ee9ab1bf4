"""A file of consents that comes in four lines at a time, so that anything may happen between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from config.lib.clock import utcnow
from players.facts import settle_owed
from players.imports import preview, running
from players.models import Brand, Import, Player
from tests import cast
from tests.spec.test_4_the_gate import clear, promo

MANY, CHUNK = 12, 4
LINES = 2 * MANY
COLUMNS = "player,product,channel,granted,date,wording,screen,origin\n"


@dataclass
class Importing:
    """`players`: none of them has said yes to anything; the file brings for each a yes to casino by e-mail and a no to
    SMS, as a no is what locks its person. Four lines are two players."""

    one: Import
    players: list[Player]

    @property
    def brand(self) -> Brand:
        return self.one.brand

    def step(self) -> None:
        running.step(self.one.pk, now=utcnow())

    def bring(self) -> Import:
        """To its end."""
        while running.step(self.one.pk, now=utcnow()):
            pass
        settle_owed(now=utcnow())
        self.one.refresh_from_db()
        return self.one

    def came_in_once(self) -> bool:
        one = self.one
        return (one.status, one.line, one.new, one.unchanged, one.refused) == ("done", LINES, LINES, 0, 0)

    def codes(self) -> list[str]:
        return [answer.code for answer in clear(*(promo(player) for player in self.players))]


def lines_of(players: Sequence[Player]) -> str:
    return COLUMNS + "".join(
        f"{one.external_id},casino,email,yes,2025-01-02,v1,sign-up,northlight\n{one.external_id},casino,sms,no,2025-01-02,,,\n"
        for one in players
    )


def begin(kind: str, brand: Brand, text: str) -> Import:
    one = preview.begin(kind, brand, "file.csv", [text.encode()], cast.olivia(), now=utcnow())
    running.go(one, now=utcnow())
    return one


@pytest.fixture
def importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Importing]:
    monkeypatch.setattr(running, "CHUNK", CHUNK)
    monkeypatch.setattr(running, "BREATH", 0)
    players = [cast.make_player(cast.northlight(), f"i{number}", consents=()) for number in range(MANY)]
    with override_settings(DATA_DIR=tmp_path):
        yield Importing(begin("consents", cast.northlight(), lines_of(players)), players)
