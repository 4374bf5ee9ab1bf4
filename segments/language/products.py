"""Products of sums compared: by floating point where that decides, digit by digit only where it is too close."""

from typing import Any

from django.db.models import BooleanField, Case, FloatField, Q, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan

from segments.language.quantities import Column, Params, Product, Quantity, Total

_CLOSE = 1e-9  # a product of two bigints is right to fifteen digits


def _plain(quantity: Quantity | None) -> tuple[Quantity, Quantity] | None:
    """The factors of a product of two columns, none of them negative: a look into other rows would be made twice."""
    if not isinstance(quantity, Product):
        return None
    one, other = quantity.one, quantity.other
    is_plain = all(isinstance(part, Column) or isinstance(part, Total) and not part.minus for part in (one, other))
    return (one, other) if is_plain else None


def rough(quantity: Quantity | None, params: Params) -> Any:
    """The product as a double; None where that would cost more than it saves."""
    factors = _plain(quantity)
    if factors is None:
        return None
    one, other = (Cast(factor.sql(params), FloatField()) for factor in factors)
    return one * other


def at_least(quantity: Quantity, least: int, params: Params) -> Q:
    """A product of whole numbers is at least one when both are."""
    factors = _plain(quantity) if least == 1 else None
    return Q(*(GreaterThanOrEqual(part.sql(params), Value(least)) for part in factors or (quantity,)))


def decided(left: Any, edge: Any, exact: Any, *, above: bool, below: bool) -> Case:
    """`above` where left is clearly more than the edge, `below` where it is clearly less, otherwise what `exact` says."""
    return Case(
        When(GreaterThan(left, edge * Value(1 + _CLOSE)), then=Value(above)),
        When(LessThan(left, edge * Value(1 - _CLOSE)), then=Value(below)),
        default=exact,
        output_field=BooleanField(),
    )
