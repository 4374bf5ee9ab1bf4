"""One player as rules read them in memory: the state row, the account and the rows per category."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from players.models import Player, PlayerCategory, PlayerState


@dataclass(frozen=True)
class Record:
    player: Player
    state: PlayerState
    categories: dict[int, PlayerCategory] = field(default_factory=dict)

    @property
    def player_id(self) -> int:
        return self.player.pk


def load(player_ids: Iterable[int]) -> dict[int, Record]:
    """Two queries, however many players. Players without a state row are absent: nothing is known of them."""
    ids = list(player_ids)
    categories: dict[int, dict[int, PlayerCategory]] = defaultdict(dict)
    for row in PlayerCategory.objects.filter(player_id__in=ids):
        categories[row.player_id][row.category] = row
    states = PlayerState.objects.filter(player_id__in=ids).select_related("player", "habits", "money")
    return {state.player_id: Record(state.player, state, categories.get(state.player_id, {})) for state in states}
