"""One sigmoid unit that begins on the wrong side, trained by plain gradient descent."""

from __future__ import annotations

import numpy as np

from playground.functional.losses import OfSamples
from playground.functional.ops import Array


def trained_logit(gradient: OfSamples, start: float, lr: float, steps: int) -> Array:
    """The logit before each of ``steps`` steps towards the target 1, and after the last, ``(steps + 1,)``.

    Args:
        gradient: Of a loss of a logit ``(1, 1)`` and a target (``LOSSES["brier"]`` is the squared error of the sigmoid).
        start: The first logit.
        lr: Length of a step for a gradient of 1.
        steps: How many.
    """
    z, target = np.full((1, 1), start), np.ones((1, 1))
    path: Array = np.empty(steps + 1)
    for step in range(steps):
        path[step] = z[0, 0]
        z = z - lr * gradient(z, target)
    path[steps] = z[0, 0]
    return path


def first_above(values: Array, level: float) -> int | None:
    """The first step at which a value is above a level; ``None`` where none is."""
    above = np.flatnonzero(values > level)
    return int(above[0]) if above.size else None
