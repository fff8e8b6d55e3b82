"""Where one looks: at which picture, at which map, at which cell of the confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.data.image_set import ImageSet, Pictures
from playground.functional.blocks import Plan
from playground.training import cnn_pad
from playground.training.cnn_maps import Column
from playground.training.cnn_mistakes import MOST, Mistakes
from playground.training.cnn_samples import DIGITS

TABS = 5
_KEYS = ("tab", "image", "wrong", "cell", "pick", "pad", "focus")


@dataclass(frozen=True, eq=False)
class Chosen:
    """The picture that is looked at.

    Attributes:
        picture: ``(1, h, w, c)``, as it came.
        told: For the header: what kind it is, its number, its class.
        steps: Of a drawing.
        note: On a drawing.
    """

    picture: Pictures
    told: Mapping[str, Any]
    steps: NDArray[np.uint8] | None = None
    note: str = ""


class Looking:
    """Where one looks in one run.

    Attributes:
        tab: Which of samples, confusion, worst mistakes, filters and pad is open below the network, 0 to 4; -1 when not told.
        cell: True and predicted class; or none.
        focus: Stage and map that are shown large; or none.
        columns: How each stage is shown.
        mistakes: What was measured last; ``None`` before.
    """

    def __init__(self, images: ImageSet, rows: NDArray[np.intp], plan: Plan, columns: Sequence[Column]) -> None:
        """Look at the first sample."""
        self._images, self._rows, self._plan, self.columns = images, rows, plan, columns
        self.mistakes: Mistakes | None = None
        self.tab = -1
        self.cell: tuple[int, int] | None = None
        self.focus: tuple[int, int] | None = None
        self._kind, self._index, self._sample = "sample", 0, 0
        self._ink: NDArray[np.uint8] | None = None

    @property
    def chosen(self) -> tuple[Any, ...]:
        """Changes whenever another picture or map is looked at."""
        return self._kind, self._index, b"" if self._ink is None else self._ink.tobytes(), self.focus

    def picture(self) -> Chosen:
        """The picture that is looked at."""
        if self._ink is not None:
            _, high, wide = self._images.shape
            made = cnn_pad.drawn(self._ink, high, wide)
            return Chosen(made.picture, {"kind": "pad", "index": 0, "label": None}, made.steps, made.note)
        row = int(self._rows[self._index]) if self._kind == "sample" else self._index
        val = self._images.val
        return Chosen(val.x[row : row + 1], {"kind": self._kind, "index": self._index, "label": int(val.y[row])})

    def look(self, view: Mapping[str, Any]) -> None:
        """Look elsewhere.

        Args:
            view: ``image`` number of a sample; ``wrong`` number of one of the worst mistakes; ``cell`` [true, predicted] or
                None; ``pick`` number of one of that cell's pictures; ``focus`` [stage, map] or None; ``pad`` a drawing in base
                64, or None to look at samples again; ``tab`` what is open. A run that is taken up again is given all of
                them together: then a mistake that is not known yet is left out.

        Raises:
            InputError: There is nothing of that kind; everything stays as it was.
        """
        before = dict(vars(self))
        try:
            if unknown := set(view) - set(_KEYS):
                raise InputError(f"There is nothing called '{sorted(unknown)[0]}' to look at.")
            for key in _KEYS:
                if key in view and not (key in ("wrong", "pick") and len(view) > 2 and self.mistakes is None):
                    getattr(self, f"_look_{key}")(view[key])
        except InputError:
            vars(self).update(before)
            raise
        except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
            vars(self).update(before)
            raise InputError(f"The view {dict(view)!r:.80} is not understood.") from error

    def _look_tab(self, value: Any) -> None:
        self.tab = _whole(value, TABS, "view")

    def _look_image(self, value: Any) -> None:
        self._sample = _whole(value, len(self._rows), "sample")
        self._choose("sample", self._sample)

    def _look_wrong(self, value: Any) -> None:
        rows = self.mistakes.worst() if self.mistakes else np.zeros(0, np.intp)
        self._choose("wrong", int(rows[_whole(value, len(rows), "mistake")]))

    def _look_cell(self, value: Any) -> None:
        classes = len(self._images.classes)
        self.cell = None if value is None else (_whole(value[0], classes, "class"), _whole(value[1], classes, "class"))

    def _look_pick(self, value: Any) -> None:
        rows = self.mistakes.cell(*self.cell)[:MOST] if self.mistakes and self.cell else np.zeros(0, np.intp)
        self._choose("cell", int(rows[_whole(value, len(rows), "picture of this cell")]))

    def _look_pad(self, value: Any) -> None:
        if value is None:
            if self._ink is not None:
                self._choose("sample", self._sample)
            return
        if self._images.classes != DIGITS or self._images.shape[0] != 1:
            raise InputError("Only networks that read the ten digits from grey pictures can read a drawing.")
        if not isinstance(value, str):
            raise InputError("A drawing is given as text in base 64.")
        self._ink = cnn_pad.ink_of(value)

    def _look_focus(self, value: Any) -> None:
        if value is None:
            self.focus = None
            return
        stage = _whole(value[0], len(self._plan.stages), "stage")
        if not self.columns[stage].maps:
            raise InputError(f"Stage {stage} of this network has no maps.")
        self.focus = stage, _whole(value[1], self._plan.stages[stage].shape[0], "map")

    def _choose(self, kind: str, index: int) -> None:
        self._kind, self._index, self._ink = kind, index, None


def _whole(value: Any, below: int, what: str) -> int:
    if isinstance(value, bool) or int(value) != value:
        raise ValueError("not a whole number")
    if not 0 <= value < below:
        raise InputError(f"There is no {what} {value}; there are {below}, numbered from 0.")
    return int(value)
