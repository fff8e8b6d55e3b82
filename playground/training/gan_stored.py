"""A run of a generator and its discriminator as bytes: both, what their optimizers remember, how it has gone, its snapshots.

An ``npz`` archive of plain arrays, read without unpickling. The words and numbers among them are one JSON text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.functional import gan_file
from playground.functional.gan import Array, Pair
from playground.specs.gan import GANSpec
from playground.training import archive
from playground.training.gan_history import COLUMNS, STORED
from playground.training.stored import Position, position_of, under

KIND = "gan"
VERSION = 1
LARGEST = 400_000_000  # bytes; the largest networks that may be trained, with what Adam remembers, take 320 million
RECENT = 60
"""So many rows of measurements are kept as they came, for the doctor."""
AVERAGED = "averaged."

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Measured:
    """What was found when the samples were last looked at.

    Attributes:
        step: After so many steps.
        epoch: Complete epochs then.
        values: See ``gan_measure.Measure.go_on``.
    """

    step: int
    epoch: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class StoredGAN:
    """What is kept of a run.

    Attributes:
        spec: The experiment, with the settings as they were changed last.
        pair: Its two networks.
        position: Where the run stands; ``step`` counts updates of the generator.
        turns: Updates of the discriminator.
        weights: As the run would be used, under ``gan_file``'s names: the averaged generator, and the discriminator.
        engine: The engine's state, the averaged generator apart.
        looks: What the last measurements found, oldest first.
        recent: The last rows of measurements in ``COLUMNS``, ``(n, 9)``, for the doctor.
        history: What ``GanHistory.rows()`` gave.
        film: What ``Film.arrays()`` gave.
        classes: Name of each class of the data.
        best: Where the Fréchet distance was lowest; ``None`` while none was measured.
        notes: What a reader should know of the data.
    """

    spec: GANSpec
    pair: Pair
    position: Position
    turns: int
    weights: Mapping[str, Array]
    engine: Arrays
    looks: tuple[Measured, ...]
    recent: NDArray[Any]
    history: NDArray[Any]
    film: Arrays
    classes: tuple[str, ...]
    best: Mapping[str, float] | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def measured(self) -> Mapping[str, float]:
        """What was found last; empty where nothing was measured yet."""
        return self.looks[-1].values if self.looks else {}

    @property
    def metrics(self) -> Mapping[str, float]:
        """All that is known last: the losses, and what was measured."""
        last = dict(zip(COLUMNS, self.recent[-1].tolist(), strict=True)) if len(self.recent) else {}
        told = {name: value for name, value in last.items() if name not in ("epoch", "step")}
        return {name: value for name, value in {**told, **self.measured}.items() if math.isfinite(value)}

    def whole(self) -> dict[str, NDArray[Any]]:
        """The engine's state, the averaged generator put back."""
        averaged = {f"{AVERAGED}{name}": one for name, one in gan_file.part(self.weights, "generator").items()}
        return {**self.engine, **averaged}


def pack_run(stored: StoredGAN) -> bytes:
    """The run as bytes."""
    words = {
        "spec": stored.spec.to_dict(),
        "position": vars(stored.position),
        "turns": stored.turns,
        "looks": [vars(one) for one in stored.looks],
        "classes": list(stored.classes),
        "best": stored.best,
        "notes": list(stored.notes),
    }
    content = {"history": stored.history, "recent": stored.recent, **stored.film}
    content.update({f"engine.{name}": array for name, array in stored.engine.items() if not name.startswith(AVERAGED)})
    content.update({f"weights.{name}": array for name, array in stored.weights.items()})
    return archive.written(KIND, VERSION, words, content)


def unpack_run(state: bytes) -> StoredGAN:
    """The run that ``pack_run`` wrote; raises ``InputError`` on anything else."""
    with archive.told():
        words, content = archive.read(state, KIND, VERSION, LARGEST)
        spec = GANSpec.from_dict(words["spec"])
        classes = tuple(str(name) for name in words["classes"])
        pair = spec.pair(classes)
        recent = archive.table(content["recent"], len(COLUMNS))
        turns = int(words["turns"])
        if len(recent) > RECENT or turns < 0:
            raise ValueError("no such rows")
        best = words["best"]
        return StoredGAN(
            spec=spec,
            pair=pair,
            position=position_of(words["position"]),
            turns=turns,
            weights=gan_file.checked(pair, under("weights.", content)),
            engine=under("engine.", content),
            looks=tuple(_look(one) for one in words["looks"]),
            recent=recent.astype(np.float64),
            history=archive.table(content["history"], STORED),
            film={name: content[name] for name in ("film", "film_at")},
            classes=classes,
            best=None if best is None else {str(name): float(value) for name, value in best.items()},
            notes=tuple(str(note) for note in words["notes"]),
        )


def _look(words: Mapping[str, Any]) -> Measured:
    values = {str(name): float(value) for name, value in words["values"].items()}
    return Measured(int(words["step"]), int(words["epoch"]), values)
