"""Numbers in sentences, written as the pictures beside them write theirs (``ui/live/numbers.js``)."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "\N{MINUS SIGN}"


def decimal(x: float) -> str:
    """A number with about three significant digits.

    Args:
        x: Any number.

    Returns:
        ``0.031``, ``1.24``, ``31.4``, ``2,140``, ``1.2e−4``; a dash for what is no number or infinite.
    """
    if not math.isfinite(x):
        return "\N{EN DASH}"
    size, sign = abs(x), MINUS if x < 0 else ""
    if size == 0:
        return "0.000"
    if size < 0.0005 or size >= 1e6:
        digits, power = f"{Context(2, ROUND_HALF_UP).create_decimal(size):.1e}".split("e")
        return f"{sign}{digits}e{str(int(power)).replace('-', MINUS)}"
    places = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    return f"{sign}{Decimal(size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def percent(share: float, digits: int = 0) -> str:
    """A share between 0 and 1 as ``27 %``, halves rounded up as in the browser; a dash for what is no number."""
    if not math.isfinite(share):
        return "\N{EN DASH}"
    return f"{Decimal(100 * share).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)} %"
