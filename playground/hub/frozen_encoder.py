"""What an encoder that stays as it came can do: the best classifier on the numbers that it hands over. In PyTorch."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from playground.functional.losses import softmax

Floats = NDArray[np.float32]

LEAST = 0.05
"""Spread that a feature is taken to have at least, as a share of that of all together."""

_ROUNDS = 200


def logistic(features: Floats, y: NDArray[np.int64], classes: int, decay: float, others: list[Floats]) -> list[Floats]:
    """Multinomial logistic regression (by L-BFGS), asked about other features.

    Each feature is first brought to mean 0 and spread 1 on the training texts, as far as it changes at all.

    Args:
        features: Of the training texts, ``(n, d)``.
        y: Number of each one's class.
        classes: How many there are.
        decay: Strength of the penalty: ``decay / 2`` times the squared weights, beside the mean loss.
        others: Features of other texts, ``(m, d)`` each.

    Returns:
        For each of those how sure it is of each class, ``(m, classes)``.
    """
    # A feature that hardly ever changes must not be blown up: what is left of it then is rounding.
    mean, spread = features.mean(axis=0), np.maximum(features.std(axis=0), LEAST * features.std())
    x = torch.from_numpy(((features - mean) / spread).astype(np.float32))
    wanted = torch.from_numpy(y)
    weight = torch.zeros(classes, x.shape[1], requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    rule = torch.optim.LBFGS([weight, bias], max_iter=_ROUNDS, history_size=20, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        rule.zero_grad()
        found = functional.cross_entropy(x @ weight.T + bias, wanted) + 0.5 * decay * (weight**2).sum()
        found.backward()  # type: ignore[no-untyped-call]
        return found

    rule.step(loss)  # type: ignore[no-untyped-call]
    w, b = weight.detach().numpy(), bias.detach().numpy()
    return [cast(Floats, softmax(((other - mean) / spread).astype(np.float32) @ w.T + b)) for other in others]
