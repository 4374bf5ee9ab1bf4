"""Which accounts an event moves: the chart of accounts in one place.

issue     bonus_cost → grant           stake    grant → bonus_play      wagered     wagering → wager_done
release   grant → released             win      bonus_play → grant      requirement wager_asked → wagering
forfeit   grant → forfeited            expire   grant → expired         wager_void  wagering → wager_void
cancel    grant → cancelled            outside  bonus money our grants do not cover
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bonuses.ledger import Entry, Pot, budget_pot, grant_pot, house, wagering_pot
from bonuses.wagering import Count, End

# Entries in words, as pages print them.
LABELS = {
    "issue": "Given", "requirement": "Wagering asked", "wagered": "Wagering done", "wagered_back": "Wagering taken back",
    "stake": "Bonus money staked", "win": "Bonus money won", "stake_back": "Stake returned", "win_back": "Win taken back",
    "release": "Turned real", "forfeit": "Forfeited", "expire": "Expired", "cancel": "Cancelled",
    "wager_void": "Wagering void", "budget_spend": "From the budget", "budget_return": "Back to the budget",
}  # fmt: skip
KEPT = {
    "completed": ("forfeit", "forfeited"),
    "lost": ("forfeit", "forfeited"),
    "forfeited": ("forfeit", "forfeited"),
    "expired": ("expire", "expired"),
    "cancelled": ("cancel", "cancelled"),
}


@dataclass(frozen=True)
class Book:
    """Whose books: the grant (None = outside our grants), its player, the brand that owes."""

    grant_id: int | None
    player_id: int
    brand_id: int
    currency: str

    def house(self, code: str, unit: str = "BONUS") -> Pot:
        return house(self.brand_id, code, f"{self.currency}.{unit}")

    @property
    def money(self) -> Pot:
        return grant_pot(self.grant_id, self.currency) if self.grant_id else self.house("outside")

    @property
    def wagering(self) -> Pot:
        assert self.grant_id is not None
        return wagering_pot(self.grant_id, self.currency)

    def entry(self, key: str, code: str, debit: Pot, credit: Pot, amount: int, at: datetime, source: str = "") -> Entry:
        return Entry(key, code, debit, credit, amount, at, self.grant_id, self.player_id, source)


def issue(book: Book, amount: int, wagering: int, at: datetime, source: str) -> Iterator[Entry]:
    yield book.entry(f"issue:{book.grant_id}", "issue", book.house("bonus_cost"), book.money, amount, at, source)
    if wagering:
        asked = book.house("wager_asked", "WAGER")
        key = f"requirement:{book.grant_id}"
        yield book.entry(key, "requirement", asked, book.wagering, wagering, at, source)


def spend_budget(book: Book, template_id: int, amount: int, at: datetime) -> Entry:
    pot, spent = budget_pot(template_id, book.currency), book.house("budget_spent", "BUDGET")
    return book.entry(f"budget:{book.grant_id}", "budget_spend", pot, spent, amount, at)


def return_budget(book: Book, template_id: int, amount: int, at: datetime) -> Entry:
    pot, spent = budget_pot(template_id, book.currency), book.house("budget_spent", "BUDGET")
    return book.entry(f"budget-return:{book.grant_id}", "budget_return", spent, pot, amount, at)


def played(book: Book, counts: Sequence[Count]) -> Iterator[Entry]:
    """One entry per kind for the rounds of one grant and gaming day; the rounds stay countable one by one.

    A round is counted once, so the lowest round of a group names the group.
    """
    at = max(count.play.at for count in counts)
    first = min(count.play.round_id for count in counts)
    tag = f"{book.grant_id or f'player-{book.player_id}'}:{first}"
    source = f"{len(counts)} rounds from {first}" if len(counts) > 1 else f"round {first}"
    play, outside = book.house("bonus_play"), book.house("outside")
    covered = sum(count.bonus_stake - count.outside for count in counts)
    uncovered = sum(count.outside for count in counts)
    won = sum(count.bonus_win for count in counts)
    if wagered := sum(count.counted for count in counts):
        done = book.house("wager_done", "WAGER")
        yield book.entry(f"wagered:{tag}", "wagered", book.wagering, done, wagered, at, source)
    if covered:
        yield book.entry(f"stake:{tag}", "stake", book.money, play, covered, at, source)
    if uncovered:
        yield book.entry(f"outside:{tag}", "stake", outside, play, uncovered, at, source)
    if won:
        yield book.entry(f"win:{tag}", "win", play, book.money, won, at, source)


def taken_back(
    book: Book, round_id: int, wagered: int, stake: tuple[int, int], win: tuple[int, int], at: datetime
) -> Iterator[Entry]:
    """The supplier took a round back; stake and win as (of the grant, outside)."""
    play, outside = book.house("bonus_play"), book.house("outside")
    tag, source = f"{book.grant_id or f'player-{book.player_id}'}:{round_id}", f"rollback of round {round_id}"
    if wagered:
        done = book.house("wager_done", "WAGER")
        yield book.entry(f"wagered-back:{tag}", "wagered_back", done, book.wagering, wagered, at, source)
    for name, money, (returned, removed) in (
        ("", book.money, (stake[0], win[0])),
        ("-outside", outside, (stake[1], win[1])),
    ):
        if returned:
            yield book.entry(f"stake-back{name}:{tag}", "stake_back", play, money, returned, at, source)
        if removed:
            yield book.entry(f"win-back{name}:{tag}", "win_back", money, play, removed, at, source)


def ended(book: Book, end: End) -> Iterator[Entry]:
    if end.released:
        key = f"release:{book.grant_id}"
        yield book.entry(key, "release", book.money, book.house("released"), end.released, end.at, end.cause)
    if end.kept:
        code, pot = KEPT[end.how]
        key = f"{code}:{book.grant_id}"
        yield book.entry(key, code, book.money, book.house(pot), end.kept, end.at, end.cause)
    if end.void:
        void = book.house("wager_void", "WAGER")
        key = f"wager-void:{book.grant_id}"
        yield book.entry(key, "wager_void", book.wagering, void, end.void, end.at, end.cause)
