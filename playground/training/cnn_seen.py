"""What a network is given of a picture: moved by some pixels, its pixels in another order, where the experiment says so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.data.image_set import Pictures
from playground.specs.cnn import CNNSpec

_PIXELS = 900  # which sub-stream of the data's random numbers orders the pixels


def permutation(spec: CNNSpec, high: int, wide: int) -> NDArray[np.int64] | None:
    """Where the value of each pixel comes from, ``(high * wide,)``; ``None`` where pixels stay in their places."""
    if not spec.shuffle_pixels:
        return None
    return generator(spec.seed, Stream.DATA, _PIXELS).permutation(high * wide)


def moved(pictures: Pictures, by: int) -> Pictures:
    """Pictures ``(n, h, w, c)`` moved right and down by so many pixels; black comes in, and what leaves is lost."""
    if not by:
        return pictures
    found = np.zeros_like(pictures)
    found[:, by:, by:] = pictures[:, : pictures.shape[1] - by, : pictures.shape[2] - by]
    return found


def reordered(pictures: Pictures, order: NDArray[np.int64] | None) -> Pictures:
    """Pictures ``(n, h, w, c)`` with their pixels in another order, the same one for all."""
    if order is None:
        return pictures
    count, high, wide, channels = pictures.shape
    return pictures.reshape(count, high * wide, channels)[:, order].reshape(count, high, wide, channels)


def given(spec: CNNSpec, pictures: Pictures) -> Pictures:
    """Validation and test pictures ``(n, h, w, c)`` as the network is given them: moved, then in the order of its pixels."""
    return reordered(moved(pictures, spec.shift), permutation(spec, pictures.shape[1], pictures.shape[2]))
