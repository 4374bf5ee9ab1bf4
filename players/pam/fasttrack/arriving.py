"""Payloads of one request: checked, led to their brand, put into the inbox. Nothing else writes what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from config.lib.clock import utcnow
from players import inbox
from players.inbox import Receipt
from players.intake import Aside
from players.models import Category, Feed, Fetch, Game, Origin
from players.pam.fasttrack import SCHEMAS, asking, rates
from players.pam.fasttrack.members import USER
from players.pam.fasttrack.schemas import Meaning, Payload, Schema, check
from players.pam.generic.envelope import FUTURE
from players.pam.generic.kinds import Refused
from players.pam.generic.reading import Body, Malformed, is_storable, parse
from players.registration import known_players

_KEPT = 64 * 1024  # bytes of what cannot be read as JSON


@dataclass(frozen=True, slots=True)
class Arrival:
    """One payload: read, or refused."""

    given: Any
    feed: Feed
    payload: Payload | None = None
    meaning: Meaning | None = None
    refused: Refused | None = None


def receive(entry: Feed, schema: Schema, body: Body, *, now: datetime) -> Receipt:
    """What became of each payload, in the order received. `entry`: the feed whose key was presented."""
    origins = _origins(entry)
    arrivals = [_arrival(entry, schema, given, origins, now) for given in body.values]
    results: list[dict[str, Any]] = [{}] * len(arrivals)
    counts = {"accepted": 0, "duplicate": 0, "quarantined": 0}
    for feed in sorted({one.feed for one in arrivals}, key=lambda feed: feed.pk):
        places = [place for place, one in enumerate(arrivals) if one.feed == feed]
        receipt = _keep(feed, schema, [arrivals[place] for place in places], places, body, now)
        for place, result in zip(places, receipt.results, strict=True):
            meaning = arrivals[place].meaning
            results[place] = result | {"index": place} | ({"detail": meaning.note} if meaning and meaning.note else {})
        for word in counts:
            counts[word] += getattr(receipt, word)
    return Receipt(len(arrivals), results=results, **counts)


def refuse_body(entry: Feed, schema: Schema, raw: bytes, detail: str, *, now: datetime) -> None:
    """A body that is not JSON. Of a schema that closes, nobody knows whom: the feed cannot be trusted."""
    aside = Aside(shape=_shape(schema), refused=Refused("malformed", detail))
    inbox.accept(
        entry, [{"event": schema.closes or schema.name}], now=now, raw_of=lambda _: raw[:_KEPT], is_single=True,
        asides=[aside],
    )  # fmt: skip


def read_again(feed: Feed, schema_name: str, raw: bytes) -> tuple[Any, Aside]:
    """A payload from the quarantine, once more from the bytes."""
    now, schema = utcnow(), SCHEMAS[schema_name]
    origins = {origin: feed for origin in Origin.objects.filter(feed=feed).values_list("origin", flat=True)}
    try:
        given = parse(raw, is_exact=True)
        if not is_storable(given):
            raise Malformed("A text holds a character that cannot be stored.")
    except Malformed as error:
        arrival = Arrival(None, feed, refused=Refused("malformed", str(error)))
    else:
        arrival = _arrival(feed, schema, given, origins, now)
    [arrival] = _prepare(feed, schema, [arrival], now)
    return _event(schema, arrival), _aside(schema, arrival)


def _origins(entry: Feed) -> dict[str, Feed]:
    rows = Origin.objects.filter(entry=entry).select_related("feed__brand")
    return {row.origin: row.feed for row in rows}


def _arrival(entry: Feed, schema: Schema, given: Any, origins: dict[str, Feed], now: datetime) -> Arrival:
    try:
        if isinstance(given, str):  # a line or text that could not be read; says why
            raise Refused("malformed", given)
        payload = check(schema, given)
        feed = _feed_of(entry, payload, origins)
        if "timestamp" in payload and payload["timestamp"] > now + FUTURE:
            raise Refused("in_the_future", "timestamp lies more than a day ahead of our clock.", "/timestamp")
        return Arrival(given, feed, payload, schema.says(payload))
    except Refused as refused:
        return Arrival(given, entry, refused=refused)


def _feed_of(entry: Feed, payload: Payload, origins: dict[str, Feed]) -> Feed:
    origin = payload.get("origin")
    if origin is None:  # a game is of all brands
        return entry
    if origin not in origins:
        detail = "No brand has this origin for the key presented; an administrator sets them up under Origins."
        raise Refused("unknown_origin", detail, "/origin")
    return origins[origin]


def _keep(
    feed: Feed, schema: Schema, arrivals: Sequence[Arrival], places: Sequence[int], body: Body, now: datetime
) -> Receipt:
    arrivals = _prepare(feed, schema, arrivals, now)
    return inbox.accept(
        feed,
        [_event(schema, one) for one in arrivals],
        now=now,
        raw_of=lambda index: body.raw_of(places[index]),
        is_single=body.is_single,
        asides=[_aside(schema, one) for one in arrivals],
    )


def _prepare(feed: Feed, schema: Schema, arrivals: Sequence[Arrival], now: datetime) -> list[Arrival]:
    """Writes down what has to be fetched, games and rates. What only announces gets the moment it counts from."""
    read = [(one.payload, one.meaning) for one in arrivals if one.payload is not None and one.meaning is not None]
    unread = [(user, schema.asks, now) for one in arrivals if one.refused and (user := _named(one.given))]
    announced = [(payload["user_id"], meaning.asks, payload["timestamp"]) for payload, meaning in read if meaning.asks]
    counted = asking.note(feed, _asked(feed, [*announced, *(one for one in unread if one[1])]), now=now)
    _save_games([meaning.game for _, meaning in read if meaning.game is not None])
    rates.keep(feed, [payload for payload, _ in read])
    return [_dated(schema, one, counted) for one in arrivals]


def _named(given: Any) -> str:
    """Who a payload that was refused is about, as far as anybody can tell: what changed is fetched all the same."""
    try:
        return str(USER.check(given["user_id"])) if type(given) is dict else ""
    except (KeyError, Refused):
        return ""


def _asked(feed: Feed, announced: Sequence[tuple[str, tuple[str, ...], datetime]]) -> list[tuple[str, str, datetime]]:
    """(player, what, moment). Whoever is announced and not known yet is asked for whole."""
    known = known_players(feed.brand_id, {user for user, _, _ in announced}) if announced else {}
    return [(user, what, at) for user, asks, at in announced for what in (asks if user in known else Fetch.What.values)]


def _dated(schema: Schema, one: Arrival, counted: dict[asking.Asked, datetime]) -> Arrival:
    if one.payload is None or one.meaning is None or one.meaning.envelope is None or not one.meaning.asks:
        return one
    payload = one.payload | {"timestamp": counted[one.payload["user_id"], one.meaning.asks[0]]}
    return replace(one, payload=payload, meaning=schema.says(payload))


def _save_games(games: Sequence[dict[str, Any]]) -> None:
    newest = {game["external_id"]: game for game in games}
    Game.objects.bulk_create(
        [
            Game(**game | {"category": Category.from_key(game["category"])})
            for _, game in sorted(newest.items())
        ],
        update_conflicts=True,
        unique_fields=["external_id"],
        update_fields=["title", "category", "provider", "type", "rtp"],
    )  # fmt: skip


def _event(schema: Schema, one: Arrival) -> dict[str, Any]:
    if one.refused is None and one.meaning is not None and one.meaning.envelope is not None:
        return one.meaning.envelope
    claimed = one.given.get("user_id") if isinstance(one.given, dict) else None
    player = {} if claimed is None or isinstance(claimed, (dict, list)) else {"player": str(claimed)}
    return {"event": schema.closes if one.refused and schema.closes else schema.name} | player


def _aside(schema: Schema, one: Arrival) -> Aside:
    if one.refused is not None or one.meaning is None or one.payload is None:
        return Aside(shape=_shape(schema), refused=one.refused)
    currency = one.meaning.currency or one.payload.get("currency", "")
    return Aside(shape=_shape(schema), currency=currency, done=one.meaning.envelope is None)


def _shape(schema: Schema) -> str:
    return f"fasttrack/{schema.name}"
