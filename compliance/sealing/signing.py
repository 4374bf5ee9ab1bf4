"""Signs checkpoints: Ed25519 (RFC 8032) with a key that the database never sees.

In Python's whole numbers, on the curve the stand-alone verifier brings with it, so that both agree and neither needs a
library. It is not made to keep the key from somebody who can time this process; it signs once a minute.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from compliance.sealing.verifier import BASE, ORDER, encode, multiply


def new_seed() -> str:
    return secrets.token_hex(32)


def sign(seed: bytes, words: bytes) -> bytes:
    scalar, prefix = _expand(seed)
    public = encode(multiply(scalar, BASE))
    nonce = _number(prefix + words)
    point = encode(multiply(nonce, BASE))
    return point + ((nonce + _number(point + public + words) * scalar) % ORDER).to_bytes(32, "little")


def public_key(seed: bytes) -> bytes:
    return encode(multiply(_expand(seed)[0], BASE))


def seed() -> bytes:
    """The key of this installation. Raises ImproperlyConfigured when there is none, or it is none.

    A demo makes one for itself beside its other data; real players get one from outside.
    """
    text = settings.AUDIT_SIGNING_KEY or _own()
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is not 64 hex digits (manage.py audit key makes one).")
    return raw


def _own() -> str:
    if not (settings.DEMO or settings.DEBUG or settings.TESTING):
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is not set: the trail is sealed, and nobody outside knows how.")
    file = Path(settings.AUDIT_ANCHOR_DIR) / "signing.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        mine = file.with_suffix(f".{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(new_seed(), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(mine, file)  # whole or not at all, and the first one wins
        mine.unlink()
    return file.read_text(encoding="ascii").strip()


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ((1 << 254) - 8) | 1 << 254, digest[32:]


def _number(data: bytes) -> int:
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % ORDER
