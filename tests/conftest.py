"""The world every test lives in."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Transactional tests flush through the owner: the application role may not TRUNCATE."""
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction") and "databases" not in mark.kwargs:
                mark.kwargs["databases"] = ["default", "owner"]
