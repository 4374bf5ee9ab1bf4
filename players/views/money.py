"""Money: payments with the history of their status, and a table of months."""

from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse

from config.lib.clock import utcnow
from config.lib.money import Money
from config.lib.pages import page
from players import access, as_of
from players.models import DailyActivity, Payment, Player, PlayerMoney
from players.views.masks import without_protection
from players.views.panels import fragment

ROWS = 200  # statuses read; a payment has up to five


@fragment("money", "players.money")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    context = {
        "player": player, "payments": _told(payments(player)[:50], request, player), "months": months(player),
        "ways": ways(player),
        "as_of": as_of.of_brand(player.brand_id, now=utcnow()),
    }  # fmt: skip
    return page(request, "players/money.html", context)


def _told(rows: list[dict[str, Any]], request: HttpRequest, player: Player) -> list[dict[str, Any]]:
    if not access.may(request, access.SEES_PROTECTION, player.brand):
        for row in rows:
            row["newest"].reason = without_protection(row["newest"].reason)
    return rows


def ways(player: Player) -> dict[str, Any] | None:
    """How the player pays, in figures; None for somebody who never did."""
    row = PlayerMoney.objects.filter(pk=player.pk).first()
    if row is None:
        return None

    def amount(minor: int) -> str:
        return str(Money(minor, player.currency))

    gap = row.deposit_gap_seconds / row.deposit_gaps / 86_400 if row.deposit_gaps else None
    return {
        "deposits_7d": row.deposits_7d, "deposited_7d": amount(row.deposit_sum_7d),
        "deposits_90d": row.deposits_90d, "deposited_90d": amount(row.deposit_sum_90d),
        "usual_gap": f"{gap:.1f}" if gap is not None else "–", "usual_gap_unit": "days" if gap is not None else "",
        "largest": amount(row.largest_deposit), "usual_method": row.method.capitalize() or "–",
        "withdrawn_30d": amount(row.withdrawal_sum_30d),
        "withdrawals_30d_words": f"{row.withdrawals_30d} withdrawals" if row.withdrawals_30d != 1 else "1 withdrawal",
        "chargebacks": row.chargebacks,
    }  # fmt: skip


def payments(player: Player) -> list[dict[str, Any]]:
    """Newest first; each with every status it went through, oldest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for status in Payment.objects.filter(player=player).order_by("-occurred_at", "-id")[:ROWS]:
        key = (status.direction, status.payment_id)
        one = found.setdefault(key, {"newest": status, "history": []})
        one["history"].insert(0, status)
    return list(found.values())


def months(player: Player) -> list[dict[str, Any]]:
    """Twelve newest months of gaming days: deposits, withdrawals, stakes, GGR real and bonus."""
    days = DailyActivity.objects.filter(player=player).annotate(month=TruncMonth("day"))
    sums = days.values("month").annotate(
        deposited=Sum("deposit_sum"),
        withdrawn=Sum("withdrawal_sum"),
        stake=Sum(F("stake_real") + F("stake_bonus")),
        ggr_real=Sum(F("stake_real") - F("win_real")),
        ggr_bonus=Sum(F("stake_bonus") - F("win_bonus")),
    )
    return [row | {"ggr": row["ggr_real"] + row["ggr_bonus"]} for row in sums.order_by("-month")[:12]]
