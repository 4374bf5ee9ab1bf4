"""May this be sent to this player now? Asked of the real database, as the application role."""

import pytest
from django.db import transaction

from compliance import gate
from compliance.gate import Request
from compliance.models.decision import Purpose
from players.models import Player
from tests import cast

pytestmark = pytest.mark.django_db


def promo(player: Player, **changes: object) -> Request:
    fields = {
        "player_id": player.pk, "purpose": Purpose.PROMOTIONAL, "channel": "email", "products": frozenset({"casino"}),
        "criteria": frozenset({"all"}), "reference": "test:1",
    } | changes  # fmt: skip
    return Request(**fields)  # type: ignore[arg-type]


def clear(*requests: Request) -> list[gate.Answer]:
    with transaction.atomic():
        return gate.clear_many(requests, now=cast.noon())


def test_anna_may_be_contacted(anna: Player) -> None:
    [answer] = clear(promo(anna))
    assert answer.allowed, answer


def test_bo_is_self_excluded(bo: Player) -> None:
    [answer] = clear(promo(bo))
    assert (answer.outcome, answer.code) == ("deny", "DENY_SELF_EXCLUDED")


def test_cleo_gave_no_consent(cleo: Player) -> None:
    [answer] = clear(promo(cleo))
    assert (answer.code, answer.reasons) == ("DENY_NO_OPT_IN", ("DENY_NO_OPT_IN GB-09",))
