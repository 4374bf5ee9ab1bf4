"""Why a player is in this stage, in sentences told from state: what the rule says, and what changed before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Sum
from django.utils import timezone

from config.lib.clock import NEVER
from players.models import DailyActivity, Player, PlayerHabits, PlayerMoney, PlayerState, Session, Stage
from players.models.facts import Ending
from players.stages import Thresholds

DAY = timedelta(days=1)
TITLES = {
    Stage.REGISTERED: "Why is there no deposit yet?",
    Stage.FTD: "Why a first-time depositor?",
    Stage.ACTIVE: "Why active?",
    Stage.AT_RISK: "Why slipping away?",
    Stage.LAPSED: "Why lapsed?",
    Stage.DORMANT: "Why dormant?",
    Stage.REACTIVATED: "Why reactivated?",
}
_GONE = (Stage.AT_RISK, Stage.LAPSED, Stage.DORMANT)


@dataclass(frozen=True)
class Why:
    title: str
    lines: list[str]


def why(state: PlayerState, habits: PlayerHabits | None, money: PlayerMoney | None, *, now: datetime) -> Why:
    player = state.player
    lines = [_rule(state, Thresholds.of(player.brand)), *_rhythm(player, now)]
    if habits:
        lines += _sessions(state, habits)
    if state.stage in _GONE:
        lines += _before_leaving(state, money)
    return Why(TITLES[Stage(state.stage)], lines)


def _rule(state: PlayerState, brand: Thresholds) -> str:
    last, stage = _when(state.last_real_at), Stage(state.stage)
    quiet = {Stage.AT_RISK: brand.slipping, Stage.LAPSED: brand.lapsed, Stage.DORMANT: brand.dormant}
    if stage in quiet:
        if state.stage_since < state.last_real_at + timedelta(days=quiet[stage]):
            return f"Came back on {_when(state.spell_from)}, was active on that day only, and not since."
        return f"The last real-money play or deposit was on {last}. {quiet[stage]} days without one is the limit."
    ends = f" It ends on {_when(state.next_stage_at)} unless something happens before." if state.next_stage_at else ""
    if stage == Stage.ACTIVE:
        return f"Played with real money or deposited on {last}.{ends}"
    if stage == Stage.REACTIVATED:
        return (
            f"Came back on {_when(state.spell_from)} after {brand.lapsed} days or more without real-money play.{ends}"
        )
    if stage == Stage.FTD:
        return f"First deposit on {_when(state.first_deposit_at)}, no second one yet.{ends}"
    if state.rounds:
        return "No deposit that stands. Play with bonus money alone makes nobody active."
    return "No deposit that stands, and no play."


def _rhythm(player: Player, now: datetime) -> list[str]:
    """The usual gap between active days against the present one, from the newest eleven active days."""
    active = DailyActivity.objects.filter(player=player, first_real_at__isnull=False)
    days = list(active.order_by("-day").values_list("day", flat=True).distinct()[:11])
    if len(days) < 4:
        return []
    usual = median((later - earlier).days for later, earlier in zip(days, days[1:], strict=False))
    quiet = (timezone.localtime(now).date() - days[0]).days
    if quiet <= usual:
        return [f"Usually active every {_days(usual)}; now quiet for {_days(quiet)}, as usual."]
    return [f"Usually active every {_days(usual)}; now quiet for {_days(quiet)}, {quiet / usual:.0f} times as long."]


def _sessions(state: PlayerState, habits: PlayerHabits) -> list[str]:
    lines = [_month_on_month(state)]
    if habits.last10_sessions >= 5 and state.sessions > habits.last10_sessions:
        lately, ever = (
            _minutes(habits.last10_seconds, habits.last10_sessions),
            _minutes(state.session_seconds, state.sessions),
        )
        if abs(lately - ever) * 5 > ever:
            word = "shorter" if lately < ever else "longer"
            lines.append(
                f"The last {habits.last10_sessions} sessions were {word}: {lately} min against {ever} min overall."
            )
    last = Session.objects.filter(player=state.player).order_by("-started_at").first()
    brand = state.player.brand
    if last and last.ending == Ending.BAD_RUN and habits.staked_sessions >= 5:
        lines.append(
            f"The last session ended soon after a bad run ({brand.run_rounds} rounds that returned less than "
            f"{brand.run_return} % of the stakes), as did "
            f"{habits.bad_stops} of {habits.staked_sessions}."
        )
    return lines


def _month_on_month(state: PlayerState) -> str:
    today: date = state.player.brand.window_day or timezone.localdate()
    before = DailyActivity.objects.filter(
        player=state.player, day__gt=today - timedelta(days=60), day__lte=today - timedelta(days=30)
    ).aggregate(n=Sum("sessions"))["n"]
    return f"{_sessions_of(state.sessions_30d)} in the last 30 gaming days, {before or 0} in the 30 before."


def _before_leaving(state: PlayerState, money: PlayerMoney | None) -> list[str]:
    lines = []
    if state.last_play_at > state.last_real_at + DAY:
        lines.append(f"Played with bonus money until {_when(state.last_play_at)}: that alone keeps nobody active.")
    if state.last_login_at > state.last_real_at + DAY:
        lines.append(f"Logged in on {_when(state.last_login_at)} without playing for real money.")
    if money and money.declined1_at > max(state.last_deposit_at, state.last_real_at - DAY):
        lines.append(f"A deposit was declined on {_when(money.declined1_at)}, and none was approved since.")
    if money and money.last_withdrawal_at > state.last_deposit_at:
        lines.append(f"Withdrew on {_when(money.last_withdrawal_at)} and has not deposited since.")
    return lines


def _when(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%-d %b %Y %H:%M}" if at and at != NEVER else "no day known"


def _days(count: float) -> str:
    return "day" if count == 1 else f"{count:g} days"


def _sessions_of(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _minutes(seconds: int, sessions: int) -> int:
    return round(seconds / sessions / 60)
