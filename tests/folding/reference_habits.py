"""Habits and money in plain Python, from the whole history of one player at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.lib.clock import NEVER
from players.models import Game
from tests.folding.casino import Sent

DAY = timedelta(hours=24)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Sat:
    """One session with what happened in it."""

    id: str
    start: datetime
    end: datetime
    category: int
    device: str
    game: int | None
    rounds: tuple[Sent, ...]

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())

    @property
    def net(self) -> int:
        return sum(r.body["win_real"] - r.body["stake_real"] for r in self.rounds)

    @property
    def stake(self) -> int:
        return sum(map(_stake, self.rounds))

    @property
    def median(self) -> int:
        return middle([_stake(one) for one in self.rounds if _stake(one)])

    def near(self, deposits: Iterable[datetime]) -> int:
        return sum(_stake(one) for one in self.rounds if any(at <= one.at <= at + DAY for at in deposits))

    def runs(self, brand: Any) -> tuple[list[bool], str]:
        """Whether each run was bad, in order; and what it was stopped after: 'bad', 'other' or nothing."""
        if self.category == 4:
            return [], ""
        size, told, stop = brand.run_rounds, [], ""
        played = sorted(self.rounds, key=lambda one: (one.at, one.body["round_id"]))
        for start in range(0, len(played) - size + 1, size):
            run = played[start : start + size]
            staked, won = sum(map(_stake, run)), sum(one.body["win_real"] + one.body["win_bonus"] for one in run)
            if staked:
                told.append(won * 100 < staked * brand.run_return)
                if len(played) - start - size <= brand.run_stop:
                    stop = "bad" if told[-1] else "other"
        return told, stop


def middle(numbers: list[int]) -> int:
    """Of an even number of them the smaller one of the two."""
    return sorted(numbers)[(len(numbers) - 1) // 2] if numbers else 0


def _stake(one: Sent) -> int:
    return int(one.body["stake_real"] + one.body["stake_bonus"])


def sent_sessions(events: Iterable[Sent], rounds: Iterable[Sent]) -> list[Sat]:
    """Newest first."""
    told = list(rounds)
    return _newest_first(
        Sat(e.body["session_id"], datetime.fromisoformat(e.body["started_at"]), e.at, e.body["category"],
            e.body.get("device", ""), e.body.get("game"), _inside(told, datetime.fromisoformat(e.body["started_at"]), e.at, e.body["category"]))
        for e in events if e.kind == "session.ended"
    )  # fmt: skip


def cut_sessions(rounds: Iterable[Sent], gap: timedelta) -> list[Sat]:
    """The same from rounds alone: a pause of `gap` and more ends one. Sports bets say nothing of it."""
    runs: list[list[Sent]] = []
    for one in sorted(rounds, key=lambda r: (r.body["category"], r.at)):
        if one.body["category"] == 4:
            continue
        before = runs[-1][-1] if runs else None
        if before and before.body["category"] == one.body["category"] and one.at - before.at < gap:
            runs[-1].append(one)
        else:
            runs.append([one])
    return _newest_first(
        Sat(f"rounds:{run[0].body['category']}", run[0].at, run[-1].at, run[0].body["category"], "", None, tuple(run))
        for run in runs
    )


def _newest_first(sessions: Iterable[Sat]) -> list[Sat]:
    return sorted(sessions, key=lambda s: (s.start, s.seconds, s.id), reverse=True)


def _inside(rounds: list[Sent], start: datetime, end: datetime, category: int) -> tuple[Sent, ...]:
    return tuple(r for r in rounds if r.body["category"] == category and start <= r.at <= end)


def habits(sat: list[Sat], payments: Sequence[Any], folded: Any) -> dict[str, Any]:
    """The row, `sat` newest first; empty without a session."""
    if not sat:
        return {}
    ten, zone = sat[:10], ZoneInfo(folded.brand.timezone)
    hours = [s.start.astimezone(zone).hour for s in sat]
    games = [s.game for s in ten if s.game]
    runs = [s.runs(folded.brand) for s in sat]
    deposits = [p.at for p in payments if p.direction == "deposit" and p.at]
    types = dict(Game.objects.filter(pk__in=games).values_list("pk", "type"))
    providers = dict(Game.objects.filter(pk__in=games).values_list("pk", "provider"))
    told = {f"session{k}_at": sat[k - 1].start if len(sat) >= k else NEVER for k in (3, 5, 8, 10)}
    told |= {"last10_sessions": len(ten), "last10_seconds": sum(s.seconds for s in ten), "last10_from": ten[-1].start}
    told |= {
        "sessions_7d": sum(folded.within(s.start, 7) for s in sat),
        "sessions_90d": sum(folded.within(s.start, 90) for s in sat),
        "seconds_30d": sum(s.seconds for s in sat if folded.within(s.start, 30)),
    }
    told |= {part: sum(hour // 6 == n for hour in hours) for n, part in enumerate(_PARTS)}
    told |= {name: sum(folded.day(s.start).weekday() == n for s in sat) for n, name in enumerate(WEEKDAYS)}
    told |= {
        "staked_sessions": sum(s.stake > 0 for s in sat),
        "bad_runs": sum(sum(told) for told, _ in runs),
        "other_runs": sum(len(told) - sum(told) for told, _ in runs),
        "bad_stops": sum(stop == "bad" for _, stop in runs),
        "other_stops": sum(stop == "other" for _, stop in runs),
        "stake_near": sum(s.near(deposits) for s in sat),
        "median_stake": middle([s.median for s in ten if s.median]),
        "losing_sessions": sum(s.net < 0 for s in sat),
        "favourite_game_id": _mode(games) or 0,
        "favourite_provider": _mode(filter(None, (providers[game] for game in games))) or "",
        "favourite_type": _mode(filter(None, (types[game] for game in games))) or "",
        "device": _mode(s.device for s in ten if s.device) or "",
    }
    return told


_PARTS = ("night", "morning", "afternoon", "evening")


def _mode(values: Iterable[Any]) -> Any:
    """The most frequent, of equals the smallest; None of nothing."""
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def of_category(sat: list[Sat], category: int) -> dict[str, Any]:
    mine = [s for s in sat if s.category == category][:10]
    return {
        "last5_seconds": sum(s.seconds for s in mine[:5]),
        "last10_seconds": sum(s.seconds for s in mine),
        "last10_from": mine[-1].start if mine else NEVER,
    }


def money(payments: Sequence[Any], events: Iterable[Sent], sat: list[Sat], folded: Any) -> dict[str, Any]:
    """The row; empty without anything that counts. `payments` as the reference tells them."""
    deposits = sorted(((p.at, p) for p in payments if p.direction == "deposit" and p.at), key=_time, reverse=True)
    declined = sorted((p.declined for p in payments if p.declined and not p.at), reverse=True)
    drawn = [p for p in payments if p.direction == "withdrawal" and p.at]
    cancelled = _by_payment(events, "withdrawal.cancelled")
    charged_back = _by_payment(events, "deposit.charged_back")
    if not (deposits or declined or drawn or cancelled or charged_back):
        return {}
    times, ten = [at for at, _ in deposits], deposits[:10]
    told: dict[str, Any] = {f"deposit{k}_at": _kth(times, k) for k in (2, 3, 5, 10)}
    told |= {f"declined{k}_at": _kth(declined, k) for k in (1, 3, 5)}
    told |= {f"cancelled{k}_at": _kth(cancelled, k) for k in (1, 2, 3)}
    gaps = [later - earlier for later, earlier in zip(times, times[1:], strict=False)]
    for days in (7, 90):
        inside = [p.amount for at, p in deposits if folded.within(at, days)]
        told |= {f"deposits_{days}d": len(inside), f"deposit_sum_{days}d": sum(inside)}
    lately = [p.amount for p in drawn if folded.within(p.at, 30)]
    return told | {
        "last_withdrawal_at": max((p.at for p in drawn), default=NEVER),
        "charged_back_at": charged_back[0] if charged_back else NEVER,
        "largest_deposit": max((p.amount for _, p in deposits), default=0),
        "median_deposit": middle([p.amount for _, p in ten]),
        "deposit_gap_seconds": sum(int(gap.total_seconds()) for gap in gaps),
        "deposit_gaps": len(gaps),
        "withdrawals_30d": len(lately), "withdrawal_sum_30d": sum(lately),
        "cancelled_withdrawals": len(cancelled), "chargebacks": len(charged_back),
        "last10_deposits": len(ten),
        "last10_in_session": sum(any(s.start <= at <= s.end for s in sat) for at, _ in ten),
        "last10_after_loss": sum(
            any(s.net < 0 and s.start < at and s.end < at <= s.end + DAY for s in sat) for at, _ in ten
        ),
        "last10_with_bonus": sum(
            p.bonus_code != "" or any(at <= taken <= at + DAY for taken in bonuses_taken(events)) for at, p in ten
        ),
        "method": _mode(p.method for _, p in ten if p.method) or "",
    }  # fmt: skip


def bonuses_taken(events: Iterable[Sent]) -> list[datetime]:
    """When each bonus was first claimed, active, completed or lost."""
    first: dict[str, datetime] = {}
    for event in events:
        if event.kind == "bonus.status" and event.body["status"] in ("claimed", "active", "completed", "lost"):
            first[event.body["bonus_ref"]] = min(event.at, first.get(event.body["bonus_ref"], event.at))
    return list(first.values())


def _time(pair: tuple[datetime, Any]) -> tuple[datetime, Any]:
    """Of two of the same instant the one whose id comes later is the older one, as in the database."""
    return pair[0], [-ord(letter) for letter in pair[1].id]


def _by_payment(events: Iterable[Sent], kind: str) -> list[datetime]:
    newest: dict[str, datetime] = {}
    for event in events:
        if event.kind == kind:
            newest[event.body["payment_id"]] = max(event.at, newest.get(event.body["payment_id"], NEVER))
    return sorted(newest.values(), reverse=True)


def _kth(newest_first: list[datetime], k: int) -> datetime:
    return newest_first[k - 1] if len(newest_first) >= k else NEVER
