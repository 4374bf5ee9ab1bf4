"""The rows of the State tab, in the order of the attribute catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from config.lib.clock import NEVER
from config.lib.money import Money
from players.models import Category, Game, PlayerHabits, PlayerMoney, PlayerState, Stage

EVER, DAYS_7, DAYS_30, DAYS_90 = "all time", "7 gaming days", "30 gaming days", "90 gaming days"
LAST_10 = "last 10 sessions"
PLAY, SAT, PAID, BALANCE, LOGIN = ("rounds",), ("sessions",), ("payments",), ("balances",), ("logins",)
BET = ("rounds", "sports")
REAL = (*BET, "payments")


class Sees(Protocol):
    """What this operator's role may read; a row it may not read does not exist."""

    @property
    def money(self) -> bool: ...
    @property
    def protection(self) -> bool: ...


@dataclass(frozen=True)
class Row:
    label: str
    value: Any
    window: str = ""
    unit: str = ""
    families: tuple[str, ...] = ()
    since: datetime | None = None  # the two below are filled in by the page
    told_from: str = ""

    @property
    def is_windowed(self) -> bool:
        return "gaming days" in self.window


def groups_of(
    state: PlayerState, habits: PlayerHabits | None, money: PlayerMoney | None, sees: Sees
) -> dict[str, list[Row]]:
    habits, money = habits or PlayerHabits(), money or PlayerMoney()
    groups = {
        "Activity": list(_activity(state)),
        "Sessions": list(_sessions(state, habits)),
        "Game preference": list(_games(state, habits)),
    }
    if sees.money:
        currency = state.player.currency
        groups["Deposits & withdrawals"] = list(_payments(state, money, currency))
        groups["Stakes & results"] = list(_results(state, currency))
        groups["Balance"] = list(_balance(state, currency))
    groups["How sessions end"] = list(_endings(habits))
    if sees.protection:
        groups["Signs to look at"] = list(_signs(state, money))
    return groups | {"Lifecycle": list(_lifecycle(state))}


def _lifecycle(s: PlayerState) -> Iterable[Row]:
    yield Row("Stage", Stage(s.stage).label, families=REAL)
    yield Row("In this stage since", _moment(s.stage_since), families=REAL)
    yield Row("Next check of the stage", _moment(s.next_stage_at), "unless something happens before", families=REAL)
    yield Row("Registered", _moment(s.registered_at), families=("profile",))


def _activity(s: PlayerState) -> Iterable[Row]:
    yield Row("Last played", _moment(s.last_play_at), "any money", families=(*BET, "sessions"))
    yield Row("Last real-money play or deposit", _moment(s.last_real_at), families=REAL)
    yield Row("Last login", _moment(s.last_login_at), families=LOGIN)
    yield Row("Active days", s.active_days_30d, DAYS_30, "days", REAL)
    yield Row("Rounds and bets", s.rounds, EVER, "rounds", BET)


def _sessions(s: PlayerState, h: PlayerHabits) -> Iterable[Row]:
    yield Row("Sessions", s.sessions, EVER, "sessions", SAT)
    yield Row("Sessions", h.sessions_7d, DAYS_7, "sessions", SAT)
    yield Row("Sessions", s.sessions_30d, DAYS_30, "sessions", SAT)
    yield Row("Sessions", h.sessions_90d, DAYS_90, "sessions", SAT)
    yield Row("Time played", _minutes(h.seconds_30d, 1), DAYS_30, "min", SAT)
    yield Row("Average length", _minutes(s.session_seconds, s.sessions), EVER, "min", SAT)
    yield Row("Average length", _minutes(s.last5_seconds, s.last5_sessions), _last(5, s.last5_sessions), "min", SAT)
    yield Row("Average length", _minutes(h.last10_seconds, h.last10_sessions), _last(10, h.last10_sessions), "min", SAT)
    for k in (3, 5, 8, 10):
        yield Row(
            f"Start of the {k}{_TH.get(k, 'th')} last session", _moment(getattr(h, f"session{k}_at")), families=SAT
        )
    total = h.night + h.morning + h.afternoon + h.evening
    for part, hours in (("night", "00–06"), ("morning", "06–12"), ("afternoon", "12–18"), ("evening", "18–24")):
        yield Row(f"Sessions started {hours} h", _share(getattr(h, part), total), EVER, "%", SAT)
    yield Row("Sessions on Saturday or Sunday", _share(h.saturday + h.sunday, total), EVER, "%", SAT)
    yield Row("Usual device", h.device.capitalize(), LAST_10, families=SAT)


_TH = {1: "st", 2: "nd", 3: "rd"}


def _games(s: PlayerState, h: PlayerHabits) -> Iterable[Row]:
    yield Row("Most staked category", Category(s.top_category).label, DAYS_90, families=BET)
    title = Game.objects.filter(pk=h.favourite_game_id).values_list("title", flat=True).first()
    yield Row("Favourite game", title, LAST_10, families=SAT)
    yield Row("Favourite game type", h.favourite_type, LAST_10, families=SAT)
    yield Row("Favourite provider", h.favourite_provider, LAST_10, families=SAT)


def _endings(h: PlayerHabits) -> Iterable[Row]:
    both = ("sessions", "rounds")
    yield Row("Sessions with a stake", h.staked_sessions, EVER, "sessions", both)
    yield Row("Ended soon after a bad run", _share(h.bad_stops, h.staked_sessions), EVER, "%", both)
    yield Row("Bad runs that ended play", _share(h.bad_stops, h.bad_runs), EVER, "%", both)
    yield Row("Other runs that ended play", _share(h.other_stops, h.other_runs), EVER, "%", both)
    yield Row("Lost real money", _share(h.losing_sessions, h.staked_sessions), EVER, "%", both)


def _payments(s: PlayerState, m: PlayerMoney, currency: str) -> Iterable[Row]:
    def amount(minor: int) -> Money:
        return Money(minor, currency)

    yield Row("First deposit", _moment(s.first_deposit_at), families=PAID)
    yield Row("Last deposit", _moment(s.last_deposit_at), families=PAID)
    for label, count, total, window in (
        ("Deposits", s.deposits, s.deposit_sum, EVER),
        ("Deposits", m.deposits_7d, m.deposit_sum_7d, DAYS_7),
        ("Deposits", s.deposits_30d, s.deposit_sum_30d, DAYS_30),
        ("Deposits", m.deposits_90d, m.deposit_sum_90d, DAYS_90),
        ("Withdrawals", s.withdrawals, s.withdrawal_sum, EVER),
        ("Withdrawals", m.withdrawals_30d, m.withdrawal_sum_30d, DAYS_30),
    ):
        yield Row(label, count, window, label.lower(), PAID)
        yield Row(f"{label}, amount", amount(total), window, families=PAID)
    yield Row("Average deposit", amount(s.deposit_sum // s.deposits) if s.deposits else None, EVER, families=PAID)
    yield Row("Largest deposit", amount(m.largest_deposit), EVER, families=PAID)
    yield Row("Usual time between deposits", _days(m.deposit_gap_seconds, m.deposit_gaps), EVER, "days", PAID)
    yield Row("Usual payment method", m.method.capitalize(), "last 10 deposits", families=PAID)
    yield Row("Last withdrawal", _moment(m.last_withdrawal_at), families=PAID)
    yield Row("Declined deposits", s.declined_deposits, EVER, "deposits", PAID)
    yield Row("Chargebacks", m.chargebacks, EVER, "chargebacks", PAID)


def _results(s: PlayerState, currency: str) -> Iterable[Row]:
    def amount(minor: int) -> Money:
        return Money(minor, currency)

    stake, deposits = s.stake_real + s.stake_bonus, s.deposit_sum
    ratio = round(100 * stake * s.deposits / (s.rounds * deposits), 1) if s.rounds and deposits else None
    yield Row("Stakes, real money", amount(s.stake_real), EVER, families=BET)
    yield Row("Stakes, bonus money", amount(s.stake_bonus), EVER, families=BET)
    yield Row("Stakes", amount(s.stake_30d), DAYS_30, families=BET)
    yield Row("GGR, real money", amount(s.stake_real - s.win_real), f"stakes − wins, {EVER}", families=BET)
    yield Row("GGR, bonus money", amount(s.stake_bonus - s.win_bonus), f"stakes − wins, {EVER}", families=BET)
    yield Row("Hold", _share(stake - s.win_real - s.win_bonus, stake), EVER, "%", BET)
    yield Row("Average bet relative to average deposit", ratio, EVER, "%", REAL)


def _balance(s: PlayerState, currency: str) -> Iterable[Row]:
    yield Row("Cash", Money(s.balance_real, currency), "as last reported", families=BALANCE)
    yield Row("Bonus", Money(s.balance_bonus, currency), "as last reported", families=BALANCE)


def _signs(s: PlayerState, m: PlayerMoney) -> Iterable[Row]:
    of = f"of the last {m.last10_deposits} deposits"
    yield Row("Deposits during play", m.last10_in_session, of, "deposits", ("payments", "sessions"))
    yield Row("Deposits within 24 h after a losing session", m.last10_after_loss, of, "deposits", REAL)
    yield Row("Withdrawals taken back", m.cancelled_withdrawals, EVER, "withdrawals", PAID)
    yield Row("Last withdrawal taken back", _moment(m.cancelled1_at), families=PAID)
    yield Row("Last declined deposit", _moment(m.declined1_at), families=PAID)
    yield Row("Last chargeback", _moment(m.charged_back_at), families=PAID)


def _moment(at: datetime | None) -> datetime | None:
    return at if at and at != NEVER else None


def _minutes(seconds: int, sessions: int) -> float | None:
    return round(seconds / sessions / 60, 1) if sessions else None


def _days(seconds: int, gaps: int) -> float | None:
    return round(seconds / gaps / 86_400, 1) if gaps else None


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _last(n: int, have: int) -> str:
    return f"last {n} sessions" if have >= n else f"last {n} sessions (has {have})"
