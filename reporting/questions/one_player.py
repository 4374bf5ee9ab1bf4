"""What did one player's bonuses do to his NGR, month by month, by each way of counting?"""

from dataclasses import dataclass
from decimal import Decimal

from reporting.figures import Inputs
from reporting.models import NgrDefinition
from reporting.questions.activity import paid, played
from reporting.questions.bonus_money import bonus_money
from reporting.questions.methods import MethodRow, side_by_side
from reporting.questions.scope import Period, Scope
from reporting.waterfall import lines, provision


@dataclass(frozen=True)
class PlayerMonth:
    period: Period
    inputs: Inputs
    methods: tuple[MethodRow, ...]
    after_costs: tuple[int, ...]  # NGR after direct costs, per method
    provision: int  # for the bonus money open at the end

    @property
    def play(self):  # type: ignore[no-untyped-def]
        return self.inputs.play()

    @property
    def rows(self) -> list[tuple[MethodRow, int]]:
        return list(zip(self.methods, self.after_costs, strict=True))

    @property
    def is_empty(self) -> bool:
        return self.inputs == Inputs(bonus=self.inputs.bonus) and not self.inputs.bonus.issued


def months(scope: Scope, definition: NgrDefinition, count: int = 6) -> list[PlayerMonth]:
    """Newest first, months in which something happened."""
    found, period = [], scope.period
    for _ in range(count):
        found.append(_month(scope.on(period), definition))
        period = Period.month(period.first.year, period.first.month).before
    return [month for month in found if not month.is_empty]


def _month(scope: Scope, definition: NgrDefinition) -> PlayerMonth:
    inputs = Inputs(played(scope), paid(scope), bonus_money(scope))
    rate = Decimal(definition.provision_rate)
    rows = side_by_side(inputs.play(), inputs.bonus, rate, definition.method)
    after = tuple(
        {line.key: line.amount for line in lines(inputs, _by(definition, row.method))}["level2"] for row in rows
    )
    return PlayerMonth(scope.period, inputs, rows, after, provision(inputs.bonus.closing, rate))


def _by(definition: NgrDefinition, method: str) -> NgrDefinition:
    """The same definition with another method; never saved."""
    return NgrDefinition(
        name=definition.name, version=definition.version, method=method, provision_rate=definition.provision_rate,
        deductions=definition.deductions,
    )  # fmt: skip
