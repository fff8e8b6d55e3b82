"""Objects from a network's candidates: thresholds, non-maximum suppression, masks and key points. The network never runs."""

from __future__ import annotations

import numpy as np

from playground.core.detection import Detected, Thing, Thresholds
from playground.functional.outlines import outline
from playground.functional.suppression import KEPT, suppress


def kept(detected: Detected, thresholds: Thresholds) -> tuple[int, ...]:
    """Numbers of the candidates that are shown, the surest first.

    Of a model that was trained to propose each object once none suppresses another, whatever the thresholds say.
    """
    found = detected.candidates
    fate = suppress(
        found.boxes, found.scores, found.labels, confidence=thresholds.confidence,
        iou=1.0 if detected.end_to_end else thresholds.iou, classes=thresholds.classes, agnostic=thresholds.agnostic,
        most=thresholds.most,
    )  # fmt: skip
    return tuple(int(number) for number in np.flatnonzero(fate == KEPT))


def things(detected: Detected, thresholds: Thresholds, *, outlined: float = 0.0) -> tuple[Thing, ...]:
    """The objects that pass the thresholds, the surest first.

    Args:
        detected: What the network said.
        thresholds: What is shown of it.
        outlined: Only objects that are at least so sure get the outline of their mask, where the model has masks.
    """
    found = detected.candidates
    bounds = np.array([detected.width, detected.height] * 2, np.float32)
    prototypes = None if detected.prototypes is None else detected.prototypes.astype(np.float32)
    made = []
    for number in kept(detected, thresholds):
        box, score, label = (
            np.clip(found.boxes[number], 0, bounds),
            float(found.scores[number]),
            int(found.labels[number]),
        )
        mask: tuple[tuple[float, float], ...] = ()
        if prototypes is not None and found.coefficients is not None and score >= outlined:
            points = outline(
                prototypes, found.coefficients[number], detected.seen, box, detected.width, detected.height
            )
            mask = tuple((round(x, 1), round(y, 1)) for x, y in points.tolist())
        keypoints: tuple[tuple[float, float, float], ...] = ()
        if found.keypoints is not None:
            keypoints = tuple((round(x, 1), round(y, 1), round(v, 4)) for x, y, v in found.keypoints[number].tolist())
        left, top, right, bottom = (round(value, 2) for value in box.tolist())
        made.append(Thing(detected.names[label], label, round(score, 6), (left, top, right, bottom), mask, keypoints))
    return tuple(made)
