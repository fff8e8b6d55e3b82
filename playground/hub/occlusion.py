"""Occlusion: how much of a class's score is lost when a place of the picture is covered.

M. D. Zeiler, R. Fergus: Visualizing and understanding convolutional networks, 2014.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

AT_ONCE = 8
"""So many covered pictures exist at the same time."""


def occlusion(
    probabilities: Callable[[Tensor], NDArray[np.float32]], x: Tensor, target: int, cells: int, span: int
) -> tuple[NDArray[np.float32], float]:
    """Slide a grey patch over a picture.

    Args:
        probabilities: From pictures ``(n, 3, h, w)`` to ``(n, classes)``.
        x: One picture as the network is fed it, ``(1, 3, h, w)``: its 0 is the mean colour of the training pictures.
        target: Number of the class.
        cells: The picture is divided into so many cells a side (at most its pixels).
        span: The patch covers so many cells a side; it moves by one.

    Returns:
        For each cell ``(rows, columns)`` the score that was lost, the mean of all patches that covered it (negative where the
        score rose), and the score of the whole picture.
    """
    high, wide = x.shape[2:]
    rows, columns = _edges(high, min(cells, high)), _edges(wide, min(cells, wide))
    places = [(top, left) for top in range(len(rows) - span) for left in range(len(columns) - span)]
    whole = float(probabilities(x)[0, target])
    lost = np.zeros((len(rows) - 1, len(columns) - 1))
    times = np.zeros_like(lost)
    for some in _portions(places):
        covered = x.repeat(len(some), 1, 1, 1)  # (n, 3, h, w)
        for picture, (top, left) in zip(covered, some, strict=True):
            picture[:, rows[top] : rows[top + span], columns[left] : columns[left + span]] = 0.0
        scores = probabilities(covered)[:, target]
        for score, (top, left) in zip(scores, some, strict=True):
            lost[top : top + span, left : left + span] += whole - float(score)
            times[top : top + span, left : left + span] += 1
    return (lost / times).astype(np.float32), whole


def _edges(length: int, cells: int) -> list[int]:
    """Where the cells of a side begin, and the end of the last one."""
    return [round(length * cell / cells) for cell in range(cells + 1)]


def _portions(places: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(places), AT_ONCE):
        yield places[start : start + AT_ONCE]
