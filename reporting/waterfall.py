"""From stakes to contribution by one definition. Pure: the same figures and definition give the same lines.

Rates are never rounded; each line is, half up, when it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from players.models import Category
from reporting.figures import BonusMoney, Inputs, Played
from reporting.models import NgrDefinition

Method = NgrDefinition.Method
SUBTOTALS = {1: "NGR after bonuses", 2: "NGR after direct costs", 3: "Contribution"}


@dataclass(frozen=True)
class Line:
    """`kind`: figure (a sum), cost (amount is what is taken off) or total."""

    key: str
    label: str
    kind: str
    amount: int
    share: Decimal | None  # per cent of total GGR; None where GGR is not above zero
    basis: str = ""


def provision(balance: int, rate: Decimal) -> int:
    return _half_up(balance * rate)


def cost_of(method: str, played: Played, bonus: BonusMoney, rate: Decimal) -> int:
    """Bonus cost to be taken off *total* GGR. Off cash GGR, the release methods take `cost − bonus GGR`."""
    if method == Method.ISSUE:
        return bonus.issued
    if method == Method.ISSUE_NET:
        return bonus.issued - bonus.kept
    cost = played.bonus_ggr + bonus.released
    if method == Method.PROVISION:
        cost += provision(bonus.closing, rate) - provision(bonus.opening, rate)
    return cost


def lines(inputs: Inputs, definition: NgrDefinition, attributed: Inputs | None = None) -> tuple[Line, ...]:
    """The waterfall; `attributed` holds the figures of players an affiliate brought."""
    base = None
    if attributed is not None:
        base = _amount(lines(attributed, definition), "level2")
    return _Pour(inputs, definition, base).lines()


def lines_for_base(inputs: Inputs, definition: NgrDefinition, attributed_ngr: Decimal) -> tuple[Line, ...]:
    """As `lines`, where the affiliates' base is known as an amount."""
    return _Pour(inputs, definition, attributed_ngr).lines()


def amount(found: Sequence[Line], key: str) -> int:
    """Of one line; raises KeyError where the definition has no such line."""
    return int(_amount(found, key))


def _amount(found: Sequence[Line], key: str) -> Decimal:
    return Decimal({line.key: line.amount for line in found}[key])


def _half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


class _Pour:
    """One pass down the waterfall."""

    def __init__(self, inputs: Inputs, definition: NgrDefinition, attributed_ngr: Decimal | None) -> None:
        self.inputs, self.definition = inputs, definition
        self.attributed_ngr = attributed_ngr or Decimal(0)
        self.played = inputs.play()
        self.bonus_cost = cost_of(definition.method, self.played, inputs.bonus, Decimal(definition.provision_rate))
        self.left = self.played.total_ggr
        self.after: dict[int, int] = {}
        self.out: list[Line] = []

    def lines(self) -> tuple[Line, ...]:
        played = self.played
        for key, label, value in (
            ("stake_real", "Real stakes", played.stake_real),
            ("win_real", "Real wins", played.win_real),
            ("cash_ggr", "Cash GGR", played.cash_ggr),
            ("stake_bonus", "Bonus stakes", played.stake_bonus),
            ("win_bonus", "Bonus wins", played.win_bonus),
            ("bonus_ggr", "Bonus GGR", played.bonus_ggr),
        ):
            self._add(key, label, "figure", value)
        self._add("total_ggr", "Total GGR", "total", played.total_ggr)
        method = Method(self.definition.method).label.lower()
        self._add("bonus_cost", "Bonus cost", "cost", self.bonus_cost, method)
        for level, name in SUBTOTALS.items():
            for deduction in self.definition.deductions:
                if deduction["level"] == level:
                    self._deduct(deduction)
            self.after[level] = self.left
            self._add(f"level{level}", name, "total", self.left)
        return tuple(self.out)

    def _add(self, key: str, label: str, kind: str, value: int, basis: str = "") -> None:
        ggr = self.played.total_ggr
        share = (Decimal(100 * value) / ggr).quantize(Decimal("0.01"), ROUND_HALF_UP) if ggr > 0 else None
        self.out.append(Line(key, label, kind, value, share, basis))
        if kind == "cost":
            self.left -= value

    def _deduct(self, deduction: Mapping[str, Any]) -> None:
        base = self._base(deduction)
        if deduction.get("floor") and base < 0:
            base = Decimal(0)
        cost = base * Decimal(deduction["rate"])
        if deduction.get("per"):
            cost += getattr(self.inputs.paid, deduction["per"]) * Decimal(deduction["fixed"])
        self._add(deduction["key"], deduction["label"], "cost", _half_up(cost), in_words(deduction))

    def _base(self, deduction: Mapping[str, Any]) -> Decimal:
        chosen = deduction.get("categories")
        played = self.inputs.play(frozenset(Category.from_key(key) for key in chosen)) if chosen else self.played
        bases: dict[str, int | Decimal] = {
            "cash_stakes": played.stake_real,
            "stakes": played.stakes,
            "cash_ggr": played.cash_ggr,
            "total_ggr": played.total_ggr,
            "ggr_after_bonus_cost": self.played.total_ggr - self.bonus_cost,
            "ngr_after_bonuses": self.after.get(1, 0),
            "deposits": self.inputs.paid.deposit_sum,
            "chargebacks": self.inputs.paid.chargeback_sum,
            "attributed_ngr": self.attributed_ngr,
        }
        return Decimal(bases[deduction["base"]])


BASES = {
    "cash_stakes": "real stakes",
    "stakes": "all stakes",
    "cash_ggr": "cash GGR",
    "total_ggr": "total GGR",
    "ggr_after_bonus_cost": "GGR after bonus cost",
    "ngr_after_bonuses": "NGR after bonuses",
    "deposits": "deposits",
    "chargebacks": "the amounts charged back",
    "attributed_ngr": "NGR after direct costs of players affiliates brought",
}


def in_words(deduction: Mapping[str, Any]) -> str:
    """'22 % of cash GGR', '2.1 % of deposits + 0.25 per payout'."""
    rate = (Decimal(deduction["rate"]) * 100).normalize()
    words = f"{rate:f} % of {BASES[deduction['base']]}"
    if chosen := deduction.get("categories"):
        words += f" ({', '.join(Category.from_key(key).label for key in chosen)})"
    if deduction.get("per"):
        each = {"withdrawals": "payout", "chargebacks": "chargeback", "deposits": "deposit"}[deduction["per"]]
        words += f" + {Decimal(deduction['fixed']) / 100:.2f} per {each}"
    if deduction.get("floor"):
        words += ", never below zero"
    return words
