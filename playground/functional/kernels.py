"""Kernels that were written by hand before networks learnt their own: what each makes of a picture, at any size.

All are to be slid over a picture as they are (cross-correlation). Values are rounded to four decimals, so that what is shown is
what is multiplied.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry, first_line
from playground.core.seed import Stream, generator

Floats = NDArray[np.float64]

_GONZALEZ = "R. C. Gonzalez, R. E. Woods: Digital image processing, 2018"


@dataclass(frozen=True, kw_only=True)
class Kernel(Entry):
    """A kernel by its name.

    Attributes:
        weights: ``(size, angle, seed)`` to ``(size, size)``; the angle in degrees and the seed count for few of them.
    """

    weights: Callable[[int, float, int], Floats]


KERNELS: Registry[Kernel] = Registry("kernel")


def _register(title: str, source: str = _GONZALEZ) -> Callable[[Callable[..., Floats]], Callable[..., Floats]]:
    def decorate(function: Callable[..., Floats]) -> Callable[..., Floats]:
        @functools.wraps(function)
        def weights(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
            return np.round(function(size, angle, seed), 4) + 0.0  # no minus zero

        name = function.__name__
        summary = first_line(function.__doc__)
        KERNELS.add(Kernel(name=name, title=title, summary=summary, source=source, weights=weights))
        return function

    return decorate


@_register("Identity")
def identity(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """Hands every pixel on as it is."""
    kernel = np.zeros((size, size))
    kernel[(size - 1) // 2, (size - 1) // 2] = 1.0
    return kernel


@_register("Edges")
def edges(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """A pixel against its neighbours, in every direction at once."""
    return identity(size) * size**2 - np.ones((size, size))


@_register("Sobel, across", "I. Sobel, G. Feldman: A 3 x 3 isotropic gradient operator for image processing, 1968")
def sobel_x(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """How much brighter it gets to the right: answers to upright edges."""
    return np.outer(_binomial(size), _slope(size))


@_register("Sobel, down", "I. Sobel, G. Feldman: A 3 x 3 isotropic gradient operator for image processing, 1968")
def sobel_y(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """How much brighter it gets downwards: answers to level edges."""
    return sobel_x(size).T


@_register("Blur")
def blur(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """A mean in which near pixels count more: binomial weights, nearly Gaussian."""
    row = _binomial(size) / 2.0 ** (size - 1)
    return np.outer(row, row)


@_register("Sharpen")
def sharpen(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """The picture less its Laplacian: what differs from its surroundings differs more."""
    return identity(size) - laplace(size)


@_register("Emboss")
def emboss(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """Light from the upper left: the picture as a relief."""
    off = np.arange(size) - (size - 1) / 2
    return (off[:, None] + off[None, :]) / max(1.0, (size - 1) / 2) + identity(size)


@_register("Laplace", "D. Marr, E. Hildreth: Theory of edge detection, 1980")
def laplace(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """The second slope across and down: 0 on a ramp, changes its sign at an edge."""
    if size < 3:
        return np.zeros((size, size))
    bend = np.convolve(_binomial(size - 2), [1.0, -2.0, 1.0])
    along = identity(3)[1] if size == 3 else _binomial(size) / 2.0 ** (size - 1)
    return np.outer(bend, along) + np.outer(along, bend)


@_register("Box blur")
def box(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """The plain mean of the window."""
    return np.full((size, size), 1.0 / size**2)


@_register(
    "Gabor", "J. G. Daugman: Uncertainty relation for resolution in space, spatial frequency, and orientation, 1985"
)
def gabor(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """A wave under a bell: answers to stripes of one width and one direction."""
    off = np.arange(size) - (size - 1) / 2
    turn = math.radians(angle)
    along = off[None, :] * math.cos(turn) + off[:, None] * math.sin(turn)
    bell = np.exp(-(off[:, None] ** 2 + off[None, :] ** 2) / (2 * (0.28 * size + 0.2) ** 2))
    wave = np.cos(2 * math.pi * along / max(2.0, 0.75 * size)) * bell
    balanced: Floats = wave - bell * wave.sum() / bell.sum()  # an even grey gives 0
    return balanced


@_register("Random", "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, 2015 (how wide they are drawn)")
def random(size: int, angle: float = 0.0, seed: int = 0) -> Floats:
    """As a network's kernels are before it has learnt anything."""
    drawn = generator(seed, Stream.WEIGHTS).standard_normal((size, size))
    return np.asarray(drawn * math.sqrt(2.0) / size)


def _binomial(size: int) -> Floats:
    """``1 2 1``, ``1 4 6 4 1``: a bell of so many whole numbers."""
    return np.array([float(math.comb(size - 1, k)) for k in range(size)])


def _slope(size: int) -> Floats:
    """``-1 0 1``, ``-1 -2 0 2 1``: a difference, smoothed; one pixel alone has none."""
    return np.convolve(_binomial(size - 1), [-1.0, 1.0]) if size > 1 else np.zeros(1)
