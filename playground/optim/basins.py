"""Basins of attraction: from where one optimizer ends in which minimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.optim.descent import Racer, descend
from playground.optim.landscape import Floats, Landscape
from playground.optim.outcome import Kind

MOVING, DIVERGED, ELSEWHERE = -1, -2, -3
"""What a start is marked with where it did not settle: on its way, gone for good, or in one of too many minima."""

_AT_ONCE = 400
"""So many starts walk together: as quick as all of them at once, and a page needs a quarter of the memory."""


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
    parts = [
        descend(surface, [racer], starts[at : at + _AT_ONCE], steps, schedule=schedule, inside=False).verdict
        for at in range(0, len(starts), _AT_ONCE)
    ]
    kinds = [kind for part in parts for kind in part.kinds]
    stands, lows = np.concatenate([part.places for part in parts]), np.concatenate([part.losses for part in parts])
    settled = np.array([kind in (Kind.CONVERGED, Kind.LOCAL) for kind in kinds])
    ends = np.where([kind == Kind.DIVERGED for kind in kinds], DIVERGED, MOVING)
    reach = 0.03 * np.array([x1 - x0, y1 - y0])
    places: list[Floats] = []
    heights: list[float] = []
    open_ = settled.copy()
    while open_.any():
        first = int(np.flatnonzero(open_)[np.argmin(lows[open_])])
        near = open_ & (np.abs(stands - stands[first]) < reach).all(axis=1)
        ends[near] = len(places) if len(places) < most else ELSEWHERE
        if len(places) < most:
            places.append(stands[first])
            heights.append(float(lows[first]))
        open_ &= ~near
    shape = rows, columns
    found = np.array(places).reshape(-1, 2)
    taken = np.concatenate([part.steps for part in parts]).reshape(shape)
    return Basins(x, y, ends.reshape(shape).astype(np.int64), found, np.array(heights), taken)


@dataclass(frozen=True)
class Shared:
    """Several maps of one surface with one numbering of the places in which starts settled.

    Attributes:
        places: All places, the lowest first, ``(k, 2)``.
        losses: Their heights, ``(k,)``.
        ends: For each map what each start settled in, as in ``Basins.ends``, ``(maps, rows, columns)``.
        families: For each place the number of its family, ``(k,)``: itself, or where there are too many to be told apart
            all that are equally low; the last family holds every higher one.
    """

    places: Floats
    losses: Floats
    ends: NDArray[np.int64]
    families: NDArray[np.int64]


def together(surface: Landscape, maps: Sequence[Basins], most: int = 6) -> Shared:
    """Number the places of several maps alike; ``most`` is how many families are told apart."""
    reach = 0.03 * np.ptp(np.array(surface.domain, dtype=np.float64), axis=1)
    found = [
        (float(loss), *map(float, place)) for one in maps for place, loss in zip(one.places, one.losses, strict=True)
    ]
    kept: list[tuple[float, float, float]] = []
    for loss, x, y in sorted(found):
        if not any(abs(x - a) < reach[0] and abs(y - b) < reach[1] for _, a, b in kept):
            kept.append((loss, x, y))
    places = np.array([place[1:] for place in kept]).reshape(-1, 2)
    losses = np.array([place[0] for place in kept])
    ends = []
    for one in maps:
        numbers = [int(np.argmin((np.abs(places - place) / reach).max(axis=1))) for place in one.places]
        table = np.array([*numbers, ELSEWHERE, DIVERGED, MOVING])  # counted from the end, as those three are
        ends.append(table[one.ends])
    return Shared(places, losses, np.array(ends), _families(losses, most))


def _families(losses: Floats, most: int) -> NDArray[np.int64]:
    """A number for each place; equally low ones share theirs where there are more than ``most``."""
    if len(losses) <= most:
        return np.arange(len(losses))
    spread = max(float(np.ptp(losses)), 1e-300)
    risen = np.concatenate([[False], np.diff(losses) > 0.01 * spread])
    families: NDArray[np.int64] = np.minimum(np.cumsum(risen), most - 1)
    return families
