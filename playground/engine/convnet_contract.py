"""What a convolutional network is trained from: everything that decides the numbers. No torch in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from playground.engine.contract import Array
from playground.functional.blocks import Plan

LIVE = ("lr", "weight_decay", "label_smoothing")
"""What ``ConvEngine.change`` understands."""


@dataclass(frozen=True, eq=False)
class ConvBlueprint:
    """A convolutional network and how it is trained.

    Attributes:
        plan: The network.
        activation: Name in ``ACTIVATIONS``, used after every convolution, residual block and dense layer; outputs are left raw.
        start: Initial weights by the names of ``functional.convnet``.
        mean: Of each channel, in 0 to 1, ``(c,)``: taken from what the network is given.
        std: Divides it afterwards, ``(c,)``.
        rule: Name in ``RULES``.
        lr: Learning rate.
        weight_decay: The rule's own where it has one (AdamW), else ``weight_decay * w`` added to each weight's gradient; biases
            and normalisations are free of it.
        label_smoothing: Share of each answer that is spread over all classes.
        augment: Names in ``functional.augmentation``; how a batch is changed before it is learnt from.
        permutation: Where each pixel's value comes from, ``(h * w,)``; none leaves pictures as they are.
        batch_size: What is learnt from at a time; a hint for the choice of the device.
        seed: Seeds augmentation and dropout.
        device: ``"auto"``, or a device by name (``"cpu"``, ``"cuda"``, ``"mps"``).
    """

    plan: Plan
    activation: str
    start: Mapping[str, Array]
    mean: Array
    std: Array
    rule: str = "adam"
    lr: float = 0.001
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    augment: tuple[str, ...] = ()
    permutation: NDArray[np.int64] | None = field(default=None)
    batch_size: int = 64
    seed: int = 0
    device: str = "auto"
