"""What a network makes of the validation pictures: who is taken for whom, and the worst mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 12
"""So many pictures of a cell, and so many of the worst mistakes, are shown."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Mistakes:
    """Measured once an epoch.

    Attributes:
        truth: Number of each picture's class, ``(n,)``.
        probabilities: ``(n, classes)``.
        epoch: When it was measured; -1 when it was not.
    """

    truth: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    epoch: int = -1

    def __post_init__(self) -> None:
        """Refuse what does not fit together: a defect of the caller, hence ``ValueError``."""
        if self.probabilities.ndim != 2 or len(self.truth) != len(self.probabilities):
            raise ValueError(f"{len(self.truth)} answers and probabilities {self.probabilities.shape} do not fit")

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The likeliest class of each picture."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.intp)

    def confusion(self) -> NDArray[np.uint16]:
        """How many pictures of each class (row) are taken for each class (column)."""
        classes = self.probabilities.shape[1]
        counts = np.zeros((classes, classes), dtype=np.int64)
        np.add.at(counts, (self.truth, self.predicted), 1)
        return np.minimum(counts, 65_535).astype(np.uint16)

    def cell(self, true: int, predicted: int) -> Rows:
        """Pictures of one class that are taken for one class, the surest first."""
        rows = np.flatnonzero((self.truth == true) & (self.predicted == predicted))
        return np.asarray(rows[np.argsort(-self.probabilities[rows, predicted], kind="stable")], dtype=np.intp)

    def worst(self) -> Rows:
        """The pictures that are read wrongly and have the highest loss, at most ``MOST``."""
        wrong = np.flatnonzero(self.predicted != self.truth)
        right = np.nan_to_num(self.probabilities[wrong, self.truth[wrong]])
        return np.asarray(wrong[np.argsort(right, kind="stable")][:MOST], dtype=np.intp)

    def items(self, rows: Rows) -> list[dict[str, Any]]:
        """What is to be told of some pictures: their number, class, what they are taken for and how surely."""
        predicted = self.predicted
        return [
            {
                "index": int(row),
                "label": int(self.truth[row]),
                "prediction": int(predicted[row]),
                "confidence": round(float(self.probabilities[row, predicted[row]]), 4),
            }
            for row in rows
        ]

    def words(self, classes: Sequence[str], things: str = "pictures") -> str:
        """A sentence on how many mistakes there are, and which is the commonest."""
        if self.epoch < 0:
            return ""
        counts = self.confusion().astype(np.int64)
        np.fill_diagonal(counts, 0)
        wrong = int(counts.sum())
        told = f"Of {len(self.truth):,} validation {things} {wrong:,} {'is' if wrong == 1 else 'are'} read wrongly"
        if not wrong:
            return f"{told}."
        true, taken = divmod(int(counts.argmax()), len(counts))
        return f"{told}, most often {classes[true]} as {classes[taken]} ({counts.max():,})."
