"""Text of a player that we must be able to read again, under a key of their own; keyed hashes for what we need not.

A player's key is made from IDENTITY_KEY, which the environment holds, and from what `SubjectKey` holds, which the
database makes when the account is born. Destroy the row, and nothing that was sealed under the key is read again by
anybody, wherever a copy of it lies: in a decision that stays in the sealed trail, or in a backup. The rows of
`compliance_subjectkey` are therefore to be backed up by themselves, and for a short time only.
"""

import hmac
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.lib import prepared, secrecy
from config.lib.prepared import bigints
from config.lib.secrecy import Unreadable

__all__ = ["Unreadable", "digest", "keys_of", "seal", "unseal"]

_SALTS = "SELECT player_id, salt FROM compliance_subjectkey WHERE player_id = ANY (%(players)s::bigint[])"


def keys_of(player_ids: Iterable[int]) -> dict[int, bytes]:
    """account -> its key; one that was erased has none."""
    rows = prepared.run(_SALTS, {"players": bigints(set(player_ids))})  # of five hundred, for each batch of decisions
    return {pk: secrecy.key("subject", bytes(salt)) for pk, salt in rows}


def seal(text: str, key: bytes, about: str) -> bytes:
    """`about`: what it is and of whom ('identity:7'); as anything else it does not open."""
    return secrecy.seal(text.encode(), key, about)


def unseal(sealed: bytes, key: bytes | None, about: str) -> str:
    if key is None:
        raise Unreadable("its key was destroyed")
    return secrecy.unseal(sealed, key, about).decode()


def digest(kind: str, text: str) -> bytes:
    """A keyed hash: the same for the same text, and of no use to whoever has the table but not the key."""
    if not settings.IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY is not set.")
    return hmac.digest(_digest_key(settings.IDENTITY_KEY), f"{kind}\0{text}".encode(), "sha256")


@lru_cache(maxsize=4)
def _digest_key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"pitboss identity digest", "sha256")
