"""One restriction's story, folded from what its source said, in the order of the source's sequence.

Pure: the same words in any order of arrival give the same measure. Lowering a limit counts at once;
raising or removing it waits as long as the licence demands (regulation §1.10), and until then the old,
lower limit is the limit. So does another kind, period or currency: 50 a day is no less than 50 a month.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.jurisdictions.timing import Timing, timing
from compliance.vocabulary import EXCLUSIONS, LIMITS

_CLOSING = {"rg.time_out", "rg.self_excluded", "rg.blocked"}


@dataclass(frozen=True)
class Said:
    """One word of the source about one restriction. `amount` None in a removal."""

    kind: str  # 'rg.limit_set', 'rg.limit_removed', 'rg.time_out', 'rg.self_excluded', 'rg.blocked', 'rg.lifted'
    sequence: int
    at: datetime
    measure: str = ""  # compliance Measure.Kind
    amount: int | None = None
    currency: str = ""
    period: str = ""
    origin: str = "player"
    effective_from: datetime | None = None
    requested_at: datetime | None = None  # when the player asked for it, where the source has waited itself
    ends_at: datetime | None = None
    product: str = ""
    scope: str = ""
    auto_renew: bool = False
    by: str = ""  # of an end: how it came, Measure.Ending

    @property
    def form(self) -> str:
        """What a limit limits, as the database writes it too; amounts of two forms cannot be compared."""
        return f"{self.measure}/{self.period}/{self.currency}" if self.kind == "rg.limit_set" else ""


@dataclass(frozen=True)
class Story:
    kind: str = "unknown"
    status: str = "active"
    sequence: int = 0
    origin: str = "player"
    scope: str = "group"
    requested_at: datetime | None = None
    effective_at: datetime | None = None
    ends_at: datetime | None = None
    auto_renew: bool = False
    ended_at: datetime | None = None
    ended_by: str = ""
    amount: int | None = None
    currency: str = ""
    period: str = ""
    previous_amount: int | None = None
    pending_amount: int | None = None
    pending_from: datetime | None = None
    needs_confirmation: bool = False
    tightened_at: datetime | None = None
    relaxed_at: datetime | None = None
    product: str = ""


def by_form(said: Iterable[Said]) -> dict[str, list[Said]]:
    """form -> the words about it. One id may limit another thing than before: that is a limit of its own, at once, and
    the one before goes as if it had been removed. '' is what is no limit, or an id that is used for both."""
    words = sorted(said, key=lambda word: word.sequence)
    found = {form: _seen_by(form, words) for form in {word.form for word in words} - {""}}
    if not found or any(word.kind in _CLOSING for word in words):
        found[""] = words
    return found


def _seen_by(form: str, words: list[Said]) -> list[Said]:
    own = [word.form == form for word in words].index(True)
    return [
        word if word.form in (form, "") else replace(word, kind="rg.limit_removed", measure="", amount=None)
        for place, word in enumerate(words)
        if place >= own or not word.form
    ]


def fold(said: Iterable[Said], *, jurisdiction: str, zone: ZoneInfo) -> Story:
    story, words = Story(), sorted(said, key=lambda word: word.sequence)
    for word in words:
        story = replace(_step(settle(story, word.at), word, jurisdiction, zone), sequence=word.sequence)
    for word in _begun_anew(words):
        story = replace(_step(settle(story, word.at), word, jurisdiction, zone), sequence=story.sequence)
    return story


def _begun_anew(words: list[Said]) -> list[Said]:
    """What closes, said after the word with the highest number: its source has begun to count anew, or uses an id a
    second time. What opens is believed then only with a higher number than what it ends."""
    anew: list[Said] = []
    for word in sorted(words, key=lambda word: word.at):
        ends = word.kind == "rg.lifted" and anew and word.sequence > anew[-1].sequence
        if word.at > words[-1].at and (word.kind in _CLOSING or ends):
            anew.append(word)
    return anew


def settle(story: Story, now: datetime) -> Story:
    """A relaxation whose waiting time is over takes effect, unless the player has yet to say it again; a limit
    set for a time ends with it."""
    if story.kind in LIMITS and story.status == "active" and story.ends_at is not None and story.ends_at <= now:
        return _relax(replace(story, pending_amount=None), story.ends_at, "term")
    if story.pending_from is None or story.needs_confirmation or story.pending_from > now:
        return story
    return _relax(story, story.pending_from)


def _relax(story: Story, at: datetime, by: str = "player") -> Story:
    relaxed = replace(story, pending_amount=None, pending_from=None, needs_confirmation=False, relaxed_at=at)
    if story.pending_amount is None:
        return replace(relaxed, status="ended", ended_at=at, ended_by=by)
    return replace(relaxed, previous_amount=story.amount, amount=story.pending_amount)


def _step(story: Story, word: Said, jurisdiction: str, zone: ZoneInfo) -> Story:
    known = story.sequence > 0 and (story.kind, story.status) != ("unknown", "ended")
    if known and word.measure and not _fits(story.kind, word.measure):
        return _confused(story, word)
    if word.kind == "rg.limit_set":
        return _set(story, word, jurisdiction, zone)
    if word.kind in {"rg.limit_removed", "rg.lifted"}:
        if story.kind in LIMITS:
            gone = story.status == "ended"
            return story if gone else _ask_relaxation(story, word, None, jurisdiction, zone)
        return story if known and word.kind == "rg.limit_removed" else _ended(story, word)
    start = max(word.at, word.effective_from or word.at)
    if known and story.status == "active" and story.effective_at is not None:
        start = min(start, story.effective_at)  # told again, or for longer: it began when it began
    return replace(
        story, kind=word.measure, status="active", origin=word.origin, scope=word.scope or "group",
        requested_at=story.requested_at if known and story.status == "active" else word.at, effective_at=start, ends_at=word.ends_at,
        auto_renew=word.auto_renew, ended_at=None, ended_by="", product=word.product,
    )  # fmt: skip


def _fits(known: str, said: str) -> bool:
    return said == known or {said, known} <= LIMITS or (said in EXCLUSIONS and known != "unknown")


def _confused(story: Story, word: Said) -> Story:
    """One id for two kinds of restriction: nobody knows which is meant, which closes until it is lifted. An exclusion
    stays one, with the time it holds at least and the wait after its end."""
    kind = next((kind for kind in (story.kind, word.measure) if kind in EXCLUSIONS), "unknown")
    return replace(
        story, kind=kind, status="active", ends_at=None, ended_at=None, amount=None, pending_amount=None, pending_from=None,
        needs_confirmation=False,
    )  # fmt: skip


def _ended(story: Story, word: Said) -> Story:
    return replace(story, status="ended", ended_at=word.at, ended_by=word.by or "player")


def _set(story: Story, word: Said, jurisdiction: str, zone: ZoneInfo) -> Story:
    known = story.kind in LIMITS and story.status == "active" and story.amount is not None
    story = replace(story, ends_at=_end(story, word, jurisdiction) if known else word.ends_at)
    if known and word.amount is not None and story.amount is not None and word.amount > story.amount:
        return _ask_relaxation(story, word, word.amount, jurisdiction, zone)
    lowered = not known or word.amount != story.amount
    return replace(
        story,
        kind=word.measure, status="active", ended_at=None, ended_by="", origin=word.origin, currency=word.currency,
        requested_at=word.at, period=word.period, amount=word.amount, effective_at=word.at,
        previous_amount=story.amount if known and lowered else story.previous_amount,
        pending_amount=None, pending_from=None, needs_confirmation=False,
        tightened_at=word.at if lowered else story.tightened_at,
    )  # fmt: skip


def _end(story: Story, word: Said, jurisdiction: str) -> datetime | None:
    """A later end counts at once; an earlier one is a removal ahead of time and waits like one."""
    if word.ends_at is None or (story.ends_at is not None and word.ends_at >= story.ends_at):
        return word.ends_at
    return max(word.ends_at, word.at + timing(jurisdiction).relax)


def _ask_relaxation(story: Story, word: Said, amount: int | None, jurisdiction: str, zone: ZoneInfo) -> Story:
    if story.needs_confirmation and story.pending_from and word.at >= story.pending_from:
        if amount == story.pending_amount:
            return _relax(story, word.at)  # the player's second word, after the waiting time (GB-16c)
    elif story.pending_from and amount == story.pending_amount:
        return story  # asked again while waiting: the clock does not start anew
    rules, period = timing(jurisdiction), story.period or word.period
    if _has_waited(word, period, rules, zone):
        return _relax(replace(story, pending_amount=amount), word.at)
    start = max(_due(word.at, period, rules, zone), word.effective_from or word.at)
    return replace(
        story, pending_amount=amount, pending_from=start, needs_confirmation=rules.second_word, origin=word.origin
    )


def _due(asked_at: datetime, period: str, rules: Timing, zone: ZoneInfo) -> datetime:
    due = asked_at + rules.relax
    return max(due, period_end(asked_at, period, zone)) if rules.period_end else due


def _has_waited(word: Said, period: str, rules: Timing, zone: ZoneInfo) -> bool:
    """The PAM has kept the waiting time itself, and says since when: that it is in force alone does not tell."""
    if word.effective_from is None or word.requested_at is None or word.effective_from > word.at:
        return False
    return word.effective_from >= _due(word.requested_at, period, rules, zone)


# Where the law counts calendar periods it counts them by its own clock, wherever the player is (DE-04, DE-05, NL-07).
_LAW_ZONES = {"DE": ZoneInfo("Europe/Berlin"), "NL": ZoneInfo("Europe/Amsterdam")}
_ROLLING = timedelta(days=30)


def zone_for(jurisdiction: str, own: str) -> ZoneInfo:
    """The clock by which the periods of a limit run."""
    return _LAW_ZONES.get(jurisdiction) or ZoneInfo(own)


def period_for(kind: str, period: str) -> str:
    """A limit over all operators counts calendar months, whatever its source calls them (DE-04)."""
    return "month" if kind == "cross_operator_limit" and period == "month_rolling" else period


def period_start(at: datetime, period: str, zone: ZoneInfo) -> datetime:
    """Start of the running day, ISO week or calendar month in that zone; of a rolling month 30 days ago."""
    if period == "month_rolling":
        return at - _ROLLING
    local = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period == "week":
        local -= timedelta(days=local.weekday())
    elif period == "month":
        local = local.replace(day=1)
    return local.astimezone(UTC)


def period_end(at: datetime, period: str, zone: ZoneInfo) -> datetime:
    """Of a rolling month: when nothing counts any more that counts now."""
    if period == "month_rolling":
        return at + _ROLLING
    start = period_start(at, period, zone).astimezone(zone)
    days = {"day": 1, "week": 7}.get(period, 32)
    following = (start.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone)
    return period_start(following, "month" if period == "month" else "day", zone)
