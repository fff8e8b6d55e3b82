"""What every source of data hands over: numbers in columns, a target, and the words that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Task = Literal["binary", "classes", "regression"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows to learn from, in their own units: nothing is standardised or split yet.

    Attributes:
        x: Inputs, ``(n, d)`` float64, finite, ``d >= 2``.
        y: Number of the class (0, 1, ...) or, for regression, the value; ``(n,)`` float64.
        task: ``"binary"`` (two classes), ``"classes"`` (three or more) or ``"regression"`` (a number).
        inputs: Name of each column of ``x``, with its unit where that is known.
        target: Name of what is predicted.
        classes: Name of each class in the order of its number; empty for regression.
        notes: Sentences that a reader should know (rows left out, how classes were numbered).
        drawn: ``True`` for points drawn on the plane [-6, 6]^2, ``False`` for measured tables.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    task: Task
    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    drawn: bool = False

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit together: a defect of the caller, hence ``ValueError``."""
        n, d = self.x.shape
        if self.y.shape != (n,) or len(self.inputs) != d:
            raise ValueError(f"x {self.x.shape}, y {self.y.shape} and {len(self.inputs)} input names do not fit")
        if (self.task == "regression") != (not self.classes) or (self.task == "binary") != (len(self.classes) == 2):
            raise ValueError(f"task '{self.task}' does not fit {len(self.classes)} classes")
