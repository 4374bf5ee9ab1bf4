"""A supplier takes rounds back: what they did to bonuses is undone by new rows.

A bonus that has ended stays ended (money already turned real is not clawed back here): its part is
booked as played outside, and the row says so.
"""

from collections.abc import Sequence
from datetime import datetime

from bonuses import books, ledger
from bonuses.books import Book
from bonuses.closing import money
from bonuses.counting import add_progress
from bonuses.models import Grant, WagerCount
from players.models import Player, Round, RoundRollback


def take_back(rollback_ids: Sequence[int], *, now: datetime) -> int:
    """Inside atomic. Returns how many counted rounds were undone; being told twice undoes once."""
    rows = _counted(rollback_ids)
    if not rows:
        return 0
    grants = {g.pk: g for g in Grant.objects.lock_open({row.grant_id for row in rows if row.grant_id})}
    held = {g.pk: n for g in grants.values() for n in ledger.balances([money(g)]).values()}
    players = Player.objects.in_bulk({row.player_id for row in rows})
    entries: list[ledger.Entry] = []
    undone: list[WagerCount] = []
    progress: list[tuple[int | None, int]] = []
    for row in rows:
        grant = grants.get(row.grant_id or 0)
        stake, win = _shares(row, held) if grant else ((0, row.bonus_stake), (0, row.bonus_win))
        wagered = row.counted if grant else 0
        player = players[row.player_id]
        book = Book(row.grant_id, row.player_id, player.brand_id, player.currency)
        entries += books.taken_back(book, row.round_id, wagered, stake, win, row.occurred_at)
        progress.append((row.grant_id, -wagered))
        undone.append(_opposite(row, wagered, win[1] + stake[1]))
    ledger.post(entries, now=now)
    WagerCount.objects.bulk_create(undone)
    add_progress(progress)
    return len(undone)


def _counted(rollback_ids: Sequence[int]) -> list[WagerCount]:
    if not rollback_ids:
        return []
    taken = RoundRollback.objects.filter(pk__in=rollback_ids).values_list("player_id", "round_id")
    pairs = set(taken)
    rounds = Round.objects.filter(player__in={p for p, _ in pairs}, round_id__in={r for _, r in pairs})
    ids = [pk for pk, player, name in rounds.values_list("pk", "player_id", "round_id") if (player, name) in pairs]
    undone = WagerCount.objects.filter(round__in=ids, is_rollback=True).values_list("round_id", flat=True)
    return list(WagerCount.objects.filter(round__in=set(ids) - set(undone), is_rollback=False).order_by("pk"))


def _shares(row: WagerCount, held: dict[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of stake and win: (the bonus's own, outside). A win already spent cannot be taken from an empty pot."""
    assert row.grant_id is not None
    own = row.bonus_stake - row.outside
    removed = min(row.bonus_win, held[row.grant_id] + own)
    held[row.grant_id] += own - removed
    return (own, row.outside), (removed, row.bonus_win - removed)


def _opposite(row: WagerCount, wagered: int, outside: int) -> WagerCount:
    return WagerCount(
        round_id=row.round_id, grant_id=row.grant_id, player_id=row.player_id, is_rollback=True,
        category=row.category, occurred_at=row.occurred_at, stake=row.stake, weight=row.weight, counted=wagered,
        bonus_stake=row.bonus_stake, bonus_win=row.bonus_win, outside=outside,
    )  # fmt: skip
