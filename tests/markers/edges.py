"""One story for each side of each threshold: the events of a player for whom a marker is just met, and just not.

All are players of one brand (Malta, EUR), registered 100 days ago; each story is written from `NOW` back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.folding.casino import DAY, HOUR, LIVE, NOW, SLOTS, Sent, payment, round_, session

MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 6, 9, 23, 30, tzinfo=NOW.tzinfo)  # 01:30 in Malta
TABLE, BINGO = 3, 6


@dataclass(frozen=True, eq=False)
class Edge:
    """`facts`: what is told of restrictions and contacts: (when, kind, data)."""

    marker: str
    side: str
    met: bool | None  # None: cannot be told
    events: Callable[[int], Iterable[Sent]] = lambda who: ()
    facts: tuple[tuple[datetime, str, dict[str, Any]], ...] = ()
    days_ago: int = 100

    def __str__(self) -> str:
        return f"{self.marker}: {self.side}"


def deposits(
    who: int, *ats: datetime, amount: int = 20_00, status: str = "approved", method: str = "card", **more: str
) -> list[Sent]:
    return [payment(who, at, f"{status}-{at:%m%d%H%M%S}", amount, status, method=method, **more) for at in ats]


def played(
    who: int, at: datetime, stakes: Iterable[int], *, wins: Iterable[int] = (), category: int = SLOTS
) -> list[Sent]:
    won = dict(enumerate(wins))
    return [
        round_(who, at + n * MINUTE, f"{category}-{at:%d%H%M}-{n}", stake, win=won.get(n, 0), category=category)
        for n, stake in enumerate(stakes)
    ]


def sitting(who: int, at: datetime, minutes: float, stake: int = 1_00, category: int = SLOTS) -> list[Sent]:
    return [
        round_(who, at + MINUTE, f"in-{category}-{at:%d%H%M}", stake, win=stake, category=category),
        session(who, at, minutes, f"s-{category}-{at:%d%H%M}", category),
    ]


def in_sessions(*counts: int) -> Callable[[int], list[Sent]]:
    """One session a day, with so many deposits after its first bet."""

    def story(who: int) -> list[Sent]:
        told = []
        for n, count in enumerate(counts, 1):
            told += sitting(who, NOW - n * DAY, 60)
            told += deposits(who, *(NOW - n * DAY + (5 + k) * MINUTE for k in range(count)))
        return told

    return story


def after_losses(stake: int, bets: int = 50) -> Callable[[int], list[Sent]]:
    """Every second bet is lost; the one after it stakes `stake`, the one after a win 100."""

    def story(who: int) -> list[Sent]:
        stakes = [100 if n % 2 else stake for n in range(bets)]
        return played(who, NOW - DAY, stakes, wins=[0 if n % 2 else 2 * stake for n in range(bets)])

    return story


def losing_days(deposit: int) -> Callable[[int], list[Sent]]:
    def story(who: int) -> list[Sent]:
        told = []
        for n in (3, 8, 13):
            told += played(who, NOW - n * DAY, [10_00])
            told += deposits(who, NOW - n * DAY + 23 * HOUR, amount=deposit)
        return told

    return story


def varying(low: int, high: int, bets: int = 50) -> Callable[[int], list[Sent]]:
    return lambda who: played(who, NOW - DAY, [high if n % 2 else low for n in range(bets)])


def early(days: int, bets: int, factor: float = 0.0) -> Callable[[int], list[Sent]]:
    """Plays on some of the first days after registration; stakes grow by `factor` a day."""

    def story(who: int) -> list[Sent]:
        told = []
        for day in range(days):
            mean = 200 * (1 + factor * day)
            told += played(who, NOW - (29 - day) * DAY, [round(mean * (1.7 if n % 2 else 0.3)) for n in range(bets)])
        return told

    return story


def ramps(crash: int, times: int = 2) -> Callable[[int], list[Sent]]:
    def story(who: int) -> list[Sent]:
        told = []
        for n, stake in enumerate([100, 200, 300, crash] * times):
            told += sitting(who, NOW - 20 * DAY + n * 6 * HOUR, 20, stake)
        return told

    return story


def trend(*stakes: int) -> Callable[[int], list[Sent]]:
    return lambda who: [
        event for n, stake in enumerate(stakes) for event in played(who, NOW - (10 - 2 * n) * DAY, [stake] * 3)
    ]


def types(*categories: int) -> Callable[[int], list[Sent]]:
    return lambda who: [
        e for n, c in enumerate(categories) for e in played(who, NOW - (n + 1) * HOUR, [100], category=c)
    ]


def methods(*names: str) -> Callable[[int], list[Sent]]:
    return lambda who: [e for n, name in enumerate(names) for e in deposits(who, NOW - (n + 1) * DAY, method=name)]


def instruments(*told: str) -> Callable[[int], list[Sent]]:
    """'card/a': by card, and which one."""

    def story(who: int) -> list[Sent]:
        named = [one.split("/") for one in told]
        return [e for n, (name, which) in enumerate(named)
                for e in deposits(who, NOW - (n + 1) * DAY, method=name, **({"instrument": which} if which else {}))]  # fmt: skip

    return story


def per_session(count: int, sessions: int = 5) -> Callable[[int], list[Sent]]:
    def story(who: int) -> list[Sent]:
        told = [e for n in range(sessions) for e in sitting(who, NOW - (n + 1) * DAY, 30)]
        return told + deposits(who, *(NOW - (n % 9 + 1) * DAY - n * MINUTE - 2 * HOUR for n in range(count)))

    return story


def by_games(gap: float, *, paid_in: int = 3) -> Callable[[int], list[Sent]]:
    """On two days a session of slots, then one at a live table so many minutes after it; deposits in both."""

    def story(who: int) -> list[Sent]:
        told = []
        for n in (1, 2):
            start = NOW - n * DAY
            later = start + (20 + gap) * MINUTE
            told += [*sitting(who, start, 20), *sitting(who, later, 20, category=LIVE)]
            told += deposits(who, start + 10 * MINUTE, *(later + (5 + k) * MINUTE for k in range(paid_in - 1)))
        return told

    return story


def in_parts(gap: float) -> Callable[[int], list[Sent]]:
    """Five evenings of two games, so many minutes apart, with two deposits each."""

    def story(who: int) -> list[Sent]:
        told = []
        for n in range(1, 6):
            start = NOW - n * DAY
            told += [*sitting(who, start, 20), *sitting(who, start + (20 + gap) * MINUTE, 20, category=LIVE)]
            told += deposits(who, start - HOUR, start - 2 * HOUR)
        return told

    return story


def ramps_by_games(gap: float) -> Callable[[int], list[Sent]]:
    def story(who: int) -> list[Sent]:
        told = []
        for n, stake in enumerate([100, 200, 300, 120] * 2):
            start = NOW - 20 * DAY + n * 6 * HOUR
            told += [*sitting(who, start, 20, stake), *sitting(who, start + (20 + gap) * MINUTE, 20, stake, LIVE)]
        return told

    return story


def declines(*ats: datetime, good: int = 0, reason: str = "") -> Callable[[int], list[Sent]]:
    return lambda who: [
        *(
            Sent(one.kind, one.player_id, one.at, one.body | {"reason": reason})
            for one in deposits(who, *ats, status="rejected")
        ),
        *deposits(who, *(NOW - 5 * DAY - n * HOUR for n in range(good))),
    ]


def taken_back(*bets_after: timedelta) -> Callable[[int], list[Sent]]:
    def story(who: int) -> list[Sent]:
        told = []
        for n, wait in enumerate(bets_after, 1):
            at = NOW - 3 * n * DAY
            told.append(payment(who, at - HOUR, f"w{n}", 50_00, "requested", "withdrawal"))
            told.append(payment(who, at, f"w{n}", 50_00, "cancelled", "withdrawal"))
            told += played(who, at + wait, [100])
        return told

    return story


def in_and_out(paid_in: int, out: int = 1) -> Callable[[int], list[Sent]]:
    return lambda who: [
        *deposits(who, *(NOW - 90 * DAY + n * DAY for n in range(paid_in))),
        *(payment(who, NOW - n * DAY, f"out{n}", 10_00, "approved", "withdrawal") for n in range(out)),
    ]


def paid(*ats: datetime) -> Callable[[int], list[Sent]]:
    return lambda who: deposits(who, *ats)


def grown(amount: int, weeks: int = 8, usual: int = 50_00) -> Callable[[int], list[Sent]]:
    return lambda who: [
        *deposits(who, *(NOW - (7 * n + 3) * DAY for n in range(1, weeks + 1)), amount=usual),
        *deposits(who, NOW - DAY, amount=amount),
    ]


def weeks(*minutes: float) -> Callable[[int], list[Sent]]:
    """Oldest first, the last is this one."""
    return lambda who: [e for n, m in enumerate(reversed(minutes)) for e in sitting(who, NOW - (7 * n + 2) * DAY, m)]


def long(*parts: tuple[float, float, int]) -> Callable[[int], list[Sent]]:
    """(hours after 08:00, hours, category) two days ago"""
    morning = NOW - 2 * DAY - 4 * HOUR
    return lambda who: [
        e for after, hours, c in parts for e in sitting(who, morning + after * HOUR, hours * 60, category=c)
    ]


def nights(times: int, by_day: int = 0, at: datetime = NIGHT, bets: int = 1) -> Callable[[int], list[Sent]]:
    return lambda who: [
        *(e for n in range(times) for e in played(who, at - n * DAY, [100] * bets)),
        *played(who, NOW - 2 * DAY, [100] * by_day),
    ]


def lost(amount: int, days_ago: int = 20) -> Callable[[int], list[Sent]]:
    return lambda who: played(who, NOW - days_ago * DAY, [amount])


def limits(
    *steps: tuple[datetime, int | None], kind: str = "deposit_limit"
) -> tuple[tuple[datetime, str, dict[str, Any]], ...]:
    told: list[tuple[datetime, str, dict[str, Any]]] = []
    for n, (at, amount) in enumerate(steps, 1):
        said = {"measure_id": "L", "sequence": n}
        if amount is None:
            told.append((at, "rg.limit_removed", said))
            continue
        told.append(
            (
                at,
                "rg.limit_set",
                said | {"kind": kind, "period": "week", "amount": amount, "currency": "EUR"},
            )
        )
    return tuple(told)


def breaks(*ats: datetime) -> tuple[tuple[datetime, str, dict[str, Any]], ...]:
    return tuple(
        (at, "rg.time_out", {"measure_id": f"b{n}", "sequence": 1, "ends_at": (at + DAY).isoformat()})
        for n, at in enumerate(ats)
    )


def views(*completed: bool) -> tuple[tuple[datetime, str, dict[str, Any]], ...]:
    return tuple(
        (NOW - (n + 1) * DAY, "rg.tool_viewed", {"tool": "self_exclusion", "completed": done})
        for n, done in enumerate(completed)
    )


def contacts(topic: str, *ats: datetime) -> tuple[tuple[datetime, str, dict[str, Any]], ...]:
    return tuple((at, "rg.contact", {"topic": topic}) for at in ats)


_EXCLUDED = {"measure_id": "x", "sequence": 1, "ends_at": None}

EDGES = (
    Edge("M01", "three deposits in a session on two days", True, in_sessions(3, 3)),
    Edge("M01", "on one day only two", False, in_sessions(3, 2)),
    Edge("M01", "on two days, of a player of yesterday", True, in_sessions(3, 3), days_ago=3),
    Edge("M01", "on one day, of a player known for five days", None, in_sessions(3), days_ago=5),
    Edge("M01", "in two games of one sitting", True, by_games(29)),
    Edge("M01", "in two games half an hour apart", False, by_games(30)),
    Edge("M03", "one and a half times as much after a loss", True, after_losses(150)),
    Edge("M03", "a little less", False, after_losses(149)),
    Edge("M03", "49 bets tell nothing", None, after_losses(300, bets=49)),
    Edge("M04", "a cent more than was lost, three times", True, losing_days(10_01)),
    Edge("M04", "no more than was lost", False, losing_days(10_00)),
    Edge("M05", "more than 95 % of the others", True, varying(100, 300)),
    Edge("M05", "no more than 95 % of the others", False, varying(100, 290)),
    Edge("M05", "49 bets tell nothing", None, varying(100, 300, bets=49)),
    Edge("M06", "stakes rise, beside M05 and M07", True, early(5, 10, 0.05), days_ago=33),
    Edge("M06", "stakes fall", False, early(5, 10, -0.05), days_ago=33),
    Edge("M06", "stakes rise, but nothing else is seen", False, early(5, 9, 0.05), days_ago=33),
    Edge("M07", "five days of ten bets", True, early(5, 10), days_ago=33),
    Edge("M07", "four days are no more than others play", False, early(4, 10), days_ago=33),
    Edge("M08", "two crashes of 60 %", True, ramps(120)),
    Edge("M08", "of a little less", False, ramps(121)),
    Edge("M08", "one crash", False, ramps(120, times=1)),
    Edge("M08", "two crashes from evening to evening, of two games each", True, ramps_by_games(29)),
    Edge("M08", "as much in games half an hour apart", False, ramps_by_games(30)),
    Edge("M09", "stake and loss rise day by day", True, trend(100, 200, 300, 400, 500)),
    Edge("M09", "both fall", False, trend(500, 400, 300, 200, 100)),
    Edge("M09", "four days tell nothing", None, trend(100, 200, 300, 400)),
    Edge("M10", "four types of games", True, types(SLOTS, LIVE, TABLE, BINGO)),
    Edge("M10", "three", False, types(SLOTS, LIVE, TABLE)),
    Edge("M11", "three methods", True, methods("card", "wallet", "voucher")),
    Edge("M11", "two", False, methods("card", "wallet", "card")),
    Edge("M11", "three cards", True, instruments("card/a", "card/b", "card/c")),
    Edge("M11", "two cards, one of them again", False, instruments("card/a", "card/b", "card/a")),
    Edge("M11", "two cards and a wallet nobody told apart", True, instruments("card/a", "card/b", "wallet/")),
    Edge("M11", "two cards, and one of which nobody told which", False, instruments("card/a", "card/b", "card/")),
    Edge("M11", "one card under two methods", False, instruments("card/a", "wallet/a", "card/a")),
    Edge("M11", "two cards and a deposit of which nothing is told", None, instruments("card/a", "card/b", "/")),
    Edge("M11", "two and one nobody named", None, methods("card", "wallet", "")),
    Edge("M12", "ten deposits in five sessions", True, per_session(10)),
    Edge("M12", "nine", False, per_session(9)),
    Edge("M12", "two deposits an evening, of two games each", True, in_parts(29)),
    Edge("M12", "as many in games half an hour apart", False, in_parts(30)),
    Edge("M12", "four sessions tell nothing", None, per_session(9, sessions=4)),
    Edge("M13", "three within 24 hours", True, declines(NOW - HOUR, NOW - 12 * HOUR, NOW - 25 * HOUR, good=20)),
    Edge("M13", "three over 25 hours", False, declines(NOW - HOUR, NOW - 13 * HOUR, NOW - 25 * HOUR - MINUTE, good=20)),
    Edge("M13", "three for want of funds", True,
         declines(*(NOW - n * HOUR for n in (1, 2, 3)), good=20, reason="INSUFFICIENT_FUNDS")),
    Edge("M13", "three beyond a limit", True,
         declines(*(NOW - n * HOUR for n in (1, 2, 3)), good=20, reason="timeout: limit reached")),
    Edge("M13", "three for a card that has run out", False,
         declines(*(NOW - n * HOUR for n in (1, 2, 3)), good=20, reason="Card expired")),
    Edge("M13", "one of five", True, declines(NOW - HOUR, good=4)),
    Edge("M13", "one of six", False, declines(NOW - HOUR, good=5)),
    Edge("M14", "two taken back and played with", True, taken_back(HOUR, 24 * HOUR)),
    Edge("M14", "the second played with a minute too late", False, taken_back(HOUR, 24 * HOUR + MINUTE)),
    Edge("M15", "53 in, one out", True, in_and_out(53)),
    Edge("M15", "52 in, one out", False, in_and_out(52)),
    Edge("M15", "53 in, two out", False, in_and_out(53, 2)),
    Edge("M16", "three within an hour", True, paid(NOW - DAY, NOW - DAY - 30 * MINUTE, NOW - DAY - 60 * MINUTE)),
    Edge("M16", "three within a minute more", False, paid(NOW - DAY, NOW - DAY - 30 * MINUTE, NOW - DAY - 61 * MINUTE)),
    Edge("M16", "five within 24 hours", True, paid(*(NOW - DAY - n * 6 * HOUR for n in range(5)))),
    Edge("M16", "four within 24 hours", False, paid(*(NOW - DAY - n * 7 * HOUR for n in range(5)))),
    Edge("M17", "three times as much", True, grown(150_00)),
    Edge("M17", "a cent less", False, grown(149_99)),
    Edge("M17", "three times as much of little", False, grown(99_99, usual=20_00)),
    Edge("M17", "three weeks to compare with tell nothing", None, grown(300_00, weeks=3)),
    Edge("M18", "a quarter longer each week, now five hours", True, weeks(160, 200, 250, 312.5)),
    Edge("M18", "the last week a minute short", False, weeks(160, 200, 250, 311.5)),
    Edge("M18", "a quarter longer each week, less than five hours", False, weeks(100, 125, 160, 299)),
    Edge("M19", "a minute more than six hours", True, long((0, 4, SLOTS), (4, 2 + 1 / 60, SLOTS))),
    Edge("M19", "six hours", False, long((0, 4, SLOTS), (4, 2, SLOTS))),
    Edge("M19", "two games at once for four hours", False, long((0, 4, SLOTS), (0, 4, LIVE))),
    Edge("M20", "three nights", True, nights(3, by_day=30)),
    Edge("M20", "two nights", False, nights(2, by_day=30)),
    Edge("M20", "six bets of twenty", True, nights(1, by_day=14, bets=6)),
    Edge("M20", "five bets of twenty", False, nights(1, by_day=15, bets=5)),
    Edge("M20", "three nights that are mornings", False, nights(3, by_day=30, at=NIGHT + 5 * HOUR)),
    Edge("M21", "600 EUR lost in three weeks", True, lost(600_00)),
    Edge("M21", "a cent less", False, lost(599_99)),
    Edge("M21", "600 EUR lost a day earlier", False, lost(600_00, days_ago=21)),
    Edge("M22", "two raises within 24 hours", True, facts=limits((NOW - 9 * DAY, 100), (NOW - 2 * DAY, 200), (NOW - DAY, 300))),
    Edge("M22", "within a minute more", False, facts=limits((NOW - 9 * DAY, 100), (NOW - 2 * DAY - MINUTE, 200), (NOW - DAY, 300))),
    Edge("M22", "three in 30 days, one of them a removal", True,
         facts=limits((NOW - 29 * DAY, 100), (NOW - 20 * DAY, 200), (NOW - 10 * DAY, 300), (NOW - 2 * DAY, None))),
    Edge("M22", "two raises of a limit on all stakes", True,
         facts=limits((NOW - 9 * DAY, 100), (NOW - 2 * DAY, 200), (NOW - DAY, 300), kind="wager_limit")),
    Edge("M22", "lowered twice", False, facts=limits((NOW - 9 * DAY, 300), (NOW - 2 * DAY, 200), (NOW - DAY, 100))),
    Edge("M23", "two breaks in 90 days", True, facts=breaks(NOW - 89 * DAY, NOW - 5 * DAY)),
    Edge("M23", "one of them a day earlier", False, facts=breaks(NOW - 90 * DAY - MINUTE, NOW - 5 * DAY)),
    Edge("M23", "excluded", True, facts=((NOW - 5 * DAY, "rg.self_excluded", _EXCLUDED),)),
    Edge("M23", "excluded by the family", True,
         facts=((NOW - 5 * DAY, "rg.self_excluded", _EXCLUDED | {"by": "third_party"}),)),
    Edge("M23", "excluded from one product", False,
         facts=((NOW - 5 * DAY, "rg.self_excluded", _EXCLUDED | {"product": "bingo"}),)),
    Edge("M24", "three visits without an end", True, facts=views(False, False, False)),
    Edge("M24", "one of them completed", False, facts=views(False, False, True)),
    Edge("M25", "asked twice in a week", True, facts=contacts("bonus_request", NOW - DAY, NOW - 6 * DAY)),
    Edge("M25", "asked twice in eight days", False, facts=contacts("bonus_request", NOW - DAY, NOW - 8 * DAY)),
    Edge("M26", "said so", True, facts=contacts("harm_disclosed", NOW - DAY)),
    Edge("M26", "said that the money is gone", True, facts=contacts("money_worries", NOW - DAY)),
    Edge("M26", "complained of something else", False, facts=contacts("complaint", NOW - DAY)),
)  # fmt: skip
