"""A fine-tuning run as bytes: what learns, the best of it, what the optimizer remembers, how it has gone.

An ``npz`` archive of plain arrays, read without unpickling. The words and numbers among them are one JSON text. The pretrained
weights that stay as they are lie on the server's disk already and are not among them: a fingerprint says which they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.specs.finetune import FinetuneSpec
from playground.training import archive
from playground.training.cnn_stored import SHOWN, Best, Measured
from playground.training.stored import Arrays, Position, position_of, under

KIND = "finetune"
VERSION = 1
LARGEST = 600_000_000  # bytes; the largest part of a model that may learn, four times

BASELINE = ("majority", "frozen", "frozen_loss", "majority_test", "frozen_test")


@dataclass(frozen=True)
class StoredTune:
    """What is kept of a run.

    Attributes:
        spec: The experiment, with the settings as they were changed last.
        position: Where the run stands.
        engine: The tuner's state.
        best: What the run would be used with.
        measured: What was measured last.
        history: Rows of ``History``.
        classes: Name of each class.
        rows: Numbers of the word pieces whose vectors learn.
        fingerprint: Of the pretrained weights.
        baseline: What can be had without training the encoder; NaN where that was not measured yet.
        notes: What was said of the texts.
        opened: What the test set said when it was opened last, and how often it was; empty where it never was.
        text: The visitor's own sentence; empty where there is none.
        trail: How it was read on the way: epochs, then a column for each class.
    """

    spec: FinetuneSpec
    position: Position
    engine: Arrays
    best: Best
    measured: Measured
    history: NDArray[Any]
    classes: tuple[str, ...]
    rows: NDArray[np.int64]
    fingerprint: int
    baseline: Mapping[str, float]
    notes: tuple[str, ...] = ()
    opened: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    trail: NDArray[Any] | None = None


def pack_run(stored: StoredTune) -> bytes:
    """The run as bytes."""
    best, now = stored.best, stored.measured
    words = {
        "spec": stored.spec.to_dict(),
        "position": vars(stored.position),
        "best": {"epoch": best.epoch, "loss": best.loss, "accuracy": best.accuracy},
        "measured": {"epoch": now.epoch, "metrics": now.metrics, "choice": now.choice},
        "classes": list(stored.classes),
        "fingerprint": stored.fingerprint,
        "baseline": dict(stored.baseline),
        "notes": list(stored.notes),
        "opened": dict(stored.opened),
        "text": stored.text,
    }
    content = {"history": stored.history, "rows": stored.rows, "probabilities": now.probabilities.astype(np.float16)}
    if stored.trail is not None:
        content["trail"] = stored.trail
    content.update({f"engine.{name}": array for name, array in stored.engine.items()})
    content.update({f"best.{name}": array for name, array in best.weights.items()})
    return archive.written(KIND, VERSION, words, content)


def unpack_run(state: bytes) -> StoredTune:
    """The run that ``pack_run`` wrote; raises ``InputError`` on anything else."""
    with archive.told():
        words, content = archive.read(state, KIND, VERSION, LARGEST)
        classes = tuple(str(name) for name in words["classes"])
        best, now = words["best"], words["measured"]
        rows = content["rows"]
        if rows.ndim != 1 or rows.dtype != np.int64:
            raise ValueError("no numbers of word pieces")
        return StoredTune(
            spec=FinetuneSpec.from_dict(words["spec"]),
            position=position_of(words["position"]),
            engine=under("engine.", content),
            best=Best(int(best["epoch"]), float(best["loss"]), float(best["accuracy"]), under("best.", content)),
            measured=Measured(
                int(now["epoch"]),
                {name: float(now["metrics"][name]) for name in SHOWN},
                archive.table(content["probabilities"], len(classes)).astype(np.float32),
                (float(now["choice"][0]), float(now["choice"][1])),
            ),
            history=archive.table(content["history"], 5),
            classes=classes,
            rows=rows,
            fingerprint=int(words["fingerprint"]),
            baseline={name: float(words["baseline"][name]) for name in BASELINE},
            notes=tuple(str(note) for note in words["notes"]),
            opened={str(name): float(value) for name, value in words["opened"].items()},
            text=str(words.get("text", "")),
            trail=archive.table(content["trail"], 1 + len(classes)) if "trail" in content else None,
        )
