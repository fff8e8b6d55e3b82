"""Grey pictures made smaller, larger or softer: rows and columns are each one product with a matrix of weights."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.float32]


def resized(picture: Grey, height: int, width: int) -> Grey:
    """A picture ``(h, w)`` of another size ``(height, width)``: each new pixel is the mean of those it covers, by a triangle."""
    high, wide = picture.shape
    return np.asarray(_triangle(high, height) @ picture @ _triangle(wide, width).T, dtype=np.float32)


def fitted(picture: Grey, side: int) -> Grey:
    """The same picture with ``side`` pixels along its longer edge."""
    high, wide = picture.shape
    share = side / max(high, wide)
    return resized(picture, max(1, round(high * share)), max(1, round(wide * share)))


def squared(picture: Grey, side: int, around: float | None = None) -> Grey:
    """The whole picture in the middle of a square ``(side, side)``; ``around`` fills the rest (its own median if ``None``)."""
    small = fitted(picture, side)
    page = np.full((side, side), np.median(small) if around is None else around, dtype=np.float32)
    top, left = (side - small.shape[0]) // 2, (side - small.shape[1]) // 2
    page[top : top + small.shape[0], left : left + small.shape[1]] = small
    return page


def blurred(picture: Grey, sigma: float) -> Grey:
    """Softened by a Gaussian of ``sigma`` pixels; at the edge it looks at what there is."""
    high, wide = picture.shape
    return np.asarray(_gauss(high, sigma) @ picture @ _gauss(wide, sigma).T, dtype=np.float32)


def widened(picture: Grey, radius: float) -> Grey:
    """Each pixel takes the largest value within ``radius`` pixels: strokes grow by so much on every side."""
    whole = int(np.ceil(radius))
    around = np.pad(picture, whole)
    high, wide = picture.shape
    made = picture.copy()
    for dy in range(-whole, whole + 1):
        for dx in range(-whole, whole + 1):
            far = np.hypot(dx, dy)
            if 0 < far < radius + 1:  # the rim takes part as far as the circle covers it
                part = np.float32(min(1.0, radius + 1 - far))
                np.maximum(
                    made, part * around[whole + dy : whole + dy + high, whole + dx : whole + dx + wide], out=made
                )
    return made


@lru_cache(maxsize=256)
def _triangle(given: int, wanted: int) -> Grey:
    scale = given / wanted
    reach = max(1.0, scale)
    middles = (np.arange(wanted) + 0.5) * scale
    weights = np.maximum(0.0, 1 - np.abs(np.arange(given) + 0.5 - middles[:, None]) / reach)
    return np.asarray(weights / weights.sum(1, keepdims=True), dtype=np.float32)


@lru_cache(maxsize=64)
def _gauss(count: int, sigma: float) -> Grey:
    far = np.arange(count) - np.arange(count)[:, None]
    weights = np.exp(-0.5 * (far / max(sigma, 1e-3)) ** 2)
    return np.asarray(weights / weights.sum(1, keepdims=True), dtype=np.float32)
