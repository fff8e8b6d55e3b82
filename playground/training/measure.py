"""How well a network does: its outputs by the definitions, and what is measured on a share of the data. NumPy only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.data.prepare import Part, Prepared
from playground.engine.contract import Array, Layers
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES


def forward(layers: Layers, activation: str, x: NDArray[Any], *, outputs: bool = True) -> list[Array]:
    """The values of every column for rows ``x`` ``(n, f)``: features, each hidden layer, raw outputs; float32."""
    function = ACTIVATIONS[activation].function
    columns: list[Array] = [np.asarray(x, dtype=np.float32)]
    with np.errstate(over="ignore", invalid="ignore"):  # of a network about to diverge
        for index, (weights, biases) in enumerate(zip(layers.weights, layers.biases, strict=True)):
            last = index == len(layers.weights) - 1
            if last and not outputs:
                break
            z = columns[-1] @ np.asarray(weights, dtype=np.float32).T + np.asarray(biases, dtype=np.float32)
            columns.append(z if last else np.asarray(function(z), dtype=np.float32))
    return columns


def score(prepared: Prepared, y: NDArray[np.float64], z: NDArray[Any]) -> float:
    """Accuracy (0 to 1), or for regression the mean absolute error in the target's own units; NaN without rows.

    Args:
        prepared: Says what the target is.
        y: Class numbers or values, ``(n,)``.
        z: Raw outputs, ``(n, k)``.
    """
    if not len(y):
        return math.nan
    if prepared.task == "regression":
        return float(np.abs(z[:, 0] * prepared.y_scale + prepared.y_mean - y).mean())
    said = z.argmax(axis=1) if prepared.task == "classes" else z[:, 0] > 0
    return float(np.mean(said == y))


def score_name(prepared: Prepared) -> str:
    """What ``score`` is called."""
    return "error" if prepared.task == "regression" else "accuracy"


def gathered(prepared: Prepared, measured: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Loss and score of each share of the data under the names they have in events; shares without rows are left out.

    ``{"train": (0.1, 0.9)}`` becomes ``{"train_loss": 0.1, "train_accuracy": 0.9}``, losses first.
    """
    rows = {share: pair for share, pair in measured.items() if len(getattr(prepared, share).y)}
    losses = {f"{share}_loss": loss for share, (loss, _) in rows.items()}
    return {**losses, **{f"{share}_{score_name(prepared)}": value for share, (_, value) in rows.items()}}


def history_row(prepared: Prepared, metrics: Mapping[str, float]) -> tuple[float, float, float, float]:
    """The metrics in the order of ``history.COLUMNS``."""
    name = score_name(prepared)
    keys = ("train_loss", "val_loss", f"train_{name}", f"val_{name}")
    train_loss, val_loss, train, val = (metrics.get(key, math.nan) for key in keys)
    return train_loss, val_loss, train, val


def by_definition(prepared: Prepared, layers: Layers, activation: str, loss: str) -> dict[str, float]:
    """Metrics on the training and validation shares, computed by the NumPy definitions alone."""

    def share(part: Part) -> tuple[float, float]:
        if not len(part.y):
            return math.nan, math.nan
        z = forward(layers, activation, part.x)[-1]
        value = LOSSES[loss].value(z, prepared.targets(part.y))
        return float(np.mean(value)), score(prepared, part.y, z)

    return gathered(prepared, {"train": share(prepared.train), "val": share(prepared.val)})
