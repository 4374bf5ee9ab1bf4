"""Finding a player by what somebody typed: each question goes to the index made for it, none reads everybody.

Whoever may reveal addresses may also search by their beginnings, and by names. For all others a whole
address finds its player and half of one finds nobody: guessing letter by letter would reveal it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from players.models import Brand, Contact, Player
from players.models.derived import Folded, folded
from players.registration import normal_email

MOST = 200  # of each kind; whoever has more than that before them types another letter
_PHONE = re.compile(r"\+?[\d ()/.-]{6,}")


@dataclass(frozen=True, slots=True)
class Found:
    ids: frozenset[int] = frozenset()
    by: frozenset[str] = field(default=frozenset())  # id, e-mail, phone, name: what was matched
    capped: bool = False

    @property
    def by_person(self) -> bool:
        """True when personal data led to somebody, not an id."""
        return bool(self.by - {"id"})


def find(words: str, brands: Iterable[Brand] | None, *, in_full: bool) -> Found:
    """`brands`: among whose players, None = everybody's. `in_full`: beginnings of addresses and names count too."""
    text = " ".join(words.split())[:100].replace("\0", "")
    if not text:
        return Found()
    players = Player.objects.all() if brands is None else Player.objects.filter(brand__in=brands)
    contacts = Contact.objects.all() if brands is None else Contact.objects.filter(player__brand__in=brands)
    asked: list[tuple[str, QuerySet[Player] | QuerySet[Contact], str]] = [
        ("id", players.alias(f=Folded("external_id")).filter(f__startswith=folded(text)), "pk")
    ]
    address = _address(text)
    if address and (in_full or _is_whole(address)):
        match = Q(normal__startswith=address) if in_full else Q(normal=address)
        asked.append(
            ("e-mail" if "@" in address or address[0].isalpha() else "phone", contacts.filter(match), "player")
        )
    if in_full:
        asked += [("name", rows, "pk") for rows in _by_name(players, text)]
    return _gather(asked)


def _gather(asked: list[tuple[str, QuerySet[Player] | QuerySet[Contact], str]]) -> Found:
    ids: set[int] = set()
    by: set[str] = set()
    capped = False
    for what, rows, column in asked:
        found = list(rows.order_by().values_list(column, flat=True)[: MOST + 1])
        capped |= len(found) > MOST
        if found:
            by.add(what)
        ids.update(found[:MOST])
    return Found(frozenset(ids), frozenset(by), capped)


def _address(text: str) -> str:
    """The folded form of what may be the beginning of an address; '' when it is too short to be one."""
    if _PHONE.fullmatch(text):
        digits = re.sub(r"[^\d+]", "", text)
        return digits if digits.startswith("+") else f"+{digits.removeprefix('00')}"
    plain = normal_email(text).replace(" ", "")
    return plain if len(plain) > 2 else ""


def _is_whole(address: str) -> bool:
    name, at, domain = address.partition("@")
    return bool(name and at and "." in domain) or (address.startswith("+") and len(address) > 8)


def _by_name(players: QuerySet[Player], text: str) -> list[QuerySet[Player]]:
    """'anna li': both names begin so; 'an': either does."""
    first, last = players.alias(first=Folded("first_name")), players.alias(last=Folded("last_name"))
    parts = folded(text).split()
    if len(parts) == 2:
        return [
            first.filter(first__startswith=parts[0]).alias(last=Folded("last_name")).filter(last__startswith=parts[1])
        ]
    if len(text) < 2:
        return []
    return [first.filter(first__startswith=folded(text)), last.filter(last__startswith=folded(text))]
