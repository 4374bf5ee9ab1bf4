"""When several campaigns want the same player's ear: who speaks now, who later, who not at all.

Pure: candidates and what was sent before go in, one ruling per candidate comes out. Everything due for
the person is on the table at once; were they judged one by one, timing would beat priority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Caps:
    per_day: int
    per_week: int
    spacing: timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    delivery_id: int
    campaign: str
    priority: int
    group: str
    created_at: datetime
    expires_at: datetime
    player_id: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    at: datetime
    campaign: str
    group: str = ""
    player_id: int = 0  # the account: the same human may have others, which is compliance's to know


@dataclass(frozen=True, slots=True)
class Ruling:
    delivery_id: int
    outcome: str  # now, later, drop
    code: str = ""
    detail: str = ""
    again_at: datetime | None = None


def judge(candidates: Sequence[Candidate], spoken: Sequence[Spoken], caps: Caps, now: datetime) -> list[Ruling]:
    """One ruling per candidate, strongest first. `spoken`: promotional messages of the last 7 days, or on their way."""
    heard = sorted(spoken, key=lambda s: s.at)
    rulings = []
    for one in sorted(candidates, key=lambda c: (-c.priority, c.created_at, c.delivery_id)):
        ruling = _rule(one, heard, caps, now)
        if ruling.outcome == "now":
            heard.append(Spoken(now, one.campaign, one.group, one.player_id))
        rulings.append(ruling)
    return rulings


def _rule(one: Candidate, heard: Sequence[Spoken], caps: Caps, now: datetime) -> Ruling:
    if one.expires_at <= now:
        return Ruling(one.delivery_id, "drop", "expired", "its time was over")
    rival = _rival(one, heard, now)
    if rival is not None:
        return Ruling(one.delivery_id, "drop", "exclusive_group", f"{_name(rival, one)} is in the same exclusive group")
    code, detail, again = _pressure(one, heard, caps, now)
    if again is None:
        return Ruling(one.delivery_id, "now")
    if again >= one.expires_at:
        return Ruling(one.delivery_id, "drop", code, f"{detail}, and its time is over before it may be sent")
    return Ruling(one.delivery_id, "later", code, detail, again)


def _rival(one: Candidate, heard: Sequence[Spoken], now: datetime) -> Spoken | None:
    """Who of the same exclusive group spoke in the last 24 hours."""
    if not one.group:
        return None
    recent = [s for s in heard if s.group == one.group and s.at > now - timedelta(days=1)]
    return next((s for s in reversed(recent) if s.campaign != one.campaign), None)


def _name(spoken: Spoken, one: Candidate) -> str:
    """Of another account of theirs no campaign is named: it would tell that there is one, and at which brand."""
    return spoken.campaign if spoken.player_id == one.player_id else "another"


def _pressure(one: Candidate, heard: Sequence[Spoken], caps: Caps, now: datetime) -> tuple[str, str, datetime | None]:
    """The cap that binds longest, with the first instant it no longer does."""
    binding: list[tuple[datetime, str, str]] = []
    if heard and heard[-1].at + caps.spacing > now:
        binding.append((heard[-1].at + caps.spacing, "spacing", f"{_name(heard[-1], one)} went first"))
    windows = ((timedelta(days=1), caps.per_day, "24 hours"), (timedelta(days=7), caps.per_week, "7 days"))
    for window, most, words in windows:
        inside = [s for s in heard if s.at > now - window]
        if len(inside) >= most:
            frees = inside[len(inside) - most].at + window
            binding.append((frees, "frequency_cap", f"{len(inside)} promotional messages in {words}"))
    if not binding:
        return "", "", None
    again, code, detail = max(binding)
    return code, detail, again
