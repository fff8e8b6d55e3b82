"""Directions among latents along which a generator's pictures change most.

A step of one standard deviation along each latent, forth and back from some latents, says how every pixel changes. The products of
these changes with each other, on the mean, are a matrix whose eigenvectors are the directions sought: the first changes pictures
most, the next most of what is left. Where that would take too many pictures, it is done among those directions alone that the first
layer passes on most strongly (Shen & Zhou).

Measured on the three starters and two foreign generators of digits, with eight directions and three deviations both ways: the mean
squared changes of a pixel add up to the same within 6 %, whether the directions are found in this way, by the first layer's weights
alone (Shen & Zhou), or, on the foreign two, by principal components of its activations (Härkönen et al.); along directions drawn by
chance to half of it. This way knows nothing of layers, and says how much of all change each direction stands for.

Source: P. G. Constantine, E. Dow, Q. Wang: Active subspace methods in theory and practice, 2014; E. Härkönen, A. Hertzmann,
J. Lehtinen, S. Paris: GANSpace: discovering interpretable GAN controls, 2020; Y. Shen, B. Zhou: Closed-form factorization of latent
semantics in GANs, 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod, sqrt

import numpy as np
from numpy.typing import NDArray

from playground.functional.gan import Array, Network, Pair, drawn

MOST = 12
"""So many directions are told."""
SOME = 32
"""So many of the first layer's are looked at where all would be too many."""
BASES = 16
"""From so many latents at most steps are taken."""
FEWEST = 4
"""And from so many at least."""
EFFORT = 6e10
"""So many products at most, where that is enough for the fewest: about a second of one core."""
_SEED = 0


def directions(
    pair: Pair, weights: Mapping[str, NDArray[np.floating]], draw: Callable[[Array, NDArray[np.int64] | None], Array]
) -> tuple[Array, Array]:
    """The strongest directions of a generator; the same whenever they are looked for.

    Args:
        pair: What the generator is.
        weights: Its arrays under ``functional.gan``'s names (``0.weight``); of the first layer alone.
        draw: Latents ``(n, latents)`` and classes ``(n,)`` to pictures ``(n, c, h, w)``.

    Returns:
        Unit vectors ``(k, latents)``, at right angles to each other, the strongest first, each turned so that pictures grow lighter
        on the whole; and what share each has of all change in pictures, ``(k,)``.
    """
    step = np.float32(1.0 if pair.noise == "normal" else 1 / sqrt(3))
    each = 2.0 * effort(pair.generator)
    tried = np.eye(pair.latents, dtype=np.float32)
    if each * pair.latents * FEWEST > EFFORT:
        tried = strongest(pair, weights)[:SOME]
    count = int(np.clip(EFFORT // (each * len(tried)), FEWEST, BASES))
    k = len(tried)
    gram, lighter = np.zeros((k, k)), np.zeros(k)
    for number, base in enumerate(drawn(pair, _SEED, count)):
        moved = np.concatenate([base + step * tried, base - step * tried])
        classes = np.full(2 * k, number % len(pair.classes)) if pair.classes else None
        there, back = draw(moved, classes).reshape(2, k, -1).astype(np.float64)
        gram += (there - back) @ (there - back).T
        lighter += (there - back).mean(1)
    values, vectors = np.linalg.eigh(gram)
    order = np.argsort(-values, kind="stable")[:MOST]
    found = vectors[:, order].T
    found *= np.where(found @ lighter < 0, -1.0, 1.0)[:, None]
    shares = values[order].clip(0) / max(float(values.sum()), 1e-30)
    return (found @ tried).astype(np.float32), shares.astype(np.float32)


def strongest(pair: Pair, weights: Mapping[str, NDArray[np.floating]]) -> Array:
    """Directions that the first layer passes on, the most strongly passed on first: right singular vectors, ``(k, latents)``."""
    for index, layer in enumerate(pair.generator.layers):
        if layer.kind in ("linear", "conv", "up"):
            weight = np.asarray(weights[f"{index}.weight"], np.float64)
            if layer.kind == "up":
                weight = weight.swapaxes(0, 1)
            matrix = weight.swapaxes(0, 1).reshape(layer.inputs, -1)[
                : pair.latents
            ]  # (latents, all that each is spread over)
            if len(matrix) == pair.latents:
                return np.linalg.eigh(matrix @ matrix.T)[1][:, ::-1].T.astype(np.float32)
            break
    return np.eye(pair.latents, dtype=np.float32)


def effort(network: Network) -> int:
    """Products that one picture takes."""
    total, shape = 0, network.given
    for layer, after in zip(network.layers, network.shapes(), strict=True):
        if layer.kind == "linear":
            total += layer.inputs * layer.outputs
        elif layer.kind in ("up", "conv"):
            total += layer.inputs * layer.outputs * layer.kernel**2 * prod((shape if layer.kind == "up" else after)[1:])
        shape = after
    return max(1, total)
