"""The schedules that fine-tuning is done with: a warm-up from 0, then a way down. A factor on the rate that was set."""

from __future__ import annotations

import math
from collections.abc import Mapping

SHAPES: Mapping[str, str] = {"linear": "Linear to 0", "cosine": "Cosine to 0", "constant": "Constant"}


def warmed(shape: str, step: int, total: int, warmup: float) -> float:
    """The factor on the learning rate at a step, 0 to 1.

    Rises evenly over the first part of all steps (Goyal et al., 2017), as a network with a new classifier would otherwise be
    thrown about by its first gradients; then falls to 0 in a line (Devlin et al., 2019) or in half a wave, or stays.

    Args:
        shape: One of ``SHAPES``.
        step: Number of the update, from 0.
        total: Updates in all.
        warmup: Share of them that the rise takes, 0 to 1.
    """
    rise = round(warmup * total)
    if step < rise:
        return (step + 1) / (rise + 1)
    if shape == "constant":
        return 1.0
    left = (total - step) / max(1, total - rise)
    return left if shape == "linear" else 0.5 * (1.0 - math.cos(math.pi * left))
