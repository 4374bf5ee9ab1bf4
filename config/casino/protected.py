"""Players who protect themselves, each in another way: what the restrictions, the registers and the linked persons show.

Written like the rest of the cast (see cast.Story); nobody on the tour asks for them.
"""

from typing import TYPE_CHECKING

from config.casino.gamblers import DAY, iso

if TYPE_CHECKING:
    from config.casino.cast import Story


def pia(s: "Story") -> None:  # the term of her exclusion is over; she has not come back
    s.joins(230, "email", "onsite")
    s.deposits(229, 60)
    s.plays(228.9, 45, 180, 150)
    s.restricts(190, "rg.self_excluded", ends_at=iso(s.today - 8 * DAY))


def ruth(s: "Story") -> None:  # no more casino; her bets go on
    s.joins(75, "email", "onsite")
    s.restricts(30, "rg.self_excluded", ends_at=None, product="casino")


def sven(s: "Story") -> None:  # a month off from every brand of the licensee
    s.joins(66, "email", "onsite")
    s.restricts(9, "rg.time_out", ends_at=iso(s.today + 21 * DAY), scope="licensee")


def tess(s: "Story") -> None:  # asked at Azura to be shut out there, and there only
    s.joins(71, "email", "onsite")
    s.restricts(40, "rg.self_excluded", ends_at=iso(s.today + 140 * DAY), scope="brand")


def quinn(s: "Story") -> None:  # came half a year ago: to be reminded of account and limits
    s.joins(178, "email", "onsite")
    s.restricts(170, "rg.limit_set", kind="deposit_limit", period="week", amount=40_00, currency="GBP", origin="player")
    for week in range(12):
        s.deposits(85 - 7 * week, 30)
        s.plays(84.9 - 7 * week, 40, 110, 100)


def astrid(s: "Story") -> None:  # raised her limit this morning: it waits for a day, as Denmark has it
    s.joins(83, "email", "onsite")
    limit = {"kind": "deposit_limit", "period": "month", "currency": "DKK", "origin": "player"}
    limit["measure_id"] = "rg-astrid"
    s.tell(80, "rg.limit_set", **limit, sequence=1, amount=2_000_00)
    for week in range(11):
        s.deposits(79 - 7 * week, 300)
        s.plays(78.9 - 7 * week, 40, 1_100, 1_040)
    s.tell(0.25, "rg.limit_set", **limit, sequence=2, amount=3_000_00)


def mikkel(s: "Story") -> None:  # three months off, by ROFUS
    s.joins(78, "email", "onsite")
    for week in range(8):
        s.deposits(77 - 7 * week, 250)
        s.plays(76.9 - 7 * week, 70, 1_300, 1_190)
    s.restricts(17, "rg.self_excluded", ends_at=iso(s.today + 74 * DAY), register="rofus")


def hugh(s: "Story") -> None:  # shuts himself out while you watch: other senders are still to learn of it
    s.joins(58, "email", "onsite", products=("casino", "betting"))
    for week in range(7):
        s.deposits(56 - 7 * week, 50)
        s.plays(55.9 - 7 * week, 45, 160, 150)
    s.restricts(-0.0010, "rg.self_excluded", ends_at=None, register="gamstop")


def ivy(s: "Story") -> None:  # GAMSTOP did not answer when she came; the PAM asks again in a few hours
    s.joins(2, "email", "onsite")
    s.who.asked_about_from = s.today + DAY / 4
    s.deposits(1.9, 40)
    s.plays(1.8, 35, 90, 70)


def otis(s: "Story") -> None:  # closed his account and asked to be forgotten; he was never to be written to
    s.joins(150, "email")
    s.who.asked_about_from = float("inf")
    for week in range(6):
        s.deposits(108 - 7 * week, 20)
        s.plays(107.9 - 7 * week, 25, 60, 55)
    s.restricts(64, "rg.self_excluded", ends_at=None)
    s.tell(41, "player.closed", reason="asked for it")


def ola(s: "Story") -> None:  # has shut himself out; somebody plays on with his phone
    s.joins(64, "email", "onsite")
    s.is_known_by(
        63.9, "+46701740605", devices=["Pixel 8 / 41f0"], national_id=s.who.national_id, national_id_country="SE"
    )
    for week in range(7):
        s.deposits(63 - 7 * week, 300)
        s.plays(62.9 - 7 * week, 60, 1100, 980)
    s.restricts(12, "rg.self_excluded", ends_at=None)


def olga(s: "Story") -> None:  # came the day after Ola left: the same phone, the same device
    s.joins(11, "email", "onsite", kyc="pending")
    s.is_known_by(10.9, "+46701740605", devices=["Pixel 8 / 41f0"], instruments=["swish 0605"])
    for n in range(3):
        s.deposits(10 - 3 * n, 300)
        s.plays(9.9 - 3 * n, 55, 1000, 930)
