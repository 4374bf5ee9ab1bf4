"""One received event on its way: what was read, who it is about, and what becomes of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from players import restricting
from players.models import Feed, Game
from players.pam.generic.envelope import Reading, read
from players.pam.generic.kinds import Refused
from players.pam.generic.reading import Repeated
from players.registration import Known

ACCEPTED, DUPLICATE, QUARANTINED = "accepted", "duplicate", "quarantined"

UNKNOWN_PLAYER = (
    "unknown_player",
    "No player with this id is known at this brand. This event is kept and applied when player.registered comes.",
    "/player",
)
CONFLICT = (
    "conflict",
    "This event_id was received before with another content. Give every event an id of its own.",
    "/event_id",
)


@dataclass(frozen=True, slots=True)
class Aside:
    """What an adapter knows besides the event. `shape`: how the bytes are to be read again, "" for our own format;
    `currency`: what its amounts are in, where the event has no word for it; `refused`: why the adapter could not
    read it, the event then being what it seems to be about; `done`: the adapter has done all there was to do."""

    shape: str = ""
    currency: str = ""
    refused: Refused | None = None
    done: bool = False


OURS = Aside()


@dataclass(slots=True, eq=False)
class Item:
    value: Any
    raw: Callable[[], bytes]
    feed_id: int
    prefix: str = ""  # where in the body it stands, as JSON pointer
    parked_id: int | None = None  # its quarantine row, if it comes from there
    reading: Reading | None = None
    player: Known | None = None
    made_player: bool = False
    refused: Refused | None = None
    twin: "Item | None" = None  # an earlier one of the same request, with the same id and content
    status: str = ""
    aside: Aside = OURS

    @property
    def is_live(self) -> bool:
        """Still on its way into the inbox."""
        return self.reading is not None and self.refused is None and self.twin is None and not self.status

    @property
    def claimed_kind(self) -> str:
        """What it says it is, checked or not."""
        name = self.value.get("event") if isinstance(self.value, dict) else None
        return name if isinstance(name, str) else ""

    @property
    def claimed_player(self) -> str:
        """Empty where nobody can tell: it names none, or two."""
        if isinstance(self.value, Repeated) and "player" in self.value.twice:
            return ""
        name = self.value.get("player") if isinstance(self.value, dict) else None
        return name if isinstance(name, str) and len(name) <= 64 else ""

    @property
    def event_id(self) -> str:
        name = self.value.get("event_id") if isinstance(self.value, dict) else None
        return name if isinstance(name, str) else ""

    @property
    def may_restrict(self) -> bool:
        """About a restriction, as far as anybody can tell; when in doubt, yes."""
        if self.claimed_kind and not isinstance(self.value, Repeated):
            return restricting.is_kind(self.claimed_kind)
        return restricting.is_kind(self.claimed_kind) or restricting.in_bytes(self.raw())

    @property
    def outcome(self) -> str:
        if self.refused is not None:
            return QUARANTINED
        if self.twin is not None:
            return QUARANTINED if self.twin.outcome == QUARANTINED else DUPLICATE
        return self.status

    @property
    def refusal(self) -> Refused | None:
        return self.refused or (self.twin.refusal if self.twin is not None else None)

    def refuse(self, reason: str, detail: str, pointer: str = "") -> None:
        self.refused = Refused(reason, detail, pointer)


def read_all(items: Iterable[Item], latest: datetime) -> None:
    for item in items:
        if item.aside.refused is not None:
            item.refused = item.aside.refused
            continue
        if item.aside.done:
            item.status = ACCEPTED
            continue
        try:
            item.reading = read(item.value, latest)
        except Refused as refused:
            item.refused = refused


def match_brand(items: Iterable[Item], feed: Feed) -> None:
    """An event may say which brand it is of; then it is the brand of the key."""
    for item in items:
        if item.reading is not None and "brand" in item.value and item.value["brand"] != feed.brand.slug:
            detail = f"This key belongs to the brand {feed.brand.slug}; use the key of the brand named here."
            item.refuse("wrong_brand", detail, "/brand")


def pair_twins(items: Iterable[Item]) -> None:
    """The same id twice in one request: the same content is a duplicate, another is a conflict."""
    first: dict[tuple[int, str], Item] = {}
    for item in items:
        if item.reading is None or item.refused is not None:
            continue
        earlier = first.setdefault((item.feed_id, item.reading.event_id), item)
        if earlier is item or earlier.reading is None:
            continue
        if earlier.reading.digest == item.reading.digest:
            item.twin = earlier
        else:
            item.refuse(*CONFLICT)


def match_players(items: Iterable[Item], known: dict[str, Known]) -> None:
    for item in items:
        if not item.is_live or item.reading is None or not item.reading.kind.has_player:
            continue
        item.player = known.get(item.reading.external_id)
        if item.player is None:
            item.refuse(*UNKNOWN_PLAYER)
        elif (item.aside.currency or item.reading.body.get("currency", item.player.currency)) != item.player.currency:
            detail = f"This player's account is in {item.player.currency}, and an account keeps its currency."
            item.refuse("wrong_currency", detail, "/currency" if item.aside.currency else "/properties/currency")


def match_games(items: Iterable[Item]) -> None:
    """Puts `game` and `category` where the event names a game_id."""
    named = [item for item in items if item.is_live and item.reading is not None and "game_id" in item.reading.body]
    if not named:
        return
    ids = {item.reading.body["game_id"] for item in named if item.reading}
    found = Game.objects.filter(external_id__in=ids).values_list("external_id", "id", "category")
    games = {external_id: (id_, category) for external_id, id_, category in found}
    for item in named:
        assert item.reading is not None
        body = item.reading.body
        game, category = games.get(body.pop("game_id"), (None, None))
        body["game"] = game
        if body.setdefault("category", category) is None:
            detail = "No such game; send it to PUT /api/v1/games first, or name the category."
            item.refuse("unknown_game", detail, "/properties/game_id")
