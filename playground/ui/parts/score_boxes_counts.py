"""What a picture's true boxes say about a model's: true and false positives, false negatives, and what is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from playground.core.detection import FLOOR, Detected, Thresholds
from playground.core.vision import Box
from playground.functional import average_precision as ap
from playground.functional.things import kept


@dataclass(frozen=True, slots=True)
class TrueBox:
    """What a person says is there.

    Attributes:
        id: A number that it keeps while it is moved.
        name: Its class.
        box: Where it is, in fractions of the picture.
    """

    id: int
    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Found:
    """One of the model's boxes, judged.

    Attributes:
        box: In fractions of the picture.
        name: Its class.
        score: 0 to 1.
        hit: The ``id`` of the true box that it is matched to; -1 for a false positive.
        why: The same in words.
    """

    box: Box
    name: str
    score: float
    hit: int
    why: str


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class that has true boxes.

    Attributes:
        name: What it is called.
        total: How many true boxes it has.
        known: Whether the model has this class at all.
        curve: Precision and recall after each of its boxes, at the overlap that is asked for.
        levels: The average precision as a sum: how many recalls have which precision.
        scores: Its average precision at each of ``average_precision.THRESHOLDS``.
    """

    name: str
    total: int
    known: bool
    curve: ap.Curve
    levels: tuple[tuple[int, float], ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """All of it.

    Attributes:
        at: The IoU that a true positive is asked for.
        truths: The true boxes, and why each that no box is matched to is a false negative.
        found: The model's boxes, the surest first, whatever their confidence.
        classes: Those with true boxes, most of them first.
    """

    at: float
    truths: tuple[tuple[TrueBox, str], ...]
    found: tuple[Found, ...]
    classes: tuple[ClassScore, ...]

    def counts(self, confidence: float, name: str = "") -> tuple[int, int, int]:
        """True positives, false negatives and false positives among the boxes at least so sure, of one class or of all."""
        shown = [one for one in self.found if one.score >= confidence and name in ("", one.name)]
        hits = sum(one.hit >= 0 for one in shown)
        total = sum(name in ("", one.name) for one, _ in self.truths)
        return hits, total - hits, len(shown) - hits

    def scores(self, name: str = "") -> tuple[float, ...]:
        """Average precision at each threshold: of one class, or its mean over all that have true boxes."""
        chosen = [one.scores for one in self.classes if name in ("", one.name)]
        return tuple(float(value) for value in np.mean(chosen, axis=0)) if chosen else ()


def score(detected: Detected, thresholds: Thresholds, truths: Sequence[TrueBox], at: float = 0.5) -> Scored:
    """Judge a model's boxes.

    Args:
        detected: What it said.
        thresholds: Which of its boxes count; the confidence is not among them, as the curve runs through all.
        truths: The true boxes. A class that the model does not have is never found.
        at: The IoU that a true positive is asked for, one of ``average_precision.THRESHOLDS``.
    """
    said, size = detected.candidates, np.array([detected.width, detected.height] * 2, np.float32)
    chosen = list(kept(detected, replace(thresholds, confidence=FLOOR)))
    boxes, scores, labels = said.boxes[chosen], said.scores[chosen], said.labels[chosen]
    names = list(
        dict.fromkeys([*detected.names, *(one.name for one in truths)])
    )  # a class that is not the model's comes last
    number = {name: index for index, name in enumerate(names)}
    truth_labels = np.array([number[one.name] for one in truths], np.int64)
    true = np.array([_corners(one.box) for one in truths], np.float32).reshape(-1, 4) * size
    shared = ap.overlaps(boxes, true)
    matched = {threshold: ap.match(shared, labels, truth_labels, threshold) for threshold in ap.THRESHOLDS}
    hit = matched[at]
    classes = []
    for name, total in Counter(one.name for one in truths).most_common():
        of_it = labels == number[name]
        hits = {threshold: found[of_it] >= 0 for threshold, found in matched.items()}
        classes.append(
            ClassScore(
                name,
                total,
                name in detected.names,
                ap.curve(hits[at], total),
                tuple(ap.levels(hits[at], total)),
                tuple(ap.average_precision(hits[threshold], total) for threshold in ap.THRESHOLDS),
            )
        )
    judged = []
    for row, box in enumerate(boxes / size):
        why = _why(shared[row], int(labels[row]), truth_labels, truths, int(hit[row]), at)
        id = truths[hit[row]].id if hit[row] >= 0 else -1
        judged.append(Found(Box(*(float(edge) for edge in box)), names[labels[row]], float(scores[row]), id, why))
    missed = [
        "" if row in hit else _missed(shared[:, row], labels == truth_labels[row], one, one.name in detected.names, at)
        for row, one in enumerate(truths)
    ]
    return Scored(at, tuple(zip(truths, missed, strict=True)), tuple(judged), tuple(classes))


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _why(
    shared: NDArray[np.float32],
    label: int,
    truth_labels: NDArray[np.int64],
    truths: Sequence[TrueBox],
    hit: int,
    at: float,
) -> str:
    """What became of one box, in words."""
    if hit >= 0:
        return f"True positive: IoU {shared[hit]:.2f} with the true box."
    own = np.where(truth_labels == label, shared, -1) if len(shared) else np.zeros(0, np.float32)
    if len(own) and own.max() >= np.float32(at):
        return f"False positive: a surer box is matched to this “{truths[int(own.argmax())].name}” already; an object counts once."
    if len(shared) and shared.max() >= np.float32(at):
        best = int(shared.argmax())
        return (
            f"False positive: the place is right (IoU {shared[best]:.2f}), but the true class is “{truths[best].name}”."
        )
    if len(own) and own.max() > 0.1:
        name = truths[int(own.argmax())].name
        return f"False positive: IoU {_below(float(own.max()), at)} with the true “{name}”, {at:.2f} is asked for."
    return "False positive: no true box is there."


def _missed(shared: NDArray[np.float32], same: NDArray[np.bool_], truth: TrueBox, known: bool, at: float) -> str:
    """Why no box at all hits a true one, in words."""
    if not known:
        return f"False negative: this model has no class “{truth.name}”."
    best = float(shared[same].max()) if same.any() else 0.0
    if best >= np.float32(at):
        return "False negative: the box that fits it is matched to another true box."
    if best > 0.1:
        return f"False negative: the best “{truth.name}” here has IoU {_below(best, at)}, {at:.2f} is asked for."
    return f"False negative: no “{truth.name}” here, however unsure."


def _below(value: float, at: float) -> str:
    """A number below another in two digits, and below it in these, too."""
    return f"{min(value, at - 0.01):.2f}"
