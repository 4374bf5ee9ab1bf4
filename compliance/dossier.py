"""Everything the rules may know about one player, frozen: same dossier, same answer, years later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Limit:
    """A limit as it stands, with what is left of it. `left` None: it has no sum that runs up to it, or that
    sum is in a currency without a rate, which `rate_missing` says.
    """

    kind: str
    period: str
    amount: int
    currency: str
    origin: str
    left: int | None = None
    tightened_at: datetime | None = None
    pending_from: datetime | None = None
    relaxed_at: datetime | None = None
    rate_missing: bool = False


@dataclass(frozen=True)
class Rate:
    """How many EUR one unit was worth on that day."""

    value: Decimal
    day: date


@dataclass(frozen=True)
class Opinion:
    """The newest word on one cell of the consent matrix."""

    granted: bool | None  # None: a change was announced and is not told yet
    at: datetime
    wording: str = ""
    screen: str = ""
    origin: str = ""  # the site it was given on


@dataclass(frozen=True)
class RegisterAnswer:
    result: str
    asked_at: datetime


@dataclass(frozen=True)
class Dossier:
    """Defaults are what 'we do not know' looks like, and every rule reads them as no."""

    player_id: int
    person_id: int = 0
    brand_id: int = 0
    jurisdiction: str = ""
    licensee: str = ""
    timezone: str = ""  # the player's own, or the brand's
    currency: str = ""
    birth_date: date | None = None
    kyc: str = "none"
    status: str = ""
    verdict: str = "unknown"
    generation: int = 0
    promotions_ok: bool = False
    bonuses_ok: bool = False
    valid_until: datetime | None = None
    feed_stale: bool = True
    brand_stopped: bool = True
    limits: tuple[Limit, ...] = ()
    exclusions: tuple[str, ...] = ()  # running or not returned from: "self_exclusion/own", "…/linked"
    returned_at: datetime | None = None  # newest end of an exclusion by its owner's return
    paused_until: datetime | None = None  # newest end of a time-out; read while one closes, or POL-01 is off
    stopped_at: datetime | None = None  # where it ends consent: newest end of a time-out, or closure of the account
    consents: Mapping[str, Opinion] | None = None  # "casino/email" -> newest word
    suppressed: tuple[str, ...] = ()  # channels whose address complained, bounced or unsubscribed
    registers: Mapping[str, RegisterAnswer] | None = None  # "gamstop/marketing" -> newest answer
    first_played: bool = True  # has played anything with the licensee
    bonuses_before: tuple[str, ...] = ()  # references of (at most two) bonuses the licensee gave, any brand
    recent_promotions: tuple[str, ...] = ()  # references of promotional messages of 7 days, all brands of the person
    switched_off: tuple[str, ...] = ()  # policies off at this brand
    switched_on: tuple[str, ...] = ()  # policies on that are off unless asked for
    flags: tuple[str, ...] = ()  # what the operator imposed beside blocks: vocabulary.FLAGS
    excluded_products: tuple[str, ...] = ()
    risk: str = "unknown"  # vocabulary.RISKS; a level above only falls after a person has looked at it (GB-06)
    withdrawal_pending: bool = False
    rates: Mapping[str, Rate] | None = None  # currency -> newest, told only where amounts must be compared
    # Read where a licence asks for them; elsewhere they stay what nobody knows.
    registered_at: datetime | None = None
    intervened_at: datetime | None = None  # newest intervention with this player
    in_session: bool = True
    night_play: bool = True  # shows the marker of night play; read only where a brand has no quiet hours
    net_month: int | None = None  # deposits less withdrawals of the calendar month, EUR cents
    net_loss: int | None = None  # stakes less wins of the last 21 days, EUR cents
    vip: bool = True  # the platform reports a tier: designated a high-value customer
    vip_cleared: bool = False
    conditions: Mapping[str, int] | None = None  # of the licence, for bonuses: "most" EUR cents, "times" (Germany)
    site: str = ""  # the licence's own site, which a consent must come from (Ontario)

    def snapshot(self) -> dict[str, Any]:
        """What differs from the defaults, as plain JSON."""
        known = self.__dict__  # asdict() copies deeply, which is half of the time a decision takes
        return {name: _plain(known[name]) for name, default in _DEFAULTS if known[name] != default}

    @classmethod
    def from_snapshot(cls, plain: Mapping[str, Any]) -> "Dossier":
        """Raises TypeError for a field there is not."""
        known = {**_UNKNOWN, **plain}
        if len(known) != len(_DEFAULTS) or "player_id" not in plain:
            raise TypeError(f"no such fields of a dossier: {sorted(plain.keys() - _UNKNOWN.keys())}")
        for name, read in _READERS:
            if name in plain:
                known[name] = read(known[name])
        dossier = object.__new__(cls)  # __init__ of a frozen class sets its fields one by one: twice the time
        dossier.__dict__.update(known)
        return dossier


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IS:
        return value
    if kind is tuple:
        return [_plain(inner) for inner in value]
    if kind is datetime or kind is date:
        return value.isoformat()
    if kind is Decimal:
        return str(value)
    inner = value if isinstance(value, Mapping) else value.__dict__
    return {name: _plain(part) for name, part in inner.items()}


_AS_IS = frozenset({str, int, bool, type(None)})


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _limit(plain: Mapping[str, Any]) -> Limit:
    instants = {name: _instant(plain.get(name)) for name in ("tightened_at", "pending_from", "relaxed_at")}
    return Limit(**(dict(plain) | instants))


def _opinions(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Opinion]:
    return {
        cell: Opinion(
            word.get("granted"),
            datetime.fromisoformat(word["at"]),
            word["wording"],
            word["screen"],
            word.get("origin", ""),
        )  # fmt: skip
        for cell, word in plain.items()
    }


def _answers(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, RegisterAnswer]:
    return {
        name: RegisterAnswer(answer["result"], datetime.fromisoformat(answer["asked_at"]))
        for name, answer in plain.items()
    }


def _rates(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Rate]:
    return {name: Rate(Decimal(rate["value"]), date.fromisoformat(rate["day"])) for name, rate in plain.items()}


_DEFAULTS = tuple((field.name, field.default) for field in fields(Dossier))  # MISSING equals nothing
_UNKNOWN: dict[str, Any] = dict(_DEFAULTS)
_READERS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("birth_date", lambda value: date.fromisoformat(value) if value else None),
    ("valid_until", _instant),
    ("returned_at", _instant),
    ("paused_until", _instant),
    ("stopped_at", _instant),
    ("limits", lambda rows: tuple(map(_limit, rows))),
    ("exclusions", tuple),
    ("suppressed", tuple),
    ("bonuses_before", tuple),
    ("recent_promotions", tuple),
    ("switched_off", tuple),
    ("switched_on", tuple),
    ("flags", tuple),
    ("excluded_products", tuple),
    ("registered_at", _instant),
    ("intervened_at", _instant),
    ("rates", _rates),
    ("consents", _opinions),
    ("registers", _answers),
)
