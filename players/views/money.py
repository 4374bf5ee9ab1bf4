"""Money: payments with the history of their status, and a table of months."""

from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse

from config.lib.pages import page
from players.models import DailyActivity, Payment, Player
from players.views.panels import fragment

ROWS = 200  # statuses read; a payment has up to five


@fragment("money", "players.money")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    context = {"player": player, "payments": payments(player)[:50], "months": months(player)}
    return page(request, "players/money.html", context)


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
