"""Non-maximum suppression against its definition, and what becomes of objects after a picture was changed."""

from __future__ import annotations

import numpy as np
import pytest

from playground.functional.suppression import BELOW, KEPT, OTHER_CLASS, TOO_MANY, follow, overlap, suppress


def scattered(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes that overlap a good deal, the surest first, of three classes."""
    random = np.random.default_rng(seed)
    corner = random.uniform(0, 60, (count, 2))
    boxes = np.concatenate([corner, corner + random.uniform(5, 50, (count, 2))], axis=1).astype(np.float32)
    scores = np.sort(random.uniform(0, 1, count).astype(np.float32))[::-1].copy()
    return boxes, scores, random.integers(0, 3, count)


def test_overlap_of_known_boxes() -> None:
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10, 10, 20, 20], [30, 30, 30, 30]], np.float32)
    assert overlap(box, others).tolist() == pytest.approx([1, 1 / 3, 0, 0])


@pytest.mark.parametrize("agnostic", [False, True])
def test_each_fate_is_what_its_name_says(agnostic: bool) -> None:
    boxes, scores, labels = scattered(120, seed=3)
    rule = {"confidence": 0.2, "iou": 0.4, "classes": (0, 2), "agnostic": agnostic, "most": 12}
    fate = suppress(boxes, scores, labels, **rule)
    kept = np.flatnonzero(fate == KEPT)
    assert (scores[fate == BELOW] < 0.2).all() and set(labels[fate == OTHER_CLASS]) == {1}
    assert len(kept) == 12 and (fate == TOO_MANY).any()
    for number in np.flatnonzero(fate >= 0):
        winner = fate[number]
        assert fate[winner] == KEPT and winner < number and (agnostic or labels[winner] == labels[number])
        assert overlap(boxes[winner], boxes[number : number + 1])[0] > np.float32(0.4)
    for number in kept:
        rivals = [one for one in kept if one < number and (agnostic or labels[one] == labels[number])]
        assert not len(rivals) or overlap(boxes[number], boxes[rivals]).max() <= np.float32(0.4)


def test_a_higher_confidence_only_leaves_out() -> None:
    """That is why a browser may raise it without asking: what is kept at a low one and sure enough is kept at a high one."""
    boxes, scores, labels = scattered(150, seed=5)
    low = suppress(boxes, scores, labels, confidence=0.01, iou=0.5)
    for confidence in (0.1, 0.37, 0.8):
        high = suppress(boxes, scores, labels, confidence=confidence, iou=0.5)
        sure = scores >= np.float32(confidence)
        assert high[sure].tolist() == low[sure].tolist()


def test_objects_are_followed_by_class_and_place() -> None:
    boxes = np.array([[0, 0, 10, 10], [12, 0, 22, 10], [0, 20, 10, 30]], np.float32)
    labels = np.array([0, 0, 1])
    new = np.array([[0, 0, 10, 6], [11, 0, 22, 10], [13, 1, 22, 10], [0, 20, 10, 30], [40, 40, 50, 50]], np.float32)
    scores, stands = follow(
        boxes, labels, new, np.array([0.8, 0.7, 0.9, 0.6, 0.5], np.float32), np.array([0, 0, 0, 0, 1])
    )
    assert scores.tolist() == pytest.approx([0.8, 0.9, 0])  # the third one's class is another now
    assert stands.tolist() == [0, 1, 1, -1, -1]


def test_nothing_follows_nothing() -> None:
    none, labels, numbers = np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32)
    one = np.array([[0, 0, 1, 1]], np.float32)
    scores, stands = follow(one, np.array([0]), none, numbers, labels)
    assert (scores.tolist(), stands.tolist()) == ([0], [])
    scores, stands = follow(none, labels, one, np.array([0.5], np.float32), np.array([0]))
    assert (scores.tolist(), stands.tolist()) == ([], [-1])
