"""Integrated gradients of a text: how much each piece added to a class's logit on the way from a text that says nothing to this one.

The way leads straight from the vectors of a baseline's pieces to the vectors of the text's. Where the network turns quickly,
equal steps miss the turn; so the way is cut in two, and in two again, where what the gradients sum to is farthest from what
the logit really rose. Each stretch is computed by captum.

M. Sundararajan, A. Taly, Q. Yan: Axiomatic attribution for deep networks, 2017.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from captum.attr import IntegratedGradients
from numpy.typing import NDArray
from torch import Tensor

STEPS, MOST_STEPS = 10, 200
"""So many steps a stretch has, and so many all that were computed may have together."""

ENOUGH = 0.02
"""In logits: when all stretches together miss less, the way has steps enough."""

AT_ONCE = 512
"""So many pieces go through the network together: what a gradient needs is kept for all of them, layer by layer."""


@dataclass(frozen=True)
class Along:
    """What each piece added.

    Attributes:
        added: ``(t,)``; together they are ``logit - baseline``, but for ``error``.
        logit: Of the text.
        baseline: Of the baseline.
        error: How far the sum is from the rise, in logits.
        steps: Gradients that were taken.
    """

    added: NDArray[np.float64]
    logit: float
    baseline: float
    error: float
    steps: int


@dataclass(frozen=True)
class _Stretch:
    start: float
    end: float
    added: Tensor  # (t,), double
    rise: float

    @property
    def missed(self) -> float:
        return self.rise - float(self.added.sum())


def table(network: Any) -> Tensor:
    """The vector of each piece of the vocabulary, ``(pieces, m)``."""
    found: Tensor = network.get_input_embeddings().weight
    return found


def vectors(network: Any, ids: Tensor) -> Tensor:
    """The vectors of pieces ``(n, t)`` as the network looks them up, ``(n, t, m)``, before it adds where they stand."""
    with torch.no_grad():
        found: Tensor = network.get_input_embeddings()(ids)
    return found


def logits_of(network: Any) -> Callable[[Tensor], Tensor]:
    """From vectors of pieces ``(n, t, m)``, none of them padding, to logits ``(n, classes)``."""

    def forward(x: Tensor) -> Tensor:
        mask = torch.ones(x.shape[:2], dtype=torch.long, device=x.device)
        found: Tensor = network(inputs_embeds=x, attention_mask=mask).logits.float()
        return found

    return forward


def along(
    forward: Callable[[Tensor], Tensor],
    x: Tensor,
    baseline: Tensor,
    target: int,
    *,
    seconds: float,
    say: Callable[[int], None] = lambda steps: None,
) -> Along:
    """Add up the gradients on the way from a baseline to a text.

    Args:
        forward: From vectors ``(n, t, m)`` to logits ``(n, classes)``.
        x: The text's pieces, ``(1, t, m)``.
        baseline: Those of a text that says nothing, of the same shape.
        target: Number of the class.
        seconds: No stretch is cut in two if that would end later than this; the error then tells what is missing.
        say: Told how many gradients were taken so far.
    """
    began = time.monotonic()

    def logit(share: float) -> float:
        with torch.no_grad():
            return float(forward(baseline + share * (x - baseline))[0, target])

    def stretch(start: float, end: float, rise: float) -> _Stretch:
        first, last = (baseline + share * (x - baseline) for share in (start, end))
        return _Stretch(start, end, _added(forward, first, last, target), rise)

    low, high = logit(0.0), logit(1.0)
    parts, steps = [stretch(0.0, 1.0, high - low)], STEPS
    say(steps)
    at = {0.0: low, 1.0: high}
    while sum(abs(part.missed) for part in parts) >= ENOUGH and steps + 2 * STEPS <= MOST_STEPS:
        taken = time.monotonic() - began
        if taken * (1 + 2 * STEPS / steps) > seconds:  # with what two more stretches take
            break
        worst = max(parts, key=lambda part: abs(part.missed))
        middle = (worst.start + worst.end) / 2
        at[middle] = logit(middle)
        halves = [(worst.start, middle), (middle, worst.end)]
        parts.remove(worst)
        parts += [stretch(start, end, at[end] - at[start]) for start, end in halves]
        steps += 2 * STEPS
        say(steps)
    added = torch.stack([part.added for part in parts]).sum(dim=0)
    return Along(added.cpu().numpy(), high, low, abs(float(added.sum()) - (high - low)), steps)


def _added(forward: Callable[[Tensor], Tensor], start: Tensor, end: Tensor, target: int) -> Tensor:
    """What each piece added between two texts that lie on the way, ``(t,)``."""
    together = max(1, AT_ONCE // start.shape[1])
    shares: Tensor = IntegratedGradients(forward).attribute(
        end, baselines=start, target=target, n_steps=STEPS, internal_batch_size=together
    )
    return shares.detach().double().sum(dim=-1)[0]
