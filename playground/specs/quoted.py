"""Any value as a number, where it is one, and as a text that can stand in a sentence."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any) -> float | None:
    """The number that a value is or names; one beyond what a float holds is infinite."""
    try:
        return value if isinstance(value, int) and abs(value) < 2**1000 else float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        return None


def text(value: Any) -> str:
    """Any value as a text that can be sent: half a character is none, and numbers may be too long to be written."""
    try:
        return str(value).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError):
        return "this value"


def written(value: float) -> str:
    """A number as a person writes it: whole ones with all their digits, others with six."""
    return f"{value:.0f}" if math.isfinite(value) and abs(value) < 1e15 and value == int(value) else f"{value:g}"


def shown(value: Any) -> str:
    """A value as it is quoted in an error, cut where it is long."""
    quoted = (
        ",".join(map(text, value))
        if isinstance(value, tuple)
        else written(value)
        if isinstance(value, float)
        else text(value)
    )
    return f"'{quoted[:60]}{'…' if len(quoted) > 60 else ''}'"
