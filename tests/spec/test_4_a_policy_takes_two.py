"""The application's own role tries to switch a policy without two people, or without a trace of them in the trail."""

import pytest
from django.db import DatabaseError, connection, transaction

from compliance import audit, switches
from compliance.models import Operator, PolicySwitch
from config.lib.clock import utcnow
from players.models import Brand
from tests import cast

WHY = "agreed with the board"
SIGNED = "signed_by_id = {otto}, signed_at = now()"
_ENTRY = ("INSERT INTO compliance_auditentry (at, actor_id, kind, subject, brand_id, reason, payload) VALUES (now(), {%s},"
          " '%s', 'policy:{row}', {brand}, '{why}', '{{\"after\":{{\"on\":%s,\"rule\":\"%s\"}}}}')")  # fmt: skip
_TOLD = _ENTRY % ("otto", "policy.signed", "false", "POL-09")
_SWITCH = ("INSERT INTO compliance_policyswitch (brand_id, rule, enabled, reason, asked_by_id, asked_at, signed_by_id,"
           " signed_at) VALUES ({brand}, 'POL-04', false, '{why}', {olivia}, now(), %s)")  # fmt: skip
_SIGN = "UPDATE compliance_policyswitch SET %s WHERE id = {row}"

# name -> statements about a switch that Olivia asked for and nobody has signed yet. {otto}: who could.
ATTEMPTS = {
    "born signed": _SWITCH % "{otto}, now()",
    "born with half a signature": _SWITCH % "NULL, now()",
    "signed without a word in the trail": _SIGN % SIGNED,
    "signed by who asked": _ENTRY % ("olivia", "policy.signed", "false", "POL-09")
    + ("; " + _SIGN % "signed_by_id = {olivia}, signed_at = now()"),
    "the trail names somebody else": f"{_ENTRY % ('olivia', 'policy.signed', 'false', 'POL-09')}; {_SIGN % SIGNED}",
    "the trail tells of another rule": f"{_ENTRY % ('otto', 'policy.signed', 'false', 'POL-04')}; {_SIGN % SIGNED}",
    "the trail tells the opposite": f"{_ENTRY % ('otto', 'policy.signed', 'true', 'POL-09')}; {_SIGN % SIGNED}",
    "the trail tells that it was declined": f"{_ENTRY % ('otto', 'policy.declined', 'false', 'POL-09')}; {_SIGN % SIGNED}",
    "a time without a person": f"{_TOLD}; {_SIGN % 'signed_at = now()'}",
    "a person without a time": f"{_TOLD}; {_SIGN % 'signed_by_id = {otto}'}",
    "a signature for later": f"{_TOLD}; {_SIGN % SIGNED.replace('now()', chr(39) + '2999-01-01' + chr(39))}",
    "the entry after the signature": f"{_SIGN % SIGNED}; {_TOLD}",
    "a switch nobody asked for by the trail": _SWITCH
    % "NULL, NULL"
    + "; INSERT INTO compliance_auditentry (at, actor_id, kind, subject, brand_id, reason, payload) SELECT now(), {otto},"
    " 'policy.signed', 'policy:' || max(id), {brand}, '{why}', '{{\"after\":{{\"on\":false,\"rule\":\"POL-04\"}}}}'"
    " FROM compliance_policyswitch; UPDATE compliance_policyswitch SET " + SIGNED + " WHERE rule = 'POL-04'",
    "signed twice": f"{_TOLD}; {_SIGN % SIGNED}; {_SIGN % 'signed_at = now() + make_interval(secs => 1)'}",
    "the signature taken back": f"{_TOLD}; {_SIGN % SIGNED}; {_SIGN % 'signed_by_id = NULL, signed_at = NULL'}",
    "declined in silence": _SIGN % "declined_by_id = {otto}, declined_at = now()",
}
NO_RIGHT = {
    "turned round before the signature": _SIGN % "enabled = true",
    "about another rule by now": _SIGN % "rule = 'POL-11'",
    "asked for by somebody else": _SIGN % "asked_by_id = {otto}",
    "as if it had never been": "DELETE FROM compliance_policyswitch",
}


@pytest.fixture
def otto(db: None) -> Operator:
    return cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)


@pytest.fixture
def asked(northlight: Brand) -> PolicySwitch:
    return switches.ask(northlight, "POL-09", False, cast.olivia(), WHY, now=utcnow())


def run(statements: str, row: PolicySwitch, otto: Operator) -> None:
    names = {"row": row.pk, "brand": row.brand_id, "olivia": row.asked_by_id, "otto": otto.pk, "why": WHY}
    with transaction.atomic(), connection.cursor() as db:
        for statement in statements.format(**names).split("; "):
            db.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*ATTEMPTS, *NO_RIGHT])
def test_refused(name: str, asked: PolicySwitch, otto: Operator) -> None:
    with pytest.raises(DatabaseError) as refused:
        run((ATTEMPTS | NO_RIGHT)[name], asked, otto)

    state = getattr(refused.value.__cause__, "sqlstate", None)
    assert state == ("42501" if name in NO_RIGHT else "RG005"), refused.value
    assert switches.is_on(asked.brand, "POL-09")
    assert switches.is_on(asked.brand, "POL-04")


@pytest.mark.django_db
def test_with_its_entry_it_goes_in_so_that_the_refusals_above_mean_something(
    asked: PolicySwitch, otto: Operator
) -> None:
    run(f"{_TOLD}; {_SIGN % SIGNED}", asked, otto)
    assert not switches.is_on(asked.brand, "POL-09")


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_another_moment_signs_nothing() -> None:
    asked = switches.ask(cast.northlight(), "POL-09", False, cast.olivia(), WHY, now=utcnow())
    otto = cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)
    run(_TOLD, asked, otto)  # committed, and the switch with it is not signed

    with pytest.raises(DatabaseError, match="leaves it in the trail"):
        run(_SIGN % SIGNED, asked, otto)

    asked.refresh_from_db()
    switches.sign(asked, otto, now=utcnow())
    assert not switches.is_on(asked.brand, "POL-09")


@pytest.mark.django_db
def test_what_cannot_be_written_into_the_trail_switches_nothing(
    asked: PolicySwitch, otto: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "record", lambda *told, **more: None)
    for act in (
        lambda: switches.sign(asked, otto, now=utcnow()),
        lambda: switches.decline(asked, otto, WHY, now=utcnow()),
    ):
        with pytest.raises(DatabaseError, match="leaves it in the trail"), transaction.atomic():
            act()
    assert switches.is_on(asked.brand, "POL-09")
