"""Ten drawn shapes on noise: 28 x 28 pixels, grey, always there, and the same for everybody.

Each shape lies anywhere, in many sizes, turned a little, light on dark. What it is can be told from its edges, wherever they
are, and not from any one pixel: a network that looks at neighbours learns it, one that does not has to learn every place anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.data.image_set import ImageSet, Labelled, Share

CLASSES = ("disc", "ring", "crescent", "heart", "triangle", "square", "bar", "cross", "star", "arrow")
SIDE = 28
COUNTS: Mapping[Share, int] = {"train": 3000, "val": 600, "test": 600}
SEED = 28
SMALLEST, LARGEST = 5.5, 9.5
"""Radius of the circle around a shape, in pixels."""
TURN = 0.5
"""A shape is turned by so much at most, in radians, either way."""
NOISE = 22.0
"""Standard deviation of the noise, in steps of grey."""

_SHARES: tuple[Share, ...] = ("train", "val", "test")


def load(folder: Path) -> ImageSet:
    """All of them, drawn anew; nothing is looked for in ``folder``."""
    train, val, test = (draw(share, COUNTS[share]) for share in _SHARES)
    return ImageSet(train, val, test, CLASSES)


def some(folder: Path, n: int) -> Labelled:
    """The first ``n`` validation pictures."""
    return draw("val", n)


def draw(share: Share, n: int) -> Labelled:
    """The first ``n`` pictures of a share, at most all; each class has equally many in all of it."""
    number, count = _SHARES.index(share), COUNTS[share]
    pick = generator(SEED, Stream.DATA, number)
    y = pick.permutation(np.arange(count) % len(CLASSES))
    radius = pick.uniform(SMALLEST, LARGEST, count)
    angle = pick.uniform(-TURN, TURN, count)
    centre = SIDE / 2 + (SIDE / 2 - radius[:, None]) * pick.uniform(-1, 1, (count, 2))
    dark, light = pick.uniform(20, 90, count), pick.uniform(150, 235, count)
    n = min(n, count)
    cover = np.zeros((n, SIDE, SIDE))
    for one in range(len(CLASSES)):
        of = np.flatnonzero(y[:n] == one)
        cover[of] = _cover(CLASSES[one], centre[of], radius[of], angle[of])
    grey = dark[:n, None, None] + cover * (light - dark)[:n, None, None]
    grey += NOISE * generator(SEED, Stream.NOISE, number).standard_normal((n, SIDE, SIDE))
    return Labelled(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], y[:n].astype(np.int64))


def _cover(
    name: str, centre: NDArray[np.float64], radius: NDArray[np.float64], angle: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much of each pixel the shape covers, 0 to 1, ``(n, side, side)``."""
    place = np.arange(SIDE) + 0.5
    dx = (place[None, None, :] - centre[:, 0, None, None]) / radius[:, None, None]
    dy = (place[None, :, None] - centre[:, 1, None, None]) / radius[:, None, None]
    cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    x, y = dx * cos + dy * sin, dy * cos - dx * sin
    if name == "disc":
        distance = np.hypot(x, y) - 0.9
    elif name == "ring":
        distance = np.abs(np.hypot(x, y) - 0.78) - 0.22
    elif name == "crescent":
        distance = np.maximum(np.hypot(x, y) - 1, 0.78 - np.hypot(x - 0.5, y))
    else:
        distance = _from_polygon(x, y, _CORNERS[name])
    return np.asarray(np.clip(0.5 - distance * radius[:, None, None], 0, 1))


def _from_polygon(x: NDArray[np.float64], y: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each point from the outline, negative inside."""
    nearest = np.full(x.shape, np.inf)
    inside = np.zeros(x.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        ex, ey = bx - ax, by - ay
        along = np.clip(((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey), 0, 1)
        nearest = np.minimum(nearest, (x - ax - along * ex) ** 2 + (y - ay - along * ey) ** 2)
        if ay != by:  # does a ray to the right from the point cross this edge?
            inside ^= ((ay > y) != (by > y)) & (x < ax + ex * (y - ay) / ey)
    return np.asarray(np.where(inside, -1.0, 1.0) * np.sqrt(nearest))


def _regular(corners: int, inner: float = 0.0, start: float = -np.pi / 2) -> NDArray[np.float64]:
    """A regular polygon, or with ``inner`` a star of so many points; the first corner is at the top."""
    count = 2 * corners if inner else corners
    turn = start + 2 * np.pi * np.arange(count) / count
    reach = np.where(np.arange(count) % 2, inner or 1.0, 1.0)
    return np.column_stack([reach * np.cos(turn), reach * np.sin(turn)])


def _heart() -> NDArray[np.float64]:
    t = 2 * np.pi * np.arange(28) / 28
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.column_stack([x, -(y + 2.5)]) / 16.5


_CORNERS: Mapping[str, NDArray[np.float64]] = {
    "heart": _heart(),
    "triangle": _regular(3),
    "square": _regular(4, start=np.pi / 4),
    "bar": np.array([(-0.24, -1.0), (0.24, -1.0), (0.24, 1.0), (-0.24, 1.0)]),
    "cross": np.array(
        [(-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3), (0.3, 0.95), (-0.3, 0.95),
         (-0.3, 0.3), (-0.95, 0.3), (-0.95, -0.3), (-0.3, -0.3)]
    ),
    "star": _regular(5, 0.42),
    "arrow": np.array([(0.0, -1.0), (0.8, -0.15), (0.27, -0.15), (0.27, 1.0), (-0.27, 1.0), (-0.27, -0.15), (-0.8, -0.15)]),
}  # fmt: skip
