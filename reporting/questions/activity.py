"""What was staked and won, by category, and what was paid in and out?"""

from django.db.models import Count, Sum

from players.models import DailyActivity, Payment, Player
from reporting.figures import Paid, Played
from reporting.questions.scope import Scope


def played(scope: Scope) -> dict[int, Played]:
    rows = (
        _days(scope)
        .values("category")
        .annotate(n=Sum("rounds"), sr=Sum("stake_real"), sb=Sum("stake_bonus"), wr=Sum("win_real"), wb=Sum("win_bonus"))
    )
    sums = {row["category"]: Played(row["n"], row["sr"], row["sb"], row["wr"], row["wb"]) for row in rows}
    return {category: found for category, found in sorted(sums.items()) if found != Played()}


def paid(scope: Scope) -> Paid:
    sums = _days(scope).aggregate(
        deposits=Sum("deposits", default=0),
        deposit_sum=Sum("deposit_sum", default=0),
        withdrawals=Sum("withdrawals", default=0),
        withdrawal_sum=Sum("withdrawal_sum", default=0),
    )
    back = Payment.objects.filter(
        player__in=scope.players(),
        direction=Payment.Direction.DEPOSIT,
        status=Payment.Status.ROLLED_BACK,
        occurred_at__gte=scope.starts_at,
        occurred_at__lt=scope.ends_before,
    ).aggregate(chargebacks=Count("pk"), chargeback_sum=Sum("amount", default=0))
    return Paid(**sums, **back)


def active_players(scope: Scope) -> int:
    return _days(scope).filter(rounds__gt=0).values("player").distinct().count()


def test_players_left_out(scope: Scope) -> int:
    """Test accounts that played or paid in the period: not in any sum above."""
    testers = Player.objects.filter(brand=scope.brand, currency=scope.currency, is_test=True)
    return _between(scope).filter(player__in=testers).values("player").distinct().count()


def _days(scope: Scope):  # type: ignore[no-untyped-def]
    return _between(scope).filter(player__in=scope.players())


def _between(scope: Scope):  # type: ignore[no-untyped-def]
    return DailyActivity.objects.filter(day__gte=scope.period.first, day__lte=scope.period.last)
