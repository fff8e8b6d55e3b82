"""Basins of attraction: from where one optimizer ends in which minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.optim.descent import Racer, descend
from playground.optim.landscape import Floats, Landscape
from playground.optim.outcome import Kind

MOVING, DIVERGED, ELSEWHERE = -1, -2, -3
"""What a start is marked with where it did not settle: on its way, gone for good, or in one of too many minima."""


@dataclass(frozen=True)
class Basins:
    """Where a grid of starts ends.

    Attributes:
        x: The starts' places along x, ``(columns,)``.
        y: Along y, ``(rows,)``.
        ends: For each start the number of the place in which it settled, or ``MOVING``, ``DIVERGED`` or ``ELSEWHERE``;
            ``(rows, columns)``.
        places: Those places, the lowest first, ``(k, 2)``.
        losses: Their heights, ``(k,)``.
        steps: The step at which each start had arrived, or its last one, ``(rows, columns)``.
    """

    x: Floats
    y: Floats
    ends: NDArray[np.int64]
    places: Floats
    losses: Floats
    steps: NDArray[np.int64]


def basins(
    surface: Landscape,
    racer: Racer,
    *,
    columns: int = 40,
    rows: int = 40,
    steps: int = 200,
    schedule: str = "constant",
    most: int = 12,
) -> Basins:
    """Start an optimizer from every place of a grid over the domain and see where it ends.

    Args:
        surface: What to walk on; of one dimension it has one row.
        racer: The optimizer.
        columns: Starts along x.
        rows: Starts along y.
        steps: Steps for each.
        schedule: Name in ``SCHEDULES``.
        most: How many places are told apart; the others, the highest, become ``ELSEWHERE``.
    """
    (x0, x1), (y0, y1) = surface.domain
    rows = rows if surface.dimensions == 2 else 1
    x = x0 + (x1 - x0) * (np.arange(columns) + 0.5) / columns
    y = y0 + (y1 - y0) * (np.arange(rows) + 0.5) / rows
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    verdict = descend(surface, [racer], starts, steps, schedule=schedule).verdict
    settled = np.array([kind in (Kind.CONVERGED, Kind.LOCAL) for kind in verdict.kinds])
    ends = np.where([kind == Kind.DIVERGED for kind in verdict.kinds], DIVERGED, MOVING)
    reach = 0.03 * np.array([x1 - x0, y1 - y0])
    places: list[Floats] = []
    heights: list[float] = []
    open_ = settled.copy()
    while open_.any():
        first = int(np.flatnonzero(open_)[np.argmin(verdict.losses[open_])])
        near = open_ & (np.abs(verdict.places - verdict.places[first]) < reach).all(axis=1)
        ends[near] = len(places) if len(places) < most else ELSEWHERE
        if len(places) < most:
            places.append(verdict.places[first])
            heights.append(float(verdict.losses[first]))
        open_ &= ~near
    shape = rows, columns
    found = np.array(places).reshape(-1, 2)
    return Basins(x, y, ends.reshape(shape).astype(np.int64), found, np.array(heights), verdict.steps.reshape(shape))
