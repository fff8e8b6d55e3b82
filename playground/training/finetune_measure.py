"""How well a network that is fine-tuned does, measured in pieces so that a worker can look up in between; and its best weights.

First of all stands what can be had without training it: the most frequent class, and the best classifier on the frozen encoder.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.data.text_set import Share, TextSet
from playground.hub.finetuning import Floats, Tuner
from playground.hub.frozen_encoder import logistic
from playground.training.cnn_stored import SHOWN, Best, Measured
from playground.training.finetune_data import majority
from playground.training.finetune_standing import Baseline

PIECE = 4_000_000_000
"""Multiplications that are done at a time, about a tenth of a second of one core."""
FIRST = 20_000_000_000
"""Multiplications that are done before the first picture is there."""
MEASURED = 500
"""On so many training texts at most loss and accuracy are measured."""
DECAYS = (1e-3, 1e-2, 1e-1)
"""Penalties of the frozen baseline; the one that does best on the validation texts counts."""


@dataclass(frozen=True)
class _Found:
    loss: float
    accuracy: float
    probabilities: Floats


class Measure:
    """Measures one network.

    Attributes:
        now: What was found last.
        test: What the best weights did on the test texts; empty while that is not known.
        baseline: ``majority``, ``frozen`` and ``frozen_loss``, and with ``_test`` behind the same of the test texts; NaN while not
            known.
        doing: What is measured just now, in words; empty while nothing is.
        seconds: Time spent.
    """

    def __init__(self, tuner: Tuner, data: TextSet) -> None:
        self._tuner, self._data = tuner, data
        count = len(data.train.y)
        some = np.linspace(0, count - 1, min(MEASURED, count)).astype(np.int64)
        self._rows: dict[Share, NDArray[np.int64]] = {
            "train": some,
            "val": np.arange(len(data.val.y)),
            "test": np.arange(len(data.test.y)),
        }
        self._lengths: dict[Share, NDArray[np.int64]] = {name: tuner.lengths(name) for name in self._rows}
        self.now = Measured(0, {}, np.zeros((0, len(data.classes)), np.float32))
        self.test: dict[str, float] = {}
        common = majority(data)
        self.baseline = {
            "majority": common["val"], "frozen": math.nan, "frozen_loss": math.nan,
            "majority_test": common.get("test", math.nan), "frozen_test": math.nan,
        }  # fmt: skip
        self.doing = ""
        self.seconds = 0.0
        self._pieces: Iterator[None] | None = None

    def first(self) -> None:
        """Measure the new classifier before it has learnt anything, on some of the texts; the baseline, too, where that is soon done."""
        self._all(self._epoch(0, FIRST / 2))
        if sum(self._cost(name, np.arange(len(self._lengths[name]))) for name in self._rows) < FIRST:
            self._all(self._baseline())

    def told(self) -> Baseline:
        """The same as the view wants it."""
        return Baseline(**{name: value if math.isfinite(value) else None for name, value in self.baseline.items()})  # type: ignore[arg-type]

    @property
    def known(self) -> bool:
        """Whether the baseline is."""
        return math.isfinite(self.baseline["frozen"])

    def without_training(self) -> None:
        """A piece of the baseline."""
        self._piece(self._baseline(), "What the encoder can do as it came")

    def epoch(self, epoch: int) -> bool:
        """Measure a piece of what is measured after an epoch; whether something is left to do."""
        return self._piece(self._epoch(epoch), "Validation texts")

    def best(self, best: Best) -> bool:
        """Measure a piece of the test texts with the best weights; whether something is left to do."""
        return not self.test and bool(len(self._rows["test"])) and self._piece(self._best(best), "Test texts")

    def all_of_best(self, best: Best) -> None:
        """The same at once."""
        if not self.test and len(self._rows["test"]):
            self._all(self._best(best))

    def as_best(self) -> Best:
        """The weights as they are, with what was found last."""
        return Best(self.now.epoch, *self.now.choice, self._tuner.weights())

    def stop(self) -> None:
        """Forget what is half measured."""
        self._pieces, self.doing = None, ""

    def pieces(self, share: Share, rows: NDArray[np.int64], times: float = 1.0) -> list[NDArray[np.int64]]:
        """Some rows of a share, as many together as may be computed at a time; ``times`` as costly as a forward pass."""
        costs = np.cumsum([times * self._tuner.products(int(length)) for length in self._lengths[share][rows]])
        numbers = (costs / PIECE).astype(np.int64)
        return np.split(rows, np.flatnonzero(np.diff(numbers)) + 1)

    def _cost(self, share: Share, rows: NDArray[np.int64]) -> float:
        return sum(self._tuner.products(int(length)) for length in self._lengths[share][rows])

    def _piece(self, pieces: Iterator[None], doing: str) -> bool:
        """Go on with what is under way, or else begin with these."""
        self._pieces, self.doing = pieces if self._pieces is None else self._pieces, doing
        began = time.perf_counter()
        more = next(self._pieces, self) is None
        self.seconds += time.perf_counter() - began
        if not more:
            self.stop()
        return more

    def _all(self, pieces: Iterator[None]) -> None:
        self.stop()
        for _ in pieces:
            pass

    def _epoch(self, epoch: int, most: float = math.inf) -> Iterator[None]:
        """Training and validation texts; with at most so many multiplications for each."""
        train = yield from self._share("train", most)
        val = yield from self._share("val", most)
        whole = len(val.probabilities) == len(self._rows["val"])
        self.now = Measured(
            epoch,
            dict(zip(SHOWN, (train.loss, val.loss, train.accuracy, val.accuracy), strict=True)),
            val.probabilities if whole else val.probabilities[:0],
            (val.loss, val.accuracy),
        )

    def _best(self, best: Best) -> Iterator[None]:
        """The test texts; between two pieces the network has the weights that are trained."""
        found = yield from self._share("test", weights=best.weights)
        self.test = {"test_loss": found.loss, "test_accuracy": found.accuracy}

    def _share(
        self, name: Share, most: float = math.inf, weights: Mapping[str, Floats] | None = None
    ) -> Generator[None, None, _Found]:
        """One share in pieces, texts of about the same length together; with other weights than those that are trained."""
        rows = self._rows[name]
        if (cost := self._cost(name, rows)) > most:
            rows = rows[np.linspace(0, len(rows) - 1, max(16, int(len(rows) * most / cost))).astype(np.int64)]
        order = np.argsort(self._lengths[name][rows], kind="stable")
        found = np.empty((len(rows), len(self._data.classes)), np.float32)
        total, at = 0.0, 0
        for some in self.pieces(name, rows[order]):
            now = None if weights is None else self._tuner.weights()
            if weights is not None:
                self._tuner.load_weights(weights)
            loss, probabilities = self._tuner.scores(name, some)
            if now is not None:
                self._tuner.load_weights(now)
            total += loss
            found[order[at : at + len(some)]] = probabilities
            at += len(some)
            yield
        right = found.argmax(axis=1) == self._data.share(name).y[rows]
        return _Found(total / len(rows), float(right.mean()), found)

    def _baseline(self) -> Iterator[None]:
        """The best logistic regression on what the encoder hands over, as it came."""
        features: dict[Share, Floats] = {}
        for name, lengths in self._lengths.items():
            order = np.argsort(lengths, kind="stable")
            held = [np.zeros((0, self._tuner.last.in_features), np.float32)]
            for some in self.pieces(name, order):
                if len(some):
                    now = self._tuner.weights() if self._tuner.stepped else None
                    if now is not None:
                        self._tuner.load_weights(self._tuner.first)
                    held.append(self._tuner.features(name, some))
                    if now is not None:
                        self._tuner.load_weights(now)
                yield
            features[name] = np.concatenate(held)[np.argsort(order, kind="stable")]
        best = (0.0, 0.0)
        found: dict[str, float] = {}
        for decay in DECAYS:
            val, test = logistic(
                features["train"],
                self._data.train.y,
                len(self._data.classes),
                decay,
                [features["val"], features["test"]],
            )
            right = val[np.arange(len(val)), self._data.val.y]
            this = (float(np.mean(val.argmax(1) == self._data.val.y)), float(np.log(right + 1e-9).mean()))
            if not found or this > best:
                best = this
                tested = float(np.mean(test.argmax(1) == self._data.test.y)) if len(test) else math.nan
                found = {"frozen": this[0], "frozen_loss": -this[1], "frozen_test": tested}
            yield
        self.baseline |= found
