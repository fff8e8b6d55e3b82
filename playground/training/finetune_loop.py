"""One fine-tuning experiment: update by update, measured after each epoch, with its best weights kept."""

from __future__ import annotations

import math
import time
from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.errors import InputError, SpecError
from playground.core.events import Diverged, EpochEnded, Event, Finished, Stepped
from playground.core.seed import Stream, generator
from playground.core.settings import Settings
from playground.data.text_set import LabelledTexts, Share
from playground.hub.finetuning import Tuner
from playground.optim.warmed import warmed
from playground.specs.finetune import PARAMETERS, TRAINED, FinetuneSpec
from playground.training import finetune_words
from playground.training.finetune_data import base, prepare
from playground.training.finetune_measure import Measure
from playground.training.finetune_stored import StoredTune
from playground.training.history import History
from playground.training.stored import Position

SANE = 4.0
"""A state is worth going back to while its training loss is at most so many times that of the beginning."""
BATCHES = 20
"""Batches whose losses are averaged."""
SHARES: tuple[Share, ...] = ("train", "val", "test")
_LEARNING = 3.0  # an update costs so many forward passes


class Loop:
    """One experiment under way."""

    limit: float

    def __init__(
        self,
        spec: FinetuneSpec,
        data: LabelledTexts | None,
        device: str,
        model: tuple[Card, Path] | None,
        state: StoredTune | None,
    ) -> None:
        self.spec = spec
        self.data = prepare(spec, data)
        self.card, self.place = base(spec) if model is None else model
        self.tuner = opened(spec, self.card, self.place, self.data.classes, device)
        try:
            longer = 0
            for name in SHARES:
                share = self.data.share(name)
                longer += self.tuner.take(name, share.texts, share.y)
            self.notes = _notes(self.data.notes, longer, self.tuner)
            self.tuner.begin(self.tuner.used() if state is None else state.rows)
            _afford(spec, self.card, self.tuner)
            self.measure = Measure(self.tuner, self.data)
            self.count = len(self.data.train.y)
            self.epoch = self.step = self.seen = 0
            self.seconds = 0.0
            self.diverged = ""
            self.opened: dict[str, float] = {}  # the test set's last result, and how often it was looked at
            self.history = History()
            self._batch: list[NDArray[np.int64]] = []  # pieces of the batch that is under way, the next one first
            self._losses: deque[float] = deque(maxlen=BATCHES)
            self._begin() if state is None else self._go_on_from(state)
        except BaseException:
            self.tuner.close()
            raise

    def _begin(self) -> None:
        """Stand at the beginning."""
        self.measure.first()
        self.history.add(0, *self.measure.now.row)
        self.best = self.measure.as_best()
        self._stand(Position())
        self._start_from_here()

    def _go_on_from(self, stored: StoredTune) -> None:
        """Stand where a stored run stood; raises ``InputError`` where it belongs to another experiment."""
        changes = stored.spec.replace(table=self.spec.table).live_changes(self.spec)
        if changes is None or stored.classes != self.data.classes:
            raise InputError("This stored run belongs to another experiment; start it again.")
        same_model(stored, self.tuner, self.card)
        rows = len(stored.measured.probabilities)
        fits = np.array_equal(stored.rows, self.tuner.used())
        if not fits or stored.position.seen > self.count or rows not in (0, len(self.data.val.y)):
            raise InputError("This stored run does not fit the texts; start it again.")
        self.tuner.load(stored.engine)
        self.best, self.measure.now = stored.best, stored.measured
        self.measure.baseline = dict(stored.baseline)
        self.opened, self.history = dict(stored.opened), History(stored.history)
        self._stand(stored.position)
        self._start_from_here()

    # -- training

    def advance(self) -> Event:
        """A piece of an update or of measuring, or the reason why there is neither."""
        if self.diverged:
            return Diverged(self.epoch, self.step, self.diverged, self.seconds)
        if not self.measure.known:
            self.measure.without_training()
            return Stepped(self.step, self.epoch)
        if self.seen >= self.count:
            return self._end_epoch()
        if self.done():
            return self._finish()
        began = time.perf_counter()
        if not self._batch:
            self._rows = self.order[self.seen : self.seen + self.spec.batch_size]
            self._batch, self._number = self.measure.pieces("train", self._rows, _LEARNING), 0
        self.tuner.learn(self._batch.pop(0), len(self._rows), self.step, self._number)
        self._number += 1
        finite = bool(self._batch) or self.tuner.update(self.lr(), self.spec.head, self.spec.weight_decay)
        self.seconds += time.perf_counter() - began
        if self._batch:
            return Stepped(self.step, self.epoch)
        self._losses.append(self.tuner.loss)
        self.step += 1
        self.seen += len(self._rows)
        return Stepped(self.step, self.epoch) if finite else self._diverge()

    def _end_epoch(self) -> Event:
        """A piece of what is measured after an epoch; with the last one the epoch is over."""
        if self.measure.epoch(self.epoch + 1):
            return Stepped(self.step, self.epoch)
        now = self.measure.now
        if not math.isfinite(now.metrics["train_loss"]):
            return self._diverge()
        self.epoch, self.seen = self.epoch + 1, 0
        self.history.add(self.epoch, *now.row)
        if now.better(self.best) or not self.best.epoch:
            self.best, self.measure.test = self.measure.as_best(), {}
        if now.metrics["train_loss"] <= self.limit:
            self.good = (self.position(), self.tuner.state(), now)
        self._order()
        return EpochEnded(self.epoch, self.step, now.metrics)

    def _finish(self) -> Event:
        """A piece of measuring the test texts with the best weights; after that, the end."""
        if self.measure.best(self.best):
            return Stepped(self.step, self.epoch)
        known = {name: value for name, value in self.measure.baseline.items() if math.isfinite(value)}
        found = {
            **self.measure.now.metrics, "best_epoch": self.best.epoch, "best_val_accuracy": self.best.accuracy,
            "baseline_accuracy": known.get("frozen_test", known["frozen"]), "baseline_val_accuracy": known["frozen"],
            "majority": known.get("majority_test", known["majority"]), **self.measure.test,
        }  # fmt: skip
        return Finished(self.epoch, self.step, found, self.seconds)

    def done(self) -> bool:
        """Whether the wanted epochs are done, or nothing better has come for long enough."""
        early = self.spec.patience and self.epoch - self.best.epoch >= self.spec.patience
        return self.epoch >= self.spec.epochs or bool(early)

    def steps(self) -> tuple[int, int]:
        """Updates done, and those of all the epochs that are asked for, with batches as large as they are now."""
        an_epoch = -(-self.count // self.spec.batch_size)
        total = self.spec.epochs * an_epoch
        return min(total, round((self.epoch + self.seen / self.count) * an_epoch)), total

    def lr(self) -> float:
        """The learning rate of the next step for the encoder: the schedule over all the epochs that are asked for."""
        done, total = self.steps()
        return self.spec.lr * warmed(self.spec.schedule, min(done, total - 1), total, self.spec.warmup / 100)

    @property
    def batch_loss(self) -> float | None:
        """Mean loss of the last batches; ``None`` before the first."""
        finite = [loss for loss in self._losses if math.isfinite(loss)]
        return sum(finite) / len(finite) if finite else None

    # -- where it stands

    def _diverge(self) -> Diverged:
        """Stand still. What can be seen from now on is the last good state; epoch and step say where it went wrong."""
        self.diverged = finetune_words.divergence(self.spec, self.epoch, self.step, back_to=self.good[0].epoch)
        self.tuner.load(self.good[1])
        return Diverged(self.epoch, self.step, self.diverged, self.seconds)

    def _start_from_here(self) -> None:
        """Remember where to go back to, and what is worth it."""
        self.good = (self.position(), self.tuner.state(), self.measure.now)
        self.limit = SANE * max(self.measure.now.metrics["train_loss"], math.log(len(self.data.classes)))

    def _stand(self, position: Position) -> None:
        self.epoch, self.step, self.seen = position.epoch, position.step, position.seen
        self.seconds = position.seconds
        self._order()

    def position(self) -> Position:
        """How far it has come; a batch that is under way does not count yet."""
        return Position(self.epoch, self.step, self.seen, self.seconds)

    def _order(self) -> None:
        """The order in which the epoch that is under way learns from the training texts."""
        self._batch = []
        self.order = generator(self.spec.seed, Stream.ORDER, self.epoch).permutation(self.count)

    def restore(self) -> str:
        """Go back to the last good state after a divergence; says where that is."""
        if not self.diverged:
            return "Nothing to restore: the run has not diverged."
        position, state, self.measure.now = self.good
        self.tuner.load(state)
        self.measure.stop()
        self._losses.clear()
        self._stand(position)
        self.history.rewind(position.epoch)
        self.diverged = ""
        return f"Back at epoch {position.epoch:,}."


def opened(spec: FinetuneSpec, card: Card, place: Path, classes: tuple[str, ...], device: str = "auto") -> Tuner:
    """The pretrained network with its new classifier, as it is before the first update."""
    return Tuner(
        card, place, classes, freeze=spec.freeze, longest=spec.longest, dropout=spec.dropout, seed=spec.seed, device=device
    )  # fmt: skip


def same_model(stored: StoredTune, tuner: Tuner, card: Card) -> None:
    """Raise ``InputError`` where the files of a pretrained model are no longer those that a run began with."""
    if stored.fingerprint != tuner.fingerprint:
        raise InputError(f"The files of {card.title} are others by now than those this run began with; start it again.")


def _notes(notes: tuple[str, ...], longer: int, tuner: Tuner) -> tuple[str, ...]:
    if not longer:
        return notes
    words = "1 text has" if longer == 1 else f"{longer:,} texts have"
    return (
        *notes,
        f"{words} more than {tuner.room} word pieces: of {'it' if longer == 1 else 'each'} the beginning is read.",
    )


def _afford(spec: FinetuneSpec, card: Card, tuner: Tuner) -> None:
    """Raise ``SpecError`` where the model, or what of it would learn, is too large for this server."""
    mode = Settings.from_environment().mode
    size = sum(tuner.sizes)
    if size > PARAMETERS[mode]:
        raise SpecError(
            f"{card.title} has {size:,} parameters; at most {PARAMETERS[mode]:,} can be fine-tuned here. Choose a smaller model.",
            field="base",
        )
    if tuner.trained > TRAINED[mode]:
        raise SpecError(
            f"{tuner.trained:,} numbers of {card.title} would learn; allowed are {TRAINED[mode]:,}. Freeze more layers.",
            field="freeze",
        )
