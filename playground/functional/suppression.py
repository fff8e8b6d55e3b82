"""Which of many proposed boxes are kept: non-maximum suppression, in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

KEPT, BELOW, OTHER_CLASS, TOO_MANY = -1, -2, -3, -4
"""What may stand in place of the box that suppressed another."""


def overlap(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of a box ``(4,)`` with others ``(n, 4)``: 0 apart, 1 the same (Jaccard 1901)."""
    left_top = np.maximum(box[:2], others[:, :2])
    right_bottom = np.minimum(box[2:], others[:, 2:])
    shared = np.clip(right_bottom - left_top, 0, None).prod(axis=1)
    both = (box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(axis=1) - shared
    return np.asarray(np.where(both > 0, shared / np.where(both > 0, both, 1), 0), dtype=np.float32)


def suppress(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    labels: NDArray[np.int64],
    *,
    confidence: float = 0.25,
    iou: float = 0.7,
    classes: Sequence[int] = (),
    agnostic: bool = False,
    most: int = 300,
) -> NDArray[np.int64]:
    """What becomes of each box: the surest is kept, those that overlap it too much are dropped, and so on with the rest.

    Args:
        boxes: ``(n, 4)``: left, top, right, bottom.
        scores: ``(n,)``, the surest first.
        labels: ``(n,)``.
        confidence: Boxes that are less sure are left out.
        iou: A box that overlaps a kept one by more is dropped; from 1 on, none is.
        classes: Only boxes of these classes; empty is all.
        agnostic: A box suppresses those of other classes, too.
        most: So many are kept at most.

    Returns:
        ``(n,)``: ``KEPT``, the number of the box that suppressed it, or ``BELOW``, ``OTHER_CLASS``, ``TOO_MANY``.
    """
    fate = np.full(len(scores), TOO_MANY, np.int64)
    fate[scores < confidence] = BELOW
    if classes:
        fate[(fate == TOO_MANY) & ~np.isin(labels, classes)] = OTHER_CLASS
    waiting = np.flatnonzero(fate == TOO_MANY)
    kept = 0
    while len(waiting) and kept < most:
        best, waiting = waiting[0], waiting[1:]
        fate[best] = KEPT
        kept += 1
        if iou >= 1:
            continue
        rivals = overlap(boxes[best], boxes[waiting]) > iou
        if not agnostic:
            rivals &= labels[waiting] == labels[best]
        fate[waiting[rivals]] = best
        waiting = waiting[~rivals]
    return fate


def follow(
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
    new_boxes: NDArray[np.float32],
    new_scores: NDArray[np.float32],
    new_labels: NDArray[np.int64],
    *,
    least: float = 0.3,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What has become of objects after the picture was changed.

    A new box stands for the object of its class that it overlaps most, if by at least ``least``; an object's score is that of
    the surest box that stands for it.

    Args:
        boxes: ``(m, 4)``, of the objects.
        labels: ``(m,)``, of the objects.
        new_boxes: ``(n, 4)``.
        new_scores: ``(n,)``.
        new_labels: ``(n,)``.
        least: Intersection over union from which on a box stands for an object.

    Returns:
        The objects' scores ``(m,)``, 0 where none stands for one; and for each new box the number of its object ``(n,)``, -1 for
        none.
    """
    scores = np.zeros(len(boxes), np.float32)
    shared = np.full((len(boxes), len(new_boxes)), -1, np.float32)
    for number, box in enumerate(boxes):
        same = new_labels == labels[number]
        shared[number, same] = overlap(box, new_boxes[same])
    if not len(boxes) or not len(new_boxes):
        return scores, np.full(len(new_boxes), -1, np.int64)
    stands = np.where(shared.max(axis=0) >= least, shared.argmax(axis=0), -1)
    for number in range(len(boxes)):
        scores[number] = new_scores[stands == number].max(initial=0)
    return scores, stands
