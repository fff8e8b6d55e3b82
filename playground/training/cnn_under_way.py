"""What is known of a long epoch before it ends: the loss of the last batches, and a small sample measured a few times."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from playground.data.image_set import Share
from playground.engine.convnet import ConvEngine
from playground.training.cnn_data import Prepared
from playground.training.cnn_measure import PIECE
from playground.training.history import History

EVERY = 12_800
"""Pictures learnt from between two samples: 200 batches of 64."""
SAMPLE: Mapping[Share, int] = {"train": 500, "val": 1_000}
"""Pictures of each share in a sample."""
LEAST = 100
"""Where so few can be afforded, none is measured."""
BATCHES = 50
"""Batches whose losses are averaged."""
BETWEEN = 60
"""Samples kept in a history."""
LONG = 10_000_000_000
"""An epoch of so many multiplications forwards lasts longer than one waits for a number: a few seconds of one core."""
_AFFORDED = 20_000_000_000  # multiplications of one sample of one share


class FineHistory(History):
    """A history with the newest samples between its epochs, whose epoch is a fraction."""

    def __init__(self, rows: NDArray[np.floating] | None = None) -> None:
        """See ``History``."""
        given = np.zeros((0, 5)) if rows is None else rows
        whole = given[:, 0] % 1 == 0
        super().__init__(given[whole])
        self._between = [tuple(float(value) for value in row) for row in given[~whole]]

    def between(self, epoch: float, *values: float) -> None:
        """Add a sample; the oldest gives way."""
        self._between = [*self._between, (epoch, *values)][-BETWEEN:]

    def newest(self, epoch: int) -> tuple[float, ...] | None:
        """The last sample after so many complete epochs; ``None`` where there is none."""
        return self._between[-1] if self._between and self._between[-1][0] > epoch else None

    def rewind(self, epoch: int) -> None:
        """See ``History.rewind``."""
        super().rewind(epoch)
        self._between = [row for row in self._between if row[0] <= epoch]

    def rows(self) -> NDArray[np.float32]:
        """See ``History.rows``; the samples among them, in order."""
        whole = super().rows()
        if not self._between:
            return whole
        rows = np.concatenate([whole, np.array(self._between, np.float32)])
        return rows[np.argsort(rows[:, 0], kind="stable")]


class UnderWay:
    """Follows the epoch that is under way. What it measures depends on the pictures seen so far alone, never on the clock.

    Attributes:
        history: Where the samples go.
        seconds: Time spent.
    """

    def __init__(self, engine: ConvEngine, prepared: Prepared, history: FineHistory) -> None:
        self.history, self.seconds = history, 0.0
        self._engine, self._data = engine, prepared.data
        self._products = max(1, prepared.plan.products)
        self._count = len(prepared.data.train.y)
        self._losses: deque[float] = deque(maxlen=BATCHES)
        among = {"train": prepared.measured, "val": np.arange(len(prepared.data.val.y))}
        most = _AFFORDED // self._products
        self._rows = {name: _spaced(among[name], min(most, size)) for name, size in SAMPLE.items()}
        self._size = len(self._rows["val"])
        self._pieces: Iterator[None] | None = None

    def learnt(self, loss: float) -> None:
        """A batch had this loss."""
        if math.isfinite(loss):
            self._losses.append(loss)

    def stop(self) -> None:
        """Forget what is half measured, and the batches before."""
        self._pieces = None
        self._losses.clear()

    def batch_loss(self, seen: int) -> float | None:
        """Mean loss of the last batches; ``None`` between two epochs, and where an epoch is soon over."""
        long = self._count * self._products >= LONG
        return sum(self._losses) / len(self._losses) if long and seen and self._losses else None

    def sample(self, epoch: int) -> dict[str, float] | None:
        """What the last sample of this epoch said; ``None`` where there is none yet."""
        row = self.history.newest(epoch)
        if row is None or not all(math.isfinite(value) for value in row):
            return None
        return {"val_loss": row[2], "train_accuracy": row[3], "val_accuracy": row[4], "pictures": float(self._size)}

    def due(self, epoch: int, seen: int) -> bool:
        """Whether a sample is to be taken, or goes on, before the next batch."""
        mark = seen // EVERY
        if self._size < LEAST or not mark or self._count - mark * EVERY < EVERY / 2:
            return False
        row = self.history.newest(epoch)
        # A stored epoch is a rounded number: a few pictures more make up for it.
        return row is None or (round((row[0] - epoch) * self._count) + 9) // EVERY < mark

    def measure(self, epoch: int, seen: int, shift: int) -> None:
        """Measure a piece of the sample; with the last one it is a point of the history."""
        if self._pieces is None:
            self._pieces = self._measured(epoch + seen / self._count, shift)
        began = time.perf_counter()
        if next(self._pieces, self) is self:
            self._pieces = None
        self.seconds += time.perf_counter() - began

    def _measured(self, at: float, shift: int) -> Iterator[None]:
        size, found = int(np.clip(PIECE // self._products, 16, 1_000)), {}
        for name, rows in self._rows.items():
            loss, right = 0.0, 0
            for begin in range(0, len(rows), size):
                some = rows[begin : begin + size]
                mean, probabilities = self._engine.evaluate(name, some, shift if name == "val" else 0)
                loss += mean * len(some)
                right += int(np.sum(probabilities.argmax(axis=1) == self._data.share(name).y[some]))
                yield
            found[name] = loss / len(rows), right / len(rows)
        (train_loss, train), (val_loss, val) = found["train"], found["val"]
        self.history.between(at, train_loss, val_loss, train, val)


def _spaced(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """So many of some rows at most, evenly."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
