"""Where a descent may start: inside the picture, where the surface has a height and a slope."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from playground.core.errors import SpecError
from playground.optim.landscape import Landscape


def check_start(start: Sequence[float], surface: Landscape) -> None:
    """Refuse a start that nothing can start from; none at all is the surface's own.

    Raises:
        SpecError: With the field ``start``: numbers are missing, or there is no such place, or nothing is there.
    """
    if not start:
        return
    if len(start) < surface.dimensions:
        raise SpecError("Start: write two numbers, such as -1.2,1.", field="start")
    for name, value, (low, high) in zip("xy", start, surface.domain, strict=False):
        if not low <= value <= high:
            raise SpecError(
                f"Start: {name} = {value:g} is outside the picture; choose {low:g} to {high:g}.", field="start"
            )
    x, y = np.float64(start[0]), np.float64(start[1] if len(start) > 1 else 0.0)
    with np.errstate(all="ignore"):
        found = {"value": (surface.function(x, y),), "slope": surface.gradient(x, y)}
    for what, numbers in found.items():
        if not all(math.isfinite(number) for number in numbers):
            raise SpecError(
                f"The formula has no {what} at {_place(start, surface)}; start where it has one, such as "
                f"{_place(surface.start, surface)}.",
                field="start",
            )


def _place(place: Sequence[float], surface: Landscape) -> str:
    numbers = ", ".join(f"{value:g}" for value in place[: surface.dimensions])
    return f"({numbers})" if surface.dimensions > 1 else f"x = {numbers}"
