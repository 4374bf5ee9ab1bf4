"""What rounds do to bonuses: pure, so that any history can be walked through in a test.

A round counts for the oldest bonus open when it was played; what is left over never carries to the
next one. Bonus money is spent oldest bonus first; what no bonus of ours covers was played outside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Play:
    """One closed round; amounts in minor units."""

    round_id: int
    player_id: int
    category: int
    at: datetime
    stake_real: int
    stake_bonus: int
    win_bonus: int

    @property
    def stake(self) -> int:
        return self.stake_real + self.stake_bonus


@dataclass
class Holding:
    """One open bonus while a batch is walked: what it still asks for and what money is in it."""

    grant_id: int
    player_id: int
    granted_at: datetime
    expires_at: datetime
    required: int
    open: int
    balance: int
    weights: Mapping[int, int] = field(default_factory=dict)  # category -> per cent of a stake that counts
    max_bet: int = 0
    max_release: int = 0
    stopped: bool = False  # an excluded player plays nothing free
    ended: bool = False

    def covers(self, at: datetime) -> bool:
        return not self.ended and self.granted_at <= at < self.expires_at


@dataclass(frozen=True)
class Count:
    """What one round meant for one bonus, or (grant_id None) for bonus money outside our grants."""

    play: Play
    grant_id: int | None
    weight: int = 0
    counted: int = 0
    over_limit: bool = False
    bonus_stake: int = 0
    bonus_win: int = 0
    outside: int = 0


@dataclass(frozen=True)
class End:
    """A bonus that came to its end, and where its money went."""

    grant_id: int
    how: Literal["completed", "lost", "expired", "forfeited", "cancelled"]
    at: datetime
    released: int = 0
    kept: int = 0  # by the house: above the cap, expired, forfeited
    void: int = 0  # wagering nobody has to do any more
    cause: str = ""


def walk(holdings: Iterable[Holding], plays: Iterable[Play]) -> tuple[list[Count], list[End]]:
    """Rounds in event order over each player's bonuses, oldest first. Changes the holdings in passing."""
    held: dict[int, list[Holding]] = {}
    for holding in sorted(holdings, key=lambda h: (h.granted_at, h.grant_id)):
        held.setdefault(holding.player_id, []).append(holding)
    counts: list[Count] = []
    ends: list[End] = []
    for play in sorted(plays, key=lambda p: (p.at, p.round_id)):
        covering = [h for h in held.get(play.player_id, ()) if h.covers(play.at)]
        counts += _spend(play, covering)
        ends += [end for holding in covering if (end := _end(holding, play))]
    return counts, ends


def _spend(play: Play, covering: Sequence[Holding]) -> list[Count]:
    if not covering:
        if not (play.stake_bonus or play.win_bonus):
            return []
        return [Count(play, None, bonus_stake=play.stake_bonus, bonus_win=play.win_bonus, outside=play.stake_bonus)]
    first, *others = covering
    weight, over = first.weights.get(play.category, 0), 0 < first.max_bet < play.stake
    counted = 0 if over or first.stopped else min(play.stake * weight // 100, first.open)
    first.open -= counted
    # The round is closed: its win is there before the rest of its stake is looked for elsewhere.
    spent = min(play.stake_bonus, first.balance + play.win_bonus)
    first.balance += play.win_bonus - spent
    missing, spills = play.stake_bonus - spent, []
    for holding in others:
        if part := min(missing, holding.balance):
            holding.balance -= part
            missing -= part
            spills.append(Count(play, holding.grant_id, bonus_stake=part))
    return [
        Count(play, first.grant_id, weight, counted, over, spent + missing, play.win_bonus, outside=missing),
        *spills,
    ]


def _end(holding: Holding, play: Play) -> End | None:
    if holding.required and not holding.open and not holding.stopped:
        holding.ended = True
        released = min(holding.balance, holding.max_release or holding.balance)
        kept = holding.balance - released
        return End(holding.grant_id, "completed", play.at, released, kept, cause="wagering done")
    if not holding.balance and play.stake_bonus:
        holding.ended = True
        return End(holding.grant_id, "lost", play.at, void=holding.open, cause="played to zero")
    return None
