"""How well a convolutional network does, measured in pieces so that a worker can look up in between; and its best weights."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from playground.data.image_set import Share
from playground.engine.contract import Array
from playground.engine.convnet import ConvEngine
from playground.training.cnn_data import Prepared
from playground.training.cnn_stored import SHOWN, Best, Measured

PIECE = 4_000_000_000
"""Multiplications that are measured at a time, about a tenth of a second of one core."""
FIRST = 10_000_000_000
"""Multiplications that the initial weights are measured with, on some of the pictures."""
WRITTEN = 40
"""Each number of a map that is written takes as long as so many multiplications."""


@dataclass(frozen=True)
class _Found:
    loss: float
    accuracy: float
    probabilities: Array


class Measure:
    """Measures one network.

    Attributes:
        now: What was found last.
        test: What the best weights did on the test pictures; empty while that is not known.
        seconds: Time spent.
    """

    def __init__(self, engine: ConvEngine, prepared: Prepared) -> None:
        self._engine, self._data = engine, prepared.data
        self._cost = prepared.plan.products + WRITTEN * prepared.plan.values
        self._rows: dict[Share, NDArray[np.int64]] = {
            "train": prepared.measured,
            "val": np.arange(len(prepared.data.val.y)),
            "test": np.arange(len(prepared.data.test.y)),
        }
        nothing = np.zeros((0, prepared.plan.classes), np.float32)
        self.now = Measured(0, {}, nothing)
        self.test: dict[str, float] = {}
        self.seconds = 0.0
        self._pieces: Iterator[None] | None = None

    def first(self, shift: int) -> None:
        """Measure the initial weights, on some of the pictures where the network is large."""
        self._all(self._epoch(0, shift, max(50, FIRST // self._cost)))

    def epoch(self, epoch: int, shift: int) -> bool:
        """Measure a piece of what is measured after an epoch; whether something is left to do."""
        return self._piece(self._epoch(epoch, shift))

    def best(self, best: Best, shift: int) -> bool:
        """Measure a piece of the test pictures with the best weights; whether something is left to do."""
        return not self.test and bool(len(self._rows["test"])) and self._piece(self._best(best, shift))

    def all_of_best(self, best: Best, shift: int) -> None:
        """The same at once."""
        if not self.test and len(self._rows["test"]):
            self._all(self._best(best, shift))

    def moved(self, shift: int) -> None:
        """Measure the validation pictures again, moved by so many pixels."""
        self._all(self._moved(shift))

    def as_best(self) -> Best:
        """The weights as they are, with what was found last."""
        return Best(self.now.epoch, *self.now.choice, self._engine.weights())

    def stop(self) -> None:
        """Forget what is half measured."""
        self._pieces = None

    def _piece(self, pieces: Iterator[None]) -> bool:
        """Go on with what is under way, or else begin with these."""
        self._pieces = pieces if self._pieces is None else self._pieces
        began = time.perf_counter()
        more = next(self._pieces, self) is None
        self.seconds += time.perf_counter() - began
        if not more:
            self._pieces = None
        return more

    def _all(self, pieces: Iterator[None]) -> None:
        self.stop()
        for _ in pieces:
            pass

    def _epoch(self, epoch: int, shift: int, most: int | None = None) -> Iterator[None]:
        """Training and validation pictures; at most so many of each where that is said."""
        train = yield from self._share("train", 0, most)
        chosen = yield from self._share("val", 0, most)
        shown = (yield from self._share("val", shift, most)) if shift else chosen
        whole = len(shown.probabilities) == len(self._rows["val"])
        self.now = Measured(
            epoch,
            dict(zip(SHOWN, (train.loss, shown.loss, train.accuracy, shown.accuracy), strict=True)),
            shown.probabilities if whole else shown.probabilities[:0],
            (chosen.loss, chosen.accuracy),
        )

    def _moved(self, shift: int) -> Iterator[None]:
        shown = yield from self._share("val", shift)
        metrics = {**self.now.metrics, "val_loss": shown.loss, "val_accuracy": shown.accuracy}
        self.now = replace(self.now, metrics=metrics, probabilities=shown.probabilities)
        self.test = {}

    def _best(self, best: Best, shift: int) -> Iterator[None]:
        """The test pictures; between two pieces the network has the weights that are trained."""
        found = yield from self._share("test", shift, weights=best.weights)
        self.test = {"test_loss": found.loss, "test_accuracy": found.accuracy}

    def _share(
        self, name: Share, shift: int, most: int | None = None, weights: Mapping[str, Array] | None = None
    ) -> Generator[None, None, _Found]:
        """One share in pieces, its pictures moved by so many pixels; with other weights than those that are trained."""
        rows, size = self._rows[name], int(np.clip(PIECE // self._cost, 16, 5_000))
        if most is not None and len(rows) > most:
            rows = rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
        losses, found = [], []
        for begin in range(0, len(rows), size):
            now = None if weights is None else self._engine.weights()
            if weights is not None:
                self._engine.load_weights(weights)
            loss, probabilities = self._engine.evaluate(name, rows[begin : begin + size], shift)
            if now is not None:
                self._engine.load_weights(now)
            losses.append(loss * len(probabilities))
            found.append(probabilities)
            yield
        joined = np.concatenate(found)
        right = joined.argmax(axis=1) == self._data.share(name).y[rows]
        return _Found(sum(losses) / len(rows), float(right.mean()), joined)
