"""“What if”: one thing about a player changed in thought, and the dossier the rules would then read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from compliance import ideal
from compliance.dossier import Dossier, Limit

AS_IT_IS = ("", "As it is")
RESTRICTIONS = (
    AS_IT_IS, ("none", "None"), ("excluded", "Self-excluded here"), ("linked", "Self-excluded at a linked account"),
    ("register", "On the national register"), ("awaiting_return", "Exclusion over, not returned"),
    ("time_out", "On a time-out"), ("blocked", "Blocked by the operator"), ("unknown", "Not stated by the PAM"),
)  # fmt: skip
REGISTERS = (
    AS_IT_IS, ("clear", "Not registered, an hour ago"), ("stale", "Not registered, 30 hours ago"),
    ("listed", "Registered"), ("unavailable", "No answer"),
)  # fmt: skip
CONSENTS = (AS_IT_IS, ("yes", "Yes to everything"), ("no", "No to everything"), ("never", "Never asked"))
RISKS = (
    AS_IT_IS, ("none", "No signs of harm"), ("low", "Low"), ("medium", "Medium"), ("strong", "Strong"),
    ("critical", "Critical"),
)  # fmt: skip
PLAYED = (AS_IT_IS, ("no", "Has not played yet"), ("yes", "Has played"))
_OPEN = {"verdict": "open", "promotions_ok": True, "bonuses_ok": True, "exclusions": (), "status": "active",
         "valid_until": None}  # fmt: skip
_CLOSED = {"promotions_ok": False, "bonuses_ok": False}
_EXCLUSIONS = {
    "excluded": "self_exclusion/own",
    "linked": "self_exclusion/linked",
    "register": "national_exclusion/own",
}


def suppose(dossier: Dossier, given: Mapping[str, Any], now: datetime) -> Dossier:
    """`given`: restriction, register, consent, risk, played (a key of the lists above), age, limit_amount (minor
    units), limit_period, limit_left, limit_lowered; what is empty stays as it is."""
    changes: dict[str, Any] = {}
    if given.get("age"):
        changes["birth_date"] = ideal.born(given["age"], now)
    if answer := given.get("register"):
        hours = 30 if answer == "stale" else 1
        changes["registers"] = ideal.registers("clear" if answer == "stale" else answer, now, hours=hours)
    if word := given.get("consent"):
        changes["consents"] = None if word == "never" else ideal.consents(word == "yes", now)
    if given.get("risk"):
        changes["risk"] = given["risk"]
    if given.get("played"):
        changes["first_played"] = given["played"] == "yes"
    changes |= _restriction(given.get("restriction", ""), now)
    if given.get("limit_amount"):
        changes["limits"] = (*dossier.limits, _limit(given, dossier.currency, now))
    return replace(dossier, **changes)


def _restriction(kind: str, now: datetime) -> dict[str, Any]:
    if kind in ("", "none"):
        return dict(_OPEN) if kind else {}
    if kind in _EXCLUSIONS:
        return _CLOSED | {"verdict": "excluded", "exclusions": (_EXCLUSIONS[kind],)}
    until = {"valid_until": now + timedelta(hours=24)} if kind == "time_out" else {}
    return _CLOSED | {"verdict": kind} | until


def _limit(given: Mapping[str, Any], currency: str, now: datetime) -> Limit:
    left = given.get("limit_left")
    lowered = now - timedelta(minutes=5) if given.get("limit_lowered") else None
    return Limit(
        "deposit_limit", given.get("limit_period") or "week", given["limit_amount"], currency, "player",
        left=given["limit_amount"] if left is None else left, tightened_at=lowered,
    )  # fmt: skip
