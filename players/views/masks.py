"""Personal data on pages: masked until somebody who may reveals it, which is audited."""

import re
from datetime import date

from players.models import Player

AMOUNT = re.compile(r"\s+[\d\s.,]*\d[\s\u00a0]+[A-Z]{3,5}\b")


def masked_name(player: Player) -> str:
    """'Anna Lindqvist' -> 'A••• L•••'; the length says nothing."""
    parts = [part for part in (player.first_name, player.last_name) if part]
    return " ".join(f"{part[0]}•••" for part in parts) or "Name unknown"


def masked_address(address: str) -> str:
    """'anna@example.com' -> 'a•••@example.com', '+447700900123' -> '+44•••123'."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"{address[:3]}•••{address[-3:]}" if len(address) > 8 else "•••"


_MAIL = re.compile(r"[^\s@<>:,;]{1,64}@[^\s@<>:,;]+\.[^\s@<>:,;.]+")
_PHONE = re.compile(r"\+\d[\d ()-]{6,}\d")


def without_addresses(words: str) -> str:
    """Addresses somebody wrote into a reason, a tag or an event of the operator's own, masked as everywhere else."""
    words = _MAIL.sub(lambda found: masked_address(found[0]), words)
    return _PHONE.sub(lambda found: masked_address(found[0]), words)


# In the languages of our licences: what the PAM gives as a reason is text nobody promised anything about.
_PROTECTION = re.compile(
    r"limit|gräns|gr[aæ]ns|grænse|l[ií]mite|exclu|ausschlu|sperre|avst[aä]ng|udeluk|uitslui|self|responsib|rg\b|harm|addict"
    r"|vulnerab|time.?out|cool|break|pause|protect|gamstop|spelpaus|oasis|lugas|cruks|rofus|rgiaj|betguard|register",
    re.IGNORECASE,
)


def without_protection(reason: str) -> str:
    """Why a payment was declined, for whoever may not know of limits and restrictions: not if it speaks of one."""
    return "" if _PROTECTION.search(reason) else reason


def age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def without_amount(words: str) -> str:
    """'deposit 50.00 EUR' -> 'deposit', for roles that do not see money."""
    return AMOUNT.sub("", words)
