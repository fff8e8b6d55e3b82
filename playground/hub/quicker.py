"""A detector together with its quicker copy: ONNX Runtime instead of PyTorch, where that was measured to be worth it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from playground.catalog import exports
from playground.catalog.card import Card
from playground.core.detection import FLOOR
from playground.hub import detector, fast
from playground.hub.cache import Loaded
from playground.hub.detector import Detector, Raw

SCORES, PIXELS = 1e-3, 0.1
"""So far apart may two engines' scores, and the edges of their boxes in pixels of what is fed, be at most."""


class Boxes:
    """A detector's network that ONNX Runtime runs. Several threads may use it at once.

    Attributes:
        bytes: Memory that it takes, roughly.
    """

    def __init__(self, opened: fast.Fast) -> None:
        self._opened, self.bytes = opened, opened.bytes

    def __call__(self, x: NDArray[np.float32]) -> Raw:
        """What ``Detector.by_torch`` says of pictures ``(n, 3, h, w)``, both sides multiples of the coarsest stride."""
        rows, *prototypes = self._opened.all(x)
        return rows, prototypes[0] if prototypes else None


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[Detector]:
    """Open a detector that is on disk, and let its quicker copy answer where there is one; raises as ``detector.load``."""
    loaded = detector.load(card, folder, device)
    made = loaded.model
    if made.device.type != "cpu":
        return loaded
    made.network.to(memory_format=torch.channels_last)  # a sixth quicker, and what ultralytics' own ``predict`` does
    measured = exports.read(card, folder)
    if measured is None or not measured.used:
        return loaded
    size = adopt(made, exports.place(card, folder) / exports.MODEL)
    return Loaded(made, loaded.bytes + size, shared=True)


def adopt(model: Detector, path: Path) -> int:
    """Let a quicker copy answer from now on, if it is whole and says the same.

    Returns:
        The bytes that it takes in memory; 0 where it is not used.
    """
    opened = fast.opened(path, fast.Fast)
    if opened is None:
        return 0
    quick = Boxes(opened)
    x = np.random.default_rng(0).random((1, 3, 3 * max(model.strides), 2 * max(model.strides)), np.float32)
    scores, pixels = apart(model.by_torch(x), quick(x), len(model.names))
    if scores > SCORES or pixels > PIXELS:
        return 0
    model.fast = quick
    return quick.bytes


def apart(one: Raw, other: Raw, classes: int) -> tuple[float, float]:
    """How far two engines' proposals are from each other at most.

    Args:
        one: Proposals and prototypes of one.
        other: The same of the other.
        classes: How many there are.

    Returns:
        Of the scores; and of the edges of the boxes and of key points in pixels, where some score is at least ``FLOOR``.
        Infinite where they are not of the same shape.
    """
    (rows, prototypes), (others, other_prototypes) = one, other
    if rows.shape != others.shape or (prototypes is None) != (other_prototypes is None):
        return float("inf"), float("inf")
    scores = slice(4, 4 + classes)
    difference = np.abs(rows - others)
    told = rows[:, scores].max(axis=1) >= FLOOR  # (n, cells)
    edges = np.delete(difference, np.arange(4, 4 + classes), axis=1).transpose(0, 2, 1)[told]
    pixels = float(edges.max(initial=0.0))
    if prototypes is not None and other_prototypes is not None:
        pixels = max(pixels, float(np.abs(prototypes - other_prototypes).max(initial=0.0)))
    return float(difference[:, scores].max(initial=0.0)), pixels
