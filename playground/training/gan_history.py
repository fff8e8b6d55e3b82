"""How a run of a generator and its discriminator has gone: a row every few steps, kept in a bounded space.

Rows are never re-drawn at other places: when there are too many, each two neighbours become their mean, always the same two. So
a curve that grows does not dance, and a stored run has the curve of one that was never interrupted.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("epoch", "step", "g_loss", "d_loss", "d_real", "d_fake", "frechet", "g_norm", "d_norm")
"""``d_real`` and ``d_fake`` are the share of real and of made pictures that the discriminator tells right, or a critic's mean
scores of them; the norms are lengths of gradients. NaN where something was not measured."""
STORED = 1 + len(COLUMNS)
"""Columns of what is stored: first how many rows went into each."""
KEPT, SHOWN, HEAD = 1024, 176, 16
"""So many rows are kept and drawn; the first ones are drawn as they came, since their spikes are what a mean would lose."""


class GanHistory:
    """Rows of measurements, the last ones always as they came."""

    def __init__(self, rows: NDArray[np.floating] | None = None) -> None:
        """Start empty, or from rows that ``rows()`` gave."""
        self._rows: list[NDArray[np.float64]] = []
        self._waiting: list[NDArray[np.float64]] = []
        self._size = 1
        given = np.zeros((0, STORED)) if rows is None else np.asarray(rows, np.float64)
        if len(given):
            self._size = int(given[:, 0].max())
            for row in given:
                (self._rows if row[0] == self._size else self._waiting).append(row[1:].copy())

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows) + len(self._waiting)

    def add(self, epoch: float, step: int, **values: float) -> None:
        """Add what was measured; a column that is not named was not.

        Args:
            epoch: Complete epochs, with the part of the one under way.
            step: Complete steps.
            **values: By the names of ``COLUMNS``.
        """
        if unknown := set(values) - set(COLUMNS):
            raise TypeError(f"no such columns: {', '.join(sorted(unknown))}")
        found = {**values, "epoch": epoch, "step": float(step)}
        self._take(np.array([found.get(name, math.nan) for name in COLUMNS], np.float64))

    def rewind(self, step: int) -> None:
        """Forget what came after a step."""
        self._rows = [row for row in self._rows if row[1] <= step]
        self._waiting = [row for row in self._waiting if row[1] <= step]

    def rows(self) -> NDArray[np.float64]:
        """What is stored, ``(n, STORED)``."""
        made = [np.concatenate([[self._size], row]) for row in self._rows]
        made += [np.concatenate([[1.0], row]) for row in self._waiting]
        return np.array(made, np.float64).reshape(len(made), STORED)

    def curve(self, most: int = SHOWN) -> NDArray[np.float32]:
        """What is drawn, ``(columns, n)``: at most ``most`` points, but for the first ``HEAD`` means of as many neighbours as it takes."""
        rows = np.array([*self._rows, *self._waiting], np.float64).reshape(-1, len(COLUMNS))
        size = 1
        head = min(len(rows), HEAD, most // 4)
        while head + math.ceil((len(rows) - head) / size) > most:
            size *= 2
        made = [*rows[:head], *(_mean(rows[start : start + size]) for start in range(head, len(rows), size))]
        return np.ascontiguousarray(np.array(made, np.float32).reshape(len(made), len(COLUMNS)).T)

    def newest(self, name: str) -> float:
        """The value of a column that was measured last; NaN where it never was."""
        at = COLUMNS.index(name)
        found = (row[at] for row in (*reversed(self._waiting), *reversed(self._rows)) if math.isfinite(row[at]))
        return float(next(found, math.nan))

    def _take(self, row: NDArray[np.float64]) -> None:
        self._waiting.append(row)
        if len(self._waiting) < self._size:
            return
        self._rows.append(_mean(np.array(self._waiting)))
        self._waiting = []
        if len(self._rows) > KEPT:
            pairs = self._rows
            self._size *= 2
            self._rows = [_mean(np.array(pairs[at : at + 2])) for at in range(0, len(pairs) - 1, 2)]
            self._waiting = [] if len(pairs) % 2 == 0 else [pairs[-1]]


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of some rows, over what was measured in each column; epoch and step are those of the last."""
    known = np.isfinite(rows)
    counts = known.sum(axis=0)
    sums = np.where(known, rows, 0.0).sum(axis=0)
    made = np.where(counts > 0, sums / np.maximum(counts, 1), math.nan)
    made[:2] = rows[-1, :2]
    return np.asarray(made, np.float64)
