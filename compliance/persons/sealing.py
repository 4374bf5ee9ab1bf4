"""Text we must be able to read again, encrypted under a key of the environment; and keyed hashes for what we need not.

The cipher is HMAC-SHA-256 in counter mode with a random nonce, authenticated over everything (encrypt, then MAC), each
with a key of its own: what the standard library can do without inventing a primitive. The first byte names the
scheme, so that another one can take its place row by row.
"""

import hmac
import secrets
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_SCHEME = b"\x01"
_NONCE, _TAG, _BLOCK = 16, 32, 32


class Unreadable(ValueError):
    """Sealed under another key, or not by us, or changed since."""


def seal(text: str, about: int) -> bytes:
    """`about`: the account it is of; under another one it does not open."""
    plain, nonce = text.encode(), secrets.token_bytes(_NONCE)
    body = _SCHEME + nonce + _xor(plain, nonce)
    return body + _tag(body, about)


def unseal(sealed: bytes, about: int) -> str:
    body, tag = sealed[:-_TAG], sealed[-_TAG:]
    if body[:1] != _SCHEME or not hmac.compare_digest(tag, _tag(body, about)):
        raise Unreadable("not sealed under this key")
    return _xor(body[1 + _NONCE :], body[1 : 1 + _NONCE]).decode()


def digest(kind: str, text: str) -> bytes:
    """A keyed hash: the same for the same text, and of no use to whoever has the table but not the key."""
    return hmac.digest(_key("digest"), f"{kind}\0{text}".encode(), "sha256")


def _tag(body: bytes, about: int) -> bytes:
    return hmac.digest(_key("tag"), b"%d\0" % about + body, "sha256")


def _xor(text: bytes, nonce: bytes) -> bytes:
    blocks = range(-(-len(text) // _BLOCK))
    stream = b"".join(hmac.digest(_key("stream"), nonce + n.to_bytes(8, "big"), "sha256") for n in blocks)
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _key(use: str) -> bytes:
    if not settings.IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY is not set.")
    return _derived(settings.IDENTITY_KEY, use)


@lru_cache(maxsize=8)
def _derived(secret: str, use: str) -> bytes:
    return hmac.digest(secret.encode(), f"pitboss identity {use}".encode(), "sha256")
