"""Integrated gradients: how much each pixel added to a class's score on the way from a black picture to this one.

M. Sundararajan, A. Taly, Q. Yan: Axiomatic attribution for deep networks, 2017; computed by captum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from captum.attr import IntegratedGradients
from torch import Tensor

AT_ONCE = 4
"""So many steps go through the network together: more would take memory and, on a CPU, save no time."""


@dataclass(frozen=True)
class Integrated:
    """What each pixel added.

    Attributes:
        added: ``(h, w)``, the channels summed; together they are ``rise``, but for ``error``.
        rise: The picture's logit less the baseline's.
        error: How far the sum of all pixels is from ``rise``, as a share of it (of 1, where that is less).
    """

    added: Tensor
    rise: float
    error: float


def integrated(forward: Callable[[Tensor], Tensor], x: Tensor, baseline: Tensor, target: int, steps: int) -> Integrated:
    """Add up the gradients at pictures between a baseline and this one.

    Args:
        forward: From pictures ``(n, 3, h, w)`` to logits ``(n, classes)``.
        x: One picture as the network is fed it, ``(1, 3, h, w)``.
        baseline: A picture without evidence, of the same shape.
        target: Number of the class.
        steps: How many pictures on the way.
    """
    given = x.detach().clone().requires_grad_()
    shares = IntegratedGradients(forward).attribute(
        given, baselines=baseline, target=target, n_steps=steps, internal_batch_size=AT_ONCE
    )
    added = shares.detach().sum(dim=1)[0]  # (h, w)
    with torch.no_grad():
        ends = forward(torch.cat([x, baseline]))[:, target].double()
    rise = float(ends[0] - ends[1])
    return Integrated(added, rise, abs(float(added.double().sum()) - rise) / max(abs(rise), 1.0))


def black(mean: tuple[float, ...], std: tuple[float, ...], like: Tensor) -> Tensor:
    """A black picture as the network is fed it, of the shape of another."""
    levels = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], dtype=like.dtype, device=like.device)
    return levels[None, :, None, None].expand_as(like).clone()
