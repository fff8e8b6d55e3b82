"""What is meant by a classifier being wrong, and how much each example of a crowd has to say under a loss."""

from __future__ import annotations

from playground.functional import ops
from playground.functional.losses import OfSamples, total
from playground.functional.ops import Array


def zero_one(z: Array, t: Array) -> Array:
    """1 where one logit ``(n, 1)`` is on the wrong side of 0 for its target of 0 or 1, else 0, ``(n,)``.

    It is what is counted in the end, and cannot be learnt from: its slope is 0 wherever it has one.
    """
    return total(ops.where((2.0 * t - 1.0) * z > 0, 0.0, ops.ones_like(z)))


def zero_one_gradient(z: Array, t: Array) -> Array:
    """0, also at the jump, where there is no slope, ``(n, 1)``."""
    return 0.0 * (z - t)


def crowd_share(gradient: OfSamples, one: Array, many: Array, t: Array, count: int, **parameters: float) -> float:
    """The part of all gradients' size, 0 to 1, that ``count`` alike examples have beside a single other one.

    Args:
        gradient: Of the loss.
        one: The logit of the single example, ``(1, 1)``.
        many: The logit that each of the crowd has, ``(1, 1)``.
        t: The target of all of them, ``(1, 1)``.
        count: How many they are.
        parameters: Those of the loss, by name.

    Returns:
        Their share; 0 where nobody pulls.
    """
    single = float(ops.absolute(gradient(one, t, **parameters)).sum())
    together = count * float(ops.absolute(gradient(many, t, **parameters)).sum())
    return together / (single + together) if single + together > 0 else 0.0
