"""One player as rules read them in memory: the state row, the account and the rows per category."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from players.models import Player, PlayerCategory, PlayerState

Stay = tuple[datetime, datetime | None]  # entered, left


class Crowd:
    """What the records of one load read together: words of tables beside the state, when a rule first asks for them."""

    def __init__(self, player_ids: Sequence[int]) -> None:
        self._ids = player_ids
        self._read: dict[Hashable, Any] = {}
        self._owners: dict[str, set[int]] = {}
        self._stays: dict[str, dict[int, list[Stay]]] = {}

    def once(self, key: Hashable, read: Callable[[Sequence[int]], Any]) -> Any:
        """What `read` makes of the players of this load: asked of the database once, not once per player."""
        if key not in self._read:
            self._read[key] = read(self._ids)
        return self._read[key]

    def among(self, rows: QuerySet[Any], player_id: int) -> bool:
        """Whether one of `rows` is the player's."""
        key = str(rows.query)
        if key not in self._owners:
            self._owners[key] = set(rows.filter(player_id__in=self._ids).values_list("player_id", flat=True))
        return player_id in self._owners[key]

    def stays(self, rows: QuerySet[Any], player_id: int) -> list["Stay"]:
        """When the player was in what `rows` are the memberships of."""
        key = str(rows.query)
        if key not in self._stays:
            found: dict[int, list[Stay]] = defaultdict(list)
            for owner, *stay in rows.filter(player_id__in=self._ids).values_list("player_id", "entered_at", "left_at"):
                found[owner].append((stay[0], stay[1]))
            self._stays[key] = found
        return self._stays[key].get(player_id, [])


@dataclass(frozen=True)
class Record:
    player: Player
    state: PlayerState
    crowd: Crowd
    categories: dict[int, PlayerCategory] = field(default_factory=dict)

    @property
    def player_id(self) -> int:
        return self.player.pk


def load(player_ids: Iterable[int]) -> dict[int, Record]:
    """Two queries, however many players, and one more for each table beside the state that a rule asks for. Players without a state row are absent: nothing is known of them."""
    ids = list(player_ids)
    categories: dict[int, dict[int, PlayerCategory]] = defaultdict(dict)
    for row in PlayerCategory.objects.filter(player_id__in=ids):
        categories[row.player_id][row.category] = row
    states = PlayerState.objects.filter(player_id__in=ids).select_related("player", "brand", "habits", "money")
    crowd = Crowd(ids)
    return {
        state.player_id: Record(state.player, state, crowd, categories.get(state.player_id, {})) for state in states
    }
