"""Training a convolutional network on pictures: the loop behind the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.core.errors import InputError, SpecError
from playground.core.events import (
    Change,
    Command,
    Computation,
    Event,
    FrameReady,
    Look,
    Obeyed,
    OpenTest,
    Restore,
    Save,
    Saved,
    Show,
    Started,
)
from playground.data.image_set import ImageSet, OwnPictures
from playground.specs.cnn import CNNSpec
from playground.training import cnn_words
from playground.training.cnn_loop import Loop
from playground.training.cnn_stored import Measured, StoredCNN, pack_run, unpack_run

if TYPE_CHECKING:
    from playground.training.cnn_view import View


def fit(
    spec: CNNSpec,
    *,
    state: bytes | None = None,
    data: ImageSet | OwnPictures | None = None,
    device: str = "auto",
    folder: Path | None = None,
) -> Computation:
    """Train a convolutional network, one batch at a time.

    Every ``next()`` after the first is one update from one batch, or measures some pictures after the last batch of an
    epoch and now and then within a long one (``Stepped`` says so with the same step again); the last of those after an epoch
    answers with its metrics. The weights that do best on the validation pictures are kept. Once ``spec.epochs`` are done, or
    so many epochs as ``spec.patience`` says brought nothing better, the test pictures are measured with the best weights, and
    each ``next()`` from then on says so again without work, until ``Change`` lets it go on. After a divergence each ``next()``
    says so again, until ``Restore``.

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
    told: Measured | None = None  # what the view knows of the validation pictures

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
            case OpenTest():
                return self._open_test()
            case Save():
                return self._save()
            case Restore():
                return Obeyed(self.restore())
        raise InputError("A convolutional network cannot be edited by hand, nor looked into step by step.")

    def _change(self, settings: Mapping[str, Any]) -> Event:
        """Take over new values of live settings; raises ``SpecError`` and changes nothing where one is not allowed."""
        before, self.spec = self.spec, self.spec.changed(settings)
        self.engine.change({"weight_decay": self.spec.weight_decay, "label_smoothing": self.spec.label_smoothing})
        if self.view is not None:
            self.view.spec = self.spec
        if self.spec.shift != before.shift:
            self.measure.moved(self.spec.shift)
        return Obeyed()

    def _open_test(self) -> Obeyed:
        """Look at the test set, which no choice is made on, and count it; raises ``InputError`` where there is none."""
        if not len(self.prepared.data.test.y):
            raise InputError("These pictures are too few for a test set of their own.")
        self.measure.all_of_best(self.best, self.spec.shift)
        found = {name.removeprefix("test_"): value for name, value in self.measure.test.items()}
        self.opened = {**found, "epoch": self.best.epoch, "opened": self.opened.get("opened", 0) + 1}
        return Obeyed()

    def _save(self) -> Saved:
        """A diverged run is stored as it was when it was last worth keeping."""
        if self.diverged:
            self.restore()
        data, prepared = self.prepared.data, self.prepared
        stored = StoredCNN(
            spec=self.spec,
            position=self.position(),
            engine=self.engine.state(),
            best=self.best,
            measured=self.measure.now,
            history=self.history.rows(),
            classes=data.classes,
            shape=data.shape,
            mean=prepared.mean,
            std=prepared.std,
            opened=self.opened,
        )
        return Saved(pack_run(stored))

    # -- what is seen

    def _show(self, command: Show) -> FrameReady:
        from playground.training.cnn_view import Standing

        view = self._view()
        scene = view.scene()
        rate = (self.epoch * self.count + self.seen) / self.seconds if self.seconds else 0.0
        moment = Standing(
            epoch=self.epoch,
            step=self.step,
            status="diverged" if self.diverged else "done" if self.done() else "ready",
            message=self.diverged,
            metrics=self.measure.now.metrics,
            rate=rate / self.count,
            device=self.engine.device,
            test=self.opened or None,
            suggest={"lr": cnn_words.lower(self.spec)} if self.diverged else None,
            restore_epoch=self.good[0].epoch if self.diverged else None,
            remark=cnn_words.remark(self.spec, self.measure.now.metrics, self.epoch, self.best.epoch),
            lr=self.lr(),
            seen=self.seen,
            total=self.count,
            images_rate=rate,
            eta=self._eta(rate),
            batch_loss=self.under_way.batch_loss(self.seen),
            sample=self.under_way.sample(self.epoch),
            best={"epoch": self.best.epoch, "val_accuracy": self.best.accuracy} if self.best.epoch else None,
        )
        frame = view.tick(self.engine, self.history, moment, **command.note)
        wanted = command.scene or view.scene_id() != self.shown
        self.shown = view.scene_id()
        return FrameReady(frame, scene if wanted else None)

    def _eta(self, rate: float) -> float | None:
        """Seconds until the last epoch is done, as fast as it has gone; ``None`` while that is not known."""
        left = max(0.0, self.spec.epochs - self.epoch - self.seen / self.count)
        measuring = (self.measure.seconds + self.under_way.seconds) / self.epoch if self.epoch else 0.0
        return left * (self.count / rate + measuring) if rate else None

    def _view(self) -> View:
        if self.view is None:
            from playground.training.cnn_view import View

            self.view = View(self.spec, self.prepared.data, self.prepared.plan, self.engine)
        now = self.measure.now
        if now is not self.told and len(now.probabilities):
            self.view.measured(now.probabilities, now.epoch)
            self.told = now
        return self.view
