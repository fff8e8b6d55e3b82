"""The classes of a target column: their names, their order, and the number of each row's class."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST_NAME = 40


def from_numbers(values: NDArray[np.float64]) -> list[str]:
    """A label for each number, the same for ``1`` and ``1.0``."""
    return [f"{value:.12g}" for value in values.tolist()]


def classes_of(labels: Sequence[str]) -> tuple[str, ...]:
    """Every label once, in the order a person would put them: ``9`` before ``10``, ``grade 2`` before ``grade 10``."""
    return tuple(sorted(set(labels), key=_natural))


def numbered(labels: Sequence[str], classes: Sequence[str]) -> NDArray[np.float64]:
    """The number of each label's class, ``(n,)``."""
    number_of = {name: number for number, name in enumerate(classes)}
    return np.array([number_of[label] for label in labels], np.float64)


def shortened(classes: Sequence[str]) -> tuple[str, ...]:
    """The classes with long names cut and kept apart by their number."""
    return tuple(
        name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 4]}… {number}"
        for number, name in enumerate(classes)
    )


def _natural(text: str) -> tuple[tuple[int, float, str], ...]:
    # The text itself comes last, so that labels which differ in capitals or in zeros only keep one order.
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return (0, number, ""), (2, 0.0, text)
    parts = re.split(r"([0-9]+)", text.casefold())
    return (*((0, float(part), "") if part.isdecimal() else (1, 0.0, part) for part in parts), (2, 0.0, text))
