"""What did bonuses cost by each way of counting, and why do they differ?"""

from dataclasses import dataclass
from decimal import Decimal

from reporting.figures import BonusMoney, Played
from reporting.waterfall import Method, cost_of

TIMING = {
    Method.ISSUE: "Everything given is a cost at once; what never turns real is never taken back.",
    Method.ISSUE_NET: "A cost when given, returned when forfeited or expired.",
    Method.RELEASE: "Taken off cash GGR: bonus play is no revenue, the cost comes when the money turns real.",
    Method.WAGERING: "The same money seen at play: bonus lost at play is no revenue, what turns real is the cost.",
    Method.PROVISION: "As when turned real, plus the change of what open bonuses are expected to cost.",
}


@dataclass(frozen=True)
class MethodRow:
    method: str
    label: str
    cost: int  # taken off total GGR
    ngr: int
    timing: str
    chosen: bool = False


def side_by_side(played: Played, bonus: BonusMoney, rate: Decimal, chosen: str = "") -> tuple[MethodRow, ...]:
    return tuple(
        MethodRow(
            method.value,
            method.label,
            cost := cost_of(method, played, bonus, rate),
            played.total_ggr - cost,
            TIMING[method],
            method == chosen,
        )
        for method in Method
    )
