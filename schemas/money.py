"""Money as whole numbers.

A tick is so small that an hourly price with four decimals, for one minute and one thousandth of a head, is a whole
number of ticks.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

TICKS_PER_CURRENCY = 600_000_000
DECIMALS = 4
SMALLEST = 10_000  # parts of the currency that an amount can have
MOST = 1_000_000


def exact(value: object, what: str, decimals: int) -> Decimal:
    """The number as it is written, however large; ValueError where it is none, or has more decimals."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError(f"{what} is a number")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{what} is a finite number")
    if -int(number.normalize().as_tuple().exponent) > decimals:
        raise ValueError(f"{what} has at most {decimals} decimals")
    return number


def _amount(value: object) -> Decimal:
    return exact(value, "an amount", DECIMALS)


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount, json_schema_input_type=float),
    PlainSerializer(float, return_type=float),
    Field(ge=0, le=MOST),
]
"""An amount of the request's currency, or a price per hour: 0 to 1,000,000 with at most four decimals."""


def ticks(amount: Decimal) -> int:
    """An amount in ticks."""
    return int(amount * SMALLEST) * (TICKS_PER_CURRENCY // SMALLEST)


def ticks_per_hour_to_minute(per_hour: Decimal) -> int:
    """Ticks a minute for a price per hour."""
    return int(per_hour * SMALLEST) * 1000


def from_ticks(amount: int | Fraction) -> float:
    """Ticks in the currency, rounded half to even to four decimals."""
    exact = Fraction(amount, 1) / TICKS_PER_CURRENCY
    return round(exact * SMALLEST) / SMALLEST


__all__ = ["DECIMALS", "TICKS_PER_CURRENCY", "Amount", "exact", "from_ticks", "ticks", "ticks_per_hour_to_minute"]
