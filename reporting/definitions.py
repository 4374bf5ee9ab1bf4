"""Named, versioned meanings of NGR. There is no "the" NGR: contracts and statutes each draw their own."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from players.models import Brand
from reporting.models import NgrDefinition

_CASINO = ["slots", "live_casino", "table", "poker", "bingo", "crash", "other"]
_BETTING = ["sports", "virtuals"]


def _cost(key: str, label: str, level: int, base: str, rate: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, "level": level, "base": base, "rate": rate, **more}


def deductions(*duties: dict[str, Any]) -> list[dict[str, Any]]:
    """The list finance usually draws (reference: finance §2.2); rates are the operator's to change."""
    return [
        _cost("jackpots", "Jackpot contributions", 1, "cash_stakes", "0.005"),
        *duties,
        _cost("providers", "Game providers", 2, "ggr_after_bonus_cost", "0.11", floor=True),
        _cost("platform", "Platform", 2, "ngr_after_bonuses", "0.06", floor=True),
        _cost("payments", "Payment fees", 2, "deposits", "0.021", per="withdrawals", fixed="25"),
        _cost("chargebacks", "Chargebacks and their fees", 2, "chargebacks", "1", per="chargebacks", fixed="1500"),
        _cost("affiliates", "Affiliates", 3, "attributed_ngr", "0.30", floor=True),
    ]


def _duty(rate: str, key: str = "duty", label: str = "Gaming duty", **more: Any) -> dict[str, Any]:
    return _cost(key, label, 2, "cash_ggr", rate, floor=True, **more)


_DEFAULTS: list[dict[str, Any]] = [
    # Remote gaming duty rose from 21 % to 40 % on 1 April 2026; betting follows in 2027.
    {
        "name": "Standard, Great Britain", "version": 1, "jurisdiction": "GB", "effective_from": date(2019, 4, 1),
        "effective_to": date(2026, 3, 31),
        "deductions": deductions(
            _duty("0.21", "duty_gaming", "Remote gaming duty", categories=_CASINO),
            _duty("0.15", "duty_betting", "General betting duty", categories=_BETTING),
        ),
    },
    {
        "name": "Standard, Great Britain", "version": 2, "jurisdiction": "GB", "effective_from": date(2026, 4, 1),
        "deductions": deductions(
            _duty("0.40", "duty_gaming", "Remote gaming duty", categories=_CASINO),
            _duty("0.15", "duty_betting", "General betting duty", categories=_BETTING),
        ),
    },
    {
        "name": "Standard, Sweden", "version": 1, "jurisdiction": "SE", "effective_from": date(2024, 7, 1),
        "deductions": deductions(_duty("0.22")),
    },
    {
        "name": "Standard, Malta", "version": 1, "jurisdiction": "MT", "effective_from": date(2018, 8, 1),
        "deductions": deductions(_duty("0.05")),
    },
    {
        "name": "Standard, Denmark", "version": 1, "jurisdiction": "DK", "effective_from": date(2021, 1, 1),
        "deductions": deductions(_duty("0.28")),
    },
    {
        "name": "Bonuses when issued", "version": 1, "method": NgrDefinition.Method.ISSUE_NET,
        "effective_from": date(2018, 1, 1), "deductions": deductions(_duty("0.22")),
    },
]  # fmt: skip


def ensure_defaults() -> None:
    """The definitions a new house starts with; those already there are left as they are."""
    for fields in _DEFAULTS:
        values = {"method": NgrDefinition.Method.WAGERING, "provision_rate": "0.35", **fields}
        NgrDefinition.objects.get_or_create(name=values.pop("name"), version=values.pop("version"), defaults=values)


def default_for(brand: Brand, day: date) -> NgrDefinition:
    """The definition of the brand's licence in force on that day; raises DoesNotExist."""
    own = NgrDefinition.objects.filter(jurisdiction=brand.licence.jurisdiction, effective_from__lte=day)
    found = own.exclude(effective_to__lt=day).order_by("-effective_from", "-version").first()
    if found is None:
        raise NgrDefinition.DoesNotExist(f"No NGR definition for {brand.licence.jurisdiction} on {day}.")
    return found


def digest(definition: NgrDefinition) -> str:
    """Of everything that decides an amount: two statements with the same digest meant the same by NGR."""
    meaning = [
        definition.name, definition.version, definition.method, f"{Decimal(str(definition.provision_rate)):.4f}",
        definition.deductions,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()
