"""Training a network on examples with known answers: the loop behind the page and the command line."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from playground.core.errors import InputError, SpecError
from playground.core.events import (
    Change,
    Command,
    Computation,
    Dissect,
    Diverged,
    Edit,
    EpochEnded,
    Event,
    Finished,
    FrameReady,
    Look,
    Obeyed,
    OpenTest,
    Restore,
    Save,
    Saved,
    Show,
    Started,
    Stepped,
)
from playground.core.seed import Stream, generator
from playground.data.dataset import Dataset
from playground.data.prepare import Part
from playground.engine.contract import Array, Blueprint, Engine
from playground.engine.torch import TorchEngine
from playground.specs.mlp import MLPSpec
from playground.training import by_hand, doctor, measure
from playground.training.blueprint import blueprint, live_settings, prepared_data
from playground.training.dissect import dissected
from playground.training.history import History
from playground.training.probes import Moment, Probe
from playground.training.stored import Position, Stored, pack_run, unpack_run

SANE = 4.0
"""A state is worth going back to while its training loss is at most so many times that of the initial weights."""


def fit(
    spec: MLPSpec,
    *,
    state: bytes | None = None,
    data: Dataset | None = None,
    device: str = "auto",
    engine: Callable[[Blueprint], Engine] = TorchEngine,
) -> Computation:
    """Train a multilayer perceptron, one batch at a time.

    Every ``next()`` after the first is one update from one batch; the last batch of an epoch answers with the metrics of
    the epoch. Once ``spec.epochs`` are done each ``next()`` says so again without work, until ``Change`` raises the
    number. After a divergence each ``next()`` says so again, until ``Restore``.

    Args:
        spec: The experiment; when it goes on from ``state``, with its live settings as they are to be from now on.
        state: What ``Save`` answered earlier, to go on from there to the very same weights.
        data: The visitor's own table, for ``spec.dataset == "own"``.
        device: ``"auto"`` or a device by name.
        engine: What carries out the steps.

    Raises:
        PlaygroundError: The experiment, the table or the stored state cannot be used (at the first ``next()``).
    """
    run = _Run(spec.checked(), data, device, engine)
    try:
        if state is not None:
            run.go_on_from(unpack_run(state))
        command = yield Started(run.engine.device, run.epoch, run.step)
        while True:
            command = yield (run.advance() if command is None else run.obey(command))
    finally:
        run.engine.close()


class _Run:
    """One experiment under way."""

    def __init__(self, spec: MLPSpec, data: Dataset | None, device: str, engine: Callable[[Blueprint], Engine]) -> None:
        self.spec = spec
        self.prepared = prepared_data(spec, data)
        self.engine = engine(blueprint(spec, self.prepared, device))
        self.parts = {name: self._arrays(part) for name, part in self._shares()}
        self.probe: Probe | None = None
        self.shown = 0  # the scene sent last
        self.epoch = self.step = self.seen = 0
        self.seconds = 0.0
        self.diverged = ""
        self.opened: dict[str, float] = {}  # the test set's last result, and how often it was looked at
        self.history = History()
        self.metrics = self._measure("train", "val")
        self.history.add(0, *measure.history_row(self.prepared, self.metrics))
        self.limit = SANE * self.metrics["train_loss"]
        self.good = (self._position(), self.engine.state())
        self._order()

    def advance(self) -> Event:
        """One update, or the reason why there is none."""
        if self.diverged:
            return Diverged(self.epoch, self.step, self.diverged, self.seconds)
        if self.epoch >= self.spec.epochs:
            metrics = {**self.metrics, **self._measure("test")}
            return Finished(self.epoch, self.step, metrics, self.seconds)
        here = self._next()
        x, t = self.x[here], self.t[here]
        began = time.perf_counter()
        finite = self.engine.step(x, t, self.step)
        self.seconds += time.perf_counter() - began
        self.step += 1
        self.seen += len(x)
        if not finite:
            return self._diverge()
        if self.seen < len(self.x):
            return Stepped(self.step, self.epoch)
        metrics = self._measure("train", "val")
        if not math.isfinite(metrics["train_loss"]):
            return self._diverge()
        self.metrics = metrics
        self.epoch += 1
        self.seen = 0
        self.history.add(self.epoch, *measure.history_row(self.prepared, metrics))
        if metrics["train_loss"] <= self.limit:
            self.good = (self._position(), self.engine.state())
        self._order()
        return EpochEnded(self.epoch, self.step, metrics)

    def obey(self, command: Command) -> Event:
        """Carry out a command, without training; the note of ``Obeyed`` says why where that cannot be done."""
        try:
            return self._obey(command)
        except (SpecError, InputError) as error:  # raised on, it would end the run
            return Obeyed(str(error))

    def _obey(self, command: Command) -> Event:
        match command:
            case Show():
                return self._show(command)
            case Look():
                self._probe().look(command.view)
                return Obeyed()
            case Change():
                return self._change(command.settings)
            case Edit():
                by_hand.put(self.engine, command)
                self.metrics = self._measure("train", "val")
                return Obeyed()
            case Dissect():
                return self._dissect()
            case OpenTest():
                return self._open_test()
            case Save():
                return self._save()
            case Restore():
                return self._restore()

    def go_on_from(self, stored: Stored) -> None:
        """Stand where a stored run stood; raises ``InputError`` where it belongs to another experiment."""
        changes = stored.spec.replace(table=self.spec.table).live_changes(self.spec)
        if changes is None:
            raise InputError("This stored run belongs to another experiment; start it again.")
        at, good = stored.good
        if max(stored.position.seen, at.seen) >= len(self.x):
            raise InputError("This stored run does not fit the data; start it again.")
        self.engine.load(good)
        self.good = (at, self.engine.state())
        self.engine.load(stored.engine)
        self._stand(stored.position)
        self.opened = dict(stored.opened)
        self.history = History(stored.history)
        self.metrics = self._measure("train", "val")

    def _change(self, settings: Mapping[str, Any]) -> Event:
        """Take over new values of live settings; raises ``SpecError`` and changes nothing where one is not allowed."""
        self.spec = self.spec.changed(settings)
        self.engine.change(live_settings(self.spec))
        if self.probe is not None:
            self.probe.spec = self.spec
        return Obeyed()

    def _dissect(self) -> Event:
        """What the next step would do; raises ``InputError`` where there is none."""
        if self.diverged:
            raise InputError("This run has diverged, so there is no next step; go back to its last good state first.")
        if self.epoch >= self.spec.epochs:
            raise InputError("This run has done all its epochs; let it stop later to look at a next step.")
        here = self._next()
        return dissected(
            self.spec, self.prepared, self.engine, self._position(), self.order[here], self.x[here], self.t[here]
        )

    def _open_test(self) -> Obeyed:
        """Look at the test set, which no choice is made on, and count it; raises ``InputError`` where there is none."""
        found = {name.removeprefix("test_"): value for name, value in self._measure("test").items()}
        if not found:
            raise InputError("This data has no test set: it was drawn, and more of it can be drawn at will.")
        self.opened = {**found, "epoch": self.epoch, "opened": self.opened.get("opened", 0) + 1}
        return Obeyed()

    def _show(self, command: Show) -> FrameReady:
        probe = self._probe()
        scene = probe.scene()
        moment = Moment(
            epoch=self.epoch,
            step=self.step,
            status="diverged" if self.diverged else "done" if self.epoch >= self.spec.epochs else "ready",
            message=self.diverged,
            metrics=self.metrics,
            rate=self.epoch / self.seconds if self.seconds else 0.0,
            device=self.engine.device,
            test=self.opened or None,
            suggest={"lr": doctor.lower(self.spec)} if self.diverged else None,
            restore_epoch=self.good[0].epoch if self.diverged else None,
            remark=doctor.remark(self.spec, self.metrics),
        )
        gradients = self.engine.gradients() if self.step else None
        frame = probe.tick(self.engine.weights(), gradients, self.history, moment, **command.note)
        wanted = command.scene or probe.scene_id() != self.shown
        self.shown = probe.scene_id()
        return FrameReady(frame, scene if wanted else None)

    def _save(self) -> Saved:
        """A diverged run is stored as it was when it was last worth keeping."""
        if self.diverged:
            self._restore()
        stored = Stored(self.spec, self._position(), self.engine.state(), self.good, self.history.rows(), self.opened)
        return Saved(pack_run(stored))

    def _diverge(self) -> Diverged:
        """Stand still. What can be seen from now on is the last good state; epoch and step say where it went wrong."""
        self.diverged = doctor.divergence(self.spec, self.epoch, self.step, back_to=self.good[0].epoch)
        self.engine.load(self.good[1])
        return Diverged(self.epoch, self.step, self.diverged, self.seconds)

    def _restore(self) -> Obeyed:
        if not self.diverged:
            return Obeyed("Nothing to restore: the run has not diverged.")
        position, state = self.good
        self.engine.load(state)
        self._stand(position)
        self.history.rewind(position.epoch)
        self.metrics = self._measure("train", "val")
        self.diverged = ""
        return Obeyed(f"Back at epoch {position.epoch:,}.")

    def _stand(self, position: Position) -> None:
        self.epoch, self.step, self.seen = position.epoch, position.step, position.seen
        self.seconds = position.seconds
        self._order()

    def _position(self) -> Position:
        return Position(self.epoch, self.step, self.seen, self.seconds)

    def _order(self) -> None:
        """Lay out the training data in the order of the epoch that is under way; batches are slices of it."""
        x, t = self.parts["train"]
        self.order = generator(self.spec.seed, Stream.ORDER, self.epoch).permutation(len(x))
        self.x, self.t = x[self.order], t[self.order]

    def _next(self) -> slice:
        """Which of these rows the next step learns from."""
        return slice(self.seen, self.seen + self.spec.batch_size)

    def _measure(self, *names: str) -> dict[str, float]:
        """Loss and score of some shares of the data, dropout off, penalty apart."""
        measured = {}
        for name, part in self._shares():
            if name in names and len(part.y):
                loss, z = self.engine.evaluate(*self.parts[name])
                measured[name] = (loss, measure.score(self.prepared, part.y, z))
        return measure.gathered(self.prepared, measured)

    def _shares(self) -> list[tuple[str, Part]]:
        data = self.prepared
        return [("train", data.train), ("val", data.val), ("test", data.test)]

    def _arrays(self, part: Part) -> tuple[Array, Array]:
        """Inputs and targets as an engine wants them."""
        return (
            np.ascontiguousarray(part.x, dtype=np.float32),
            np.ascontiguousarray(self.prepared.targets(part.y), dtype=np.float32),
        )

    def _probe(self) -> Probe:
        if self.probe is None:
            self.probe = Probe(self.spec, self.prepared)
        return self.probe
