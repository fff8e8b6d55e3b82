"""What a GAN is trained from: everything that decides the numbers. No torch in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.functional.gan import Array, Pair

LIVE = ("lr", "d_lr", "beta1", "smoothing", "penalty", "r1", "ema")
"""What ``GANEngine.change`` understands."""

TALLY = ("g_loss", "d_loss", "d_real", "d_fake")
"""What is added up step by step: the losses, penalty included; the share of real and of made pictures that the discriminator
tells right, or a critic's mean scores of them."""


@dataclass(frozen=True, eq=False)
class GANBlueprint:
    """A generator and a discriminator, and how they are trained.

    Attributes:
        pair: The two networks; the discriminator is there.
        start: Initial weights by the names of ``functional.gan_plans.start``.
        loss: Name in ``functional.gan_losses.LOSSES``.
        lr: Learning rate of the generator.
        d_lr: The discriminator's is so many times that.
        beta1: How much of the gradients before Adam keeps.
        smoothing: Taken off the answer for real pictures.
        penalty: Of a critic whose slope between real and made pictures is not 1; counts for the Wasserstein loss alone.
        r1: Of a discriminator that is steep at real pictures; counts for the other losses.
        spectral: Whether the discriminator's layers are divided by their largest singular values.
        ema: How much of the averaged generator stays at each step.
        batch_size: Real pictures of a step; a hint for the choice of the device.
        seed: Seeds the latents of every step.
        device: ``"auto"``, or a device by name (``"cpu"``, ``"cuda"``, ``"mps"``).
    """

    pair: Pair
    start: Mapping[str, Array]
    loss: str = "nonsaturating"
    lr: float = 0.001
    d_lr: float = 1.0
    beta1: float = 0.5
    smoothing: float = 0.0
    penalty: float = 10.0
    r1: float = 0.0
    spectral: bool = True
    ema: float = 0.995
    batch_size: int = 64
    seed: int = 0
    device: str = "auto"
