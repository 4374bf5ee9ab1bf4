"""Who lists kinds of restrictions lists all of them: a kind that was added later is left out of nothing unnoticed."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from compliance import desk
from compliance.cases.opening import DUTIES
from compliance.jurisdictions import PACKS
from compliance.models import Measure
from compliance.statement.duties import OUTSIDE
from compliance.vocabulary import EXCLUSIONS, FLAGS, LIMITS

ROOT = Path(__file__).parents[2]
WHERE = ("compliance", "players", "segments", "campaigns", "bonuses", "reporting", "config", "templates")
# Files that name some of them and mean only those.
MEANT = {
    "players/pam/generic/rg.py": "the tool a player opened, and who asked for an exclusion",
    "compliance/usage.py": "limits on a stake and on time have no sum that runs up to them",
    "compliance/rules/standing.py": "which exclusion is named first in a refusal",
    "compliance/supposing.py": "examples to try the gate with",
}


def sources() -> Iterable[Path]:
    for folder in WHERE:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".sql", ".html"} and not re.match(r"\d{4}_", path.name):
                yield path


@pytest.mark.parametrize("kinds", [LIMITS, EXCLUSIONS], ids=["limits", "exclusions"])
def test_a_list_of_kinds_is_whole(kinds: frozenset[str]) -> None:
    short = {}
    for path in sources():
        named = kinds & set(re.findall(r"(?<=['\"{,])[a-z_]+(?=['\"},])", path.read_text(encoding="utf-8")))
        if len(named) > 1 and named != kinds and str(path.relative_to(ROOT)) not in MEANT:
            short[str(path.relative_to(ROOT))] = sorted(kinds - named)

    assert short == {}, "these kinds are forgotten there"


def test_every_kind_has_its_place() -> None:
    blocks = {"marketing_block", "bonus_block"}
    kinds = set(Measure.Kind.values)

    assert kinds == LIMITS | EXCLUSIONS | FLAGS | blocks | {"product_exclusion", "time_out", "unknown"}
    assert kinds - set(desk.SERIES) == FLAGS | blocks | {"unknown"}, "what the operator imposed nobody told us"


def test_every_licence_names_the_duty_a_case_answers() -> None:
    for name, pack in PACKS.items():
        rule, _ = DUTIES[name]
        assert rule in {one.id for one in pack.every}, name
    assert set(OUTSIDE) == set(PACKS)
