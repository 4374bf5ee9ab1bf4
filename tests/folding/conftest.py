from collections.abc import Iterator

import pytest
from pytest_django import Settings

from config.lib import flow
from tests.folding.flow import stages_seen


@pytest.fixture(autouse=True)
def _a_flow_of_its_own(settings: Settings) -> Iterator[None]:
    """Folding is tested without the apps above; two stages write down what they are told."""
    settings.FLOW = "tests.folding.flow"
    flow._table.cache_clear()
    stages_seen.clear()
    yield
    flow._table.cache_clear()
