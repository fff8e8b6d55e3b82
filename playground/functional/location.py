"""Which single number a loss puts in place of many: where the pulls of all of them cancel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playground.functional.losses import OfSamples
from playground.functional.ops import Array

_NOTHING = 1e-9  # a pull below this is rounding
_HALVINGS = 60


def location(gradient: OfSamples, points: Array, **parameters: float) -> tuple[float, float]:
    """The constants for which the loss summed over all points is least, from the lowest to the highest of them.

    For squared error it is the mean, for absolute error the median: any number between the two in the middle where there
    are evenly many, which is why two ends are returned. Found by halving, as the gradient of a convex loss never falls.

    Args:
        gradient: The gradient of a convex loss of outputs and targets (``LOSSES[...].gradient``).
        points: The targets, ``(n,)``.
        parameters: Those of the loss, by name.

    Source: P. J. Huber: Robust estimation of a location parameter, 1964.
    """
    targets = points[:, None]

    def pull(constant: float) -> float:
        return float(gradient(np.full_like(targets, constant), targets, **parameters).sum())

    lowest, highest = float(points.min()), float(points.max())
    first = _turn(lambda at: pull(at) >= -_NOTHING, lowest, highest)
    last = _turn(lambda at: pull(at) > _NOTHING, lowest, highest)
    return first, last


def _turn(reached: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds from some place on begins to hold; ``high`` where it does not do so before."""
    if reached(low):
        return low
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
