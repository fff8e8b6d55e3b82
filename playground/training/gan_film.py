"""What a generator drew on the way: the same latents every so many steps, thinned out as the run grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.training.gan_grid import Grid

MOST = 60
"""So many snapshots are kept."""
EVERY = 10
"""Steps between two of them at first; twice as many whenever there are too many."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What was drawn after so many steps.

    Attributes:
        step: Complete steps.
        epoch: Complete epochs.
        pictures: ``(n, h, w, c)``, in the order of the grid.
    """

    step: int
    epoch: int
    pictures: NDArray[np.uint8]


class Film:
    """The snapshots of one run, oldest first. Which are kept depends on steps alone, never on the clock.

    Args:
        grid: What is drawn.
        arrays: What ``arrays()`` gave, to go on from there.

    Raises:
        InputError: The arrays are of another grid, or no such film.
    """

    def __init__(self, grid: Grid, arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        self.grid = grid
        self.snapshots: list[Snapshot] = []
        self._stride = EVERY
        if arrays is not None:
            self._read(arrays)

    def due(self, step: int) -> bool:
        """Whether a snapshot is wanted after so many steps."""
        return step % self._stride == 0 and (not self.snapshots or step > self.snapshots[-1].step)

    def add(self, step: int, epoch: int, pictures: NDArray[np.uint8]) -> None:
        """Keep what the grid's latents give now; the last one of a run need not be due, and gives way to the next."""
        while self.snapshots and (self.snapshots[-1].step >= step or not self._kept(self.snapshots[-1])):
            self.snapshots.pop()
        self.snapshots.append(Snapshot(step, epoch, pictures))
        if step % self._stride == 0 and len(self.snapshots) > MOST:
            self._thin()

    def rewind(self, step: int) -> None:
        """Forget what came after a step."""
        self.snapshots = [one for one in self.snapshots if one.step <= step]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As plain arrays: ``film`` ``(k, n, h, w, c)`` uint8, and ``film_at`` ``(k, 2)`` int64, step and epoch of each."""
        at = np.array([(one.step, one.epoch) for one in self.snapshots], np.int64).reshape(len(self.snapshots), 2)
        none = np.zeros((0, len(self.grid.latents), 1, 1, 1), np.uint8)
        return {"film": np.stack([one.pictures for one in self.snapshots]) if self.snapshots else none, "film_at": at}

    def _thin(self) -> None:
        self._stride *= 2
        self.snapshots = [one for one in self.snapshots if self._kept(one)]

    def _kept(self, snapshot: Snapshot) -> bool:
        return snapshot.step % self._stride == 0

    def _read(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        film, at = arrays.get("film"), arrays.get("film_at")
        fits = (
            film is not None
            and at is not None
            and film.ndim == 5
            and film.dtype == np.uint8
            and at.dtype == np.int64
            and at.shape == (len(film), 2)
            and len(film) <= MOST + 1
            and film.shape[1] == len(self.grid.latents)
            and bool((np.diff(at[:, 0]) > 0).all())
        )
        if not fits or film is None or at is None:
            raise InputError("The snapshots of this stored run cannot be read; start it again.")
        self.snapshots = [Snapshot(int(step), int(epoch), one) for (step, epoch), one in zip(at, film, strict=True)]
        while self.snapshots and self.snapshots[-1].step // self._stride >= MOST:
            self._stride *= 2
