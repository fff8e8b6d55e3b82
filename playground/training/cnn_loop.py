"""One experiment of a convolutional network: update by update, measured after each epoch, with its best weights kept."""

from __future__ import annotations

import math
import time
from pathlib import Path

from playground.core.errors import InputError
from playground.core.events import Diverged, EpochEnded, Event, Finished, Stepped
from playground.core.seed import Stream, generator
from playground.data.image_set import ImageSet, OwnPictures
from playground.engine.convnet import ConvEngine
from playground.optim.schedules import SCHEDULES
from playground.specs.cnn import CNNSpec
from playground.training import cnn_words
from playground.training.cnn_data import blueprint, prepare
from playground.training.cnn_measure import Measure
from playground.training.cnn_stored import StoredCNN
from playground.training.cnn_under_way import FineHistory, UnderWay
from playground.training.stored import Position

SANE = 4.0
"""A state is worth going back to while its training loss is at most so many times that of the initial weights."""


class Loop:
    """One experiment under way."""

    limit: float

    def __init__(
        self,
        spec: CNNSpec,
        data: ImageSet | OwnPictures | None,
        device: str,
        folder: Path | None,
        state: StoredCNN | None,
    ) -> None:
        self.spec = spec
        self.prepared = prepare(spec, data, folder)
        self.engine = ConvEngine(blueprint(spec, self.prepared, device), self.prepared.data)
        self.measure = Measure(self.engine, self.prepared)
        self.count = len(self.prepared.data.train.y)
        self.epoch = self.step = self.seen = 0
        self.seconds = 0.0
        self.diverged = ""
        self.opened: dict[str, float] = {}  # the test set's last result, and how often it was looked at
        self.under_way = UnderWay(self.engine, self.prepared, FineHistory())
        self._begin() if state is None else self._go_on_from(state)

    def _begin(self) -> None:
        """Stand at the beginning."""
        self.measure.first(self.spec.shift)
        self.history.add(0, *self.measure.now.row)
        self.best = self.measure.as_best()
        self._stand(Position())
        self._start_from_here()

    def _go_on_from(self, stored: StoredCNN) -> None:
        """Stand where a stored run stood; raises ``InputError`` where it belongs to another experiment."""
        changes = stored.spec.replace(pictures=self.spec.pictures).live_changes(self.spec)
        if changes is None or stored.classes != self.prepared.data.classes:
            raise InputError("This stored run belongs to another experiment; start it again.")
        rows = len(stored.measured.probabilities)
        if stored.position.seen > self.count or rows not in (0, len(self.prepared.data.val.y)):
            raise InputError("This stored run does not fit the pictures; start it again.")
        self.engine.load(stored.engine)
        self.best, self.measure.now = stored.best, stored.measured
        self.opened, self.under_way.history = dict(stored.opened), FineHistory(stored.history)
        self._stand(stored.position)
        self._start_from_here()
        if "shift" in changes:
            self.measure.moved(self.spec.shift)

    @property
    def history(self) -> FineHistory:
        """How the run has gone, long epochs in parts."""
        return self.under_way.history

    # -- training

    def advance(self) -> Event:
        """One update, or a piece of measuring (after an epoch, or within a long one), or the reason why there is neither."""
        if self.diverged:
            return Diverged(self.epoch, self.step, self.diverged, self.seconds)
        if self.seen >= self.count:
            return self._end_epoch()
        if self.done():
            return self._finish()
        if self.under_way.due(self.epoch, self.seen):
            self.under_way.measure(self.epoch, self.seen, self.spec.shift)
            return Stepped(self.step, self.epoch)
        rows = self.order[self.seen : self.seen + self.spec.batch_size]
        began = time.perf_counter()
        self.engine.change({"lr": self.lr()})
        finite = self.engine.step(rows, self.step)
        self.seconds += time.perf_counter() - began
        self.under_way.learnt(self.engine.loss)
        self.step += 1
        self.seen += len(rows)
        return Stepped(self.step, self.epoch) if finite else self._diverge()

    def _end_epoch(self) -> Event:
        """A piece of what is measured after an epoch; with the last one the epoch is over."""
        if self.measure.epoch(self.epoch + 1, self.spec.shift):
            return Stepped(self.step, self.epoch)
        now = self.measure.now
        if not math.isfinite(now.metrics["train_loss"]):
            return self._diverge()
        self.epoch, self.seen = self.epoch + 1, 0
        self.history.add(self.epoch, *now.row)
        if now.better(self.best):
            self.best, self.measure.test = self.measure.as_best(), {}
        if now.metrics["train_loss"] <= self.limit:
            self.good = (self.position(), self.engine.state(), now)
        self._order()
        return EpochEnded(self.epoch, self.step, now.metrics)

    def _finish(self) -> Event:
        """A piece of measuring the test pictures with the best weights; after that, the end."""
        if self.measure.best(self.best, self.spec.shift):
            return Stepped(self.step, self.epoch)
        best = {"best_epoch": self.best.epoch, "best_val_accuracy": self.best.accuracy}
        return Finished(self.epoch, self.step, {**self.measure.now.metrics, **best, **self.measure.test}, self.seconds)

    def done(self) -> bool:
        """Whether the wanted epochs are done, or nothing better has come for long enough."""
        early = self.spec.patience and self.epoch - self.best.epoch >= self.spec.patience
        return self.epoch >= self.spec.epochs or bool(early)

    def lr(self) -> float:
        """The learning rate of the next step: the schedule over all the epochs that are asked for."""
        steps = -(-self.count // self.spec.batch_size)
        total = self.spec.epochs * steps
        done = min(total - 1, round((self.epoch + self.seen / self.count) * steps))
        return self.spec.lr * SCHEDULES[self.spec.schedule].factor(done, total)

    # -- where it stands

    def _diverge(self) -> Diverged:
        """Stand still. What can be seen from now on is the last good state; epoch and step say where it went wrong."""
        self.diverged = cnn_words.divergence(self.spec, self.epoch, self.step, back_to=self.good[0].epoch)
        self.engine.load(self.good[1])
        return Diverged(self.epoch, self.step, self.diverged, self.seconds)

    def _start_from_here(self) -> None:
        """Remember where to go back to, and what is worth it."""
        self.good = (self.position(), self.engine.state(), self.measure.now)
        self.limit = SANE * max(self.measure.now.metrics["train_loss"], math.log(self.prepared.plan.classes))

    def _stand(self, position: Position) -> None:
        self.epoch, self.step, self.seen = position.epoch, position.step, position.seen
        self.seconds = position.seconds
        self._order()

    def position(self) -> Position:
        """How far it has come."""
        return Position(self.epoch, self.step, self.seen, self.seconds)

    def _order(self) -> None:
        """The order in which the epoch that is under way learns from the training pictures."""
        self.order = generator(self.spec.seed, Stream.ORDER, self.epoch).permutation(self.count)

    def restore(self) -> str:
        """Go back to the last good state after a divergence; says where that is."""
        if not self.diverged:
            return "Nothing to restore: the run has not diverged."
        position, state, self.measure.now = self.good
        self.engine.load(state)
        self.measure.stop()
        self.under_way.stop()
        self._stand(position)
        self.history.rewind(position.epoch)
        self.diverged = ""
        return f"Back at epoch {position.epoch:,}."
