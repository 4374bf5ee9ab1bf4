"""A made-up player about whom everything is known and nothing stands in the way.

What such a player may not get, nobody may: the check before publication asks about one, and so does “Ask the gate”.
"""

from datetime import date, datetime, timedelta
from typing import Any

from compliance.dossier import Dossier, Limit, Opinion, RegisterAnswer
from compliance.jurisdictions import PACKS
from compliance.models import Consent
from compliance.vocabulary import CHANNELS

ZONES = {code: pack.zone.key for code, pack in PACKS.items()}
REGISTERS = ("gamstop", "spelpaus", "oasis", "cruks", "rofus", "rgiaj", "betguard")
_SITE = "the licence's own site"
# Nobody plays in Germany without one (DE-04); this one is never reached.
_OVER_ALL = Limit("cross_operator_limit", "month", 10**12, "EUR", "register", left=10**12)


def ideal(jurisdiction: str, currency: str, now: datetime, **changes: Any) -> Dossier:
    """Forty years old, verified, agreed to everything in words, clear at every register, has not played yet."""
    known: dict[str, Any] = {
        "player_id": 0, "jurisdiction": jurisdiction, "licensee": "made up", "timezone": ZONES.get(jurisdiction, "UTC"),
        "currency": currency, "birth_date": born(40, now), "kyc": "verified", "status": "active", "verdict": "open",
        "generation": 1, "promotions_ok": True, "bonuses_ok": True, "feed_stale": False, "brand_stopped": False,
        "consents": consents(True, now), "registers": registers("clear", now), "first_played": False, "risk": "none",
        "registered_at": now - timedelta(days=400), "in_session": False, "night_play": False, "net_month": 0, "net_loss": 0,
        "vip": False, "vip_cleared": True, "site": _SITE, "limits": (_OVER_ALL,) if jurisdiction == "DE" else (),
    }  # fmt: skip
    return Dossier(**(known | changes))


def born(age: int, now: datetime) -> date:
    """Somebody who is `age` on that day, whatever the zone."""
    day = now.date() - timedelta(days=2)
    return day.replace(year=day.year - age, day=min(day.day, 28))


def consents(granted: bool, now: datetime) -> dict[str, Opinion]:
    word = Opinion(granted, now - timedelta(days=30), "made up", "registration", _SITE)
    return {f"{product}/{channel}": word for product in Consent.Product.values for channel in sorted(CHANNELS)}


def registers(result: str, now: datetime, *, hours: int = 1) -> dict[str, RegisterAnswer]:
    answer = RegisterAnswer(result, now - timedelta(hours=hours))
    return {f"{name}/{purpose}": answer for name in REGISTERS for purpose in ("marketing", "login")}
