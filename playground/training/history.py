"""How a run has gone so far: a few numbers per epoch, kept in a bounded space.

Points are dropped by doubling the stride, never by re-drawing them: what is kept is exactly the epochs divisible by the
stride, so a curve that grows does not dance, and a stored run has the same curve as one that was never interrupted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("epoch", "train_loss", "val_loss", "train_metric", "val_metric")
KEPT = 2000
SHOWN = 150


class History:
    """Epochs and their metrics, at most ``KEPT`` of them, and always the newest."""

    def __init__(self, rows: NDArray[np.floating] | None = None) -> None:
        """Start empty, or from rows that ``rows()`` gave."""
        self._kept: list[tuple[float, ...]] = []
        self._last: tuple[float, ...] | None = None
        self._stride = 1
        if rows is not None and len(rows):
            # Three rows or more: the first two lie one stride apart (the newest need not lie on the stride).
            self._stride = max(1, int(rows[1, 0] - rows[0, 0])) if len(rows) > 2 else 1
            for row in rows:
                self.add(*(float(value) for value in row))

    def add(self, epoch: float, *values: float) -> None:
        """Add the metrics of one epoch (in the order of ``COLUMNS``; NaN where there is none)."""
        self._last = (epoch, *values)
        if epoch % self._stride == 0:
            self._kept.append(self._last)
        if len(self._kept) > KEPT:
            self._stride *= 2
            self._kept = [row for row in self._kept if row[0] % self._stride == 0]

    def rewind(self, epoch: int) -> None:
        """Forget what came after an epoch."""
        self._kept = [row for row in self._kept if row[0] <= epoch]
        self._last = self._kept[-1] if self._kept else None

    def rows(self) -> NDArray[np.float32]:
        """What is kept, ``(n, 5)``."""
        rows = list(self._kept)
        if self._last is not None and (not rows or rows[-1] is not self._last):
            rows.append(self._last)
        return np.array(rows, dtype=np.float32).reshape(len(rows), len(COLUMNS))

    def curve(self, most: int = SHOWN) -> NDArray[np.float32]:
        """What is drawn, ``(5, n)``: at most ``most`` points, the first and the newest among them."""
        rows = self.rows()
        if len(rows) > most:
            stride = self._stride
            epochs = rows[:, 0]
            while np.count_nonzero(epochs % stride == 0) > most - 2:
                stride *= 2
            keep = epochs % stride == 0
            keep[[0, -1]] = True
            rows = rows[keep]
        return np.ascontiguousarray(rows.T)
