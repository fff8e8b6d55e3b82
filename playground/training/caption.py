"""What a picture shows now, in a sentence or two for those who cannot see it. Only what was computed is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_WORDS = {
    "train_loss": "training loss",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "val_error": "validation error",
}


def caption(epoch: int, metrics: Mapping[str, float], picture: str) -> str:
    """The epoch and its metrics, then the picture."""
    told = [f"{words} {_metric(name, metrics[name])}" for name, words in _WORDS.items() if name in metrics]
    return f"Epoch {epoch:,}: {', '.join(told)}. {picture}" if told else f"Epoch {epoch:,}. {picture}"


def boundary(output: NDArray[np.uint8], classes: Sequence[str]) -> str:
    """Which class holds how much of the plane, and where; ``output`` is the probability of the second class."""
    second = output >= 128
    share = float(second.mean())
    small, region = (1, second) if share <= 0.5 else (0, ~second)
    if not region.any():
        return f"The whole plane is taken for class {classes[1 - small]}."
    return f"Class {classes[small]} holds {_percent(float(region.mean()))} of the plane, {_place(region)}."


def shares(winner: NDArray[np.uint8], classes: Sequence[str]) -> str:
    """How much of the plane each class holds, the largest first."""
    counts = np.bincount(winner.ravel(), minlength=len(classes)) / winner.size
    order = [index for index in np.argsort(-counts, kind="stable") if counts[index] > 0]
    told = [f"{classes[index]} {_percent(float(counts[index]))}" for index in order[:6]]
    return f"Shares of the plane: {', '.join(told)}{', and others' if len(order) > 6 else ''}."


def relief(values: NDArray[np.floating], target: str) -> str:
    """How far the output reaches on the plane ``(side, side)``, and where it is lowest and highest."""
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-6 * max(1.0, abs(high)):
        return f"The output is {_number(low)} everywhere on the plane."
    places = []
    for index in (int(values.argmin()), int(values.argmax())):
        spot = np.zeros(values.shape, dtype=np.bool_)
        spot.flat[index] = True
        places.append(_place(spot))
    return f"The predicted {target} runs from {_number(low)} ({places[0]}) to {_number(high)} ({places[1]})."


def _place(region: NDArray[np.bool_]) -> str:
    """Where the middle of a region lies; row 0 is the top."""
    rows, columns = np.nonzero(region)
    side = region.shape[0]
    up, right = 1 - 2 * (rows.mean() + 0.5) / side, 2 * (columns.mean() + 0.5) / side - 1
    vertical = "upper" if up > 0.2 else "lower" if up < -0.2 else ""
    horizontal = "right" if right > 0.2 else "left" if right < -0.2 else ""
    if vertical and horizontal:
        return f"at the {vertical} {horizontal}"
    if vertical or horizontal:
        return f"on the {vertical or horizontal} side"
    return "around the centre" if region[side // 2, side // 2] else "on all sides of the centre"


def _metric(name: str, value: float) -> str:
    return _percent(value) if name.endswith("accuracy") else _number(value)


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{min(99, round(100 * share)) if share < 1 else 100} %"


def _number(value: float) -> str:
    """Three digits that count, without an exponent where a person would write none."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.3g}"
