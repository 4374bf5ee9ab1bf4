"""Who the player is: registration, changes, log-in, identity checks."""

from datetime import datetime
from typing import Any

import phonenumbers

from players.models import Player
from players.pam.generic.fields import (
    COUNTRY,
    CURRENCY,
    DAY,
    EMAIL,
    FLAG,
    LANGUAGE,
    TIMEZONE,
    one_of,
    text,
)  # fmt: skip
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to

_REQUIRED = {
    "email": EMAIL,
    "first_name": text(80, empty=True),
    "last_name": text(80, empty=True),
    "birth_date": DAY,
    "country": COUNTRY,
    "language": LANGUAGE,
    "currency": CURRENCY,
}
_OPTIONAL = {
    "phone": text(40),
    "timezone": TIMEZONE,
    "affiliate": text(40, empty=True),
    "acquisition_channel": text(40, empty=True),
    "is_test": FLAG,
    "restrictions": one_of("none"),
}
_ANNA = {
    "email": "anna@example.com", "first_name": "Anna", "last_name": "Berg", "birth_date": "1988-04-12",
    "country": "GB", "language": "en", "currency": "GBP", "restrictions": "none",
}  # fmt: skip


def _complete(properties: dict[str, Any], occurred_at: datetime) -> None:
    if "birth_date" in properties and properties["birth_date"] > occurred_at.date().isoformat():
        raise Refused("bad_date", "A birth date cannot lie after the event.", pointer_to("properties", "birth_date"))
    if "phone" in properties:
        properties["phone"] = _e164(properties["phone"], properties.get("country"))


def _e164(phone: str, country: str | None) -> str:
    """+447700900123, whichever way it was written; a national number is read as one of `country`."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused(
            "bad_phone", 'A phone number is written internationally, like "+447700900123".',
            pointer_to("properties", "phone"),
        )  # fmt: skip
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


KINDS = [
    kind(
        "player.registered",
        "A new account; it exists when the answer arrives, and events of this player that came before are applied. "
        "`restrictions: none` states that no responsible-gambling measure is in force; "
        "without it the player is not contacted until `rg.baseline` says so.",
        _REQUIRED, _OPTIONAL, example=_ANNA, whole=_complete, at_once=True,
        wrong=(
            Wrong(_ANNA | {"birth_date": "2026-03-04"}, "bad_date", "/birth_date"),
            Wrong(_ANNA | {"phone": "call me"}, "bad_phone", "/phone"),
        ),
    ),
    kind(
        "player.updated", "Whatever changed, and only that; in force when the answer arrives. Per property the newest "
        "word counts, by occurred_at. The currency of an account never changes.",
        {}, {name: field for name, field in (_REQUIRED | _OPTIONAL).items() if name not in {"currency", "restrictions"}},
        example={"language": "sv"}, whole=_complete, at_once=True,
    ),
    kind(
        "player.login", "The player logged in. Shown on the timeline; counts as a sign of life, not as play.",
        {}, {"device": text(12)}, example={"device": "mobile"},
    ),
    kind(
        "player.logout", "The player logged out. Whatever session was still running is over.",
        {}, {"device": text(12)}, example={"device": "mobile"},
    ),
    kind(
        "player.kyc", "A step of the identity check; in force when the answer arrives. Only a verified player is "
        "promoted to. level: the PAM's word for what was checked.",
        {"status": one_of(*Player.Kyc.values)}, {"level": text(30), "reason": text(120)},
        example={"status": "verified", "level": "address"}, at_once=True,
    ),
    kind(
        "player.blocked", "The operator blocked the account: from the answer on nothing promotional and no bonus. "
        "A block of the person (self-exclusion, time-out) is an rg event.",
        {}, {"reason": text(120)}, example={"reason": "payment dispute"}, at_once=True,
    ),
    kind(
        "player.closed", "The account is closed: like player.blocked, for good.",
        {}, {"reason": text(120)}, example={"reason": "closed by the player"}, at_once=True,
    ),
    kind(
        "player.unblocked", "The account is open again; of this, player.blocked and player.closed the newest counts.",
        {}, {"reason": text(120)}, example={"reason": "dispute settled"}, at_once=True,
    ),
]  # fmt: skip
