"""Addresses that must not be written to: a keyed hash, so that the list outlives an erasure."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from compliance import standings
from compliance.models import Suppression
from players.models import Brand, Contact, Player


def digest(address: str) -> bytes:
    """`address` in its folded form (`Contact.normal`)."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).digest()


def suppress(contact: Contact, brand: Brand | None, reason: str, *, now: datetime) -> None:
    """For one brand, or for every brand when `brand` is None. Inside atomic; repeating it changes nothing."""
    person_id = contact.player.person_id
    standings.lock([person_id])
    Suppression.objects.bulk_create(
        [
            Suppression(
                brand=brand, channel=contact.channel, digest=digest(contact.normal), reason=reason, created_at=now
            )
        ],
        ignore_conflicts=True,
    )
    standings.note_change([person_id], now=now)


def channels(players: Collection[Player]) -> dict[int, list[str]]:
    """player id -> channels whose address is on the list for the player's brand."""
    brands = {player.pk: player.brand_id for player in players}
    mine: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for pk, channel, normal in Contact.objects.filter(player_id__in=brands).values_list(
        "player_id", "channel", "normal"
    ):
        mine[channel, digest(normal)].append(pk)
    found: dict[int, list[str]] = defaultdict(list)
    if not mine:
        return found
    listed = Suppression.objects.filter(digest__in={key[1] for key in mine}).filter(
        Q(brand=None) | Q(brand_id__in=set(brands.values()))
    )
    for brand_id, channel, hashed in listed.values_list("brand_id", "channel", "digest"):
        for pk in mine.get((channel, bytes(hashed)), ()):
            if brand_id is None or brand_id == brands[pk]:
                found[pk].append(channel)
    return found
