"""Real PostgreSQL and Valkey out of Python wheels, for one machine, owned by one supervisor."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

DATABASE = "pitboss"
OWNER, APP = "pitboss_owner", "pitboss_app"


@dataclass(frozen=True)
class Addresses:
    database_url: str
    database_owner_url: str
    redis_url: str


def run_dir(data: Path) -> Path:
    """A short private place for sockets: names over 107 bytes are cut off silently by Valkey."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"pitboss-{os.getuid()}-{digest}"


def addresses(data: Path) -> Addresses:
    """Where the embedded servers of this data folder listen once they run; starts nothing."""
    sockets = run_dir(data)
    return Addresses(
        database_url=f"postgresql://{APP}@/{DATABASE}?host={sockets}",
        database_owner_url=f"postgresql://{OWNER}@/{DATABASE}?host={sockets}",
        redis_url=f"unix://{sockets}/valkey.sock",
    )
