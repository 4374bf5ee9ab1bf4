"""Not at night and not too often."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.models.decision import Decision
from compliance.rules import OUTBOUND, Check, Reason

PROMOTIONS_A_WEEK = 3  # POL-09


def quiet_hours(start: time, end: time, rule: str = "POL-08") -> Check:
    """Civil time where the player is; a night that a clock change makes longer or shorter is still one night."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel not in OUTBOUND:
            return None
        zone = ZoneInfo(dossier.timezone)
        local = now.astimezone(zone)
        if end <= local.time() < start:
            return None
        day = local.date() + timedelta(days=1 if local.time() >= start else 0)
        morning = datetime.combine(day, end, zone).astimezone(UTC)
        return Reason("DENY_QUIET_HOURS", rule, outcome=Decision.Outcome.DEFER, retry_at=morning)

    return check


def quiet_nights_of_night_players(start: time, end: time) -> Check:
    """Whoever plays at night keeps the quiet hours at a brand that has given them up; of whom nobody knows, too."""
    night = quiet_hours(start, end, "POL-08n")

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        kept = "POL-08" not in dossier.switched_off  # then POL-08 says so for everybody
        return None if kept or not dossier.night_play else night(dossier, request, now)

    return check


def not_too_often(most: int) -> Check:
    """Per person over all brands, messages that reach out, rolling 7 days."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel not in OUTBOUND:
            return None
        others = [reference for reference in dossier.recent_promotions if reference != request.reference]
        return Reason("DENY_FREQUENCY", "POL-09") if len(others) >= most else None

    return check


def only_between(rule: str, start: time, end: time, zone: ZoneInfo) -> Check:
    """Advertising for casino games at night only (Germany), on the site too, in the licence's own zone."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel == "bonus" or "casino" not in request.promotes:
            return None
        local = now.astimezone(zone)
        if local.time() >= start or local.time() < end:
            return None
        evening = datetime.combine(local.date(), start, zone).astimezone(UTC)
        return Reason("DENY_QUIET_HOURS", rule, outcome=Decision.Outcome.DEFER, retry_at=evening)

    return check
