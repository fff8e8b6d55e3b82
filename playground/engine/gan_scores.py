"""The losses of ``functional.gan_losses`` in PyTorch: means over a batch, for autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional


def _cross_entropy(real: Tensor, made: Tensor, smoothing: float) -> Tensor:
    surprise = functional.softplus(-real).mean() + functional.softplus(made).mean()
    return surprise + smoothing * real.mean() if smoothing else surprise  # softplus(s) - softplus(-s) is s


def _hinge(real: Tensor, made: Tensor, smoothing: float) -> Tensor:
    return functional.relu(1 - real).mean() + functional.relu(1 + made).mean()


def _squares(real: Tensor, made: Tensor, smoothing: float) -> Tensor:
    return ((real - (1 - smoothing)) ** 2).mean() / 2 + (made**2).mean() / 2


def _critic(real: Tensor, made: Tensor, smoothing: float) -> Tensor:
    return made.mean() - real.mean()


def _score(made: Tensor) -> Tensor:
    return -made.mean()


DISCRIMINATOR: Mapping[str, Callable[[Tensor, Tensor, float], Tensor]] = {
    "nonsaturating": _cross_entropy,
    "minimax": _cross_entropy,
    "hinge": _hinge,
    "least_squares": _squares,
    "wasserstein": _critic,
}
GENERATOR: Mapping[str, Callable[[Tensor], Tensor]] = {
    "nonsaturating": lambda made: functional.softplus(-made).mean(),
    "minimax": lambda made: -functional.softplus(made).mean(),
    "hinge": _score,
    "least_squares": lambda made: ((made - 1) ** 2).mean() / 2,
    "wasserstein": _score,
}


def slopes(judge: Callable[[Tensor], Tensor], pictures: Tensor) -> Tensor:
    """Length of the slope of the discriminator's number at each picture, squared, ``(n,)``; can be learnt from."""
    pictures.requires_grad_()
    (found,) = torch.autograd.grad(judge(pictures).sum(), pictures, create_graph=True)
    return found.flatten(1).pow(2).sum(1)
