"""Small pictures of data sets, as SVG: the points themselves, coloured and shaped by what they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.data.dataset import Dataset
from playground.viz.theme import LIGHT

_SIZE = 40
_MARKS = {
    0: "<circle cx='{x:.1f}' cy='{y:.1f}' r='1.5'/>",
    1: "<rect x='{l:.1f}' y='{t:.1f}' width='2.7' height='2.7'/>",
    2: "<path d='M{x:.1f} {t:.1f}l1.8 3.1h-3.6z'/>",
}


def points(data: Dataset, most: int = 90) -> str:
    """A data set of two inputs as an SVG drawing of at most ``most`` points, taken at random (always the same).

    Classes differ by colour and shape (circle, square, triangle); a number is shown from orange (low) to blue (high).
    """
    taken = np.random.default_rng(0).permutation(len(data.y))[:most]
    x, y = data.x[taken, :2], data.y[taken]
    low, high = x.min(axis=0), x.max(axis=0)
    place = 3 + (x - low) / np.maximum(high - low, 1e-12) * (_SIZE - 6)
    place[:, 1] = _SIZE - place[:, 1]
    marks = [
        f"<g fill='{colour}'>{_mark(kind, px, py)}</g>"
        for (px, py), colour, kind in zip(place, _colours(data, y), _kinds(data, y), strict=True)
    ]
    return f"<svg viewBox='0 0 {_SIZE} {_SIZE}' xmlns='http://www.w3.org/2000/svg'>{''.join(marks)}</svg>"


def _mark(kind: int, x: float, y: float) -> str:
    return _MARKS[kind % 3].format(x=x, y=y, l=x - 1.35, t=y - 1.6)


def _kinds(data: Dataset, y: NDArray[np.float64]) -> list[int]:
    return [int(value) for value in y] if data.classes else [0] * len(y)


def _colours(data: Dataset, y: NDArray[np.float64]) -> list[str]:
    if data.task == "binary":
        return [LIGHT.positive if value else LIGHT.negative for value in y]
    if data.task == "classes":
        return [LIGHT.series[int(value) % len(LIGHT.series)] for value in y]
    low, high = float(y.min()), float(y.max())
    return [blend((value - low) / max(high - low, 1e-12)) for value in y]


def blend(share: float) -> str:
    """The diverging map at a share from 0 (orange) over 0.5 (neutral) to 1 (blue), as ``#rrggbb``."""
    ends = (LIGHT.negative, "#B9BFC4", LIGHT.positive)
    start, end = ends[:2] if share < 0.5 else ends[1:]
    part = share * 2 if share < 0.5 else share * 2 - 1
    mixed = (
        round(int(start[at : at + 2], 16) * (1 - part) + int(end[at : at + 2], 16) * part) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def table() -> str:
    """A table of measurements, one column of which (blue) is to be predicted from the others."""
    cells = [
        f"<rect x='{4 + column * 8.2:.1f}' y='{5 + row * 5:.1f}' width='7' height='3.6' rx='0.8' "
        f"fill='{LIGHT.positive if column == 3 else '#9AA3AC'}' opacity='{0.95 if row == 0 else 0.35 + 0.1 * ((row * 3 + column) % 4):.2f}'/>"
        for row in range(6)
        for column in range(4)
    ]
    return f"<svg viewBox='0 0 {_SIZE} {_SIZE}' xmlns='http://www.w3.org/2000/svg'>{''.join(cells)}</svg>"
