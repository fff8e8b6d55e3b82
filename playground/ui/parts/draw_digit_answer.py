"""What two readers make of a prepared digit, packed for the canvas: the steps, their answers, and the maps of one of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.frames import pack
from playground.data import digit_strokes
from playground.functional.digit_readers import Kind, starter
from playground.functional.mnist_style import SIDE, TITLES, Steps, steps
from playground.specs.draw_digit import FARTHEST

READERS: tuple[tuple[Kind, str], ...] = (("mlp", "Multilayer perceptron"), ("cnn", "Convolutional network"))
SHIFTS = range(-FARTHEST, FARTHEST + 1)
_SHOWN = 14  # the maps of the first layer are shown at half their size


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the readers said.

    Attributes:
        steps: How the digit was prepared.
        shift: By so many pixels it was moved then.
        seen: What they were given, ``(28, 28)``.
        sure: How sure the MLP and the CNN are of each digit, ``(2, 10)``; 0 where nothing is drawn.
        swept: The same at every one of ``SHIFTS``, ``(2, 21, 10)``, where it was asked for.
        maps: Of each convolution, its maps ``(n, h, w)``.
    """

    steps: Steps
    shift: int
    seen: NDArray[np.uint8]
    sure: NDArray[np.float32]
    swept: NDArray[np.float32] | None
    maps: tuple[NDArray[np.float32], ...]


def shifted(digit: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """A digit moved to the right by so many pixels; what leaves the field is gone."""
    moved = np.zeros_like(digit)
    start, end = max(0, by), SIDE + min(0, by)
    moved[:, start:end] = digit[:, start - by : end - by]
    return moved


def answer(made: Steps, shift: int, sweep: bool) -> Answer:
    """Ask both readers.

    Args:
        made: The prepared digit.
        shift: By how many pixels it is moved before.
        sweep: Whether they are asked at every other shift, too.
    """
    seen = shifted(made.digit, shift)
    cnn = starter("cnn")
    stages = cnn.stages(seen[None])
    maps = tuple(stages[at][0] for at in _convolutions())
    if made.empty:
        return Answer(made, shift, seen, np.zeros((2, 10), np.float32), None, maps)
    sure = np.stack([starter("mlp").read(seen[None])[0], cnn.sure(stages[-1])[0]])
    swept = None
    if sweep:
        fields = np.stack([shifted(made.digit, by) for by in SHIFTS])
        swept = np.stack([starter(kind).read(fields) for kind, _ in READERS])
    return Answer(made, shift, seen, sure, swept, maps)


def frame(said: Answer) -> bytes:
    """An answer for the canvas."""
    scales = _scales()
    blocks: dict[str, NDArray[Any]] = {"steps": said.steps.shown(SIDE), "seen": said.seen, "sure": said.sure}
    layers = []
    plan = starter("cnn").plan
    for number, (at, maps, scale) in enumerate(zip(_convolutions(), said.maps, scales, strict=True)):
        if maps.shape[1] > _SHOWN:
            maps = maps.reshape(len(maps), _SHOWN, 2, _SHOWN, 2).max((2, 4))
        blocks[f"maps{number}"] = np.asarray(np.rint(np.clip(maps / scale, 0, 1) * 255), np.uint8)
        shape = plan.stages[at].shape
        layers.append({"title": f"Convolution {number + 1}", "shape": f"{shape[0]} maps of {shape[1]} × {shape[2]}"})
    if said.swept is not None:
        blocks["swept"] = said.swept
    header = {
        "empty": said.steps.empty, "notes": list(said.steps.notes), "titles": list(TITLES), "shift": said.shift,
        "readers": [{"name": name, "parameters": starter(kind).plan.parameters} for kind, name in READERS],
        "layers": layers, "box": list(said.steps.box),
    }  # fmt: skip
    return pack("draw_digit", header, blocks)


@functools.cache
def _convolutions() -> tuple[int, ...]:
    return tuple(at for at, stage in enumerate(starter("cnn").plan.stages) if stage.block.kind == "conv")


@functools.cache
def _scales() -> tuple[float, ...]:
    """The value that is drawn white in each layer: the largest that our ten samples call forth, so that nothing rescales."""
    digits = np.stack([steps(digit_strokes.ink(one), pad=True).digit for one in digit_strokes.DIGITS])
    stages = starter("cnn").stages(digits)
    return tuple(float(max(stages[at].max(), 1e-6)) for at in _convolutions())
