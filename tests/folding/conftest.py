from collections.abc import Iterator

import pytest
from pytest_django import Settings

from config.lib import flow
from players.models import Brand, Player
from tests.folding.casino import DAY, NOW, brand, player
from tests.folding.flow import stages_seen


@pytest.fixture(autouse=True)
def _a_flow_of_its_own(settings: Settings) -> Iterator[None]:
    """Folding is tested without the apps above; two stages write down what they are told."""
    settings.FLOW = "tests.folding.flow"
    flow._table.cache_clear()
    stages_seen.clear()
    yield
    flow._table.cache_clear()


@pytest.fixture
def azura() -> Brand:
    return brand()


@pytest.fixture
def finn(azura: Brand) -> Player:
    return player(azura, NOW - 100 * DAY)
