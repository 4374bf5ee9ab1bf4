"""Signs checkpoints: Ed25519 (RFC 8032) with a key that the database never sees.

By the `cryptography` library. Whoever verifies outside needs none: `verifier` brings what checking takes, and only that.
"""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def new_seed() -> str:
    return secrets.token_hex(32)


def sign(seed: bytes, words: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(words)


def public_key(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def seed() -> bytes:
    """The key of this installation. Raises ImproperlyConfigured when there is none, or it is none.

    A demo makes one for itself beside its other data; real players get one from outside.
    """
    return read(settings.AUDIT_SIGNING_KEY or _own(), "AUDIT_SIGNING_KEY")


def read(text: str, name: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise ImproperlyConfigured(f"{name} is not 64 hex digits (manage.py audit key makes one).")
    return raw


def _file() -> Path:
    return Path(settings.AUDIT_ANCHOR_DIR) / "signing.key"


def put_in_place(seed: bytes) -> bool:
    """A demo's own key is changed here; False where the key comes from outside."""
    if settings.AUDIT_SIGNING_KEY:
        return False
    new = _file().with_suffix(f".{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(seed.hex(), encoding="ascii")
    new.replace(_file())
    return True


def _own() -> str:
    if not (settings.DEMO or settings.DEBUG or settings.TESTING):
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is not set: the trail is sealed, and nobody outside knows how.")
    file = _file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        mine = file.with_suffix(f".{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(new_seed(), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(mine, file)  # whole or not at all, and the first one wins
        mine.unlink()
    return file.read_text(encoding="ascii").strip()
