"""What a convolutional network looks like from outside, packed for the live view: maps, filters, mistakes, curves.

Everything here is NumPy; what only the engine can do (a forward pass at speed, gradients) it is asked for. Pictures cost
time, so a run that trains spends no more on them than ``cnn_share`` allows: what it cannot afford stays as it was drawn last.
The frame format is written down beside its decoder, ``ui/live/frame.js``.
"""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core import frames
from playground.data.image_set import ImageSet
from playground.functional.blocks import Plan
from playground.functional.losses import LOSSES
from playground.specs.cnn import CNNSpec
from playground.training import caption, cnn_maps, cnn_words
from playground.training.cnn_drawing import Drawing, Part, Shown, rounded
from playground.training.cnn_looking import Looking
from playground.training.cnn_mistakes import Mistakes
from playground.training.cnn_samples import DIGITS, samples, title
from playground.training.cnn_share import Share
from playground.training.history import History
from playground.training.probes import Moment

_AUGMENTED = 8


@dataclass(frozen=True)
class Standing(Moment):
    """Where a run stands when a frame is packed.

    Attributes:
        lr: Learning rate of the next step, as the schedule has it.
        seen: Training pictures already learnt from in the epoch that is under way.
        total: Training pictures of an epoch.
        images_rate: Pictures a second inside training steps.
        eta: Seconds until the wanted epochs are done; ``None`` where that is not known.
        best: Epoch and validation accuracy of the best weights so far.
        batch_loss: Mean loss of the last batches, while a long epoch is under way.
        sample: ``val_loss``, ``val_accuracy`` and ``train_accuracy`` of some pictures, measured last within this epoch; ``pictures``
            says how many of validation.
    """

    lr: float = 0.0
    seen: int = 0
    total: int = 0
    images_rate: float = 0.0
    eta: float | None = None
    best: Mapping[str, float] | None = None
    batch_loss: float | None = None
    sample: Mapping[str, float] | None = None


class View:
    """Packs the frames of one run. It remembers where one looks, what was drawn last and how far each scale has grown."""

    def __init__(
        self,
        spec: CNNSpec,
        images: ImageSet,
        plan: Plan,
        engine: Shown | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Look at the first sample.

        Args:
            spec: The experiment; put a new one into ``spec`` when live settings change.
            images: What is learnt from; of it only ``val`` is looked at.
            plan: The network.
            engine: For examples of augmentation; without one there are none.
            counts: Pictures in each share, where ``images`` does not hold them all.
        """
        self.spec, self.images, self.plan = spec, images, plan
        self._engine = engine
        self.counts = counts or {name: len(images.share(name).y) for name in ("train", "val", "test")}
        self.rows = samples(images.val)
        self.columns = cnn_maps.columns(plan, spec.activation)
        self.looking = Looking(images, self.rows, plan, self.columns)
        self.drawing = Drawing(spec, images, plan, self.looking)
        self.share = Share()
        self._scene, self._scene_id = b"", 0
        self._parts: dict[str, Part] = {}
        self._parts_of: dict[str, tuple[Any, ...]] = {}
        self._made: dict[str, int] = {}
        self._frames = self._told = 0

    def measured(self, probabilities: NDArray[np.float32], epoch: int) -> None:
        """Take over what the network says of all validation pictures, ``(n, classes)`` in their order.

        Without rows, nothing is known any more.
        """
        known = len(probabilities) > 0
        truth = self.images.val.y if known else self.images.val.y[:0]
        self.drawing.mistakes = Mistakes(truth, probabilities, epoch if known else -1)
        self.looking.mistakes = self.drawing.mistakes if known else None
        self._told += 1

    def look(self, view: Mapping[str, Any]) -> None:
        """Look elsewhere: see ``cnn_looking.Looking.look``; raises ``InputError`` and stays where that is not there."""
        self.looking.look(view)

    def scene(self) -> bytes:
        """What stays the same from frame to frame; packed once."""
        if not self._scene:
            self._scene_id, self._scene = self._pack_scene()
        return self._scene

    def scene_id(self) -> int:
        """Changes whenever anything in the scene does, and is the same again for the same scene."""
        self.scene()
        return self._scene_id

    @np.errstate(over="ignore", invalid="ignore")  # a network about to diverge is drawn, too
    def tick(self, engine: Shown, history: History, moment: Standing, **note: Any) -> bytes:
        """One frame.

        Args:
            engine: The network now.
            history: How the run has gone so far: epoch, losses and accuracies of training and validation.
            moment: Where it stands.
            **note: The worker's own entries for the header, which win.
        """
        playing = note.get("status", moment.status) == "playing"
        self.share.begin(playing)
        self.drawing.spec = self.spec
        header: dict[str, Any] = {}
        blocks: dict[str, NDArray[Any]] = {"curve": np.ascontiguousarray(history.curve().T)}
        for part in self._current(engine, (moment.epoch, moment.step, moment.status), playing):
            header.update(part[0])
            blocks.update(part[1])
        blocks["confusion"] = self.drawing.mistakes.confusion()
        header = {
            **self._header(moment, header),
            **note,
            "megabytes": megabytes(),
            "drawing": round(self.share.told, 4),
        }
        frame = frames.pack("cnn.tick", header, blocks)
        self.share.end(playing)
        return frame

    def _current(self, engine: Shown, at: tuple[int, int, str], playing: bool) -> list[Part]:
        """Every part of the frame, made anew where one looks elsewhere, or where it is old and that can be afforded."""
        draw, looking, told = self.drawing, self.looking, (self._told, self.spec.shift)
        wanted: tuple[tuple[str, Callable[[Shown], Part], tuple[Any, ...], tuple[Any, ...]], ...] = (
            ("maps", draw.maps, looking.chosen, (at, told)),
            ("filters", draw.filters, (), (at,)),
            # Which pictures these are is known once an epoch: more often than that only where it costs no training.
            ("cell", draw.cell, (looking.cell, looking.tab), (None if playing else at, told)),
            ("wrong", draw.wrong, (looking.tab,), (told,)),
        )
        for name, make, place, state in sorted(wanted, key=lambda item: self._made.get(item[0], -1)):
            before = self._parts_of.get(name)
            elsewhere = before is None or before[0] != place
            if elsewhere or (before != (place, state) and (not playing or self.share.affords())):
                self._parts[name], self._parts_of[name] = make(engine), (place, state)
                self._made[name] = self._frames
        self._frames += 1
        return [self._parts[name] for name, *_ in wanted]

    def _header(self, moment: Standing, drawn: Mapping[str, Any]) -> dict[str, Any]:
        said = {field.name: getattr(moment, field.name) for field in dataclasses.fields(moment)}
        seen, total = said.pop("seen"), said.pop("total")
        return {
            "scene": self.scene_id(),
            **said,
            "metrics": {name: rounded(value) for name, value in moment.metrics.items()},
            "rate": rounded(moment.rate),
            "images_rate": rounded(moment.images_rate),
            "progress": {"seen": seen, "total": total},
            "position": None,
            "speed": 0,
            "shift": self.spec.shift,
            "stage_signed": [column.signed for column in self.columns],
            "tab": self.looking.tab,
            "measured": self.drawing.mistakes.epoch,
            "loss_name": LOSSES["cross_entropy"].title,
            **drawn,
            "remark": self._dead(moment, drawn) or moment.remark,
            "alt": caption.caption(moment.epoch, moment.metrics, self._alt(drawn)),
        }

    def _dead(self, moment: Standing, drawn: Mapping[str, Any]) -> str:
        """That nothing is learnt any more, where that is so: a stage is 0 everywhere, and up to it every gradient is."""
        dark, lengths = drawn["dark"], drawn["gradient_norms"]
        learns = [index for index, stage in enumerate(self.plan.stages) if stage.parameters]
        if not moment.step or dark is None or any(lengths[index] for index in learns if index <= dark):
            return ""
        return cnn_words.dead(self.spec, self.plan.stages[dark].block.title)

    def _alt(self, drawn: Mapping[str, Any]) -> str:
        classes, image = self.images.classes, drawn["image"]
        taken = f"is taken for {classes[drawn['prediction']]} ({cnn_words.percent(drawn['confidence'])})"
        whose = "The drawing" if image["kind"] == "pad" else f"The chosen picture, {classes[image['label']]},"
        return f"{whose} {taken}. {self.drawing.mistakes.words(classes)}".strip()

    def _pack_scene(self) -> tuple[int, bytes]:
        shown = self.images.val.x[self.rows]
        blocks: dict[str, NDArray[Any]] = {"samples": cnn_maps.thumbnails(shown)}
        if self._engine is not None and self.spec.augment:
            blocks["augmented"] = self._engine.augmented(np.repeat(shown[:1], _AUGMENTED, axis=0), self.spec.seed)
        header = {
            "title": title(self.spec),
            "dataset": self.spec.dataset,
            "classes": list(self.images.classes),
            "shape": list(self.images.shape),
            "counts": dict(self.counts),
            "params": self.plan.parameters,
            "products": self.plan.products,
            "notes": list(self.images.notes),
            "stages": [self._stage(index) for index in range(len(self.plan.stages))],
            "sample_labels": [int(label) for label in self.images.val.y[self.rows]],
            "pad": self.images.classes == DIGITS and self.images.shape[0] == 1,
        }
        content = json.dumps(header).encode() + b"".join(item.tobytes() for item in blocks.values())
        number = zlib.crc32(content)
        return number, frames.pack("cnn.scene", {"scene": number, **header}, blocks)

    def _stage(self, index: int) -> dict[str, Any]:
        stage, column = self.plan.stages[index], self.columns[index]
        last = index == len(self.plan.stages) - 1
        return {
            "word": stage.block.word,
            "title": f"Output, {stage.shape[0]}" if last else stage.block.title,
            "kind": "output" if last else stage.block.kind,
            "shape": list(stage.shape),
            "params": stage.parameters,
            "products": stage.products,
            "maps": column.maps,
            "side": list(column.side),
            "units": column.units,
            "signed": column.signed,
            "field": column.field,
        }


def megabytes() -> float | None:
    """Memory of this process; ``None`` where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return round(pages * 4096 / 1e6)
