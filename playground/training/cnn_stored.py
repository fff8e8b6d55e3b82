"""A run of a convolutional network as bytes: the weights, the best ones, what the optimizer remembers, how it has gone.

An ``npz`` archive of plain arrays, read without unpickling. The words and numbers among them are one JSON text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.contract import Array
from playground.functional.convnet import shapes
from playground.specs.cnn import CNNSpec
from playground.training import archive
from playground.training.stored import Position, position_of, under

KIND = "cnn"
VERSION = 1
LARGEST = 500_000_000  # bytes; the largest network that may be trained, with what Adam remembers, takes 330 million

SHOWN = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
"""What is measured after every epoch."""

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Best:
    """The weights that did best on the validation pictures.

    Attributes:
        epoch: After which they were measured; 0 for the initial ones.
        loss: Validation loss.
        accuracy: Validation accuracy, 0 to 1.
        weights: By the names of ``functional.convnet``, measured means and variances included.
    """

    epoch: int
    loss: float
    accuracy: float
    weights: Mapping[str, Array]


@dataclass(frozen=True)
class Measured:
    """What was found, once an epoch.

    Attributes:
        epoch: After so many epochs.
        metrics: Loss and accuracy of training and validation pictures.
        probabilities: Of all validation pictures, in their order; without rows where only some were measured.
        choice: Validation loss and accuracy with the pictures where they are, whatever they were moved by for ``metrics``.
    """

    epoch: int
    metrics: dict[str, float]
    probabilities: Array
    choice: tuple[float, float] = (math.nan, 0.0)

    @property
    def row(self) -> tuple[float, float, float, float]:
        """The metrics in the order of ``history.COLUMNS``."""
        train_loss, val_loss, train, val = (self.metrics[name] for name in SHOWN)
        return train_loss, val_loss, train, val

    def better(self, best: Best) -> bool:
        """Whether it is better than the best so far: more hits, or as many and a lower loss."""
        loss, accuracy = self.choice
        return math.isfinite(loss) and (accuracy, -loss) > (best.accuracy, -best.loss)


@dataclass(frozen=True)
class StoredCNN:
    """What is kept of a run.

    Attributes:
        spec: The experiment, with the settings as they were changed last.
        position: Where the run stands.
        engine: The engine's state.
        best: What the run would be used with.
        measured: What was measured last.
        history: Rows of ``History``.
        classes: Name of each class.
        shape: Channels, height and width of a picture.
        mean: What is taken from each channel, 0 to 1.
        std: What it is divided by afterwards.
        opened: What the test set said when it was opened last, and how often it was; empty where it never was.
    """

    spec: CNNSpec
    position: Position
    engine: Arrays
    best: Best
    measured: Measured
    history: NDArray[Any]
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    mean: Array
    std: Array
    opened: Mapping[str, float] = field(default_factory=dict)

    @property
    def metrics(self) -> Mapping[str, float]:
        """As they were measured last."""
        return self.measured.metrics


def pack_run(stored: StoredCNN) -> bytes:
    """The run as bytes."""
    best, now = stored.best, stored.measured
    words = {
        "spec": stored.spec.to_dict(),
        "position": vars(stored.position),
        "best": {"epoch": best.epoch, "loss": best.loss, "accuracy": best.accuracy},
        "measured": {"epoch": now.epoch, "metrics": now.metrics, "choice": now.choice},
        "classes": list(stored.classes),
        "shape": list(stored.shape),
        "opened": dict(stored.opened),
    }
    content = {"history": stored.history, "mean": stored.mean, "std": stored.std}
    content["probabilities"] = now.probabilities.astype(np.float16)
    content.update({f"engine.{name}": array for name, array in stored.engine.items()})
    content.update({f"best.{name}": array for name, array in best.weights.items()})
    return archive.written(KIND, VERSION, words, content)


def unpack_run(state: bytes) -> StoredCNN:
    """The run that ``pack_run`` wrote; raises ``InputError`` on anything else."""
    with archive.told():
        words, content = archive.read(state, KIND, VERSION, LARGEST)
        spec = CNNSpec.from_dict(words["spec"])
        classes = tuple(str(name) for name in words["classes"])
        best, now, weights = words["best"], words["measured"], under("best.", content)
        for name, shape in shapes(spec.plan(len(classes))).items():
            if weights[name].shape != shape or weights[name].dtype != np.float32:
                raise ValueError("weights of another network")
        channels, high, wide = (int(side) for side in words["shape"])
        return StoredCNN(
            spec=spec,
            position=position_of(words["position"]),
            engine=under("engine.", content),
            best=Best(int(best["epoch"]), float(best["loss"]), float(best["accuracy"]), weights),
            measured=Measured(
                int(now["epoch"]),
                {name: float(now["metrics"][name]) for name in SHOWN},
                archive.table(content["probabilities"], len(classes)).astype(np.float32),
                (float(now["choice"][0]), float(now["choice"][1])),
            ),
            history=archive.table(content["history"], 5),
            classes=classes,
            shape=(channels, high, wide),
            mean=_channels(content["mean"], channels),
            std=_channels(content["std"], channels),
            opened={str(name): float(value) for name, value in words["opened"].items()},
        )


def _channels(array: NDArray[Any], channels: int) -> Array:
    if array.shape != (channels,) or array.dtype != np.float32:
        raise ValueError("no number for each channel")
    return array
