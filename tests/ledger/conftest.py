"""A brand's offers and rounds, for the money tests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from bonuses.grants import GrantRequest, GrantResult, grant_many
from bonuses.models import Template, Terms
from bonuses.reactions import count_wagers
from config.lib.clock import utcnow
from players.models import Category, Player, Round, RoundRollback
from tests import cast

_numbers = count(1)
ago = timedelta


def make_terms(brand, kind: str = "no_deposit", **fields) -> Terms:
    now = utcnow()
    template = Template.objects.create(brand=brand, name=f"Offer {next(_numbers)}", kind=kind, created_at=now)
    values = {
        "currency": brand.currency, "amount": 50_00, "wagering_multiplier": 10, "expiry_days": 30,
        "product": "casino", "contributions": {"slots": 100, "table": 10, "live_casino": 10}, "created_at": now,
    } | fields  # fmt: skip
    terms = Terms.objects.create(template=template, version=1, **values)
    Template.objects.filter(pk=template.pk).update(current=terms)
    return terms


def give(player: Player, terms: Terms, reference: str = "", **fields) -> GrantResult:
    request = GrantRequest(player.pk, terms.pk, reference or f"test:{next(_numbers)}", **fields)
    return grant_many([request], now=utcnow())[0]


def play(player: Player, *, stake: int = 0, of_bonus: int = 0, win: int = 0, win_bonus: int = 0,
         category: Category = Category.SLOTS, at: datetime | None = None) -> Round:  # fmt: skip
    now = utcnow()
    return Round.objects.create(
        player=player, round_id=f"r{next(_numbers)}", category=category, occurred_at=at or now, recorded_at=now,
        stake_real=stake - of_bonus, stake_bonus=of_bonus, win_real=win, win_bonus=win_bonus,
    )  # fmt: skip


def fold(*rounds: Round, rolled_back: tuple[Round, ...] = ()) -> None:
    """The stage of the fold that counts wagers, for these rounds and rollbacks."""
    now = utcnow()
    backs = [
        RoundRollback.objects.create(player=r.player, round_id=r.round_id, occurred_at=now, recorded_at=now)
        for r in rolled_back
    ]
    players = sorted({r.player_id for r in (*rounds, *rolled_back)})
    count_wagers(
        SimpleNamespace(
            player_ids=players, round_ids=[r.pk for r in rounds], rollback_ids=[b.pk for b in backs], facts=[],
            now=now, is_replay=False, played=None,
        )
    )  # fmt: skip


for make in cast.EVERYBODY:
    globals()[make.__name__] = cast.as_fixture(make)

Giving = Callable[..., GrantResult]


@pytest.fixture
def terms(northlight) -> Terms:
    return make_terms(northlight)
