"""The whole chain on real input, unattended: what `manage.py demo --check` shows and asserts.

Runs inside a started Pitboss of its own. What a PAM does goes through the public API, what an operator
does through the functions his pages call; what came out is read where an outsider would look.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from config.casino.feed import Feed
from config.lib.clock import utcnow
from players.models import Brand, FeedKey, Licence
from players.models import Feed as FeedRow

T = TypeVar("T")


class Failed(AssertionError):
    """A figure is not what it must be."""


@dataclass
class Proof:
    url: str
    data: Path
    shared: Path | None  # the real files, where they are there
    say: Callable[[str], None]
    figures: dict[str, object] = field(default_factory=dict)
    feed: Feed = field(init=False)

    def __post_init__(self) -> None:
        self.feed = Feed(self.url, {})

    def must(self, name: str, found: object, wanted: object) -> None:
        if found != wanted:
            raise Failed(f"{name}: found {found}, must be {wanted}")

    def wait(self, what: str, ask: Callable[[], T], seconds: float = 60) -> T:
        """Asks until the answer is truthy."""
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            if time.monotonic() > deadline:
                raise Failed(f"{what}: nothing after {seconds:.0f} s")
            time.sleep(0.2)
        return answer

    def brand(self, slug: str, name: str, jurisdiction: str, currency: str) -> Brand:
        """A brand with a feed and a key of its own."""
        licence = Licence.objects.filter(jurisdiction=jurisdiction).order_by("pk")[0]
        brand = Brand.objects.create(slug=slug, name=name, licence=licence, currency=currency, timezone="Etc/UTC")
        self.key(brand)
        return brand

    def key(self, brand: Brand) -> None:
        row, _ = FeedRow.objects.get_or_create(brand=brand, name="pam")
        _, self.feed.keys[brand.slug] = FeedKey.objects.create_key(name="check", feed=row)

    @contextmanager
    def heartbeats(self, *slugs: str) -> Iterator[None]:
        """The feeds of these brands live for the time of the block."""
        over = threading.Event()

        def beat() -> None:
            while not over.is_set():
                for slug in slugs:
                    self.feed.post(slug, [event("feed.heartbeat", "", {"sequence": int(time.time())})])
                over.wait(3)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


_number = iter(range(1, 1_000_000))


def event(
    name: str,
    player: str = "",
    properties: Mapping[str, object] | None = None,
    *,
    at: datetime | None = None,
    replay: bool = False,
) -> dict[str, object]:
    """One event as a PAM would send it."""
    at = at or utcnow()
    body: dict[str, object] = {"event": name, "event_id": f"check-{next(_number)}", "properties": properties or {}}
    body["occurred_at"] = at.astimezone(UTC).isoformat()
    if player:
        body["player"] = player
    if replay:
        body["replay"] = True
    return body
