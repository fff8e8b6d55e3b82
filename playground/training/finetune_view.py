"""What a fine-tuning run looks like from outside, packed for the live view: its layers, its mistakes, one sentence, its curves.

Everything here is NumPy and words. The frame format is written down beside its decoder, ``ui/live/frame.js``.
"""

from __future__ import annotations

import dataclasses
import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core import frames
from playground.core.errors import InputError
from playground.data.text_registry import TEXT_SETS
from playground.data.text_set import TextSet
from playground.optim.warmed import warmed
from playground.specs.finetune import FinetuneSpec
from playground.training import caption
from playground.training.cnn_drawing import rounded
from playground.training.cnn_mistakes import MOST, Mistakes
from playground.training.cnn_view import megabytes
from playground.training.finetune_sentence import Followed
from playground.training.finetune_standing import Facts, Standing, Watch
from playground.training.history import History

TABS = ("data", "confusion", "wrong")
LONGEST_SENTENCE = 600
LETTERS = 240
"""So much of a text is shown."""
EXAMPLES = 40
_RATES = 120
_STAGES = {"load": 0, "head": 1, "split": 2, "train": 3, "evaluate": 4}


class View:
    """Packs the frames of one run. It remembers where one looks, and what was made of the visitor's sentence.

    Args:
        spec: The experiment; put a new one into ``spec`` when live settings change.
        data: What is learnt from.
        facts: The network.
    """

    def __init__(self, spec: FinetuneSpec, data: TextSet, facts: Facts) -> None:
        self.spec, self.data, self.facts = spec, data, facts
        self.mistakes = self._unknown()
        self.cell: tuple[int, int] | None = None
        self.tab = 0
        self.sentence = Followed()
        self._scene, self._scene_id = b"", 0

    def measured(self, probabilities: NDArray[np.float32], epoch: int) -> None:
        """Take over what the network says of all validation texts, ``(n, classes)`` in their order; no rows: nothing is known."""
        self.mistakes = Mistakes(self.data.val.y, probabilities, epoch) if len(probabilities) else self._unknown()

    def look(self, view: Mapping[str, Any]) -> None:
        """Look elsewhere.

        Args:
            view: ``cell`` [true, predicted] or None; ``tab`` number of what is open, as in ``TABS``. The ``text`` of a visitor is
                the loop's own matter.

        Raises:
            InputError: There is nothing of that kind; everything stays as it was.
        """
        if unknown := set(view) - {"text", "cell", "tab"}:
            raise InputError(f"There is nothing called '{sorted(unknown)[0]}' to look at.")
        cell, tab = view.get("cell", self.cell), view.get("tab", self.tab)
        classes = len(self.data.classes)
        if cell is not None:
            pair = isinstance(cell, list | tuple) and len(cell) == 2
            if not pair or not all(_whole(one) and 0 <= one < classes for one in cell):
                raise InputError(f"There is no such cell; there are {classes} classes, numbered from 0.")
        if not _whole(tab) or not 0 <= tab < len(TABS):
            raise InputError(f"There is no view {tab!r:.20}; there are {len(TABS)}, numbered from 0.")
        self.tab, self.cell = tab, None if cell is None else (cell[0], cell[1])

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
    def tick(self, watch: Watch | None, history: History, moment: Standing, **note: Any) -> bytes:
        """One frame.

        Args:
            watch: What is seen of the network now; ``None`` where no worker has it yet.
            history: How the run has gone so far: epoch, losses and accuracies of training and validation.
            moment: Where it stands.
            **note: The worker's own entries for the header, which win.
        """
        still = np.zeros(len(self.facts.parts), np.float32)
        self.sentence.take(watch.sentence if watch else None, moment.epoch + moment.seen / max(1, moment.total))
        blocks: dict[str, NDArray[Any]] = {
            "curve": np.ascontiguousarray(history.curve().T),
            "confusion": self.mistakes.confusion(),
            "rates": self._rates(),
            "moved": np.nan_to_num(watch.moved, posinf=0.0) if watch else still,
            "gradients": np.nan_to_num(watch.gradients, posinf=0.0) if watch else still,
            **self.sentence.blocks(),
        }
        header = self._header(moment, watch is not None)
        return frames.pack("finetune.tick", {**header, **note, "megabytes": megabytes() if watch else None}, blocks)

    def _header(self, moment: Standing, carried: bool) -> dict[str, Any]:
        said = {field.name: getattr(moment, field.name) for field in dataclasses.fields(moment)}
        seen, total, along = said.pop("seen"), said.pop("total"), said.pop("progress")
        baseline = moment.baseline
        return {
            "scene": self.scene_id(),
            **said,
            "metrics": {name: rounded(value) for name, value in moment.metrics.items()},
            "rate": rounded(moment.rate),
            "texts_rate": rounded(moment.texts_rate),
            "progress": {"seen": seen, "total": total},
            "along": along,
            "baseline": None if baseline is None else dataclasses.asdict(baseline),
            "position": None,
            "speed": 0,
            "stage": self._stage(moment, carried),
            "epochs": self.spec.epochs,
            "batch": self.spec.batch_size,
            "batches": math.ceil(self.data.counts["train"] / self.spec.batch_size),
            "measured": self.mistakes.epoch,
            "cell": None if self.cell is None else {"true": self.cell[0], "predicted": self.cell[1]},
            "cell_items": self._items(self.mistakes.cell(*self.cell)[:MOST]) if self.cell and self.tab == 1 else [],
            "wrong_items": self._items(self.mistakes.worst()) if self.tab == 2 else [],
            "own": self.sentence.told(),
            "alt": caption.caption(moment.epoch, moment.metrics, self._alt()),
        }

    def _stage(self, moment: Standing, carried: bool) -> int:
        """Which of the five steps is under way: load, add a classifier, split, train, evaluate; 5 when all are done."""
        if moment.status == "done":
            return len(_STAGES)
        return _STAGES[moment.phase] if carried else 0

    def _rates(self) -> NDArray[np.float32]:
        """The learning rate over the epochs asked for at evenly spaced steps: epochs and rates, ``(2, n)``."""
        steps = max(1, self.spec.epochs * math.ceil(self.data.counts["train"] / self.spec.batch_size))
        at = np.unique(np.linspace(0, steps - 1, _RATES).round().astype(int))
        factors = [warmed(self.spec.schedule, int(step), steps, self.spec.warmup / 100) for step in at]
        return np.array([at / steps * self.spec.epochs, self.spec.lr * np.array(factors)], np.float32)

    def _items(self, rows: NDArray[np.intp]) -> list[dict[str, Any]]:
        told = self.mistakes.items(rows)
        return [{**one, "text": self.data.val.texts[one["index"]][:LETTERS]} for one in told]

    def _alt(self) -> str:
        classes = self.data.classes
        return f"{self.sentence.words(classes)} {self.mistakes.words(classes, 'texts')}".strip()

    def _unknown(self) -> Mistakes:
        return Mistakes(self.data.val.y[:0], np.zeros((0, len(self.data.classes)), np.float32))

    def _pack_scene(self) -> tuple[int, bytes]:
        data, facts = self.data, self.facts
        labels = [data.train.y, data.val.y, data.test.y]
        entry = TEXT_SETS.get(self.spec.dataset)
        header = {
            "title": entry.title if entry else "Your own texts",
            "dataset": self.spec.dataset,
            "thing": "text",
            "base": facts.title,
            "knew": list(facts.knew),
            "vocabulary": facts.vocabulary,
            "width": facts.width,
            "longest": min(facts.longest, self.spec.longest),
            "classes": list(data.classes),
            "class_counts": np.bincount(np.concatenate(labels), minlength=len(data.classes)).tolist(),
            "counts": dict(data.counts),
            "parts": [dataclasses.asdict(part) for part in facts.parts],
            "params": facts.parameters,
            "trainable": facts.trained,
            "notes": list(data.notes),
            "sentence": data.val.texts[0][:LONGEST_SENTENCE] if data.val.texts else "",
            "examples": self._examples(),
        }
        number = zlib.crc32(json.dumps(header).encode())
        return number, frames.pack("finetune.scene", {"scene": number, **header}, {})

    def _examples(self) -> list[dict[str, Any]]:
        """Some texts to learn from, the classes taking turns."""
        train = self.data.train
        turn = np.zeros(len(train.y), np.int64)
        for label in range(len(self.data.classes)):
            rows = np.flatnonzero(train.y == label)
            turn[rows] = np.arange(len(rows))
        order = np.lexsort((train.y, turn))[:EXAMPLES]
        return [{"text": train.texts[row][:LETTERS], "label": int(train.y[row])} for row in order]


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
