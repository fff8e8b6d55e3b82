"""Ten digits as strokes of a pen, drawn by ourselves: to begin with on a pad, and to be changed there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 56
PEN = 0.075


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of the pen.

    Attributes:
        points: x and y in turn, as shares of the pad's side.
        pen: Its width as such a share.
    """

    points: tuple[float, ...]
    pen: float = PEN


def _arc(x: float, y: float, wide: float, high: float, start: float, end: float, count: int = 15) -> tuple[float, ...]:
    """Points on an ellipse around (x, y), from one angle to another in turns (0 is right, 0.25 is down)."""
    turns = 2 * np.pi * np.linspace(start, end, count)
    return tuple(np.stack([x + wide * np.cos(turns), y + high * np.sin(turns)], -1).round(4).ravel().tolist())


def _dense(strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """The same lines with a point at least every fortieth of the side, so that a pad that smooths them keeps their corners."""
    made = []
    for stroke in strokes:
        points = np.array(stroke.points).reshape(-1, 2)
        parts = [points[:1]]
        for start, end in itertools.pairwise(points):
            count = max(1, int(np.ceil(np.hypot(*(end - start)) / 0.025)))
            parts.append(start + (end - start) * np.arange(1, count + 1)[:, None] / count)
        made.append(Stroke(tuple(np.concatenate(parts).round(4).ravel().tolist()), stroke.pen))
    return tuple(made)


_DRAWN: tuple[tuple[Stroke, ...], ...] = (
    (Stroke(_arc(0.5, 0.5, 0.19, 0.31, -0.22, 0.8, 30)),),
    (Stroke((0.43, 0.27, 0.48, 0.235, 0.53, 0.18, 0.525, 0.4, 0.515, 0.6, 0.51, 0.82)),),
    (Stroke((*_arc(0.5, 0.36, 0.17, 0.17, -0.45, 0.08, 14), 0.6, 0.52, 0.47, 0.67, 0.33, 0.8, 0.5, 0.79, 0.7, 0.8)),),
    (Stroke((*_arc(0.48, 0.34, 0.16, 0.15, -0.42, 0.24, 14), *_arc(0.47, 0.65, 0.2, 0.17, -0.22, 0.4, 15))),),
    (Stroke((0.48, 0.19, 0.4, 0.36, 0.29, 0.58, 0.5, 0.58, 0.74, 0.57)), Stroke((0.6, 0.36, 0.59, 0.6, 0.58, 0.84))),
    (
        Stroke((0.4, 0.2, 0.385, 0.34, 0.36, 0.47, *_arc(0.48, 0.62, 0.19, 0.19, -0.31, 0.38, 17))),
        Stroke((0.4, 0.2, 0.53, 0.2, 0.68, 0.19)),
    ),
    (Stroke((0.62, 0.17, 0.5, 0.27, 0.4, 0.42, 0.35, 0.57, *_arc(0.49, 0.64, 0.16, 0.17, -0.5, 0.52, 24)[2:])),),
    (Stroke((0.3, 0.22, 0.48, 0.215, 0.69, 0.21, 0.6, 0.38, 0.52, 0.58, 0.46, 0.82)),),
    (
        Stroke((
            *_arc(0.5, 0.34, 0.14, 0.145, -0.05, -0.74, 18), *_arc(0.5, 0.655, 0.17, 0.17, -0.25, 0.75, 24),
            *_arc(0.5, 0.34, 0.14, 0.145, 0.26, -0.03, 8),
        )),
    ),
    (Stroke((*_arc(0.48, 0.36, 0.16, 0.16, -0.03, -1.0, 24), 0.63, 0.5, 0.6, 0.66, 0.56, 0.83)),),
)  # fmt: skip


DIGITS = tuple(_dense(strokes) for strokes in _DRAWN)


def ink(strokes: Sequence[Stroke], side: int = SIDE) -> NDArray[np.uint8]:
    """Strokes as a grey picture ``(side, side)``: 0 untouched, 255 full ink; straight from point to point."""
    y, x = np.meshgrid((np.arange(side) + 0.5) / side, (np.arange(side) + 0.5) / side, indexing="ij")
    full = np.zeros((side, side))
    for stroke in strokes:
        points = np.array(stroke.points).reshape(-1, 2)
        ends = np.concatenate([points[1:], points[-1:]])
        for (x0, y0), (x1, y1) in zip(points, ends, strict=True):
            long = (x1 - x0) ** 2 + (y1 - y0) ** 2
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / long, 0, 1) if long > 0 else 0.0
            far = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
            full = np.maximum(full, np.clip((stroke.pen / 2 - far) * side + 0.5, 0, 1))
    return np.asarray(np.rint(255 * full), dtype=np.uint8)
