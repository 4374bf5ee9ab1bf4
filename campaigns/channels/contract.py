"""What every channel adapter promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from campaigns.models import Attempt


class Idempotency(StrEnum):
    """What may be done about an attempt nobody knows the end of."""

    NONE = "none"  # the provider cannot tell: never sent again by itself
    LOOKUP = "lookup"  # `arrived` tells
    KEY = "key"  # the same call with the same key is harmless


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    PERMANENT = "permanent"  # no use trying again
    TRANSIENT = "transient"  # certainly not sent, may be tried again
    NOT_BEGUN = "not_begun"  # it was not even tried
    UNKNOWN = "unknown"  # perhaps sent


@dataclass(frozen=True, slots=True)
class Result:
    verdict: Verdict
    provider_id: str = ""
    error: str = ""


class Adapter(Protocol):
    idempotency: Idempotency

    def send(self, attempts: Sequence[Attempt], deadline: float) -> Mapping[int, Result]:
        """Hands the attempts over; never raises for a single message.

        Called inside the transaction that holds the persons' locks, so it stops at `deadline`
        (time.monotonic()) and leaves out what it did not get to. Result by attempt id.
        """
        ...

    def arrived(self, attempt: Attempt) -> bool:
        """Only for LOOKUP."""
        ...
