"""Gradients by torch's automatic differentiation, in double precision: the check on what is written out by hand.

Activations and losses are torch's own, or are written in torch's operations here, so that no derivative of ours takes
part (but for an activation that torch does not have).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from playground.core.errors import InputError
from playground.engine.contract import Layers
from playground.engine.torch import activation_of
from playground.functional.activations import ACTIVATIONS

MOST_WORK = 20_000_000
"""Samples times numbers of a network beyond which no gradients are computed: a fifth of a second of one thread."""

_LOSSES: Mapping[tuple[str, bool], Callable[[Tensor, Tensor], Tensor]] = {
    ("cross_entropy", False): lambda z, t: functional.binary_cross_entropy_with_logits(z, t, reduction="sum"),
    ("cross_entropy", True): lambda z, t: functional.cross_entropy(z, t, reduction="sum"),
    ("brier", False): lambda z, t: functional.mse_loss(torch.sigmoid(z), t, reduction="sum"),
    ("brier", True): lambda z, t: functional.mse_loss(torch.softmax(z, 1), t, reduction="sum"),
    ("hinge", False): lambda z, t: torch.relu(1 - (2 * t - 1) * z).sum(),
    # Weston and Watkins: every other class's margin, without the right one's own, which is always 1.
    ("hinge", True): lambda z, t: torch.relu(1 + z - (z * t).sum(1, keepdim=True)).sum() - len(z),
    ("mse", False): lambda z, t: functional.mse_loss(z, t, reduction="sum"),
    ("mse", True): lambda z, t: functional.mse_loss(z, t, reduction="sum"),
    ("mae", False): lambda z, t: functional.l1_loss(z, t, reduction="sum"),
    ("mae", True): lambda z, t: functional.l1_loss(z, t, reduction="sum"),
    ("huber", False): lambda z, t: functional.huber_loss(z, t, reduction="sum"),
    ("huber", True): lambda z, t: functional.huber_loss(z, t, reduction="sum"),
}


def gradients(
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    x: NDArray[np.floating],
    targets: NDArray[np.floating],
    activation: str,
    loss: str,
) -> tuple[tuple[NDArray[np.float64], ...], tuple[NDArray[np.float64], ...]]:
    """Slope of the mean loss of a batch in each weight and bias; dropout off, penalty apart.

    Args:
        weights: One matrix ``(fan_out, fan_in)`` a layer; the last layer's outputs stay raw.
        biases: One vector ``(fan_out,)`` a layer.
        x: ``(n, fan_in)``.
        targets: As the loss wants them, ``(n, outputs)``.
        activation: Name in ``ACTIVATIONS``, used after every layer but the last.
        loss: Name in ``LOSSES``.

    Returns:
        Of the weights and of the biases, a layer each, float64.

    Raises:
        InputError: There is no such loss here, or the batch times the network is too large.
    """
    leaves = [
        [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in kind] for kind in (weights, biases)
    ]
    numbers = Layers(tuple(weights), tuple(biases)).count()
    if numbers * len(x) > MOST_WORK:
        raise InputError("This network and batch are too large for the comparison with autograd.")
    several = targets.shape[1] > 1
    if (loss, several) not in _LOSSES or not ACTIVATIONS[activation].trainable:
        raise InputError(f"There is nothing in torch to compare '{loss}' after '{activation}' with.")
    h = torch.tensor(x, dtype=torch.float64)  # (n, fan_in)
    activate = (lambda z: z) if activation == "identity" else activation_of(activation)
    for number, (matrix, vector) in enumerate(zip(*leaves, strict=True)):
        h = functional.linear(h, matrix, vector)  # (n, fan_out)
        if number < len(weights) - 1:
            h = activate(h)
    total = _LOSSES[loss, several](h, torch.tensor(targets, dtype=torch.float64))
    found = torch.autograd.grad(total / len(x), [*leaves[0], *leaves[1]])
    arrays = tuple(np.array(one.numpy()) for one in found)
    return arrays[: len(weights)], arrays[len(weights) :]
