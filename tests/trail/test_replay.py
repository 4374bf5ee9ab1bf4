"""Every stored decision is judged again from its own snapshot; one that somebody has changed comes out otherwise."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from compliance import erasing
from compliance.models import Decision
from config.lib.clock import utcnow
from tests import cast
from tests.spec.test_4_the_gate import clear, promo
from tests.trail.world import superuser

pytestmark = pytest.mark.django_db(transaction=True)


def replayed(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    call_command("audit", "replay", *more)
    return capsys.readouterr().out


def test_what_was_decided_comes_out_the_same_until_somebody_changes_it(capsys: pytest.CaptureFixture[str]) -> None:
    anna, bo = cast.anna(), cast.bo()
    clear(promo(anna), promo(bo), promo(anna, channel="sms", reference="test:2"))
    assert replayed(capsys).startswith("3 decisions come out the same, 0 cannot be told")
    assert replayed(capsys, "--last", "1").startswith("1 decision")

    with transaction.atomic():
        erasing.erase(anna, cast.olivia(), "Asked for it in writing", now=utcnow())
    assert replayed(capsys).startswith("1 decisions come out the same, 2 cannot be told")

    row = Decision.objects.get(player=bo)
    with superuser() as db:
        db.execute("UPDATE compliance_decision SET code = 'DENY_TIME_OUT' WHERE id = %s", [row.pk])
    with pytest.raises(CommandError, match="1 do not"):
        replayed(capsys)
    assert f"decision {row.pk} of" in capsys.readouterr().out
