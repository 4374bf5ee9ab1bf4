"""May this person be reached at all: what we know, exclusions, time-outs, blocks, age."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.rules import Check, Reason, offers
from compliance.vocabulary import CHANNELS, CONTENT, CRITERIA, INCENTIVES, NEUTRAL_CONTENT

# Verdicts that close a person by themselves and have a rule of their own to say so.
_CLOSED_OTHERWISE = {"excluded", "awaiting_return", "time_out", "harm", "unknown"}


def declared_honestly(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """A service message or a survey carries no offer and no ask; a grant says what it gives; every word is one we know."""
    service = request.purpose != "promotional"
    dressed_up = service and (request.ask is not None or offers(request) or request.content - NEUTRAL_CONTENT)
    unspecified = request.channel == "bonus" and request.incentive is None
    known = request.channel in CHANNELS and request.criteria <= CRITERIA and request.content <= CONTENT
    if request.incentive is not None:
        known = known and request.incentive.type in INCENTIVES
    return Reason("DENY_PURPOSE_MISMATCH", "X-06") if dressed_up or unspecified or not known else None


def state_known(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    expired = dossier.valid_until is not None and dossier.valid_until <= now
    if dossier.verdict == "unknown" or expired:
        return Reason("DENY_STATE_UNAVAILABLE", "SYS-03")
    return None


def feed_trusted(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    return Reason("DENY_STATE_UNAVAILABLE", "SYS-01", retry_at=now + _SOON) if dossier.feed_stale else None


def brand_running(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    return Reason("DENY_BRAND_STOPPED", "SYS-02") if dossier.brand_stopped else None


def not_excluded(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    if dossier.verdict != "excluded":
        return None
    own = any(exclusion == "self_exclusion/own" for exclusion in dossier.exclusions)
    linked = any(exclusion == "self_exclusion/linked" for exclusion in dossier.exclusions)
    if dossier.exclusions and all(exclusion.startswith("unknown/") for exclusion in dossier.exclusions):
        return Reason("DENY_STATE_UNAVAILABLE", "X-01")  # a restriction that contradicts itself
    code = "DENY_SELF_EXCLUDED" if own else "DENY_LINKED_ACCOUNT_EXCLUDED" if linked else "DENY_NATIONAL_REGISTER"
    return Reason(code, "X-05" if code == "DENY_LINKED_ACCOUNT_EXCLUDED" else "X-01")


def awaiting_return(rule: str) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        return Reason("DENY_AWAITING_RETURN", rule) if dossier.verdict == "awaiting_return" else None

    return check


def not_on_a_break(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """During a time-out, or in the wait after an exclusion. Of the day after a time-out POL-01 speaks, where it is on."""
    spoken_of = _day_after(dossier, now) and "POL-01" not in dossier.switched_off
    closed = dossier.verdict == "time_out" and not spoken_of
    return Reason("DENY_TIME_OUT", "SYS-06", retry_at=dossier.valid_until) if closed else None


def a_day_of_peace(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    until = dossier.paused_until
    return Reason("DENY_TIME_OUT", "POL-01", retry_at=until and until + _DAY) if _day_after(dossier, now) else None


def _day_after(dossier: Dossier, now: datetime) -> bool:
    """Nothing else closes like a time-out but its last day: who came back from an exclusion may be waiting still."""
    until, returned = dossier.paused_until, dossier.returned_at
    returning = returned is not None and now < returned + _LONGEST_WAIT
    return until is not None and until <= now < until + _DAY and not returning


def not_blocked(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """An operator's block, or an account that is suspended or closed."""
    free = dossier.bonuses_ok if request.channel == "bonus" else dossier.promotions_ok
    free = free and (dossier.bonuses_ok or not offers(request))
    if (not free and dossier.verdict not in _CLOSED_OTHERWISE) or dossier.status != "active":
        return Reason("DENY_ACCOUNT_RESTRICTED", "OP-01")
    return None


def of_age(minimum: int, rule: str = "X-03") -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if dossier.birth_date is None:
            return Reason("DENY_AGE_UNVERIFIED", rule)
        today = now.astimezone(ZoneInfo(dossier.timezone)).date()
        if age_on(dossier.birth_date, today) < minimum:
            return Reason("DENY_UNDERAGE", rule)
        return Reason("DENY_AGE_UNVERIFIED", rule) if dossier.kyc != "verified" else None

    return check


_GIFTS = frozenset({"gift", "hospitality", "loyalty_points"})
_OF_THE_SCHEME = _GIFTS | {"goodwill"}


def is_younger(dossier: Dossier, years: int, zone: ZoneInfo, now: datetime) -> bool:
    """Below the bound where the licence counts birthdays; of unknown age counts as young."""
    return dossier.birth_date is None or age_on(dossier.birth_date, now.astimezone(zone).date()) < years


def not_young(rule: str, years: int, zone: ZoneInfo) -> Check:
    """Nothing promotional below that age."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        return Reason("DENY_YOUNG_ADULT", rule) if is_younger(dossier, years, zone, now) else None

    return check


def no_gifts_when_young(rule: str, years: int, zone: ZoneInfo) -> Check:
    """No VIP treatment, no gifts that are no gambling (Spain)."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        gift = request.incentive is not None and request.incentive.type in _GIFTS
        if not (gift or "vip" in request.criteria):
            return None
        return Reason("DENY_YOUNG_ADULT", rule) if is_younger(dossier, years, zone, now) else None

    return check


def vip_cleared(rule: str) -> Check:
    """No benefit of a scheme for high-value customers before the checks and a senior's signature are on record: nothing
    for whoever was chosen as one, and for whoever is one nothing that such a scheme gives, however they were chosen."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        given = request.incentive is not None and request.incentive.type in _OF_THE_SCHEME
        benefit = offers(request) and ("vip" in request.criteria or (dossier.vip and given))
        return Reason("DENY_VIP_NOT_CLEARED", rule) if benefit and not dossier.vip_cleared else None

    return check


def account_old_enough(rule: str, days: int) -> Check:
    """Younger accounts get no promotion; of unknown age counts as new."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        since = dossier.registered_at
        old = since is not None and now >= since + timedelta(days=days)
        return None if old else Reason("DENY_NEW_ACCOUNT", rule, retry_at=since and since + timedelta(days=days))

    return check


def age_on(birth: date, day: date) -> int:
    """Full years. Someone born on 29 February comes of age on 1 March in common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_SOON = timedelta(minutes=5)
_DAY = timedelta(hours=24)
_LONGEST_WAIT = timedelta(days=7)
