"""The account, its lifecycle, its tags and lists."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params, newest
from tests.language.brute_force.reading import Read, reads
from tests.language.brute_force.told import Life

_KYC = ("none", "submitted", "pending", "verified", "expired", "rejected")
_STATUS = {"player.unblocked": "active", "player.blocked": "suspended", "player.closed": "closed"}
_FTD, _SLIPPING, _LAPSED, _DORMANT, _BACK = (timedelta(days=n) for n in (7, 14, 30, 90, 30))


def _told(name: str) -> Read:
    def read(life: Life, at: Moment, params: Params) -> str:
        return str(life.newest(name))

    return read


for _name in ("country", "language", "affiliate", "acquisition_channel"):
    reads(_name, "word")(_told(_name))


@reads("currency", "word")
def currency(life: Life, at: Moment, params: Params) -> str:
    return life.currency


@reads("age", "age")
@reads("birthday", "birthday")
def age(life: Life, at: Moment, params: Params) -> date | None:
    said = life.newest("birth_date", None)
    return date.fromisoformat(said) if said else None


@reads("kyc", "word")
def kyc(life: Life, at: Moment, params: Params) -> str:
    """Of two words of one instant the more careful one."""
    told = [(when, _KYC.index(said["status"]), said["status"]) for when, said in life.events["player.kyc"]]
    return max(told)[2] if told else "none"


@reads("days_since_kyc", "since")
def kyc_since(life: Life, at: Moment, params: Params) -> datetime | None:
    """Since when the word that stands has stood without a break."""
    told = sorted((when, _KYC.index(said["status"])) for when, said in life.events["player.kyc"])
    since = None
    for when, word in reversed(told):
        if word != told[-1][1]:
            break
        since = when
    return since


@reads("status", "word")
def status(life: Life, at: Moment, params: Params) -> str:
    told = [(when, n, word) for n, (kind, word) in enumerate(_STATUS.items()) for when, _ in life.events[kind]]
    return max(told)[2] if told else "active"


@reads("vip_tier", "number", "vip")
def vip_tier(life: Life, at: Moment, params: Params) -> int:
    return int(life.imported.get("vip_tier", 0)) if life.imported is not None else 0


@reads("days_since_registration", "since", "lifecycle")
def registration(life: Life, at: Moment, params: Params) -> datetime:
    return life.registered_at


@reads("days_since_login", "since", "inactivity")
def last_login(life: Life, at: Moment, params: Params) -> datetime | None:
    return newest(when for when, _ in life.events["player.login"])


@reads("tags", "words", "manual")
def tags(life: Life, at: Moment, params: Params) -> set[str]:
    """Per tag the newest word counts; put on and taken off in one instant, it is on."""
    words: dict[str, tuple[datetime, bool]] = {}
    for when, said in life.events["player.tagged"]:
        for is_on, names in ((True, said.get("add", ())), (False, said.get("remove", ()))):
            for name in names:
                words[name] = max(words.get(name, (when, False)), (when, is_on))
    return {name for name, (_, is_on) in words.items() if is_on}


# --- lifecycle


class Stage(NamedTuple):
    word: str
    since: datetime


def _start_of_run(moments: list[datetime], gap: timedelta) -> datetime:
    """When the newest run without a pause of `gap` began."""
    start = moments[-1]
    for earlier in reversed(moments[:-1]):
        if start - earlier >= gap:
            break
        start = earlier
    return start


def stage_of(life: Life, now: datetime) -> Stage:
    if not life.deposits:
        return Stage("registered", life.registered_at)
    first, real = life.deposits[-1].at, life.real
    back = _start_of_run(real, _LAPSED)
    if back > first and now < back + _BACK:
        return Stage("reactivated", back)
    if len(life.deposits) == 1 and now < first + _FTD:
        return Stage("ftd", first)
    grown = first + _FTD if len(life.deposits) == 1 else min(first + _FTD, life.deposits[-2].at)
    grown = max(grown, back + _BACK) if back > first else grown
    for word, quiet in (("dormant", _DORMANT), ("lapsed", _LAPSED)):
        if now - real[-1] >= quiet:
            return Stage(word, max(grown, real[-1] + quiet))
    if back > first and life.house.day(back) == life.house.day(real[-1]):
        return Stage("at_risk", grown)
    if now - real[-1] >= _SLIPPING:
        return Stage("at_risk", max(grown, real[-1] + _SLIPPING))
    return Stage("active", max(grown, _start_of_run(real, _SLIPPING)))


@reads("stage", "word", "lifecycle")
def stage(life: Life, at: Moment, params: Params) -> str:
    return stage_of(life, at.now).word


@reads("days_in_stage", "since", "lifecycle")
def since(life: Life, at: Moment, params: Params) -> datetime:
    return stage_of(life, at.now).since
