"""Precision, recall and average precision of an object detector, counted as COCO counts them, in plain NumPy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.functional.suppression import overlap

THRESHOLDS: tuple[float, ...] = tuple(percent / 100 for percent in range(50, 100, 5))
"""The ten overlaps that COCO asks for, one after the other; the mean over them rewards boxes that fit well."""

RECALLS = np.linspace(0, 1, 101)
"""Where COCO reads the curve."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What becomes of precision and recall while boxes are taken in, from the surest to the least sure.

    Attributes:
        precision: ``(n,)``: of the boxes up to this one, the part that hit.
        recall: ``(n,)``: of the true boxes, the part that is found by then.
        envelope: ``(n,)``: the best precision at this box or any later one.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    envelope: NDArray[np.float64]


def overlaps(boxes: NDArray[np.float32], truths: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of each proposed box ``(n, 4)`` with each true one ``(t, 4)``: ``(n, t)``."""
    found = np.zeros((len(boxes), len(truths)), np.float32)
    for number, box in enumerate(boxes):
        found[number] = overlap(box, truths)
    return found


def match(
    shared: NDArray[np.float32], labels: NDArray[np.int64], truth_labels: NDArray[np.int64], iou: float = 0.5
) -> NDArray[np.int64]:
    """Which true box each proposed box hits, by COCO's rule: the surest chooses first, and each true box is hit once.

    Args:
        shared: ``(n, t)``: intersection over union, the surest proposal first (see ``overlaps``).
        labels: ``(n,)``: classes of the proposals.
        truth_labels: ``(t,)``: those of the true boxes.
        iou: A hit overlaps by at least so much, with a true box of its own class.

    Returns:
        ``(n,)``: the number of the true box, or -1 for a false positive.
    """
    hit = np.full(len(labels), -1, np.int64)
    free = np.ones(len(truth_labels), bool)
    for number, label in enumerate(labels):
        open_ones = np.flatnonzero(free & (truth_labels == label) & (shared[number] >= np.float32(iou)))
        if len(open_ones):
            hit[number] = open_ones[shared[number, open_ones].argmax()]
            free[hit[number]] = False
    return hit


def curve(hits: NDArray[np.bool_], total: int) -> Curve:
    """Precision and recall after each box of one class.

    Args:
        hits: ``(n,)``: whether it hit, the surest first.
        total: How many true boxes there are, at least 1.
    """
    so_far = hits.cumsum()
    precision = so_far / np.arange(1, len(hits) + 1)
    return Curve(precision, so_far / total, np.maximum.accumulate(precision[::-1])[::-1])


def sampled(hits: NDArray[np.bool_], total: int) -> NDArray[np.float64]:
    """At each of the 101 recalls the best precision with which the model reaches it, 0 where it never does: ``(101,)``."""
    found = curve(hits, total)
    first = np.searchsorted(found.recall, RECALLS, side="left")
    return np.append(found.envelope, 0.0)[first]


def average_precision(hits: NDArray[np.bool_], total: int) -> float:
    """The area under the curve as COCO takes it: the mean over 101 recalls (Everingham et al. 2010, Lin et al. 2014).

    Args:
        hits: ``(n,)``: whether it hit, of the boxes of one class, the surest first.
        total: True boxes of that class; without any it is not defined: ``nan``.
    """
    return float(sampled(hits, total).mean()) if total else math.nan


def levels(hits: NDArray[np.bool_], total: int) -> list[tuple[int, float]]:
    """The same as a sum that can be written out: how many of the 101 recalls have which precision, from the left."""
    values = sampled(hits, total)
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    counts = np.diff(np.append(starts, len(values)))
    return [(int(count), float(values[start])) for start, count in zip(starts, counts, strict=True)]


def interval(hits: int, total: int) -> tuple[float, float]:
    """Between which shares the true one lies, in 95 of 100 cases, after so many hits of so many (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, hits / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
