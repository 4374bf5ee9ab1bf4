"""Roles × texts of every reason code: only compliance reads which restriction a player has."""

import re
from pathlib import Path

import pytest

from campaigns.words import audience_of
from compliance import reasons
from compliance.judging import PRECEDENCE
from compliance.roles import MATRIX, Role

# Words that would tell a restriction to somebody who may not know of it.
_TELLING = re.compile(
    r"exclu|time-?out|register|gamstop|spelpaus|limit|harm|risk|intervention|block|suspend|minimum age|restrict",
    re.IGNORECASE,
)
_EVERY_CODE = sorted({*PRECEDENCE, *reasons.TEXTS})


@pytest.mark.parametrize("code", _EVERY_CODE)
def test_every_code_has_a_sentence_for_each_of_the_three(code: str) -> None:
    assert code in reasons.TEXTS
    for audience in ("crm", "support", "compliance"):
        said = reasons.sentence(code, audience)
        assert said
        assert "DENY" not in said
        assert "_" not in said


def test_every_code_is_given_somewhere() -> None:
    folder = Path(reasons.__file__).parent
    where = [path for kind in ("py", "sql") for path in folder.rglob(f"*.{kind}")]
    lists = {folder / "reasons.py", folder / "vocabulary.py"}
    given = set().union(
        *(re.findall(r"""["']([A-Z_]+)["']""", path.read_text()) for path in where if path not in lists)
    )
    assert set(_EVERY_CODE) - given == set(), "nobody is ever told these"


@pytest.mark.parametrize("code", _EVERY_CODE)
def test_outside_compliance_no_sentence_tells_a_restriction(code: str) -> None:
    for audience in ("crm", "support"):
        said = reasons.sentence(code, audience)
        assert not _TELLING.search(said), said


@pytest.mark.parametrize("code", sorted(reasons.PRIVATE))
def test_a_private_code_is_protected_to_others_and_named_to_compliance(code: str) -> None:
    assert reasons.sentence(code, "crm") == "Protected"
    assert reasons.sentence(code, "support") == "Protected: please ask the compliance team"
    assert "rotected" not in reasons.sentence(code, "compliance")
    assert reasons.kind(code) == "protected"


def test_a_code_without_a_text_is_protected_to_everybody_but_compliance() -> None:
    assert reasons.sentence("DENY_SOMETHING_NEW", "crm") == "Protected"
    assert reasons.sentence("DENY_SOMETHING_NEW", "support") == "Protected: please ask the compliance team"
    assert reasons.sentence("DENY_SOMETHING_NEW", "compliance") == "DENY_SOMETHING_NEW"
    assert reasons.kind("DENY_SOMETHING_NEW") == "protected"


# The matrix: who reads which of the three texts about a player's refusal.
_READS = {
    Role.COMPLIANCE_OFFICER: "compliance",
    Role.CRM_MANAGER: "crm",
    Role.SUPPORT_AGENT: "support",
    Role.VIP_HOST: "support",
    Role.ANALYST: "support",
    Role.FINANCE: "support",
    Role.API_DEVELOPER: "support",
    Role.ADMIN: "support",
}


class _Seat:
    """Somebody who holds one role and nothing else."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def may(self, permission: str, brand_id: int | None = None) -> bool:
        return self.role in MATRIX[permission]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("code", ["DENY_SELF_EXCLUDED", "DENY_STRONG_INDICATOR", "DENY_NO_OPT_IN", "DENY_QUIET_HOURS"])
def test_each_role_reads_its_own_text_and_no_other(role: Role, code: str) -> None:
    audience = audience_of(_Seat(role), 1)
    assert audience == _READS[role]
    read = reasons.sentence(code, audience)
    if code in reasons.PRIVATE and role != Role.COMPLIANCE_OFFICER:
        assert read.startswith("Protected")
    assert read == getattr(reasons.TEXTS[code], audience)


def test_only_the_officer_holds_the_right_to_reasons() -> None:
    assert MATRIX["compliance.reasons"] == {Role.COMPLIANCE_OFFICER}
