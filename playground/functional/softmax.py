"""What stands around the softmax: its temperature, its slopes, and how much a distribution leaves open."""

from __future__ import annotations

import numpy as np

from playground.functional import ops
from playground.functional.losses import cross_entropy, cross_entropy_gradient, softmax, total
from playground.functional.ops import Array


def tempered(z: Array, temperature: float = 1.0) -> Array:
    """Probabilities ``(n, K)`` from logits divided by a temperature.

    Towards 0 all goes to the largest logit, towards infinity every class gets the same (G. Hinton, O. Vinyals, J. Dean:
    Distilling the knowledge in a neural network, 2015).
    """
    return softmax(z / temperature)


def softmax_jacobian(z: Array, temperature: float = 1.0) -> Array:
    """How much each probability moves with each logit, ``(n, K, K)``: row i, column j holds dp_i / dz_j.

    It is ``(diag(p) - p p^T) / T``. Every row and every column sums to 0: what one class gains, the others lose.
    """
    p = tempered(z, temperature)
    outer: Array = p[:, :, None] * p[:, None, :]
    own: Array = p[:, :, None] * np.eye(p.shape[1], dtype=p.dtype)
    return (own - outer) / temperature


def tempered_cross_entropy(z: Array, t: Array, temperature: float = 1.0) -> Array:
    """Cross-entropy ``(n,)`` of the probabilities at a temperature."""
    return cross_entropy(z / temperature, t)


def tempered_cross_entropy_gradient(z: Array, t: Array, temperature: float = 1.0) -> Array:
    """Probability less target, divided by the temperature, ``(n, K)``."""
    return cross_entropy_gradient(z / temperature, t) / temperature


def entropy(t: Array) -> Array:
    """How many nats it takes to tell what was drawn from each row of ``t`` ``(n, K)``; 0 where it is certain, ``(n,)``.

    Cross-entropy is this plus the KL divergence. Source: C. E. Shannon: A mathematical theory of communication, 1948.
    """
    return 0.0 - total(t * ops.log(ops.where(t > 0, t, 1.0)))  # 0 ln 0 counts as 0, and nothing as 0, not -0
