"""The named people of the tour. Each one's past is written out, so that their page tells one story.

Instants are days before the casino was first started; amounts are whole units of the house's currency.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date

from config.casino import protected, troubled
from config.casino.gamblers import DAY, HISTORY_DAYS, WORDING, Gambler, iso
from config.casino.houses import BY_CATEGORY, BY_SLUG
from config.casino.play import Happening


class Story:
    """Writes one person's events; each verb adds what the PAM would have sent."""

    def __init__(self, gambler: Gambler, today: float) -> None:
        self.who, self.today, self.told = gambler, today, []  # type: tuple[Gambler, float, list[Happening]]

    def tell(self, days_ago: float, name: str, /, **properties: object) -> None:
        number = len(self.told) + 1
        at = self.today - days_ago * DAY
        self.told.append(Happening(at, name, f"{self.who.external_id}-{number}", self.who, properties))

    def joins(self, days_ago: float, *channels: str, products: tuple[str, ...] = (), kyc: str = "verified") -> None:
        self.who.registered_at = self.today - days_ago * DAY
        self.tell(days_ago, "player.registered", **self.who.registration())
        for product in products or (self.who.product,):
            for channel in channels:
                wording = WORDING.format(channel=channel)
                said = {"product": product, "channel": channel, "granted": True, "wording": wording}
                self.tell(days_ago, "consent.changed", **said, screen="sign-up")
        self.tell(days_ago - 0.02, "player.kyc", status=kyc)

    def is_known_by(self, days_ago: float, phone: str, **properties: object) -> None:
        """A phone number, and what else the PAM has noticed of who this is."""
        self.tell(days_ago, "player.updated", phone=phone)
        self.tell(days_ago, "player.identified", **properties)

    def deposits(self, days_ago: float, amount: int, method: str = "card", declined: bool = False) -> None:
        payment = {"payment_id": f"D-{self.who.external_id}-{len(self.told)}", "amount": amount * 100, "method": method}
        self.tell(days_ago, "deposit.requested", **payment)
        if declined:
            self.tell(days_ago - 0.0003, "deposit.rejected", **payment, reason="insufficient funds")
        else:
            self.tell(days_ago - 0.0003, "deposit.approved", **payment)

    def plays(
        self, days_ago: float, minutes: int, stake: int, win: int, category: str = "slots", bets: int = 4
    ) -> None:
        game = BY_CATEGORY[category][len(self.told) % len(BY_CATEGORY[category])].game_id
        session = f"S-{self.who.external_id}-{len(self.told)}"
        length = minutes / 1440
        self.tell(days_ago, "player.login", device="mobile")
        for n in range(bets):
            # The remainder goes on the last bet: the parts add up to the session exactly.
            parts = [total * 100 // bets + (total * 100 % bets if n == bets - 1 else 0) for total in (stake, win)]
            amounts = {"stake_real": parts[0], "stake_bonus": 0, "win_real": parts[1], "win_bonus": 0}
            when = days_ago - length * (n + 0.5) / bets
            number = f"R-{self.who.external_id}-{len(self.told)}"
            self.tell(
                when, "round.settled", round_id=number, category=category, game_id=game, session_id=session, **amounts
            )
        started = iso(self.today - days_ago * DAY)
        said = {"session_id": session, "started_at": started, "category": category, "game_id": game}
        self.tell(days_ago - length, "session.ended", **said, device="mobile")

    def restricts(self, days_ago: float, name: str, /, **properties: object) -> None:
        self.tell(days_ago, name, measure_id=f"rg-{self.who.external_id}", sequence=1, **properties)


def anna(s: Story) -> None:  # may be contacted
    s.joins(96, "email", "onsite", products=("casino", "betting"))
    for week in range(13):
        s.deposits(94 - 7 * week, 40)
        s.plays(93.9 - 7 * week, 50, 160, 150)


def bo(s: Story) -> None:  # self-excluded
    s.joins(80, "email", "onsite", "sms")
    for week in range(8):
        s.deposits(78 - 7 * week, 60)
        s.plays(77.9 - 7 * week, 55, 240, 200)
    s.restricts(20, "rg.self_excluded", ends_at=None, register="gamstop")


def cleo(s: Story) -> None:  # never agreed to anything
    s.joins(70)
    for week in range(9):
        s.deposits(69 - 7 * week, 30)
        s.plays(68.9 - 7 * week, 35, 90, 84)


def dev(s: Story) -> None:  # plays high; sets a limit while you watch
    s.joins(90, "email", "onsite")
    for n in range(24):
        s.deposits(88 - 3.6 * n, 300)
        s.plays(87.9 - 3.6 * n, 75, 1500, 1430)


def ewa(s: Story) -> None:  # pays in for the first time when the casino opens, so that her welcome is under way
    s.joins(5, "email", "onsite")
    s.deposits(-0.0004, 40)
    s.plays(-0.001, 6, 30, 27)


def finn(s: Story) -> None:  # one evening: 172 of cash GGR; his bonus of 50 brings the other 28
    s.joins(60, "email", "onsite")
    s.deposits(6, 50)
    s.deposits(5.99, 150)
    s.plays(5.98, 90, 1800, 1628, bets=10)


def gil(s: Story) -> None:  # 200 a week, one long evening of slots
    s.joins(85, "email", "onsite")
    for week in range(12):
        s.deposits(83 - 7 * week, 200)
        s.plays(82.9 - 7 * week, 180, 800, 768)


def hana(s: Story) -> None:  # 200 a week, a bet every day
    s.joins(85, "email", "onsite")
    for week in range(12):
        s.deposits(83 - 7 * week, 200)
        for day in range(6):
            s.plays(82.9 - 7 * week - day, 6, 30, 28, "sports", bets=1)


def ines(s: Story) -> None:  # was a high roller, has been away since
    s.joins(108, "email", "onsite")
    for n in range(14):
        s.deposits(107 - 4 * n, 500)
        s.plays(106.9 - 4 * n, 65, 2500, 2400, "live_casino")
    s.deposits(-0.0008, 500)  # and comes back while you watch
    s.plays(-0.0015, 8, 300, 280, "live_casino")


def jon(s: Story) -> None:  # chases what he lost
    s.joins(50, "email", "onsite")
    for n in range(6):
        s.deposits(40 - 5 * n, 50)
        s.plays(39.9 - 5 * n, 60, 150, 110)
    for n in range(9):
        s.deposits(3.5 - 0.02 * n - 0.3 * (n // 3), 80 + 60 * n, declined=n % 4 == 3)
        s.plays(3.49 - 0.02 * n - 0.3 * (n // 3), 25, 160 + 120 * n, 40 + 60 * n)
    for days_ago in (2.8, 1.9, 1.2):
        s.tell(days_ago, "rg.tool_viewed", tool="self_exclusion", completed=False)
    for days_ago in (2.6, 1.1):
        s.tell(days_ago, "rg.contact", topic="bonus_request", by="player", reference=f"ticket-{days_ago:g}")


def kaja(s: Story) -> None:  # a Swede who has played: no bonus but the first
    s.joins(75, "email", "onsite")
    for week in range(10):
        s.deposits(74 - 7 * week, 400)
        s.plays(73.9 - 7 * week, 45, 1600, 1530)


def lena(s: Story) -> None:  # leaves after a bad run
    s.joins(88, "email", "onsite")
    for week in range(9):
        s.deposits(86 - 7 * week, 50)
        s.plays(85.9 - 7 * week, 50, 200, 198)
    s.plays(22, 70, 250, 30)


def mo(s: Story) -> None:  # one of a ring
    s.joins(12, "email", "onsite", kyc="pending")
    s.deposits(11.9, 20)
    s.plays(11.8, 12, 25, 6)


def nils(s: Story) -> None:  # accumulators
    s.joins(92, "email", "onsite")
    for n in range(26):
        s.deposits(90 - 3.4 * n, 200)
        s.plays(89.9 - 3.4 * n, 8, 180, 166, "sports", bets=3)


# external id -> first name, last name, house, mix, born, story
CAST: dict[str, tuple[str, str, str, str, date, Callable[[Story], None]]] = {
    "anna": ("Anna", "Whitfield", "northlight", "slots", date(1987, 4, 12), anna),
    "bo": ("Bo", "Carrick", "northlight", "slots", date(1979, 9, 3), bo),
    "cleo": ("Cleo", "Hartley", "northlight", "slots", date(1992, 1, 25), cleo),
    "dev": ("Dev", "Malhotra", "northlight", "slots", date(1984, 6, 30), dev),
    "ewa": ("Ewa", "Pickles", "northlight", "slots", date(1989, 3, 14), ewa),
    "finn": ("Finn", "Galea", "azura", "slots", date(1990, 11, 8), finn),
    "gil": ("Gil", "Camilleri", "azura", "slots", date(1981, 2, 17), gil),
    "hana": ("Hana", "Novak", "azura", "sports", date(1988, 7, 21), hana),
    "ines": ("Ines", "Farrugia", "azura", "live", date(1976, 3, 5), ines),
    "jon": ("Jon", "Ogden", "northlight", "slots", date(1995, 10, 14), jon),
    "kaja": ("Kaja", "Lindahl", "bjork", "slots", date(1986, 5, 19), kaja),
    "lena": ("Lena", "Sjögren", "bjork", "slots", date(1991, 8, 27), lena),
    "mo": ("Mo", "Vella", "azura", "slots", date(1999, 12, 2), mo),
    "nils": ("Nils", "Hedström", "bjork", "sports", date(1983, 1, 9), nils),
    "ola": ("Ola", "Nyström", "bjork", "slots", date(1990, 6, 11), protected.ola),
    "olga": ("Olga", "Nyström", "bjork", "slots", date(1992, 2, 3), protected.olga),
    "rhys": ("Rhys", "Calder", "northlight", "slots", date(1990, 2, 11), troubled.rhys),
    "saga": ("Saga", "Ekholm", "bjork", "slots", date(1993, 10, 2), troubled.saga),
    "theo": ("Theo", "Zammit", "azura", "live", date(1980, 6, 7), troubled.theo),
    "una": ("Una", "Marsden", "northlight", "slots", date(1996, 8, 19), troubled.una),
    "viggo": ("Viggo", "Strand", "bjork", "slots", date(1988, 12, 5), troubled.viggo),
    "wim": ("Wim", "Borg", "azura", "slots", date(1985, 9, 28), troubled.wim),
    "yara": ("Yara", "Osborne", "northlight", "slots", date(1978, 5, 13), troubled.yara),
    "quinn": ("Quinn", "Ashdown", "northlight", "slots", date(1985, 2, 19), protected.quinn),
    "ruth": ("Ruth", "Penrose", "northlight", "sports", date(1981, 11, 5), protected.ruth),
    "sven": ("Sven", "Holmqvist", "bjork", "slots", date(1987, 7, 30), protected.sven),
    "tess": ("Tess", "Attard", "azura", "slots", date(1990, 3, 22), protected.tess),
    "otis": ("Otis", "Fenner", "northlight", "slots", date(1974, 8, 16), protected.otis),
    "ivy": ("Ivy", "Thornton", "northlight", "slots", date(1994, 5, 2), protected.ivy),
    "hugh": ("Hugh", "Barlow", "northlight", "sports", date(1986, 10, 23), protected.hugh),
    "astrid": ("Astrid", "Vestergaard", "havblik", "slots", date(1991, 1, 18), protected.astrid),
    "mikkel": ("Mikkel", "Brandt", "havblik", "slots", date(1988, 9, 9), protected.mikkel),
    "pia": ("Pia", "Rowntree", "northlight", "slots", date(1982, 4, 23), protected.pia),
}


def gamblers(seed: int, opened: float) -> Iterator[Gambler]:
    for external_id, (first, last, slug, mix, born, _) in CAST.items():
        yield Gambler(
            external_id=external_id,
            house=BY_SLUG[slug],
            mix=mix,
            rng=random.Random(f"{seed}/{external_id}"),  # noqa: S311
            first_name=first,
            last_name=last,
            birth_date=born,
            registered_at=opened,
            leaves_at=0.0,
            bank=5_000,
            visits_per_day=0.0,
            session_factor=1.0,
        )


def story(gambler: Gambler, opened: float) -> list[Happening] | None:
    """The written past of a member of the cast, ascending; None for everybody else."""
    if gambler.external_id not in CAST:
        return None
    telling = Story(gambler, opened + HISTORY_DAYS * DAY)
    CAST[gambler.external_id][5](telling)
    gambler.plan = [(e.at, e.kind, e.properties) for e in telling.told if e.kind == "rg.self_excluded"]
    return sorted(telling.told, key=lambda event: event.at)
