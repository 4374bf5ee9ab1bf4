"""Thresholds in money, for accounts in other currencies: by the rate of these days (compliance.rates)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from compliance import rates
from compliance.markers.definitions import Definition
from compliance.rules.money import BASE
from config.lib.money import exponent


def parameters(definitions: Mapping[str, Definition], *, now: datetime) -> dict[str, dict[str, int]]:
    """m21_amounts={'EUR': 60000, 'SEK': ...}: the values that are amounts by currency. What two people signed for a
    currency stays; of what Pitboss ships the law's own currency is meant, the others are converted where a rate is told."""
    told = {name: Decimal(rate["value"]) for name, rate in rates.newest(now=now).items()} | {BASE: Decimal(1)}
    return {
        f"{key.lower()}_{name}": value | _converted(value, told, is_shipped=value in one.marker.values.values())
        for key, one in definitions.items()
        for name, value in one.values.items()
        if isinstance(value, dict) and value
    }


def _converted(value: Mapping[str, int], told: Mapping[str, Decimal], *, is_shipped: bool) -> dict[str, int]:
    meant = BASE if BASE in value else next(iter(value))
    if meant not in told:
        return {}
    worth = value[meant] / Decimal(10) ** exponent(meant) * told[meant]
    others = told.keys() - ({meant} if is_shipped else value.keys())
    return {currency: round(worth / told[currency] * 10 ** exponent(currency)) for currency in others}
