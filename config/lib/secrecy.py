"""What lies in the database and says nothing to whoever has the database alone.

AES-256-GCM of the `cryptography` library, a random nonce each time, under keys derived (HKDF-SHA-256) from IDENTITY_KEY,
which only the environment holds. What a text is about is authenticated with it: moved to another row it does not open.
The first byte names the scheme, so that another one can take its place row by row.
"""

import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_SCHEME = b"\x02"
_NONCE = 12


class Unreadable(ValueError):
    """Sealed under another key, or not by us, or changed since; or its key was destroyed."""


def key(use: str, salt: bytes = b"") -> bytes:
    """A key for one use, and of one person when their `salt` is given. Without the salt nobody can make it again."""
    if not settings.IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY is not set.")
    whole = _derived(settings.IDENTITY_KEY, use)
    return hmac.digest(whole, salt, "sha256") if salt else whole


def seal(plain: bytes, under: bytes, about: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return _SCHEME + nonce + AESGCM(under).encrypt(nonce, plain, about.encode())


def unseal(sealed: bytes, under: bytes, about: str) -> bytes:
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if sealed[:1] != _SCHEME or len(nonce) < _NONCE:
        raise Unreadable("not sealed in a way that is known here")
    try:
        return AESGCM(under).decrypt(nonce, body, about.encode())
    except InvalidTag:
        raise Unreadable("not sealed under this key") from None


@lru_cache(maxsize=16)
def _derived(secret: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"pitboss {use}".encode()).derive(secret.encode())


class SealedBytes(models.BinaryField):
    """Bytes that are sealed on their way into the database and opened on their way out. Empty stays empty. There is
    nothing to search by in it."""

    def __init__(self, *, use: str, **options: Any) -> None:
        self.use = use
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "use": self.use}

    def sealed(self, plain: bytes) -> bytes:
        """For whoever writes the column by hand."""
        return seal(bytes(plain), key(self.use), self.use) if plain else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value if value is None else self.sealed(value), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return unseal(bytes(value), key(self.use), self.use) if value else value if value is None else b""
