"""Attributes a brand has declared: per player and attribute the newest word counts, whatever order they come in; of two
of one instant always the same one. Costs nothing for a batch without any."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from config.lib import prepared
from config.lib.prepared import bigints
from players.folding import vocabulary
from players.folding.claim import Claimed
from players.models import CustomAttribute, SeenName

_DECLARED = """
    SELECT p.id, a.key, a.id, a.kind FROM players_player p JOIN players_customattribute a ON a.brand_id = p.brand_id
    WHERE p.id = ANY(%(players)s::bigint[])
"""
_RANK = "coalesce({row}.number, -9223372036854775808), {row}.word COLLATE \"C\", coalesce({row}.day, '-infinity')"
KEEP = f"""
    INSERT INTO players_playerattribute AS t (player_id, attribute_id, number, word, day, at)
    SELECT DISTINCT ON (player_id, attribute_id) player_id, attribute_id, number, word, day, at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n(player_id bigint, attribute_id bigint, number bigint, word text,
                                                  day date, at timestamptz)
    ORDER BY player_id, attribute_id, at DESC, coalesce(number, -9223372036854775808) DESC, word COLLATE "C" DESC,
             coalesce(day, '-infinity') DESC
    ON CONFLICT (player_id, attribute_id) DO UPDATE
        SET number = excluded.number, word = excluded.word, day = excluded.day, at = excluded.at
        WHERE (excluded.at, {_RANK.format(row="excluded")}) > (t.at, {_RANK.format(row="t")})
"""
KIND = "player.attributes"
Kind = CustomAttribute.Kind


class Misfit(ValueError):
    """The value is of another kind than the attribute was declared with."""


def apply(events: Sequence[Claimed], now: datetime) -> None:
    mine = [event for event in events if event.kind == KIND]
    if not mine:
        return
    declared: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    for player, key, attribute, kind in prepared.run(_DECLARED, {"players": bigints({one.player_id for one in mine})}):
        declared[player][key] = (attribute, kind)
    rows, names = [], set()
    for event in mine:
        for key, value in event.properties["values"].items():
            if key not in declared[event.player_id]:
                names.add((event.feed_id, SeenName.What.OWN, key))
                continue
            attribute, kind = declared[event.player_id][key]
            try:
                kept = columns(kind, value)
            except Misfit:
                names.add((event.feed_id, SeenName.What.MISFIT, key))
                continue
            rows.append(
                kept | {"player_id": event.player_id, "attribute_id": attribute, "at": event.occurred_at.isoformat()}
            )
    vocabulary.keep(names, now)
    if rows:
        prepared.run(KEEP, {"rows": json.dumps(rows)})


def columns(kind: str, value: Any) -> dict[str, Any]:
    """The value as its row holds it; None takes it away. Raises Misfit."""
    kept: dict[str, Any] = {"number": None, "word": "", "day": None}
    if value is None:
        return kept
    if kind == Kind.YES_NO and type(value) is bool:
        return kept | {"number": int(value)}
    if kind == Kind.NUMBER and type(value) is int:
        return kept | {"number": value}
    if kind == Kind.TEXT and type(value) is str:
        return kept | {"word": value}
    if kind == Kind.DATE and type(value) is str and len(value) == 10:
        try:
            return kept | {"day": date.fromisoformat(value).isoformat()}
        except ValueError:
            raise Misfit(value) from None
    raise Misfit(value)
