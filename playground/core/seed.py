"""One seed, several independent streams of random numbers.

Initial weights, data, split and order each draw from a stream of their own, so that changing one (say, the noise) leaves
the others as they were, and every engine that asks for the same stream gets the same numbers. Nothing here keeps state:
the order of epoch 412 can be drawn without having drawn the 411 before it, which is what makes a run resumable.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Stream(IntEnum):
    """What the numbers are for. Values are part of every stored run and every link: never renumber."""

    DATA = 0
    NOISE = 1
    SPLIT = 2
    WEIGHTS = 3
    ORDER = 4
    DROPOUT = 5


def generator(seed: int, stream: Stream, *index: int) -> np.random.Generator:
    """The generator of one stream of a seed; ``index`` picks a sub-stream, such as an epoch or a layer."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(stream), *index)))


def keep_mask(seed: int, step: int, layer: int, shape: tuple[int, int], rate: float) -> NDArray[np.bool_]:
    """Which units dropout keeps: a hash of (seed, step, layer, unit, sample), the same for every engine.

    Args:
        seed: The experiment's seed.
        step: Number of the update, from 0.
        layer: Number of the hidden layer, from 0.
        shape: ``(samples, units)``.
        rate: Share of units that is dropped, 0 to 1.

    Returns:
        ``True`` where a unit stays, ``shape``. The mixing function is splitmix64 (Steele, Lea and Flood, 2014).
    """
    samples, units = shape
    key: NDArray[np.uint64] = np.array([(seed & 0xFFFFFFFF) | (Stream.DROPOUT << 32)], dtype=np.uint64)
    key = _splitmix64(_splitmix64(key) ^ np.uint64(step)) ^ np.uint64(layer)
    counter: NDArray[np.uint64] = np.arange(samples * units, dtype=np.uint64)
    bits = _splitmix64(_splitmix64(key) + counter).reshape(samples, units)
    return np.asarray((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 >= rate)


def _splitmix64(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = x + np.uint64(0x9E3779B97F4A7C15)  # arithmetic on arrays of uint64 wraps around, as the hash wants it
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
