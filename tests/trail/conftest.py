from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def anchor_of_its_own(settings, tmp_path: Path) -> Path:
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchor"
    return settings.AUDIT_ANCHOR_DIR
