"""An account -> the keys by which it can be told to be somebody's. Pure, but for the keyed hash."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.models import IdentityKey
from compliance.persons import national
from compliance.persons.sealing import digest

Kind = IdentityKey.Kind
# Accounts that share one of these are one person's without anybody asking.
CERTAIN = frozenset({Kind.NATIONAL_ID.value, Kind.PAM_PERSON.value, Kind.EMAIL_BIRTH.value})
# More accounts than this behind one device or instrument say that it is public, a library's or a prepaid card's.
PUBLIC = 8
MAY_BE_PUBLIC = frozenset({Kind.DEVICE.value, Kind.INSTRUMENT.value})

Key = tuple[str, bytes]


@dataclass(frozen=True)
class Profile:
    """What the account itself says."""

    first_name: str
    last_name: str
    born: date | None
    email: str  # folded, and only if the PAM has said that it is verified
    phone: str
    country: str
    licensee: str


def of_profile(who: Profile) -> set[Key]:
    found: set[Key] = set()
    if who.email and who.born:
        found.add(_key(Kind.EMAIL_BIRTH, f"{who.email}|{who.born}"))
    if who.phone:
        found.add(_key(Kind.PHONE, who.phone))
    return found


def of_identity(who: Profile, told: Mapping[str, Any]) -> set[Key]:
    """`told`: the properties of `player.identified`. A national id of no valid form proves nothing and makes no key:
    one placeholder in a thousand accounts would make them one person."""
    found: set[Key] = set()
    if number := told.get("national_id"):
        country = told.get("national_id_country") or who.country
        try:
            found.add(_key(Kind.NATIONAL_ID, f"{country}|{national.normal(country, number, who.born)}"))
        except national.WrongForm:
            pass
    if person := told.get("person_ref"):
        found.add(_key(Kind.PAM_PERSON, f"{who.licensee}|{person}"))
    postcode = "".join(told.get("postcode", "").upper().split())
    if postcode and who.born and who.last_name:
        found.add(
            _key(Kind.NAME_BIRTH_POSTCODE, f"{_plain(who.first_name)}|{_plain(who.last_name)}|{who.born}|{postcode}")
        )
    found |= {_key(Kind.DEVICE, f"{who.licensee}|{device}") for device in told.get("devices", ())}
    found |= {_key(Kind.INSTRUMENT, f"{who.licensee}|{instrument}") for instrument in told.get("instruments", ())}
    return found


def _key(kind: IdentityKey.Kind, text: str) -> Key:
    return kind.value, digest(kind.value, text)


def _plain(name: str) -> str:
    """Without accents, spaces, hyphens and case: Björn-Åke and BJORN AKE are one."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())
