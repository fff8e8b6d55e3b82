"""Small generators of random weights, for tests of what draws with them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from playground.functional import gan_file
from playground.functional.gan import Array, Pair
from playground.functional.gan_plans import pair, start


@lru_cache(maxsize=8)
def tiny(
    channels: int = 1, classes: tuple[str, ...] = (), critic: bool = False, judge: bool = True
) -> tuple[Pair, dict[str, Array]]:
    """Pictures of 16 x 16 of eight latents: layers and weights as ``functional.gan_file`` names them. Not learnt, but not grey either."""
    made = pair((channels, 16, 16), 8, 4, classes, critic)
    weights = {
        name: one * np.float32(8 if one.ndim > 1 and name.startswith("generator") else 1)
        for name, one in start(made, 3).items()
    }
    if classes:
        rng = np.random.default_rng(1)
        stem = next(name for name in weights if name.startswith("generator.") and weights[name].ndim > 1)
        weights[stem][:, 8:] = rng.normal(0, 0.5, weights[stem][:, 8:].shape)  # classes differ
    if not judge:
        made = Pair(made.generator, None, made.latents, classes=made.classes)
    return made, weights


def packed(channels: int = 1, classes: tuple[str, ...] = (), critic: bool = False, judge: bool = True) -> bytes:
    """The same as a visitor's own."""
    return gan_file.pack(*tiny(channels, classes, critic, judge), {"title": "Tiny"})
