"""Players with signs of harm, each of another kind: what the case desk and the markers have to show.

Written like the rest of the cast (see cast.Story); nobody on the tour asks for them.
"""

from typing import TYPE_CHECKING

from config.casino.gamblers import DAY

if TYPE_CHECKING:
    from config.casino.cast import Story

_HOUR = 3600


def _at(s: "Story", days_ago: float, hour: float) -> float:
    """Days ago of that hour (UTC) on that day."""
    day = s.today - days_ago * DAY
    return (s.today - (day - day % DAY + hour * _HOUR)) / DAY


def _quiet_months(s: "Story", stake: int = 120, deposit: int = 30) -> None:
    for week in range(4, 12):
        s.deposits(7 * week + 2, deposit)
        s.plays(7 * week + 1.9, 50, stake, round(stake * 0.95))


def rhys(s: "Story") -> None:  # cannot stop at night
    s.joins(100, "email", "onsite")
    _quiet_months(s)
    for night in range(1, 7):
        start = _at(s, night, 0.5)
        s.deposits(start + 0.01, 60)
        s.plays(start, 160, 420, 330, bets=12)
        s.plays(_at(s, night, 20), 120, 180, 150, bets=6)


def saga(s: "Story") -> None:  # raises her limit again and again, plays everything, by every card she has
    s.joins(95, "email", "onsite")
    _quiet_months(s, 800, 200)
    limit = {"kind": "deposit_limit", "period": "week", "currency": "SEK", "origin": "player", "measure_id": "rg-saga"}
    for number, (days_ago, amount) in enumerate(((60, 1_000), (0.6, 2_000), (0.5, 4_000), (0.3, 8_000)), 1):
        s.tell(days_ago, "rg.limit_set", **limit, sequence=number, amount=amount * 100)
    for n, method in enumerate(("card", "swish", "wallet", "voucher")):
        s.deposits(5 - n, 900, method)
        s.plays(4.9 - n, 70, 2_500, 2_100, ("slots", "live_casino", "table", "bingo")[n], bets=8)


def theo(s: "Story") -> None:  # takes his withdrawals back
    s.joins(120, "email", "onsite")
    _quiet_months(s)
    for n in range(3):
        payment = {"payment_id": f"W-theo-{n}", "amount": 250_00, "method": "bank"}
        s.tell(9 - 3 * n, "withdrawal.requested", **payment)
        s.tell(8.8 - 3 * n, "withdrawal.cancelled", **payment, reason="by the player")
        s.plays(8.7 - 3 * n, 80, 600, 380, "live_casino", bets=10)
    for n in range(4):
        s.deposits(2.5 - 0.05 * n, 100, declined=True)


def una(s: "Story") -> None:  # pays in again and again while she plays
    s.joins(110, "email", "onsite")
    _quiet_months(s)
    for day in range(1, 6):
        start = float(day)
        s.plays(start, 90, 300, 190, bets=9)
        for n in range(3):
            s.deposits(start - (20 + 15 * n) / 1440, 40)


def viggo(s: "Story") -> None:  # some signs, no more: medium
    s.joins(90, "email", "onsite")
    _quiet_months(s, 700, 200)
    for n, category in enumerate(("slots", "live_casino", "table", "bingo")):
        s.plays(6 - 1.4 * n, 40, 500, 470, category, bets=5)
    for n in range(3):
        s.deposits(1.5 + 0.01 * n, 150, ("card", "swish", "wallet")[n])


def wim(s: "Story") -> None:  # a detector outside sees more than we do
    s.joins(105, "email", "onsite")
    _quiet_months(s)
    s.deposits(3, 50)
    s.plays(2.9, 60, 200, 180)
    s.tell(1.4, "rg.risk_scored", level="medium", model="outside-detector", version="4.2", score=61)


def yara(s: "Story") -> None:  # says so
    s.joins(130, "email", "onsite")
    _quiet_months(s)
    s.deposits(4, 80)
    s.plays(3.9, 75, 260, 120)
    s.tell(0.4, "rg.contact", topic="harm_disclosed", by="relative", reference="call-2041")
