"""Bonuses of the months before: given at the first deposit, then played to nothing, wagered or left to expire.

Runs once, after the history is told. A grant goes through the same door as today's, so whom the gate
refuses now gets none in the past either.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from bonuses import counting
from bonuses.closing import move
from bonuses.grants import GrantRequest, grant_many
from bonuses.models import Grant, Template, Terms
from config.casino import cast, desk
from config.casino.feed import Feed
from config.casino.gamblers import HISTORY_DAYS
from config.casino.houses import BY_CATEGORY, BY_SLUG
from players.models import Brand, Payment, Player, Round
from reporting.definitions import default_for
from reporting.questions.scope import Period
from reporting.statements import build

NAME = "First deposit bonus"
# Of all whose first deposit we saw. In Sweden the gate refuses whoever has played: few ask. In Denmark none
# was offered: so few players are not the hundred an offer must be made to (DK-06).
TAKERS = {"northlight": 0.85, "azura": 0.62, "bjork": 0.05, "havblik": 0.0}
PLAYED_AWAY = 0.45  # of those who took it
# What is left of the bonus before each bet; after the last one nothing is.
LEFT = (1.0, 0.97, 0.93, 0.88, 0.8, 0.65, 0.45, 0.25)
CHUNK = 200
# Finn's evening, bet by bet: 400 staked, 372 won, 22 of his 50 left.
FINN = [(40_00, 37_00)] * 8 + [(40_00, 38_00)] * 2


def tell(feed: Feed, *, now: datetime) -> int:
    """Returns how many were given. A second call finds the template and does nothing."""
    given = 0
    for brand in Brand.objects.filter(slug__in=BY_SLUG).order_by("pk"):
        if Template.objects.filter(brand=brand, name=NAME).exists():
            continue
        terms = _terms(brand, now)
        takers = _takers(brand, now)
        for start in range(0, len(takers), CHUNK):
            grants = _give(takers[start : start + CHUNK], terms, now)
            for future in feed.post_all(brand.slug, (bet for grant in grants for bet in _evening(grant))):
                future.result()
            given += len(grants)
        Template.objects.filter(pk=terms.template_id).update(archived_at=now)
    return given


def _terms(brand: Brand, now: datetime) -> Terms:
    unit, (author, _) = round(BY_SLUG[brand.slug].rate) * 100, desk.operators()
    match = {"percent": Decimal(100), "cap": 60 * unit, "min_deposit": 10 * unit, "expiry_days": 21}
    return desk.offer(brand, author, now, NAME, Template.Kind.DEPOSIT_MATCH, 90_000 * unit, **match)


def _takers(brand: Brand, now: datetime) -> list[tuple[int, int, datetime]]:
    """(player, first deposit, its time), in id order."""
    since = now - timedelta(days=HISTORY_DAYS - 1)
    rows = (
        Payment.objects.filter(player__brand=brand, direction="deposit", status="approved")
        .order_by("player_id", "occurred_at")
        .distinct("player_id")
        .values_list("player_id", "amount", "occurred_at")
    )
    dice = random.Random(f"takers/{brand.slug}")  # noqa: S311
    named = set(
        Player.objects.filter(brand=brand, external_id__in=set(cast.CAST) - {"finn"}).values_list("pk", flat=True)
    )
    finn = Player.objects.filter(external_id="finn").values_list("pk", flat=True).first()
    return [
        row
        for row in rows
        if (dice.random() < TAKERS[brand.slug] or row[0] == finn) and row[2] > since and row[0] not in named
    ]


@transaction.atomic
def _give(takers: Sequence[tuple[int, int, datetime]], terms: Terms, now: datetime) -> list[Grant]:
    """Grants whose money is there from the first deposit on; what was wagered since is counted for a part of them."""
    results = grant_many(
        [
            GrantRequest(
                player,
                terms.pk,
                f"First deposit bonus {player}",
                deposit_amount=amount,
                granted_at=at + timedelta(seconds=90),
            )
            for player, amount, at in takers
        ],
        now=now,
    )
    grants = [result.grant for result in results if result.grant]
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(credit=Grant.Credit.CREDITED, credit_due_at=None)
    move([(grant, Grant.Status.ACTIVE, grant.granted_at, "credited by the PAM") for grant in grants], now=now)
    wagering = [grant.player_id for grant in grants if not _bets(grant)]
    rounds = Round.objects.filter(player__in=wagering).order_by("pk").values_list("pk", flat=True)
    counting.count(wagering, list(rounds), now=now)
    return grants


def _bets(grant: Grant) -> list[tuple[int, int]]:
    """Stake and win of each bet made with the bonus itself; none where it was left to lie."""
    if grant.player.external_id == "finn":
        return FINN
    if random.Random(f"away/{grant.player_id}").random() >= PLAYED_AWAY:  # noqa: S311
        return []
    steps = [round(grant.amount * left) for left in (*LEFT, 0.0)]
    return list(zip(steps, steps[1:], strict=False))


def _evening(grant: Grant) -> Iterator[dict[str, object]]:
    """The bets as the PAM tells them."""
    dice = random.Random(f"evening/{grant.player_id}")  # noqa: S311
    game, begun = dice.choice(BY_CATEGORY["slots"]), grant.granted_at + timedelta(minutes=dice.uniform(1, 20))
    for n, (stake, win) in enumerate(_bets(grant)):
        name = f"past-{grant.pk}-{n}"
        amounts = {"stake_real": 0, "stake_bonus": stake, "win_real": 0, "win_bonus": win}
        yield {
            "event": "round.settled",
            "event_id": name,
            "player": grant.player.external_id,
            "occurred_at": (begun + timedelta(minutes=2 * n)).isoformat(),
            "replay": True,
            "properties": {"round_id": name, "category": "slots", "game_id": game.game_id, **amounts},
        }


def cost(brand: Brand, *, now: datetime) -> float:
    """What bonuses cost last month, in per cent of GGR; 15 to 25 is usual in the trade."""
    last = now.date().replace(day=1) - timedelta(days=1)
    statement = build(brand, Period.month(last.year, last.month), default_for(brand, last), now)
    return 100 * statement.amount("bonus_cost") / max(statement.amount("total_ggr"), 1)
