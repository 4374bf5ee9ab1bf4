"""Random lives as a PAM would send them: on the edges rules like to name, late, twice, taken back."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.language.brute_force.house import House
from tests.language.brute_force.told import CATEGORIES

DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
_BACK = (0, 0, 1, 2, 6, 7, 8, 13, 14, 15, 29, 30, 31, 60, 89, 90, 91)
_LENGTHS = (0, 300, 599, 600, 1800, 2699, 2700, 2700, 2701, 3000, 5400, 7200)
_AMOUNTS = (1, 500, 999, 1000, 1001, 2000, 5000, 10_000)
_OUTCOMES = ("won", "lost", "lost", "half_won", "void", "cashed_out")
_SPORTS = (("football", "Premier League"), ("football", "Serie A"), ("tennis", ""), ("curling", "Worlds"))
TAGS, LISTS, AFFILIATES = ("vip", "newcomer"), ("VIP dinner", "Lapsed"), ("", "topcasinos", "betguide")
GAMES = {
    "book-of-sun": ("slots", "Nova", "megaways"), "moon-9": ("slots", "Orbit", "megaways"),
    "royal-21": ("live_casino", "Nova", "blackjack"), "no-name": ("slots", "", ""),
}  # fmt: skip


class Teller:
    """Tells one life after another. `edges`: the instants at which rules will be asked."""

    def __init__(self, dice: random.Random, house: House, edges: Sequence[datetime], first: datetime) -> None:
        self.dice, self.house, self.edges, self.first = dice, house, edges, first
        self.n = 0

    def life(self, player: str, *, registers: bool = True, busy: int = 1) -> list[dict[str, Any]]:
        """Every event of a player, in no order. `busy`: how many times as much happens."""
        self.player, self.told = player, []
        if registers:
            self._register()
        busy *= self.dice.choice((0, 1, 1, 3, 3, 6, 6, 12, 16))
        tastes = self.dice.sample(CATEGORIES, 2) if self.dice.random() < 0.3 else ["slots", "live_casino"]
        for _ in range(busy):
            self.dice.choices(
                (self._sitting, self._deposit, self._round, self._sports_bet, self._rarer), (8, 6, 3, 2, 6)
            )[0](self.dice.choice(tastes))
        return self.told

    # --- when

    def moment(self) -> datetime:
        """Often exactly some days before an instant at which rules are asked, or beside a local midnight."""
        dice, edge = self.dice, self.dice.choice(self.edges)
        way = dice.random()
        if way < 0.45:
            at = edge - dice.choice(_BACK) * DAY + dice.choice((-1, 0, 0, 1)) * SECOND
        elif way < 0.65:
            day = self.house.day(edge) - timedelta(days=dice.choice(_BACK))
            midnight = datetime(day.year, day.month, day.day, self.house.day_start, tzinfo=self.house.zone)
            at = midnight.astimezone(UTC) + dice.choice((-1, 0, 0, 1)) * SECOND
        else:
            at = edge - timedelta(seconds=dice.randrange(100 * 86_400))
        return max(min(at, self.edges[-1]), self.first + timedelta(days=1))

    def say(self, kind: str, at: datetime, **said: Any) -> None:
        self.n += 1
        event = {"event": kind, "event_id": f"{self.house.slug}-{self.n}", "player": self.player}
        self.told.append(event | {"occurred_at": at.isoformat(), "properties": said})

    def _id(self, letter: str) -> str:
        self.n += 1
        return f"{letter}{self.n}"

    # --- what

    def _register(self) -> None:
        dice = self.dice
        at = dice.choice([self.first, max(self.first, min(self.moment(), self.edges[0] - dice.choice(_BACK) * DAY))])
        self.say(
            "player.registered", at, email=f"{self.player}@example.test", first_name="", last_name="",
            birth_date=self._birth(), country=dice.choice(("GB", "SE", "MT")), language=dice.choice(("en", "sv")),
            currency=dice.choice(("GBP", "GBP", "EUR")), affiliate=dice.choice(AFFILIATES),
            acquisition_channel=dice.choice(("", "seo", "paid")), is_test=dice.random() < 0.03,
        )  # fmt: skip

    def _birth(self) -> str:
        """Often somebody whose birthday it is, was or will be when rules are asked."""
        dice = self.dice
        if dice.random() < 0.2:
            return dice.choice(("2008-02-29", "2004-02-29", "1996-02-29"))
        edge = self.dice.choice(self.edges).date() + timedelta(days=dice.choice((-1, 0, 1)))
        years = dice.choice((18, 21, 22, 30, 65))
        if dice.random() < 0.5:
            return date(edge.year - years, edge.month, min(edge.day, 28)).isoformat()
        return date(dice.randint(1940, 2007), dice.randint(1, 12), dice.randint(1, 28)).isoformat()

    def _sitting(self, category: str) -> None:
        dice, start, id_ = self.dice, self.moment(), self._id("s")
        seconds = dice.choice(_LENGTHS)
        end = min(start + seconds * SECOND, self.edges[-1])
        more: dict[str, Any] = {"device": device} if (device := dice.choice(("", "mobile", "desktop"))) else {}
        games = [game for game, (of, *_) in GAMES.items() if of == category]
        if games and dice.random() < 0.6:
            more["game_id"] = dice.choice(games)
        self.say("session.ended", end, session_id=id_, started_at=start.isoformat(), category=category, **more)
        for _ in range(dice.choice((0, 0, 1, 3, 9, 13))):
            self._round(category, start + dice.choice((0, 1, dice.random())) * (end - start))
        if dice.random() < 0.4:
            day_later = (DAY, DAY + SECOND, DAY - SECOND)
            self._deposit(category, dice.choice((start, end, start - SECOND, *(end + later for later in day_later))))

    def _round(self, category: str, at: datetime | None = None) -> None:
        dice, id_ = self.dice, self._id("r")
        at = min(at or self.moment(), self.edges[-1])
        real, bonus = dice.choice(((100, 0), (100, 0), (0, 100), (999, 1), (5000, 0)))
        win = dice.choice((0, 0, real // 2, real // 2 + 1, real, 2 * real))
        what: dict[str, Any] = {"category": category}
        if games := [game for game, (of, *_) in GAMES.items() if of == category]:
            what = dice.choice((what, {"game_id": dice.choice(games)}))
        if dice.random() < 0.1:  # told bet by bet
            self.say("round.bet", at, round_id=id_, bet_id="b", stake_real=real, stake_bonus=bonus, **what)
            self.say("round.win", at, round_id=id_, win_id="w", win_real=win, win_bonus=0, **what)
            if dice.random() < 0.2:
                self.say("round.rolled_back", at, round_id=id_, **dice.choice(({"bet_id": "b"}, {"win_id": "w"})))
            return
        more = {"stake_locked": 50} if dice.random() < 0.05 else {}
        self.say("round.settled", at, round_id=id_, stake_real=real, stake_bonus=bonus, win_real=win, win_bonus=bonus,
                 **what, **more)  # fmt: skip
        if dice.random() < 0.08:
            self.say("round.rolled_back", min(at + dice.choice((0, 1, 9)) * DAY, self.edges[-1]), round_id=id_)

    def _deposit(self, category: str, at: datetime | None = None, way: str = "deposit") -> None:
        dice, id_ = self.dice, self._id("p")
        at = min(at or self.moment(), self.edges[-1])
        amount = dice.choice(_AMOUNTS)
        more = {"method": method} if (method := dice.choice(("card", "card", "wallet", ""))) else {}
        more |= {"bonus_code": "RELOAD"} if dice.random() < 0.1 else {}
        statuses = dice.choice((["approved"],) * 7 + (["rejected"], ["rejected", "approved"], ["requested"]))
        if statuses[-1] == "approved" and dice.random() < 0.12:
            statuses = [*statuses, dice.choice(("rolled_back", "charged_back" if way == "deposit" else "cancelled"))]
        if way == "withdrawal" and dice.random() < 0.5:
            statuses = ["requested", "cancelled"]
        for n, status in enumerate(statuses):
            when = min(at + n * dice.choice((timedelta(0), SECOND, DAY)), self.edges[-1])
            self.say(f"{way}.{status}", when, payment_id=id_, amount=amount, **more)

    def _sports_bet(self, category: str) -> None:
        dice, id_, at = self.dice, self._id("b"), self.moment()
        chosen = dice.sample(_SPORTS, dice.choice((1, 1, 1, 2)))
        legs = [{"sport": sport, "odds": "1.50", "in_play": dice.random() < 0.3} | ({"league": league} if league else {})
                for sport, league in chosen]  # fmt: skip
        stakes = {"stake_real": dice.choice((0, 500, 1000)), "stake_bonus": dice.choice((0, 0, 500))}
        slip = {
            "ticket": "single" if len(legs) == 1 else "multi",
            "odds": dice.choice(("1.50", "2.0000", "2.4999", "9")),
            "legs": legs,
        }
        is_placed = dice.random() < 0.8
        if is_placed:
            self.say("bet.placed", at, bet_id=id_, **stakes, **slip)
        for _ in range(dice.choice((0, 1, 1, 2))):
            at += dice.choice((SECOND, DAY / 8, DAY))
            if at > self.edges[-1]:  # not yet
                return
            outcome = dice.choice(_OUTCOMES)
            own = {} if is_placed and dice.random() < 0.7 else stakes
            self.say("bet.settled", at, bet_id=id_, outcome=outcome, win_real=0 if outcome == "lost" else 900,
                     win_bonus=0, **own, **({} if is_placed else slip))  # fmt: skip
        if dice.random() < 0.15:
            self.say("bet.voided", min(at + dice.choice((0, 1, -1)) * SECOND, self.edges[-1]), bet_id=id_)

    def _rarer(self, category: str) -> None:
        dice, at = self.dice, self.moment()
        kind = dice.choice(
            ("login", "balance", "withdrawal", "withdrawal", "tagged", "updated", "kyc", "block", "bonus")
        )
        if kind == "login":
            self.say("player.login", at)
        elif kind == "balance":
            self.say("balance.changed", at, real=dice.choice(_AMOUNTS), bonus=dice.choice((0, 1000)))
        elif kind == "withdrawal":
            self._deposit(category, at, way="withdrawal")
        elif kind == "tagged":
            self.say("player.tagged", at, **{dice.choice(("add", "add", "remove")): [dice.choice(TAGS)]})
        elif kind == "updated":  # of two words of one instant nobody could tell the newer one
            self.say("player.updated", at - timedelta(microseconds=dice.randrange(10**6)), **self._change())
        elif kind == "kyc":
            self.say("player.kyc", at, status=dice.choice(("submitted", "pending", "verified", "rejected", "expired")))
        elif kind == "block":
            self.say(f"player.{dice.choice(('blocked', 'unblocked', 'closed'))}", at)
        elif kind == "consent":
            self.say("consent.changed", at, product=dice.choice(("casino", "betting")),
                     channel=dice.choice(("email", "sms")), granted=dice.random() < 0.6, wording="v3", screen="s")  # fmt: skip
        elif kind == "own":
            self.say("player.attributes", at - timedelta(microseconds=dice.randrange(10**6)), values=self._own())
        else:
            self._bonus()

    def _change(self) -> dict[str, Any]:
        return self.dice.choice(
            (
                {"country": self.dice.choice(("GB", "SE", "DE"))}, {"language": "sv"}, {"affiliate": "betguide"},
                {"birth_date": self._birth()}, {"phone": "+447700900123"}, {"is_test": self.dice.random() < 0.2},
            )
        )  # fmt: skip

    def _own(self) -> dict[str, Any]:
        """Two of them, now and then one nobody has declared."""
        told = {
            "points": (0, 50, 1000, None), "venue": ("Leeds", "York", None), "club": (True, False, None),
            "card_until": ("2026-03-29", "2026-10-25", None), "nobody_declared_it": (1,),
        }  # fmt: skip
        return {key: self.dice.choice(told[key]) for key in self.dice.sample(sorted(told), 2)}

    def _bonus(self) -> None:
        for ref in (self._id("o") for _ in range(self.dice.choice((1, 2, 3)))):
            for status in ["offered", *self.dice.choice(([], ["claimed"], ["active", "completed"], ["expired"]))]:
                self.say("bonus.status", self.moment(), bonus_ref=ref, status=status)


def deliveries(
    told: Sequence[dict[str, Any]], edges: Sequence[datetime], dice: random.Random
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(index of the instant at which it arrives, event): some late, some twice, some by a second path."""
    for event in told:
        at = datetime.fromisoformat(event["occurred_at"])
        first = next(n for n, edge in enumerate(edges) if at <= edge)
        late = (
            first
            if dice.random() < 0.85 or event["event"] == "player.registered"
            else dice.randrange(first, len(edges))
        )
        yield late, event
        if dice.random() < 0.06:
            again = dice.randrange(late, len(edges))
            yield again, event if dice.random() < 0.5 else event | {"event_id": event["event_id"] + "-again"}
