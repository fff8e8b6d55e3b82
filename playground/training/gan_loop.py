"""One experiment with a generator and a discriminator: update by update, measured now and then."""

from __future__ import annotations

import math
import time
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.events import Diverged, EpochEnded, Event, Finished, Stepped
from playground.core.seed import Stream, generator
from playground.data.image_set import ImageSet, OwnPictures
from playground.engine.gan import GANEngine
from playground.specs.gan import GANSpec
from playground.training import gan_doctor
from playground.training.gan_data import blueprint, live, prepare
from playground.training.gan_film import Film
from playground.training.gan_grid import grid
from playground.training.gan_history import COLUMNS, GanHistory
from playground.training.gan_measure import Measure
from playground.training.gan_standing import Finding
from playground.training.gan_stored import RECENT, Measured, StoredGAN
from playground.training.stored import Position

ROW = 10
"""Steps whose means are one row of the history."""
LOOKS = 12
"""So many measurements are remembered."""


class Loop:
    """One experiment under way. A step is an update of the generator, with those of the discriminator before it."""

    def __init__(
        self, spec: GANSpec, data: ImageSet | OwnPictures | None, device: str, folder: Path | None,
        state: StoredGAN | None,
    ) -> None:  # fmt: skip
        self.spec = spec
        self.prepared = prepare(spec, data, folder)
        self.engine = GANEngine(blueprint(spec, self.prepared, device), self.prepared.data.train)
        self.measure = Measure(spec, self.prepared, self.engine)
        self.batch = min(spec.batch_size, len(self.prepared.data.train.y))
        self.batches = len(self.prepared.data.train.y) // self.batch
        self.count = self.batches * self.batch  # pictures of an epoch; a few are left over, others in each
        self.epoch = self.step = self.seen = self.turns = 0
        self.turn = 0  # updates of the discriminator since the generator's last one
        self.seconds = 0.0
        self.diverged = ""
        self.looks: deque[Measured] = deque(maxlen=LOOKS)
        self.recent: deque[NDArray[Any]] = deque(maxlen=RECENT)
        self.best: dict[str, float] | None = None
        self.history = GanHistory()
        self.finding: Finding | None = None
        self._begin() if state is None else self._go_on_from(state)
        self._examine()
        self._start_from_here()

    def _begin(self) -> None:
        """Stand at the beginning."""
        self.film = Film(grid(self.prepared.pair, self.spec.seed))
        self._stand(Position(), 0, 0)
        self._snap()

    def _go_on_from(self, stored: StoredGAN) -> None:
        """Stand where a stored run stood; raises ``InputError`` where it belongs to another experiment."""
        changes = stored.spec.replace(pictures=self.spec.pictures).live_changes(self.spec)
        if changes is None or stored.classes != self.prepared.data.classes:
            raise InputError("This stored run belongs to another experiment; start it again.")
        if stored.position.seen > self.count:
            raise InputError("This stored run does not fit the pictures; start it again.")
        self.film = Film(grid(self.prepared.pair, self.spec.seed), stored.film)
        self.engine.load(stored.whole())
        self.looks.extend(stored.looks)
        self.recent.extend(stored.recent)
        self.best = None if stored.best is None else dict(stored.best)
        self.history = GanHistory(stored.history)
        turn = int(stored.engine["turn"]) if "turn" in stored.engine else 0
        self._stand(stored.position, stored.turns, turn)

    # -- training

    def advance(self) -> Event:
        """One update, or a piece of measuring, or the reason why there is neither."""
        if self.diverged:
            return Diverged(self.epoch, self.step, self.diverged, self.seconds)
        if self.measure.doing or self._due():
            return self._measure()
        if self.seen >= self.count:
            return self._end_epoch()
        if self.done():
            return self._finish()
        rows = self.order[self.seen : self.seen + self.batch]
        self.turn += 1
        both = self.turn >= self.spec.critic_steps
        began = time.perf_counter()
        self.engine.step(rows, self.turns, both)
        self.seconds += time.perf_counter() - began
        self.turns += 1
        self.seen += len(rows)
        if both:
            self.turn, self.step = 0, self.step + 1
            if self.step % ROW == 0 and not self._row():
                return self._diverge()
            if self.film.due(self.step):
                self._snap()
        return Stepped(self.step, self.epoch)

    def _due(self) -> bool:
        """Whether the samples are to be looked at before anything else."""
        before = self.looks[-1].step if self.looks else 0
        since, over = self.step - before, self.seen >= self.count
        last = over and self.epoch + 1 >= self.spec.epochs
        soon = self.step >= self.measure.after(before)
        return bool(since) and (soon or last or (over and 2 * since >= self.measure.every))

    def _measure(self) -> Event:
        """A piece; with the last one it is a point of the history."""
        values = self.measure.go_on()
        if values is None:
            return Stepped(self.step, self.epoch)
        if not (math.isfinite(values["frechet"]) and self.engine.finite()):
            return self._diverge()
        self.looks.append(Measured(self.step, self.passed(), values))
        self.history.add(self._at(), self.step, frechet=values["frechet"])
        if self.best is None or values["frechet"] < self.best["frechet"]:
            self.best = {"epoch": self.passed(), "step": self.step, "frechet": values["frechet"]}
        self._examine()
        self._start_from_here()
        return Stepped(self.step, self.epoch)

    def _row(self) -> bool:
        """Add the means of the last steps to the history; whether all of it is finite."""
        told = self.engine.told()
        g_norm, d_norm = self.engine.gradients()
        values = {**told, "g_norm": g_norm, "d_norm": d_norm}
        if not all(math.isfinite(value) for value in values.values()):
            return False
        self.history.add(self._at(), self.step, **values)
        row = {**values, "epoch": self._at(), "step": float(self.step)}
        self.recent.append(np.array([row.get(name, math.nan) for name in COLUMNS]))
        self._examine()
        return True

    def _end_epoch(self) -> Event:
        if self.step and not self.recent and not self._row():  # an epoch of fewer steps than a row
            return self._diverge()
        self.epoch, self.seen = self.epoch + 1, 0
        self._order()
        return EpochEnded(self.epoch, self.step, self.metrics())

    def _finish(self) -> Event:
        if not self.film.snapshots or self.film.snapshots[-1].step < self.step:
            self._snap()
        best = {} if self.best is None else {f"best_{name}": value for name, value in self.best.items()}
        return Finished(self.epoch, self.step, {**self.metrics(), **best}, self.seconds)

    def done(self) -> bool:
        """Whether the wanted epochs are done."""
        return self.epoch >= self.spec.epochs

    def metrics(self) -> dict[str, float]:
        """All that is known last."""
        last = dict(zip(COLUMNS[2:], self.recent[-1][2:].tolist(), strict=True)) if len(self.recent) else {}
        found = {**last, **(self.looks[-1].values if self.looks else {})}
        return {name: value for name, value in found.items() if math.isfinite(value)}

    def _examine(self) -> None:
        """Ask the doctor; a finding that stays keeps the step at which it was seen first."""
        self.finding = gan_doctor.examine(self.spec, self.recent, self.looks, self.finding)

    def _snap(self) -> None:
        shown = self.film.grid
        self.film.add(self.step, self.passed(), self.engine.draw(shown.latents, shown.classes))

    # -- where it stands

    def passed(self) -> int:
        """Complete epochs; one whose last picture was learnt from is complete, though it is not ended yet."""
        return self.epoch + (self.seen >= self.count)

    def _at(self) -> float:
        """Epochs, with the part of the one under way."""
        return self.epoch + self.seen / self.count

    def _diverge(self) -> Diverged:
        """Stand still. What can be seen from now on is the last good state; epoch and step say where it went wrong."""
        self.diverged = gan_doctor.divergence(self.spec, self.epoch, self.step, back_to=self.good[0].step)
        self.engine.load(self.good[3])
        self.measure.stop()
        return Diverged(self.epoch, self.step, self.diverged, self.seconds)

    def _start_from_here(self) -> None:
        """Remember where to go back to."""
        self.good = (self.position(), self.turns, self.turn, self.engine.state())

    def _stand(self, position: Position, turns: int, turn: int) -> None:
        self.epoch, self.step, self.seen = position.epoch, position.step, position.seen
        self.seconds, self.turns, self.turn = position.seconds, turns, turn
        self._order()

    def position(self) -> Position:
        """How far it has come."""
        return Position(self.epoch, self.step, self.seen, self.seconds)

    def _order(self) -> None:
        """The order in which the epoch that is under way learns from the training pictures."""
        self.order = generator(self.spec.seed, Stream.ORDER, self.epoch).permutation(len(self.prepared.data.train.y))

    def restore(self) -> str:
        """Go back to the last good state after a divergence; says where that is."""
        if not self.diverged:
            return "Nothing to restore: the run has not diverged."
        position, turns, turn, state = self.good
        self.engine.load(state)
        self.engine.change(live(self.spec))
        self.measure.stop()
        self._stand(position, turns, turn)
        self.history.rewind(position.step)
        self.film.rewind(position.step)
        self.looks = deque((one for one in self.looks if one.step <= position.step), LOOKS)
        self.recent = deque((row for row in self.recent if row[1] <= position.step), RECENT)
        self.diverged, self.finding = "", None
        self._examine()
        return f"Back at step {position.step:,}."
