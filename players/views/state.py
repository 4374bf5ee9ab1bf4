"""State: what the facts add up to, each value with its window and unit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.lib.clock import NEVER
from config.lib.money import Money
from config.lib.pages import page
from players.models import Category, Player, PlayerState, Stage
from players.views.panels import fragment

LIFETIME, DAYS_30, DAYS_90 = "all time", "30 gaming days", "90 gaming days"


@dataclass(frozen=True)
class Row:
    label: str
    value: Any
    window: str = ""
    unit: str = ""


@fragment("state")
def panel(request: HttpRequest, player: Player) -> HttpResponse:
    state = PlayerState.objects.filter(player=player).first()
    money = request.user.may("players.money")  # type: ignore[union-attr]
    groups = _groups(state, player.currency, money) if state else {}
    return page(request, "players/state.html", {"player": player, "state": state, "groups": groups})


def _groups(state: PlayerState, currency: str, money: bool) -> dict[str, list[Row]]:
    groups = {
        "Lifecycle": [
            Row("Stage", Stage(state.stage).label),
            Row("In this stage since", _moment(state.stage_since)),
            Row("Next check of the stage", _moment(state.next_stage_at), "unless something happens before"),
            Row("Registered", _moment(state.registered_at)),
        ],
        "Activity": [
            Row("Last played", _moment(state.last_play_at), "any money"),
            Row("Last real-money play or deposit", _moment(state.last_real_at)),
            Row("Last login", _moment(state.last_login_at)),
            Row("Days with play", state.active_days_30d, DAYS_30, "days"),
            Row("Rounds and bets", state.rounds, LIFETIME, "rounds"),
        ],
        "Sessions": [
            Row("Sessions", state.sessions, LIFETIME, "sessions"),
            Row("Sessions", state.sessions_30d, DAYS_30, "sessions"),
            Row("Average length", _minutes(state.session_seconds, state.sessions), LIFETIME, "min"),
            Row("Average length", _minutes(state.last5_seconds, state.last5_sessions), _last5(state), "min"),
            Row("Most staked category", Category(state.top_category).label, DAYS_90),
        ],
    }
    return groups | (_money_groups(state, currency) if money else {})


def _money_groups(state: PlayerState, currency: str) -> dict[str, list[Row]]:
    def amount(minor: int) -> Money:
        return Money(minor, currency)

    real, bonus = state.stake_real - state.win_real, state.stake_bonus - state.win_bonus
    return {
        "Deposits & withdrawals": [
            Row("First deposit", _moment(state.first_deposit_at)),
            Row("Last deposit", _moment(state.last_deposit_at)),
            Row("Deposits", state.deposits, LIFETIME, "deposits"),
            Row("Deposits", state.deposits_30d, DAYS_30, "deposits"),
            Row("Deposited", amount(state.deposit_sum), LIFETIME),
            Row("Deposited", amount(state.deposit_sum_30d), DAYS_30),
            Row("Declined deposits", state.declined_deposits, LIFETIME, "deposits"),
            Row("Withdrawn", amount(state.withdrawal_sum), LIFETIME),
        ],
        "Stakes & results": [
            Row("Stakes, real money", amount(state.stake_real), LIFETIME),
            Row("Stakes, bonus money", amount(state.stake_bonus), LIFETIME),
            Row("Stakes", amount(state.stake_30d), DAYS_30),
            Row("GGR, real money", amount(real), f"stakes − wins, {LIFETIME}"),
            Row("GGR, bonus money", amount(bonus), f"stakes − wins, {LIFETIME}"),
        ],
        "Balance": [
            Row("Cash", amount(state.balance_real), "as the PAM last said"),
            Row("Bonus", amount(state.balance_bonus), "as the PAM last said"),
        ],
    }


def _moment(at: datetime | None) -> datetime | None:
    return at if at and at != NEVER else None


def _minutes(seconds: int, sessions: int) -> float | None:
    return round(seconds / sessions / 60, 1) if sessions else None


def _last5(state: PlayerState) -> str:
    return "last 5 sessions" if state.last5_sessions >= 5 else f"last 5 sessions (has {state.last5_sessions})"
