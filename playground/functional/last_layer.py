"""The last layer by itself: softmax regression on features that stay as they are, from scratch in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_ROUNDS, _ENOUGH = 400, 1e-5


@dataclass(frozen=True, eq=False)
class LastLayer:
    """One layer from features to classes.

    Attributes:
        weight: ``(classes, features)``.
        bias: ``(classes,)``.
    """

    weight: Floats
    bias: Floats

    def scores(self, features: Floats) -> Floats:
        """How sure it is of each class, ``(n, classes)``, of features ``(n, features)``."""
        return softmax(features @ self.weight.T + self.bias)


def softmax(logits: Floats) -> Floats:
    """Probabilities ``(n, classes)`` of logits."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def fit_last_layer(features: Floats, labels: NDArray[np.int64], classes: int, decay: float) -> LastLayer:
    """Softmax regression on features that stay as they are: the whole of what "last layer only" learns.

    Each feature is first brought to mean 0 and spread 1, so that all of them count alike; the layer that is handed back takes
    the features as they came. Full-batch gradient descent with Nesterov's momentum, until the gradient is next to nothing.

    Args:
        features: ``(n, d)``.
        labels: Number of each one's class, ``(n,)``.
        classes: How many classes there are.
        decay: Strength of the penalty, half of ``decay`` times the squared weights.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-3 * (features.std() + 1e-9)
    x = ((features - mean) / (spread * np.sqrt(features.shape[1]))).astype(np.float64)  # (n, d), rows of length about 1
    wanted = np.eye(classes)[labels]  # (n, classes)
    weight, bias = np.zeros((classes, x.shape[1])), np.zeros(classes)
    moved, shifted = weight.copy(), bias.copy()
    # The loss bends at most by half the largest eigenvalue of x'x / n (Böhning, 1992): one step may be that long.
    bend = 0.5 * float(np.linalg.eigvalsh(x @ x.T / len(x)).max() + 1) if len(x) <= 800 else 1.0
    rate = 1 / (bend + decay)
    for round_ in range(1, _ROUNDS + 1):
        logits = x @ moved.T + shifted
        apart = softmax(logits.astype(np.float32)) - wanted  # (n, classes)
        slope = apart.T @ x / len(x) + decay * moved
        slope_bias = apart.mean(axis=0)
        before, before_bias = weight, bias
        weight, bias = moved - rate * slope, shifted - rate * slope_bias
        ahead = round_ / (round_ + 3)
        moved, shifted = weight + ahead * (weight - before), bias + ahead * (bias - before_bias)
        if max(np.abs(slope).max(), np.abs(slope_bias).max()) < _ENOUGH:
            break
    plain = weight / (spread * np.sqrt(features.shape[1]))  # of features as they came
    return LastLayer(plain.astype(np.float32), (bias - plain @ mean).astype(np.float32))
