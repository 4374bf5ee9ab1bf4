"""One folder per way of speaking to us: payload in, checked event out. Each says who it is in `CONNECTOR`."""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Connector:
    key: str
    name: str
    version: str
    maintainer: str


def connector_named(key: str) -> Connector:
    """Of a feed's `connector`; one nobody has a folder for is named as it is."""
    if key.isidentifier():
        try:
            found = getattr(import_module(f"players.pam.{key}"), "CONNECTOR", None)
        except ModuleNotFoundError:
            found = None
        if isinstance(found, Connector):
            return found
    return Connector(key, key.replace("_", " ").capitalize(), "–", "–")
