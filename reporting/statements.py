"""The NGR statement of one brand, period and definition, frozen with its own hash."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from players.models import Brand, Quarantine, Waiting
from reporting.definitions import digest
from reporting.figures import BonusMoney, Inputs, Paid, Played
from reporting.models import NgrDefinition
from reporting.questions.activity import active_players, paid, played, test_players_left_out
from reporting.questions.bonus_money import bonus_money, played_outside
from reporting.questions.categories import CategoryRow, by_category, hold
from reporting.questions.drill import BOOKED
from reporting.questions.methods import MethodRow, side_by_side
from reporting.questions.scope import Period, Scope
from reporting.waterfall import Line, in_words, lines, provision


@dataclass(frozen=True)
class Header:
    """What a reader must know before believing a number."""

    operator: str
    licence: str
    brand: str
    currency: str
    period: Period
    zone: str
    day_start_hour: int
    definition: str
    definition_digest: str
    effective_from: str
    cut_off: datetime
    rounds: int
    payments: int
    players: int
    test_players: int
    not_yet_counted: int
    quarantined: int


@dataclass(frozen=True)
class Step:
    key: str
    label: str
    amount: int


@dataclass(frozen=True)
class Statement:
    header: Header
    played: Played
    paid: Paid
    bonus: BonusMoney
    outside: int
    waterfall: tuple[Line, ...]
    previous: dict[str, int] = field(compare=False)
    methods: tuple[MethodRow, ...] = ()
    categories: tuple[CategoryRow, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    provisions: tuple[int, int] = (0, 0)
    hash: str = ""

    @property
    def bonus_cost(self) -> int:
        return self.amount("bonus_cost")

    @property
    def after_bonus(self) -> int:
        return self.played.total_ggr - self.bonus_cost

    @property
    def hold(self) -> Decimal | None:
        return hold(self.played)

    @property
    def roll_forward(self) -> list[Step]:
        """What moved between the opening and the closing balance, with the sign it moved by."""
        signs = {"issued": 1}
        return [Step(key, label, signs.get(key, -1) * getattr(self.bonus, key)) for key, label in BOOKED.items()]

    def amount(self, key: str) -> int:
        """Of one line: 'total_ggr', 'bonus_cost', 'level1' (NGR after bonuses), …; KeyError for no such line."""
        return {line.key: line.amount for line in self.waterfall}[key]


def inputs(scope: Scope) -> Inputs:
    return Inputs(played(scope), paid(scope), bonus_money(scope))


def build(
    brand: Brand, period: Period, definition: NgrDefinition, now: datetime, currency: str | None = None
) -> Statement:
    scope = Scope(brand, currency or brand.currency, period)
    found = inputs(scope)
    waterfall = _pour(scope, found, definition)
    whole, rate = found.play(), Decimal(definition.provision_rate)
    cost = {line.key: line.amount for line in waterfall}["bonus_cost"]
    before = scope.on(period.before)
    header = _header(scope, definition, found, now)
    return Statement(
        header=header,
        played=whole,
        paid=found.paid,
        bonus=found.bonus,
        outside=played_outside(scope),
        waterfall=waterfall,
        previous={line.key: line.amount for line in _pour(before, inputs(before), definition)},
        methods=side_by_side(whole, found.bonus, rate, definition.method),
        categories=by_category(found.played, cost),
        words=tuple((step["label"], in_words(step)) for step in definition.deductions),
        provisions=(provision(found.bonus.opening, rate), provision(found.bonus.closing, rate)),
        hash=_hash(header, waterfall, found),
    )


def _pour(scope: Scope, found: Inputs, definition: NgrDefinition) -> tuple[Line, ...]:
    """Affiliates are paid on the figures of the players they brought."""
    theirs = Scope(scope.brand, scope.currency, scope.period, scope.player_id, affiliates_only=True)
    return lines(found, definition, inputs(theirs))


def _header(scope: Scope, definition: NgrDefinition, found: Inputs, now: datetime) -> Header:
    brand, licence = scope.brand, scope.brand.licence
    waiting = Waiting.objects.filter(feed__brand=brand).count()
    return Header(
        operator=licence.licensee,
        licence=f"{licence.get_jurisdiction_display()} {licence.number}",
        brand=brand.name,
        currency=scope.currency,
        period=scope.period,
        zone=brand.timezone,
        day_start_hour=brand.day_start_hour,
        definition=str(definition),
        definition_digest=digest(definition),
        effective_from=f"{definition.effective_from:%-d %B %Y}",
        cut_off=now,
        rounds=found.play().rounds,
        payments=found.paid.deposits + found.paid.withdrawals,
        players=active_players(scope),
        test_players=test_players_left_out(scope),
        not_yet_counted=waiting,
        quarantined=Quarantine.objects.filter(feed__brand=brand, resolved_at=None).count(),
    )


def _hash(header: Header, waterfall: tuple[Line, ...], found: Inputs) -> str:
    """Of the figures and what they mean, not of when they were printed: the same statement, the same hash."""
    said = [
        header.licence, header.brand, header.currency, str(header.period), header.zone, header.definition_digest,
        [(line.key, line.amount) for line in waterfall], asdict(found.bonus), asdict(found.paid),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
