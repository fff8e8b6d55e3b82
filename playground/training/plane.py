"""The plane that is drawn: a slice through the inputs along any two of them, and numbers turned into pixels.

With two inputs the slice is everything there is. With more, the others are held at the training mean or at one row, and
what is drawn fades where no data lie near. NumPy only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data.prepare import Part, Prepared

SIDE = 64
POINTS = 400
_WIDTH = 0.5  # of a point's halo on a slice, in standard deviations of the input


@dataclass(frozen=True)
class View:
    """Where one looks.

    Attributes:
        axes: The two raw inputs that span the plane: horizontal, vertical.
        held: What the other inputs are held at: ``"mean"`` of the training share, or a point of the picture, counted
            through the drawn training points and on through the drawn validation points.
        focus: The unit that is shown large, ``(column, index)`` with column 0 for the inputs; or none.
    """

    axes: tuple[int, int] = (0, 1)
    held: int | str = "mean"
    focus: tuple[int, int] | None = None


class Plane:
    """The slice of a view and the points drawn on it."""

    def __init__(self, prepared: Prepared, seed: int) -> None:
        """Start with the first two inputs, the others at the training mean."""
        self.prepared = prepared
        self.train = _thinned(prepared.train, seed, 0)
        self.val = _thinned(prepared.val, seed, 1)
        self.view = View()
        self._grids: dict[int, NDArray[np.float32]] = {}

    def look(self, view: View) -> None:
        """Look elsewhere; raises ``InputError`` where there is no such input or point."""
        inputs, points = len(self.prepared.inputs), len(self.train.y) + len(self.val.y)
        if len(set(view.axes)) != 2 or not all(0 <= axis < inputs for axis in view.axes):
            raise InputError(f"The plane is spanned by two different inputs, numbered 0 to {inputs - 1}.")
        if view.held != "mean" and not (isinstance(view.held, int) and 0 <= view.held < points):
            raise InputError(f"Inputs are held at 'mean' or at a drawn point, numbered 0 to {points - 1}.")
        self.view = view
        self._grids.clear()

    def anchor(self) -> NDArray[np.float64]:
        """The raw inputs ``(d,)`` that the slice goes through."""
        held, count = self.view.held, len(self.train.y)
        if not isinstance(held, int):
            return np.asarray(self.prepared.mean, dtype=np.float64)
        row = self.train.raw[held] if held < count else self.val.raw[held - count]
        return np.asarray(row, dtype=np.float64)

    def grid(self, side: int) -> NDArray[np.float32]:
        """What the first layer is given at the pixel centres, ``(side * side, f)``; row 0 is the top edge."""
        if side not in self._grids:
            raw = np.tile(self.anchor(), (side * side, 1))
            xs, ys = self._centres(side)
            raw[:, self.view.axes[0]] = np.tile(xs, side)
            raw[:, self.view.axes[1]] = np.repeat(ys, side)
            self._grids[side] = np.ascontiguousarray(self.prepared.encode(raw), dtype=np.float32)
        return self._grids[side]

    def extent(self) -> list[list[float]]:
        """``[[x0, x1], [y0, y1]]`` of the plane, in raw units."""
        return [[float(edge) for edge in self.prepared.extent[axis]] for axis in self.view.axes]

    def points(self, part: Part) -> NDArray[np.float32]:
        """Where each point lies from the plane's lower left corner, and its class number or target value, ``(n, 3)``.

        From the corner, not from zero: float32 could not tell two dates apart that are counted in seconds since 1970.
        """
        (x0, _), (y0, _) = self.extent()
        columns = [part.raw[:, self.view.axes[0]] - x0, part.raw[:, self.view.axes[1]] - y0, part.y]
        return np.stack(columns, axis=1).astype(np.float32)

    def nearness(self, part: Part) -> NDArray[np.float64]:
        """How near each point lies to the slice, 1 on it, towards 0 far off, ``(n,)``.

        A bell over the root mean square of the distances along the held inputs, in training deviations.
        """
        held = [axis for axis in range(len(self.prepared.inputs)) if axis not in self.view.axes]
        if not held:
            return np.ones(len(part.y))
        off = (part.raw[:, held] - self.anchor()[held]) / np.asarray(self.prepared.scale)[held]
        return np.asarray(np.exp(-0.5 * np.mean(np.square(off), axis=1)), dtype=np.float64)

    def fade(self) -> NDArray[np.uint8]:
        """Where training data lie near the slice, ``(SIDE, SIDE)``: 255 nearest, 0 far from any."""
        xs, ys = self._centres(SIDE)
        i, j = self.view.axes
        scale = np.asarray(self.prepared.scale)
        halo_x = np.exp(-0.5 * np.square((xs[:, None] - self.train.raw[:, i]) / scale[i] / _WIDTH))  # (SIDE, n)
        halo_y = np.exp(-0.5 * np.square((ys[:, None] - self.train.raw[:, j]) / scale[j] / _WIDTH))
        halo_y = halo_y * self.nearness(self.train)
        near = np.max(halo_y[:, None, :] * halo_x[None, :, :], axis=2)
        return np.asarray(np.rint(255 * near / max(float(near.max()), 1e-12)), dtype=np.uint8)

    def _centres(self, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Pixel centres from left to right and from top to bottom."""
        (x0, x1), (y0, y1) = self.extent()
        steps = (np.arange(side) + 0.5) / side
        return x0 + steps * (x1 - x0), y1 - steps * (y1 - y0)


def doubled(peak: float, scale: float = 0.0) -> float:
    """The smallest power of two that holds ``peak``, never less than ``scale``: pictures grow in doublings.

    Nothing to hold gives 1; a peak that is no number leaves the scale as it was.
    """
    if not math.isfinite(peak) or peak <= 0:
        return scale or 1.0
    return max(scale, 2.0 ** math.ceil(math.log2(peak)))


def signed_pixels(values: NDArray[Any], scale: float) -> NDArray[np.uint8]:
    """Values as bytes: 0 is ``-scale`` or less, 128 is 0, 255 is ``scale`` or more; any shape."""
    scaled = np.asarray(values, dtype=np.float32) * np.float32(127.5 / scale) + np.float32(128)
    return np.asarray(np.nan_to_num(np.clip(scaled, 0, 255)), dtype=np.uint8)


def share_pixels(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Values as bytes: 0 is ``low`` or less, 255 is ``high`` or more; any shape."""
    scaled = (np.asarray(values, dtype=np.float32) - np.float32(low)) * np.float32(255 / (high - low)) + np.float32(0.5)
    return np.asarray(np.nan_to_num(np.clip(scaled, 0, 255)), dtype=np.uint8)


def _thinned(part: Part, seed: int, index: int) -> Part:
    """At most ``POINTS`` rows, the same ones for the same seed, in their order."""
    count = len(part.y)
    if count <= POINTS:
        return part
    rows = np.sort(generator(seed, Stream.SPLIT, 1000 + index).choice(count, POINTS, replace=False))
    return Part(x=part.x[rows], y=part.y[rows], raw=part.raw[rows])
