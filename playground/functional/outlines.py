"""The outline of an object's mask, from the prototypes that a network mixes it from (YOLACT, Bolya et al. 2019)."""

from __future__ import annotations

from typing import TypeAlias

import contourpy
import numpy as np
from numpy.typing import NDArray

from playground.core.vision import Box

Points: TypeAlias = NDArray[np.float64]
"""``(n, 2)``: x and y, around the object; the last is joined to the first."""

OUTSIDE = -1e3
"""Put around what may belong to the object, so that every outline closes."""

CRUMB = 0.03
"""A part smaller than this share of the largest one is no part of the object."""

STRAIGHT = 0.12
"""A corner that stands out by less, in cells of the prototypes, is left out."""


def outline(
    prototypes: NDArray[np.float32],
    coefficients: NDArray[np.float32],
    seen: Box,
    box: NDArray[np.float32],
    width: int,
    height: int,
) -> Points:
    """Where the mixed prototypes are above 0 within an object's box.

    Args:
        prototypes: ``(k, h, w)``, over all that the network was fed.
        coefficients: ``(k,)``: how much of each.
        seen: Which part of that shows the picture.
        box: ``(4,)``: left, top, right, bottom in pixels of the picture.
        width: Of the picture, in pixels.
        height: The same.

    Returns:
        ``(n, 2)`` in pixels of the picture; ``(0, 2)`` where nothing is above 0. Parts that lie apart are joined by bridges
        without width; holes are filled.
    """
    _, rows, columns = prototypes.shape
    # Pixel x of the picture lies at x * scale + offset of the prototypes, whose cell c has its middle at c.
    scale_x, offset_x = (seen.right - seen.left) * columns / width, seen.left * columns - 0.5
    scale_y, offset_y = (seen.bottom - seen.top) * rows / height, seen.top * rows - 0.5
    x, left, right = _places(float(box[0]) * scale_x + offset_x, float(box[2]) * scale_x + offset_x, columns)
    y, top, bottom = _places(float(box[1]) * scale_y + offset_y, float(box[3]) * scale_y + offset_y, rows)
    if len(x) < 2 or len(y) < 2:
        return np.empty((0, 2))
    part = np.tensordot(coefficients, prototypes[:, top:bottom, left:right], 1).astype(np.float64)
    values = np.full((len(y) + 2, len(x) + 2), OUTSIDE)
    values[1:-1, 1:-1] = _between(_between(part, y - top, 0), x - left, 1)
    if values.max() <= 0:
        return np.empty((0, 2))
    around_x, around_y = np.r_[x[0] - 1e-3, x, x[-1] + 1e-3], np.r_[y[0] - 1e-3, y, y[-1] + 1e-3]
    lines = contourpy.contour_generator(around_x, around_y, values, line_type=contourpy.LineType.Separate).lines(0.0)
    found = _joined([_straightened(np.asarray(line)[:-1]) for line in lines])
    return np.stack(((found[:, 0] - offset_x) / scale_x, (found[:, 1] - offset_y) / scale_y), axis=1)


def area(points: Points) -> float:
    """Of what an outline encloses, in its own unit squared; the sign is its direction."""
    x, y = points[:, 0], points[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


def _places(low: float, high: float, count: int) -> tuple[NDArray[np.float64], int, int]:
    """Both edges of a box and the cells between, and which cells are needed to know the values there."""
    low, high = max(low, -0.5), min(high, count - 0.5)
    if high - low < 1e-6:
        return np.empty(0), 0, 0
    inner = np.arange(np.ceil(low + 1e-6), np.floor(high - 1e-6) + 1)
    first, last = max(0, int(np.floor(low))), min(count, int(np.ceil(high)) + 1)
    return np.r_[low, inner, high], first, last


def _between(values: NDArray[np.float64], places: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Values at places between cells, on straight lines; beyond the outermost cells as there."""
    last = values.shape[axis] - 1
    places = np.clip(places, 0, last)
    low = np.minimum(places.astype(int), max(0, last - 1))
    high = np.minimum(low + 1, last)
    share = (places - low).reshape((-1, 1) if axis == 0 else (1, -1))
    return np.asarray(values.take(low, axis) * (1 - share) + values.take(high, axis) * share, dtype=np.float64)


def _straightened(points: Points) -> Points:
    """The same outline without the corners that hardly stand out, every other one at a time."""
    for round_ in range(8):
        if len(points) < 8:
            break
        before, after = np.roll(points, 1, 0), np.roll(points, -1, 0)
        across = after - before
        out = np.abs(across[:, 0] * (points[:, 1] - before[:, 1]) - across[:, 1] * (points[:, 0] - before[:, 0]))
        idle = out <= STRAIGHT * np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-9)
        idle[round_ % 2 :: 2] = False
        points = points[~idle]
    return points


def _joined(parts: list[Points]) -> Points:
    """One outline of several: every part but holes and crumbs, from the largest on, by the shortest bridges."""
    sizes = [area(part) if len(part) >= 3 else 0.0 for part in parts]
    # Contours run the same way around what is above 0, and the other way around holes.
    way = np.sign(max(sizes, key=abs, default=0.0))
    largest = max((abs(size) for size in sizes), default=0.0)
    ours = [part for part, size in zip(parts, sizes, strict=True) if size * way > 0 and abs(size) >= CRUMB * largest]
    ours.sort(key=lambda part: -abs(area(part)))
    if not ours:
        return np.empty((0, 2))
    whole = ours[0]
    for part in ours[1:]:
        apart = ((whole[:, None] - part[None]) ** 2).sum(axis=2)
        here, there = divmod(int(apart.argmin()), len(part))
        around = np.roll(part, -there, 0)
        whole = np.concatenate((whole[: here + 1], around, around[:1], whole[here:]))
    return whole
