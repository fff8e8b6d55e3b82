"""Fine-tuning a pretrained text model: the loop behind the page and the command line."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
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
from playground.data.text_cleaning import readable
from playground.data.text_set import LabelledTexts
from playground.specs.finetune import FinetuneSpec
from playground.training import finetune_words
from playground.training.cnn_share import Share
from playground.training.finetune_layers import facts
from playground.training.finetune_loop import Loop
from playground.training.finetune_standing import Facts, Part, Phase, Sentence, Standing, Watch
from playground.training.finetune_stored import StoredTune, pack_run, unpack_run

if TYPE_CHECKING:
    from playground.training.finetune_view import View

LONGEST_SENTENCE = 600


def fit(
    spec: FinetuneSpec,
    *,
    state: bytes | None = None,
    data: LabelledTexts | None = None,
    device: str = "auto",
    model: tuple[Card, Path] | None = None,
) -> Computation:
    """Train a pretrained text model with a new classifier on texts with labels, one batch at a time.

    Every ``next()`` after the first is one update from one batch, a piece of one where the model is large, or measures some
    texts: before the first update what a classifier on the frozen encoder can do, after the last batch of an epoch how the
    network does (``Stepped`` says so with the same step again; the last piece after an epoch answers with its metrics). The
    weights that do best on the validation texts are kept. Once ``spec.epochs`` are done, or so many epochs as
    ``spec.patience`` says brought nothing better, the test texts are measured with the best weights, and each ``next()`` from
    then on says so again without work, until ``Change`` lets it go on. After a divergence each ``next()`` says so again, until
    ``Restore``.

    Args:
        spec: The experiment; when it goes on from ``state``, with its live settings as they are to be from now on.
        state: What ``Save`` answered earlier, to go on from there.
        data: The visitor's own texts, for ``spec.dataset == "own"``.
        device: ``"auto"`` or a device by name.
        model: The pretrained model and the folder of its files, whatever ``spec.base`` names.

    Raises:
        PlaygroundError: The experiment, the texts, the model or the stored state cannot be used (at the first ``next()``).
    """
    stored = None if state is None else unpack_run(state)
    run = _Run(spec.checked(), data, device, model, stored)
    if stored is not None:
        run.text, run.way = stored.text[:LONGEST_SENTENCE] or None, (stored.text, stored.trail)
    try:
        command = yield Started(run.tuner.device, run.epoch, run.step)
        while True:
            command = yield (run.advance() if command is None else run.obey(command))
    finally:
        run.tuner.close()


class _Run(Loop):
    """The same, with its commands and pictures."""

    view: View | None = None
    shown = 0  # the scene sent last
    told: object = None  # what the view knows of the validation texts
    text: str | None = None  # the visitor's sentence
    way: tuple[str, NDArray[np.float32] | None] = ("", None)  # how it was read on the way, before the view knows
    _before: tuple[str, NDArray[np.float32]] | None = None
    _known: Facts | None = None
    _watch: tuple[tuple[int, int, str], Watch] | None = None

    @functools.cached_property
    def _share(self) -> Share:
        return Share()

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
                return self._look(command.view)
            case Change():
                return self._change(command.settings)
            case OpenTest():
                return self._open_test()
            case Save():
                return self._save()
            case Restore():
                return Obeyed(self.restore())
        raise InputError("A text model cannot be edited by hand, nor looked into step by step here.")

    def _look(self, view: Mapping[str, Any]) -> Event:
        rest = {name: value for name, value in view.items() if name != "text"}
        if rest:
            self._view().look(rest)
        if "text" in view:
            text = view["text"]
            if text is not None and (not isinstance(text, str) or len(text) > LONGEST_SENTENCE):
                raise InputError(f"That is no sentence of at most {LONGEST_SENTENCE} characters.")
            self.text = text
        return Obeyed()

    def _change(self, settings: Mapping[str, Any]) -> Event:
        """Take over new values of live settings; raises ``SpecError`` and changes nothing where one is not allowed."""
        self.spec = self.spec.changed(settings)
        self.tuner.dropout = self.spec.dropout
        if self.view is not None:
            self.view.spec = self.spec
        return Obeyed()

    def _open_test(self) -> Obeyed:
        """Look at the test texts, which no choice is made on, and count it; raises ``InputError`` where there are none."""
        if not len(self.data.test.y):
            raise InputError("These texts are too few for a test set of their own.")
        self.measure.all_of_best(self.best)
        found = {name.removeprefix("test_"): value for name, value in self.measure.test.items()}
        self.opened = {**found, "epoch": self.best.epoch, "opened": self.opened.get("opened", 0) + 1}
        return Obeyed()

    def _save(self) -> Saved:
        """A diverged run is stored as it was when it was last worth keeping."""
        if self.diverged:
            self.restore()
        way = self.way if self.view is None else self.view.sentence.kept()
        stored = StoredTune(
            spec=self.spec,
            position=self.position(),
            engine=self.tuner.state(),
            best=self.best,
            measured=self.measure.now,
            history=self.history.rows(),
            classes=self.data.classes,
            rows=self.tuner.rows,
            fingerprint=self.tuner.fingerprint,
            baseline=self.measure.baseline,
            notes=self.notes,
            opened=self.opened,
            text=self.text or "",
            trail=way[1] if way[0] == self.text else None,
        )
        return Saved(pack_run(stored))

    # -- what is seen

    def _show(self, command: Show) -> FrameReady:
        view = self._view()
        view.scene()
        rate = (self.epoch * self.count + self.seen) / self.seconds if self.seconds else 0.0
        done, total = self.steps()
        best = {"epoch": float(self.best.epoch), "val_loss": self.best.loss, "val_accuracy": self.best.accuracy}
        moment = Standing(
            epoch=self.epoch,
            step=self.step,
            status="diverged" if self.diverged else "done" if self.done() else "ready",
            message=self.diverged,
            metrics=self.measure.now.metrics,
            rate=rate / self.count,
            device=self.tuner.device,
            test=self.opened or None,
            suggest={"lr": finetune_words.lower(self.spec)} if self.diverged else None,
            restore_epoch=self.good[0].epoch if self.diverged else None,
            remark=finetune_words.remark(self.spec, self.measure.now.metrics, self.measure.baseline, self.epoch, best),
            phase=self._phase(),
            lr=self.lr(),
            progress=done / total,
            seen=self.seen,
            total=self.count,
            steps=total,
            texts_rate=rate,
            eta=self._eta(rate),
            best=best if self.best.epoch else None,
            batch_loss=self.batch_loss,
            baseline=self.measure.told(),
            doing=self.measure.doing,
        )
        frame = view.tick(self._seen(command.note.get("status") == "playing"), self.history, moment, **command.note)
        wanted = command.scene or view.scene_id() != self.shown
        self.shown = view.scene_id()
        return FrameReady(frame, view.scene() if wanted else None)

    def _phase(self) -> Phase:
        if not self.measure.known:
            return "split"
        return "evaluate" if self.seen >= self.count or self.done() else "train"

    def _eta(self, rate: float) -> float | None:
        """Seconds until the last epoch is done, as fast as it has gone; ``None`` while that is not known."""
        left = max(0.0, self.spec.epochs - self.epoch - self.seen / self.count)
        measuring = self.measure.seconds / self.epoch if self.epoch else 0.0
        return left * (self.count / rate + measuring) if rate else None

    def _seen(self, playing: bool) -> Watch:
        """What is seen of the network: made anew where it has changed and that can be afforded, or where another sentence is asked."""
        text = self.text if self.text and self.text.strip() else self.data.val.texts[0][:LONGEST_SENTENCE]
        at = (self.step, self.epoch, text)
        self._share.begin(playing)
        last = self._watch
        if last is None or last[0][2] != text or (last[0] != at and (not playing or self._share.affords())):
            last = self._watch = (
                at,
                Watch(self._in_order(self.tuner.moved()), self._in_order(self.tuner.gradients()), self._read(text)),
            )
        self._share.end(playing)
        return last[1]

    def _read(self, text: str) -> Sentence:
        pieces = self.tuner.model.pieces(readable(text)[0])
        if self._before is None or self._before[0] != text:
            now = self.tuner.weights()
            self.tuner.load_weights(self.tuner.first)
            self._before = (text, self.tuner.ask([pieces])[0])
            self.tuner.load_weights(now)
        shown = pieces.tokens[: self.tuner.room]
        return Sentence(text, shown, sum(pieces.unknown), self._before[1], self.tuner.ask([pieces])[0], self.step)

    def _in_order(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Numbers of the tuner's parts, for the parts that are drawn."""
        named = dict(zip(self.tuner.parts, values, strict=True))
        return np.array([named.get(_name(part), 0.0) for part in self._facts().parts], np.float32)

    def _facts(self) -> Facts:
        if self._known is None:
            drawn = facts(self.place, self.spec.base, self.card.title, len(self.data.classes), self.spec.freeze)
            sizes = dict(zip(self.tuner.parts, self.tuner.sizes, strict=True))
            parts = tuple(dataclasses.replace(part, parameters=sizes.get(_name(part), 0)) for part in drawn.parts)
            self._known = dataclasses.replace(drawn, parts=parts)
        return self._known

    def _view(self) -> View:
        if self.view is None:
            from playground.training.finetune_view import View

            self.view = View(self.spec, dataclasses.replace(self.data, notes=self.notes), self._facts())
            self.view.sentence.again(*self.way)
        now = self.measure.now
        if now is not self.told and len(now.probabilities):
            self.view.measured(now.probabilities, now.epoch)
            self.told = now
        return self.view


def _name(part: Part) -> str:
    return f"layer.{part.number}" if part.kind == "layer" else part.kind
