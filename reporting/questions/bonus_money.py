"""What happened to the bonus money players hold: given, played, turned real, kept?"""

from django.db.models import Q, Sum

from bonuses.models import Transfer
from reporting.figures import BonusMoney
from reporting.questions.scope import Scope

# code -> (figure, sign as it enters that figure)
CODES = {
    "issue": ("issued", 1),
    "stake": ("net_play", 1),
    "stake_back": ("net_play", -1),
    "win": ("net_play", -1),
    "win_back": ("net_play", 1),
    "release": ("released", 1),
    "expire": ("expired", 1),
    "forfeit": ("forfeited", 1),
    "cancel": ("cancelled", 1),
}
INTO_GRANT = Q(credit__code="bonus", credit__owner_kind="grant")
OUT_OF_GRANT = Q(debit__code="bonus", debit__owner_kind="grant")


def bonus_money(scope: Scope) -> BonusMoney:
    figures = {name: 0 for name, _ in CODES.values()}
    rows = movements(scope).filter(effective_at__gte=scope.starts_at).values("code").annotate(sum=Sum("amount"))
    for row in rows:
        name, sign = CODES[row["code"]]
        figures[name] += sign * row["sum"]
    return BonusMoney(opening=balance_before(scope), **figures)


def movements(scope: Scope):  # type: ignore[no-untyped-def]
    """Every transfer into or out of a grant's bonus money up to the end of the period."""
    return Transfer.objects.filter(
        INTO_GRANT | OUT_OF_GRANT,
        unit=f"{scope.currency}.BONUS",
        player__in=scope.players(),
        effective_at__lt=scope.ends_before,
    )


def balance_before(scope: Scope) -> int:
    sums = (
        movements(scope)
        .filter(effective_at__lt=scope.starts_at)
        .aggregate(put=Sum("amount", filter=INTO_GRANT, default=0), taken=Sum("amount", filter=OUT_OF_GRANT, default=0))
    )
    return int(sums["put"] - sums["taken"])


def played_outside(scope: Scope) -> int:
    """Net bonus stakes no grant of ours covered: money the PAM gave without asking here."""
    pot = {"owner_kind": "brand", "owner_id": scope.brand.pk, "code": "outside"}
    found = Transfer.objects.filter(
        unit=f"{scope.currency}.BONUS",
        player__in=scope.players(),
        effective_at__gte=scope.starts_at,
        effective_at__lt=scope.ends_before,
    )
    lost = found.filter(**{f"debit__{k}": v for k, v in pot.items()}).aggregate(n=Sum("amount", default=0))["n"]
    won = found.filter(**{f"credit__{k}": v for k, v in pot.items()}).aggregate(n=Sum("amount", default=0))["n"]
    return int(lost - won)
