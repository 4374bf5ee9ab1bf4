"""Exchange rates, dated: told by somebody, for a day, never guessed. What is missing refuses (rules.money)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from compliance import audit
from compliance.models import Operator, Rate
from compliance.rules.money import BASE, OLDEST
from config.lib.money import is_known

Told = dict[str, Any]  # currency -> {"value", "day"}, as a dossier stores it

# What the laws of a licence count in, beside the player's own.
_LAW = {"GB": "GBP", "DE": "EUR", "NL": "EUR", "DK": "DKK", "ES": "EUR"}
_SUMS = frozenset({"NL", "ES"})
_KEPT = Decimal("1e-10")  # as the table keeps it


class WrongRate(ValueError):
    """A line that is no rate; the message says which and why."""


def tell(
    found: Sequence[dict[str, Any]], rows: Mapping[int, Sequence[Any]], asked: Collection[str], *, now: datetime
) -> Told:
    """Writes to each of `found` the rates of the currencies that meet there. Returns those of all currencies, as a
    person with a limit may have accounts in others; nothing where nobody has a limit or is asked for another currency.
    """
    meeting, summed = {}, False
    for known in found:
        limits = {row["currency"] for row in rows[known["player_id"]] if row.get("currency")}
        law = {_LAW[known["jurisdiction"]]} if known.get("jurisdiction") in _LAW else set()
        here = {*asked, *limits} | (law if asked else set())
        here |= {known["currency"]} if limits else set()
        if known.get("jurisdiction") in _SUMS:
            here |= {known["currency"], BASE}
        summed = summed or bool(limits) or known.get("jurisdiction") in _SUMS
        if len(here) > 1:
            meeting[known["player_id"]] = here - {BASE}
    told = newest(now=now) if meeting or summed else {}
    for known in found:
        mine = {name: told[name] for name in sorted(meeting.get(known["player_id"], ())) if name in told}
        if mine:
            known["rates"] = mine
    return told


def newest(*, now: datetime) -> Told:
    """The last rate of each that is of these days and not of a day to come."""
    with connection.cursor() as db:
        db.execute(
            "SELECT DISTINCT ON (currency) currency, value, day FROM compliance_rate"
            " WHERE day BETWEEN %s AND %s ORDER BY currency, day DESC, id DESC",
            [(now - OLDEST).date(), now.date()],
        )
        return {currency: {"value": str(value), "day": day.isoformat()} for currency, value, day in db.fetchall()}


@dataclass(frozen=True)
class Shown:
    rate: Rate
    unit: Decimal  # of the currency for one EUR
    is_usable: bool


def table(*, now: datetime) -> list[Shown]:
    """The newest of each currency, usable or too old."""
    newest = Rate.objects.order_by("currency", "-day", "-pk").distinct("currency").select_related("told_by")
    oldest = (now - OLDEST).date()
    return [Shown(rate, 1 / rate.value, oldest <= rate.day) for rate in newest]


def record(lines: Iterable[tuple[str, str, str]], *, source: str, actor: Operator | None, now: datetime) -> int:
    """(currency, day, EUR for one unit). All or none; raises WrongRate."""
    rows = []
    for number, (currency, day, value) in enumerate(lines, start=1):
        try:
            rows.append(checked(currency, day, value, now=now))
        except WrongRate as wrong:
            raise WrongRate(f"Line {number}: {wrong}") from None
    return keep(rows, source=source, actor=actor, now=now)


def keep(
    rows: Sequence[tuple[str, date, Decimal]], *, source: str, actor: Operator | None, now: datetime, **told: Any
) -> int:
    """Writes down what was checked. `told`: what else the trail should say of it."""
    with transaction.atomic():
        Rate.objects.bulk_create(
            [Rate(currency=currency, day=day, value=value, source=source, told_at=now, told_by=actor)
             for currency, day, value in rows],
            batch_size=1000,
        )  # fmt: skip
        newest = str(max((day for _, day, _ in rows), default=""))
        audit.record(actor, "rates.recorded", "rates", brand=None,
                     after={"rates": len(rows), "source": source, "newest": newest, **told})  # fmt: skip
    return len(rows)


def checked(currency: str, day: str, value: str, *, now: datetime) -> tuple[str, date, Decimal]:
    """What a line says, as it is kept. Raises WrongRate, in words."""
    currency, day, value = currency.strip(), day.strip(), value.strip()
    if not is_known(currency) or currency == BASE:
        raise WrongRate(f"{currency!r} is no currency that needs a rate.")
    try:
        at, worth = datetime.fromisoformat(day).date(), Decimal(value)
    except (ValueError, ArithmeticError):
        raise WrongRate(f"{day!r} and {value!r} are no day and no rate.") from None
    if not worth.is_finite() or worth <= 0 or worth >= 1_000_000:
        raise WrongRate(f"{value!r} is no rate.")
    if at > now.date():
        raise WrongRate(f"{day} has not come yet.")
    kept = worth.quantize(_KEPT)
    if not kept:
        raise WrongRate(f"{value!r} is too small to be kept.")
    return currency, at, kept
