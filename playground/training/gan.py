"""Training a generator against a discriminator on pictures: the loop behind the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.core.errors import InputError, SpecError
from playground.core.events import (
    Change,
    Command,
    Computation,
    Event,
    FrameReady,
    Look,
    Obeyed,
    Restore,
    Save,
    Saved,
    Show,
    Started,
)
from playground.data.image_set import ImageSet, OwnPictures
from playground.specs.gan import GANSpec
from playground.training import gan_doctor
from playground.training.gan_data import live
from playground.training.gan_history import COLUMNS
from playground.training.gan_loop import Loop
from playground.training.gan_standing import Standing
from playground.training.gan_stored import StoredGAN, pack_run, unpack_run

if TYPE_CHECKING:
    from playground.training.gan_view import View


def fit(
    spec: GANSpec,
    *,
    state: bytes | None = None,
    data: ImageSet | OwnPictures | None = None,
    device: str = "auto",
    folder: Path | None = None,
) -> Computation:
    """Train a generator and a discriminator against each other, one batch at a time.

    Every ``next()`` after the first is one update of the discriminator from one batch, followed by one of the generator once
    there were ``spec.critic_steps`` of them, or looks at some samples now and then (``Stepped`` says so with the same step
    again). A step is an update of the generator. Once ``spec.epochs`` are done, each ``next()`` says so again without work,
    until ``Change`` lets it go on. After a divergence each ``next()`` says so again, until ``Restore``.

    Args:
        spec: The experiment; when it goes on from ``state``, with its live settings as they are to be from now on.
        state: What ``Save`` answered earlier, to go on from there.
        data: The visitor's own pictures, or where they lie, for ``spec.dataset == "own"``.
        device: ``"auto"`` or a device by name.
        folder: Where image data sets lie; unless said otherwise where the settings say.

    Raises:
        PlaygroundError: The experiment, the pictures or the stored state cannot be used (at the first ``next()``).
    """
    run = _Run(spec.checked(), data, device, folder, None if state is None else unpack_run(state))
    try:
        command = yield Started(run.engine.device, run.epoch, run.step)
        while True:
            command = yield (run.advance() if command is None else run.obey(command))
    finally:
        run.engine.close()


class _Run(Loop):
    """The same, with its commands and pictures."""

    view: View | None = None
    shown = 0  # the scene sent last

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
                self._view().look(command.view)
                return Obeyed()
            case Change():
                return self._change(command.settings)
            case Save():
                return self._save()
            case Restore():
                return Obeyed(self.restore())
        raise InputError("A generator has no test set to open, cannot be edited by hand, nor looked into step by step.")

    def _change(self, settings: Mapping[str, Any]) -> Event:
        """Take over new values of live settings; raises ``SpecError`` and changes nothing where one is not allowed."""
        self.spec = self.spec.changed(settings)
        self.engine.change(live(self.spec))
        if self.view is not None:
            self.view.spec = self.spec
        self._examine()
        return Obeyed()

    def _save(self) -> Saved:
        """A diverged run is stored as it was when it was last worth keeping."""
        if self.diverged:
            self.restore()
        stored = StoredGAN(
            spec=self.spec,
            pair=self.prepared.pair,
            position=self.position(),
            turns=self.turns,
            weights=self.engine.weights(),
            engine={**self.engine.state(), "turn": np.array(self.turn)},
            looks=tuple(self.looks),
            recent=np.array(self.recent, np.float64).reshape(len(self.recent), len(COLUMNS)),
            history=self.history.rows(),
            film=self.film.arrays(),
            classes=self.prepared.data.classes,
            best=self.best,
            notes=self.prepared.data.notes,
        )
        return Saved(pack_run(stored))

    def _show(self, command: Show) -> FrameReady:
        view = self._view()
        frame = view.tick(self.engine, self.history, self.film, self._standing(), **command.note)
        wanted = command.scene or view.scene_id(self.film) != self.shown
        self.shown = view.scene_id(self.film)
        return FrameReady(frame, view.scene(self.film) if wanted else None)

    def _standing(self) -> Standing:
        learnt = self.epoch * self.count + self.seen
        rate = learnt / self.seconds if self.seconds else 0.0
        metrics = self.metrics()
        return Standing(
            epoch=self.epoch,
            step=self.step,
            status="diverged" if self.diverged else "done" if self.done() else "ready",
            message=self.diverged,
            metrics=metrics,
            rate=rate / self.count,
            device=self.engine.device,
            suggest={"lr": gan_doctor.lower(self.spec)} if self.diverged else None,
            restore_step=self.good[0].step if self.diverged else None,
            remark=gan_doctor.remark(self.spec, metrics),
            lr=self.spec.lr,
            lr_d=self.spec.lr * self.spec.d_lr,
            seen=self.seen,
            total=self.count,
            steps=self.spec.epochs * self.batches // self.spec.critic_steps,
            images_rate=rate,
            eta=self._eta(rate, learnt),
            doing=self.measure.doing,
            look_at=self.measure.after(self.looks[-1].step if self.looks else 0),
            best=self.best,
            finding=self.finding,
        )

    def _eta(self, rate: float, learnt: int) -> float | None:
        """Seconds until the last epoch is done, as fast as it has gone; ``None`` while that is not known."""
        if not rate:
            return None
        left = max(0, self.spec.epochs * self.count - learnt)
        return left / rate * (1 + self.measure.seconds / self.seconds)

    def _view(self) -> View:
        if self.view is None:
            from playground.training.gan_view import View

            self.view = View(self.spec, self.prepared.pair, self.prepared.data, self.film.grid)
        return self.view
