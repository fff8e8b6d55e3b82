"""Average precision: against a plain telling of COCO's rules, against ultralytics' own, and where the answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.functional import average_precision as ap


def scene(seed: int, truths: int, classes: int) -> tuple[NDArray[np.float32], ...]:
    """True boxes, and proposals near them and elsewhere, the surest first: boxes, scores, labels, truths, their labels."""
    drawn = np.random.default_rng(seed)
    corners = drawn.uniform(0, 80, (truths, 2))
    true = np.hstack([corners, corners + drawn.uniform(5, 25, (truths, 2))]).astype(np.float32)
    true_labels = drawn.integers(0, classes, truths)
    near = np.repeat(true, 3, axis=0) + drawn.normal(0, 1.6, (3 * truths, 4)).astype(np.float32)
    labels = np.where(drawn.random(3 * truths) < 0.8, np.repeat(true_labels, 3), drawn.integers(0, classes, 3 * truths))
    scores = drawn.permutation(np.linspace(0.01, 0.99, 3 * truths)).astype(np.float32)
    order = np.argsort(-scores)
    return near[order], scores[order], labels[order], true, true_labels


def area(box: NDArray[np.float32]) -> float:
    return float(max(0, box[2] - box[0]) * max(0, box[3] - box[1]))


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    shared = area(np.concatenate([np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])]))
    return shared / (area(a) + area(b) - shared)


def coco(boxes: NDArray[np.float32], truths: NDArray[np.float32], threshold: float) -> float:
    """Average precision of one class as pycocotools does it, loop by loop."""
    taken, hits = set[int](), list[bool]()
    for box in boxes:
        best, at = threshold, -1
        for number, truth in enumerate(truths):
            if number not in taken and iou(box, truth) >= best:
                best, at = iou(box, truth), number
        taken |= {at} - {-1}
        hits.append(at >= 0)
    precision = [sum(hits[: i + 1]) / (i + 1) for i in range(len(hits))]
    recall = [sum(hits[: i + 1]) / len(truths) for i in range(len(hits))]
    for i in range(len(precision) - 1, 0, -1):
        precision[i - 1] = max(precision[i], precision[i - 1])
    sampled = []
    for wanted in np.linspace(0, 1, 101):
        reached = [i for i, value in enumerate(recall) if value >= wanted]
        sampled.append(precision[reached[0]] if reached else 0.0)
    return sum(sampled) / 101


@pytest.mark.parametrize("seed", range(6))
def test_it_is_cocos_number(seed: int) -> None:
    boxes, _, labels, true, true_labels = scene(seed, truths=4 + 5 * seed, classes=3)
    shared = ap.overlaps(boxes, true)
    for threshold in (0.5, 0.75, 0.9):
        hit = ap.match(shared, labels, true_labels, threshold)
        for label in set(true_labels.tolist()):
            ours = ap.average_precision(hit[labels == label] >= 0, int((true_labels == label).sum()))
            assert ours == pytest.approx(coco(boxes[labels == label], true[true_labels == label], threshold), abs=1e-9)


def test_it_is_near_what_ultralytics_says() -> None:
    """It reads the curve with straight lines between its points, so the two come together as boxes become many."""
    from ultralytics.utils import metrics

    import playground.hub.yolo_network  # noqa: F401 - gives back Pillow's way to open pictures, which ultralytics takes

    boxes, scores, labels, true, true_labels = scene(7, truths=300, classes=4)
    shared = ap.overlaps(boxes, true)
    hits = np.stack([ap.match(shared, labels, true_labels, one) >= 0 for one in ap.THRESHOLDS], axis=1)
    theirs = metrics.ap_per_class(hits, scores, labels, true_labels)[5]
    for label in range(4):
        total, own = int((true_labels == label).sum()), labels == label
        for column in range(len(ap.THRESHOLDS)):
            assert ap.average_precision(hits[own, column], total) == pytest.approx(theirs[label, column], abs=0.015)


def test_the_surest_box_chooses_first_and_a_true_box_is_hit_once() -> None:
    truths = np.array([[0, 0, 10, 10], [20, 0, 30, 10]], np.float32)
    boxes = np.array([[0, 0, 10, 9], [0, 0, 10, 10], [21, 0, 31, 10], [0, 0, 10, 10]], np.float32)
    labels, true_labels = np.array([0, 0, 0, 1]), np.array([0, 0])
    assert ap.match(ap.overlaps(boxes, truths), labels, true_labels).tolist() == [0, -1, 1, -1]
    assert ap.match(ap.overlaps(boxes, truths), labels, true_labels, 0.95).tolist() == [-1, 0, -1, -1]
    assert ap.match(np.zeros((4, 0), np.float32), labels, np.zeros(0, np.int64)).tolist() == [-1] * 4


def test_known_curves() -> None:
    hits = np.array([True, False, True])
    found = ap.curve(hits, 4)
    assert found.precision.tolist() == [1, 0.5, 2 / 3] and found.recall.tolist() == [0.25, 0.25, 0.5]
    assert found.envelope.tolist() == [1, 2 / 3, 2 / 3]
    assert ap.levels(hits, 4) == [(26, 1.0), (25, 2 / 3), (50, 0.0)]
    assert ap.average_precision(hits, 4) == pytest.approx((26 + 25 * 2 / 3) / 101)
    assert ap.average_precision(np.ones(3, bool), 3) == 1
    assert ap.average_precision(np.zeros(0, bool), 3) == 0 and ap.levels(np.zeros(0, bool), 3) == [(101, 0.0)]
    assert math.isnan(ap.average_precision(np.ones(0, bool), 0))


def test_few_say_little() -> None:
    low, high = ap.interval(4, 5)
    assert (round(low, 3), round(high, 3)) == (0.376, 0.964)  # Wilson's, as R's binom.confint gives it
    assert ap.interval(0, 0) == (0, 1) and ap.interval(5, 5)[1] == pytest.approx(1)
    assert np.diff(ap.interval(400, 500))[0] < 0.08
