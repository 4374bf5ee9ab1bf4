"""One player's life as the feed told it: repeated, late and taken back, put in order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from tests.language.brute_force.house import House

Said = Mapping[str, Any]  # one event as it was posted
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
CATEGORIES = ("slots", "live_casino", "table", "sports", "poker", "bingo", "virtuals", "crash", "other")


@dataclass(frozen=True, slots=True)
class Round:
    id: str
    at: datetime
    day: date
    category: str
    real: int
    bonus: int
    won_real: int
    won_bonus: int
    bets: int = 1
    game: str | None = None

    @property
    def stake(self) -> int:
        return self.real + self.bonus

    @property
    def won(self) -> int:
        return self.won_real + self.won_bonus


@dataclass(frozen=True, slots=True)
class Sitting:
    id: str
    start: datetime
    end: datetime
    day: date
    category: str
    device: str
    game: str | None
    rounds: tuple[Round, ...]

    @property
    def seconds(self) -> int:
        return (self.end - self.start) // timedelta(seconds=1)

    @property
    def result(self) -> int:
        """Real money won less real money staked."""
        return sum(one.won_real - one.real for one in self.rounds)

    @property
    def staked(self) -> bool:
        return any(one.stake for one in self.rounds)


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    at: datetime
    day: date
    amount: int
    method: str
    bonus_code: str = ""


@dataclass(frozen=True, slots=True)
class Bet:
    """A sports bet: what was said first of its placing, last of its result."""

    id: str
    placed_at: datetime | None
    placed: Said
    settled_at: datetime | None
    settled: Said
    voided_at: datetime | None

    @property
    def stakes(self) -> Said | None:
        said = [words for words in (self.settled, self.placed) if "stake_real" in words]
        return said[0] if said else None

    @property
    def counts(self) -> bool:
        """Settled, with a known stake, and not void by the newest word."""
        if self.settled_at is None or self.stakes is None or self.settled["outcome"] == "void":
            return False
        return self.voided_at is None or self.voided_at < self.settled_at

    @property
    def details(self) -> Said:
        return {**self.settled, **self.placed}

    def common(self, name: str) -> str:
        """What all legs have in common; '' where they differ or nobody said."""
        words = {leg.get(name, "") for leg in self.details.get("legs", ())}
        return words.pop() if len(words) == 1 else ""


@dataclass(frozen=True)
class Granted:
    """A bonus given here: a row of our own is the fact."""

    status: str
    amount: int
    at: datetime
    released: int = 0


class Life:
    """Everything that stands, computed when first asked for. `imported`: an account that came without a registration;
    `lists`, `grants`: what is no event, because it was uploaded or happened here."""

    def __init__(
        self, house: House, said: Iterable[Said], imported: Said | None = None,
        lists: frozenset[str] = frozenset(), grants: tuple[Granted, ...] = (),
    ) -> None:  # fmt: skip
        self.house, self.imported, self.lists, self.grants = house, imported, lists, grants
        self.stays: list[tuple[int, datetime, datetime | None]] = []  # segment, entered, left
        self.events: dict[str, list[tuple[datetime, Said]]] = defaultdict(list)
        once = {one["event_id"]: one for one in said}
        for one in once.values():
            self.events[one["event"]].append((datetime.fromisoformat(one["occurred_at"]), one.get("properties", {})))

    # --- play

    @cached_property
    def rounds(self) -> list[Round]:
        """Those that stand, sports bets included, oldest first."""
        found: dict[str, Round] = {}
        for one in self._told_rounds():
            found.setdefault(one.id, one)
        gone = {_taken_back(words) for _, words in self.events["round.rolled_back"]}
        standing = [one for one in found.values() if one.id not in gone]
        return sorted([*standing, *self._settled_bets()], key=lambda one: (one.at, one.id))

    def _told_rounds(self) -> Iterator[Round]:
        for at, said in self.events["round.settled"]:
            yield self._round(said["round_id"], at, said)
        for at, said in self.events["round.bet"]:
            yield self._round(f"{said['round_id']}:{said['bet_id']}", at, {"win_real": 0, "win_bonus": 0, **said})
        for at, said in self.events["round.win"]:
            words = {"stake_real": 0, "stake_bonus": 0, **said}
            yield self._round(f"{said['round_id']}:{said['win_id']}:win", at, words, bets=0)

    def _round(self, id_: str, at: datetime, said: Said, bets: int = 1) -> Round:
        game = said.get("game_id")
        return Round(
            id_, at, self.house.day(at), said.get("category") or self.house.games[game or ""][0],
            said["stake_real"] + said.get("stake_locked", 0), said["stake_bonus"],
            said["win_real"] + said.get("win_locked", 0), said["win_bonus"], bets, game,
        )  # fmt: skip

    def _settled_bets(self) -> Iterator[Round]:
        for bet in self.bets:
            if bet.counts and bet.settled_at and bet.stakes:
                words = {**bet.settled, **bet.stakes, "category": "sports"}
                won = {"win_real": bet.settled["win_real"], "win_bonus": bet.settled["win_bonus"]}
                yield self._round(f"bet:{bet.id}", bet.settled_at, {**words, **won})

    @cached_property
    def bets(self) -> list[Bet]:
        ids = {said["bet_id"] for kind in ("placed", "settled", "voided") for _, said in self.events[f"bet.{kind}"]}
        return [self._bet(id_) for id_ in sorted(ids)]

    def _bet(self, id_: str) -> Bet:
        told = {
            kind: sorted(((at, said) for at, said in self.events[f"bet.{kind}"] if said["bet_id"] == id_),
                         key=lambda pair: pair[0])
            for kind in ("placed", "settled", "voided")
        }  # fmt: skip
        placed_at, placed = told["placed"][0] if told["placed"] else (None, {})
        settled_at, settled = told["settled"][-1] if told["settled"] else (None, {})
        return Bet(id_, placed_at, placed, settled_at, settled, told["voided"][-1][0] if told["voided"] else None)

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Newest first; of those of one start the longer one."""
        found = self._cut() if self.house.pause else self._sent()
        return sorted(found, key=lambda one: (one.start, one.seconds, one.id), reverse=True)

    def _sent(self) -> Iterable[Sitting]:
        found: dict[str, Sitting] = {}
        for end, said in self.events["session.ended"]:
            start = datetime.fromisoformat(said["started_at"])
            rounds = tuple(r for r in self.rounds if r.category == said["category"] and start <= r.at <= end)
            device, game = said.get("device", ""), said.get("game_id")
            sitting = Sitting(
                said["session_id"], start, end, self.house.day(start), said["category"], device, game, rounds
            )
            found.setdefault(sitting.id, sitting)
        return found.values()

    def _cut(self) -> Iterator[Sitting]:
        """From rounds alone: a pause ends one. Sports bets say nothing of when somebody sat there."""
        pause = timedelta(minutes=self.house.pause)
        for category in CATEGORIES:
            run: list[Round] = []
            for one in [r for r in self.rounds if r.category == category and category != "sports"]:
                if run and one.at - run[-1].at >= pause:
                    yield self._of_run(run)
                    run = []
                run.append(one)
            if run:
                yield self._of_run(run)

    def _of_run(self, run: list[Round]) -> Sitting:
        games = {one.game for one in run}
        game = games.pop() if len(games) == 1 else None
        start = run[0].at
        return Sitting("", start, run[-1].at, self.house.day(start), run[0].category, "", game, tuple(run))

    @cached_property
    def played(self) -> list[tuple[datetime, str]]:
        """Every sign of play with its category: rounds, ends of sessions, sports bets placed."""
        told = [(one.at, one.category) for one in self.rounds]
        told += [(one.end, one.category) for one in self.sittings]
        return told + [(bet.placed_at, "sports") for bet in self.bets if bet.placed_at]

    @cached_property
    def real(self) -> list[datetime]:
        """Real-money play and approved deposits, oldest first."""
        told = [one.at for one in self.rounds if one.real] + [one.at for one in self.deposits]
        return sorted(told + [bet.placed_at for bet in self.bets if bet.placed_at and bet.placed["stake_real"]])

    # --- payments

    @cached_property
    def deposits(self) -> list[Payment]:
        return self._approved("deposit")

    @cached_property
    def withdrawals(self) -> list[Payment]:
        return self._approved("withdrawal")

    def _approved(self, way: str) -> list[Payment]:
        """Those never taken back, newest first."""
        gone = self._ids(f"{way}.rolled_back") | self._ids(f"{way}.charged_back")
        found = {
            said["payment_id"]: Payment(
                said["payment_id"], at, self.house.day(at), said["amount"], said.get("method", ""),
                said.get("bonus_code", ""),
            )
            for at, said in reversed(self.events[f"{way}.approved"])
            if said["payment_id"] not in gone
        }  # fmt: skip
        return sorted(sorted(found.values(), key=lambda one: one.id), key=lambda one: one.at, reverse=True)

    def _ids(self, kind: str) -> set[str]:
        return {said["payment_id"] for _, said in self.events[kind]}

    def moments_of(self, kind: str, but_not: Iterable[str] = ()) -> list[datetime]:
        """When payments reached a status, newest first, once each."""
        out = set().union(*(self._ids(other) for other in but_not))
        return sorted({s["payment_id"]: at for at, s in self.events[kind] if s["payment_id"] not in out}.values(),
                      reverse=True)  # fmt: skip

    # --- account

    def newest(self, name: str, default: Any = "") -> Any:
        """The newest word on a property of the account."""
        first = [] if self.imported is None else [(_LONG_AGO, self.imported.get(name, default))]
        told = [(at, said[name]) for kind in ("player.registered", "player.updated") for at, said in self.events[kind]
                if name in said]  # fmt: skip
        return max([*first, *told], key=lambda pair: pair[0], default=(None, default))[1]

    def was_in(self, segment: int, end: datetime) -> bool:
        """Just before `end`."""
        return any(
            one == segment and entered < end and (left is None or left >= end) for one, entered, left in self.stays
        )

    @cached_property
    def registered_at(self) -> datetime:
        if self.imported is not None:
            return datetime.fromisoformat(self.imported["registered_at"])
        return self.events["player.registered"][0][0]

    @cached_property
    def currency(self) -> str:
        said = self.imported if self.imported is not None else self.events["player.registered"][0][1]
        return str(said["currency"])

    @cached_property
    def is_test(self) -> bool:
        return bool(self.newest("is_test", False))


def _taken_back(said: Said) -> str:
    if "bet_id" in said:
        return f"{said['round_id']}:{said['bet_id']}"
    return f"{said['round_id']}:{said['win_id']}:win" if "win_id" in said else str(said["round_id"])
