"""Addresses that must not be written to: keyed hashes, so that the list outlives an erasure.

Each is known in two ways: by a hash under our own key, which finds it, and by its plain SHA-256, sealed under that key,
which is what is left to tell others after an erasure. Each receiver is told it hashed once more under a key of their own:
they can leave out whom they know, and can look nobody up in a list that somebody else was told, nor in a copy of our tables.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from compliance import standings
from compliance.models import Suppression
from config.lib.secrecy import seal, unseal
from players.models import Brand, Contact


def digest(address: str) -> bytes:
    """`address` in its folded form (`Contact.normal`). Raises ImproperlyConfigured in a tool that was given no key:
    under another one every address would look as if it were not on the list."""
    if not settings.SUPPRESSION_KEY:
        raise ImproperlyConfigured("SUPPRESSION_KEY is not set.")
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), address.encode(), "sha256")


def receiver_key(receiver: str) -> bytes:
    """What this receiver alone hashes with. Derived: knowing it opens neither our own list nor anybody else's."""
    return digest(f"suppressions told to {receiver}")


def plain_hash(address: str) -> bytes:
    """`address` in its folded form, in the way everybody outside hashes addresses."""
    return sha256(address.encode()).digest()


def told(hashed: bytes, key: bytes) -> str:
    """A plain hash as one receiver reads it; `key` is theirs."""
    return hmac.digest(key, hashed, "sha256").hex()


def opened(rows: Iterable[tuple[bytes | memoryview, bytes | memoryview]]) -> Iterator[bytes]:
    """(digest, shared) as stored -> plain hash. What was listed before there was any is told to nobody."""
    key = _sealing_key()
    return (unseal(bytes(shared), key, bytes(own).hex()) for own, shared in rows if shared)


def _sealing_key() -> bytes:
    return digest("plain hashes of addresses on the list")


def _row(brand: Brand | None, channel: str, normal: str, reason: str, now: datetime) -> Suppression:
    own = digest(normal)
    shared = seal(plain_hash(normal), _sealing_key(), own.hex())
    return Suppression(brand=brand, channel=channel, digest=own, shared=shared, reason=reason, created_at=now)


def suppress(contact: Contact, brand: Brand | None, reason: str, *, now: datetime) -> None:
    """For one brand, or for every brand when `brand` is None. Inside atomic; repeating it changes nothing."""
    [person_id] = standings.lock_players([contact.player_id]).values()
    Suppression.objects.bulk_create([_row(brand, contact.channel, contact.normal, reason, now)], ignore_conflicts=True)
    standings.note_change([person_id], now=now)


def add(brand: Brand, addresses: Sequence[tuple[str, str]], *, now: datetime, dry: bool = False) -> int:
    """Puts (channel, folded address) on the brand's list; how many were not on it. Takes nobody off. Inside atomic.

    Whoever has one of the addresses is locked first, so that a send in flight has either seen it or ended.
    """
    digests = {(channel, digest(normal)): normal for channel, normal in addresses}
    there = Suppression.objects.filter(brand=brand, digest__in=[hashed for _, hashed in digests])
    new = digests.keys() - {(row.channel, bytes(row.digest)) for row in there}
    if dry or not new:
        return len(new)
    normals = [normal for _, normal in addresses]
    having = Contact.objects.filter(player__brand=brand, normal__in=normals)
    people = set(standings.lock_players(having.values_list("player_id", flat=True)).values())
    Suppression.objects.bulk_create(
        [_row(brand, channel, digests[channel, hashed], "imported", now) for channel, hashed in sorted(new)],
        ignore_conflicts=True,
    )
    if people:
        standings.note_change(people, now=now)
    return len(new)


def listed(addresses: Iterable[tuple[int, int, str, str]]) -> dict[int, set[str]]:
    """player id -> channels whose address is on the list for the player's brand.

    `addresses`: (player id, brand id, channel, folded address).
    """
    mine: dict[tuple[str, bytes], list[tuple[int, int]]] = defaultdict(list)
    for pk, brand_id, channel, normal in addresses:
        mine[channel, digest(normal)].append((pk, brand_id))
    found: dict[int, set[str]] = defaultdict(set)
    if not mine:
        return found
    with connection.cursor() as db:
        db.execute(
            "SELECT brand_id, channel, digest FROM compliance_suppression WHERE digest = ANY (%s)",
            [list({hashed for _, hashed in mine})],
        )
        for brand_id, channel, hashed in db.fetchall():
            for pk, home in mine.get((channel, bytes(hashed)), ()):
                if brand_id is None or brand_id == home:
                    found[pk].add(channel)
    return found
