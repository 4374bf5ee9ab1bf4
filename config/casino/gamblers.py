"""Who plays at the demo casino: drawn from a seed, so that every run meets the same people."""

import math
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from config.casino.houses import HOUSES, House

DAY = 86_400.0
HISTORY_DAYS = 110
MIXES = (("slots", 0.60), ("live", 0.25), ("sports", 0.15))
FIRST_NAMES = {
    "GB": "Amelia Arthur Beth Callum Daisy Edward Freya George Harriet Isla Jack Kate Leo Millie Noah Olive Poppy "
    "Ralph Sophie Theo Wendy Martin Nigel Ruth Colin Janet Keith Paula Stuart Tracy",
    "SE": "Agneta Bengt Christer Disa Elsa Fredrik Gun Hugo Ingrid Johan Karin Lars Maja Nils Oskar Pernilla Rut "
    "Sven Tove Ulf Viktor Wilma Åsa Östen Emil Gunilla Mats Linnea Kerstin Per",
    "MT": "Anton Bettina Carmen David Elena Franz Giulia Hannes Irene Josef Katrin Luca Marija Niko Ottavia Pawlu "
    "Rita Stefan Teresa Ulrich Vera Wolfgang Xenia Clara Matteo Petra Karmenu Doris Mario Sabine",
    "DK": "Anders Birgit Camilla Ditte Erik Frederikke Gitte Henrik Inge Jakob Karen Lasse Mette Nikolaj Ole Pernille "
    "Rasmus Signe Troels Ulla Vibeke Søren Åge Kirsten Jesper Lone",
}
LAST_NAMES = {
    "GB": "Ashdown Barker Clegg Dunmore Entwistle Fairley Garside Hargreaves Ibbotson Jessop Kershaw Lockwood Marsden "
    "Norcliffe Ogden Pickles Quigley Rowntree Sugden Tattersall Underhill Vickers Whitworth Yardley Bexley",
    "SE": "Almgren Björkman Cederlund Dahlin Ekdahl Forsell Granath Hedström Isaksson Jonsson Källberg Lindahl Modig "
    "Norén Oldenburg Palmqvist Rosenlund Sjögren Tegnér Ulvaeus Vinter Wahlgren Åkerman Öberg Lundmark",
    "MT": "Abela Borg Camilleri Demicoli Ellul Farrugia Galea Hofer Izzo Jurcic Kofler Lanzon Micallef Novak "
    "Orsini Pace Quattrin Rossi Spiteri Tabone Unterberger Vella Wimmer Xerri Zammit",
    "DK": "Andresen Bjerre Carstensen Dalgaard Enevoldsen Frandsen Gregersen Holm Iversen Juhl Krogh Lauridsen Mogensen "
    "Nygaard Overgaard Ravn Skov Thorup Vestergaard Winther Østergaard",
}
WORDING = "I would like to receive offers ({channel}), wording 3"


@dataclass
class Gambler:
    """One account as the PAM holds it. Amounts are minor units, instants are POSIX seconds."""

    external_id: str
    house: House
    mix: str
    rng: random.Random
    first_name: str
    last_name: str
    birth_date: date
    registered_at: float
    leaves_at: float
    bank: int  # a usual deposit
    visits_per_day: float
    session_factor: float  # how long this one sits, 1 = as usual
    deposits: bool = True  # a quarter of those who register never pay in
    email_consent: bool = True
    sms_consent: bool = False
    kyc: str = "verified"
    affiliate: str = ""
    channel: str = "organic"
    is_test: bool = False
    asked_about_from: float = 0.0  # since when the PAM asks the national register about them
    # --- what changes while playing
    balance: int = 0
    bonus: int = 0
    bonus_ref: str = ""
    visits: int = 0
    plan: list[tuple[float, str, dict[str, object]]] = field(default_factory=list)  # RG acts: when, kind, properties

    @property
    def email(self) -> str:
        local = f"{self.first_name}.{self.last_name}.{self.external_id}".lower()
        return local.translate(str.maketrans("åäöéöëæø’", "aaoeoeao.")) + "@mail.example"

    @property
    def national_id(self) -> str:
        """Twelve digits with a check digit in Sweden, ten that begin with the birthday in Denmark; '' elsewhere."""
        drawn = zlib.crc32(self.external_id.encode()) % 1000
        if self.house.jurisdiction == "DK":
            return f"{self.birth_date:%d%m%y}{4 if self.birth_date.year >= 2000 else 1}{drawn:03d}"
        if self.house.jurisdiction != "SE":
            return ""
        digits = f"{self.birth_date:%y%m%d}{drawn:03d}"
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
        check = -sum(part // 10 + part % 10 for part in doubled) % 10
        return f"{self.birth_date:%Y}{digits[2:]}{check}"

    @property
    def product(self) -> str:
        return "betting" if self.mix == "sports" else "casino"

    def registration(self) -> dict[str, object]:
        properties: dict[str, object] = {
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date.isoformat(),
            "country": self.house.jurisdiction,
            "language": self.house.language,
            "timezone": self.house.timezone,
            "currency": self.house.currency,
            "acquisition_channel": self.channel,
            "restrictions": "none",
        }
        if self.affiliate:
            properties["affiliate"] = self.affiliate
        if self.is_test:
            properties["is_test"] = True
        return properties


def draw(seed: int, count: int, opened: float) -> Iterator[Gambler]:
    """`count` players; 45 % were there before the history starts at `opened`, the rest came since."""
    for number in range(count):
        yield draw_one(random.Random(f"{seed}/{number}"), number, opened, is_new=number % 20 >= 9)  # noqa: S311


def draw_one(rng: random.Random, number: int, opened: float, *, is_new: bool, came: float | None = None) -> Gambler:
    house = pick(rng, [(house, house.share) for house in HOUSES])
    mix = pick(rng, MIXES)
    if came is None:
        came = opened + rng.random() ** 0.85 * HISTORY_DAYS * DAY if is_new else opened - rng.random() * 270 * DAY
    age_days = max(0.0, (opened - came) / DAY)
    euros = min(2_000.0, max(10.0, rng.lognormvariate(math.log(38), 0.85)))
    gambler = Gambler(
        external_id=f"{house.slug[0].upper()}{number:06d}",
        house=house,
        mix=mix,
        rng=rng,
        first_name=rng.choice(FIRST_NAMES[house.jurisdiction].split()),
        last_name=rng.choice(LAST_NAMES[house.jurisdiction].split()),
        birth_date=date(1948, 1, 1) + timedelta(days=rng.randrange(58 * 365)),
        registered_at=came,
        leaves_at=came + _lifetime(rng, age_days) * DAY,
        bank=round(euros * house.rate) * 100,
        visits_per_day=min(1.2, rng.lognormvariate(math.log(0.055), 0.3)),
        session_factor=rng.lognormvariate(0, 0.4),
        deposits=not is_new or rng.random() > 0.25,
        email_consent=rng.random() < 0.72,
        sms_consent=rng.random() < 0.35,
        kyc=pick(rng, (("verified", 0.86), ("pending", 0.1), ("none", 0.03), ("rejected", 0.01))),
        channel=pick(rng, (("organic", 0.4), ("affiliate", 0.3), ("search", 0.2), ("social", 0.1))),
        is_test=number % 997 == 500,
    )
    if gambler.channel == "affiliate":
        gambler.affiliate = rng.choice(("spinscout", "oddsatlas", "casinokoll", "bonusradar"))
    plan_restrictions(gambler, max(came, opened))
    return gambler


def _lifetime(rng: random.Random, survived_days: float) -> float:
    """Days until the player stops for good. Half are gone after a month, a quarter stays over half a year.

    Weibull with shape 0.338 and scale 125 days, given that `survived_days` have passed already.
    """
    already = (survived_days / 125) ** 0.338
    return float(125 * (already - math.log(1 - rng.random())) ** (1 / 0.338))


def plan_restrictions(gambler: Gambler, since: float) -> None:
    """Draws when this player restricts himself, per active month: limit 2 %, time-out 1 %, exclusion 0.4 %."""
    rng = gambler.rng
    limit = since + rng.expovariate(0.020) * 30 * DAY
    time_out = since + rng.expovariate(0.010) * 30 * DAY
    exclusion = since + rng.expovariate(0.0040) * 30 * DAY
    reference = f"rg-{gambler.external_id}"
    if limit < gambler.leaves_at:
        amount = gambler.bank * rng.choice((1, 2, 4))
        period = rng.choice(("day", "week", "month"))
        properties = {"kind": "deposit_limit", "period": period, "amount": amount, "origin": "player"}
        properties |= {"measure_id": f"{reference}-1", "sequence": 1, "currency": gambler.house.currency}
        gambler.plan.append((limit, "rg.limit_set", properties))
    if time_out < gambler.leaves_at:
        ends = datetime.fromtimestamp(time_out + rng.choice((1, 7, 30)) * DAY, UTC)
        gambler.plan.append(
            (time_out, "rg.time_out", {"measure_id": f"{reference}-2", "sequence": 1, "ends_at": iso(ends.timestamp())})
        )
    if exclusion < gambler.leaves_at:
        gambler.leaves_at = exclusion
        properties = {"measure_id": f"{reference}-3", "sequence": 1, "ends_at": None}
        if gambler.house.register and rng.random() < 0.6:
            properties["register"] = gambler.house.register
        gambler.plan.append((exclusion, "rg.self_excluded", properties))
    gambler.plan = sorted((act for act in gambler.plan if act[0] <= gambler.leaves_at), key=lambda act: act[0])


def iso(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds")


T = TypeVar("T")


def pick(rng: random.Random, options: Sequence[tuple[T, float]]) -> T:
    """One of (value, weight)."""
    at = rng.random() * sum(weight for _, weight in options)
    for value, weight in options:
        at -= weight
        if at < 0:
            return value
    return options[-1][0]
