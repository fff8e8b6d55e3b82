"""What a network looks like from outside, packed for the live view: surfaces, weights, histograms, curves.

Everything here is NumPy on the definitions of ``functional``, so that the web process can draw epoch 0 by itself; the
frame format is written down beside its decoder, ``ui/live/frame.js``.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core import frames
from playground.core.errors import InputError
from playground.data.dataset import Dataset
from playground.data.prepare import Prepared
from playground.engine.contract import Array, Layers
from playground.functional.activations import ACTIVATIONS
from playground.functional.losses import LOSSES, probabilities
from playground.specs.mlp import MLPSpec
from playground.training import blueprint, caption, measure
from playground.training.history import History
from playground.training.plane import SIDE, Plane, View, doubled, share_pixels, signed_pixels

BINS = 32
_UNIT_PIXELS = 5600  # of all units together: what keeps a frame of the default network under 16 kB


@dataclass(frozen=True)
class Moment:
    """Where a run stands when a frame is packed: what goes into the header of a tick."""

    epoch: int = 0
    step: int = 0
    status: str = "ready"
    message: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    rate: float = 0.0
    device: str = ""
    test: Mapping[str, float] | None = None
    suggest: Mapping[str, float] | None = None
    restore_epoch: int | None = None
    remark: str = ""


class Probe:
    """Packs the frames of one run. It remembers where one looks and how far each colour scale has grown."""

    def __init__(self, spec: MLPSpec, prepared: Prepared) -> None:
        """Look at the first two inputs."""
        self.spec = spec
        self.prepared = prepared
        self.plane = Plane(prepared, spec.seed)
        self._columns = [prepared.train.x.shape[1], *spec.hidden]
        self._unit_scales = [0.0] * len(self._columns)
        self._weight_scales = [0.0] * (len(spec.hidden) + 1)
        self._gradient_scales = [0.0] * (len(spec.hidden) + 1)
        self._value_range = _value_range(prepared)
        self._scene: bytes = b""
        self._scene_id = 0

    def look(self, view: Mapping[str, Any]) -> None:
        """Look elsewhere: ``axes`` [i, j], ``held`` "mean" or a point, ``focus`` [column, index] or None.

        Raises:
            InputError: No such input, point or unit; the view stays as it was.
        """
        now = self.plane.view
        try:
            if unknown := set(view) - {"axes", "held", "focus"}:
                raise InputError(f"There is nothing called '{sorted(unknown)[0]}' to look at.")
            wanted = View(
                axes=(_whole(view["axes"][0]), _whole(view["axes"][1])) if "axes" in view else now.axes,
                held=(view["held"] if view["held"] == "mean" else _whole(view["held"])) if "held" in view else now.held,
                focus=self._unit(view["focus"]) if "focus" in view else now.focus,
            )
        except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
            raise InputError(f"The view {dict(view)!r:.80} is not understood.") from error
        if dataclasses.replace(wanted, focus=None) == dataclasses.replace(now, focus=None):
            self.plane.view = wanted  # only another unit: grids and scene stay
        else:
            self.plane.look(wanted)
            self._scene = b""

    def scene(self) -> bytes:
        """What stays the same from frame to frame; packed once for each view."""
        if not self._scene:
            self._scene_id, self._scene = self._pack_scene()
        return self._scene

    def scene_id(self) -> int:
        """Changes whenever anything in the scene does, and is the same again for the same scene."""
        self.scene()
        return self._scene_id

    @np.errstate(over="ignore", invalid="ignore")  # a network about to diverge is drawn, too
    def tick(self, layers: Layers, gradients: Layers | None, history: History, moment: Moment, **note: Any) -> bytes:
        """One frame.

        Args:
            layers: The parameters now.
            gradients: Those of the last batch; ``None`` before the first step.
            history: How the run has gone so far.
            moment: Where it stands.
            **note: The worker's own entries for the header, which win.
        """
        view, task = self.plane.view, self.prepared.task
        z = measure.forward(layers, self.spec.activation, self.plane.grid(SIDE))
        blocks, picture = self._output(z[-1])
        units = self._units(layers)
        for index, matrix in enumerate(layers.weights):
            self._weight_scales[index] = doubled(_peak(matrix), self._weight_scales[index])
        scales = self._weight_scales
        blocks["units"] = units
        quantised = [
            np.rint(matrix.ravel() * (32767 / scale)) for matrix, scale in zip(layers.weights, scales, strict=True)
        ]
        blocks["weights"] = np.concatenate(quantised).astype(np.int16)
        blocks["biases"] = np.concatenate(layers.biases).astype(np.float32)
        blocks["curve"] = history.curve()
        blocks["weight_hist"] = histograms(layers.weights, scales)
        blocks["gradient_hist"] = self._gradient_hist(gradients, len(scales))
        if view.focus is not None:
            column, index = view.focus
            scale = self._unit_scales[column] if column else self._feature_scales()[index]
            blocks["focus"] = signed_pixels(z[column][:, index], scale).reshape(SIDE, SIDE)
        header = {
            "scene": self.scene_id(),
            **dataclasses.asdict(moment),
            "position": None,
            "lr": self.spec.lr,
            "metrics": {name: _rounded(value) for name, value in moment.metrics.items()},
            "penalty": _rounded(blueprint.penalty(self.spec, layers)),
            "rate": _rounded(moment.rate),
            "speed": 0,
            "unit_scales": self._unit_scales,
            "weight_scales": scales,
            "hist": {
                "weights": [[-scale, scale] for scale in scales],
                "gradients": [[-scale, scale] for scale in self._gradient_scales],
            },
            "alt": caption.caption(moment.epoch, moment.metrics, picture),
            "output_kind": {"binary": "probability", "classes": "classes", "regression": "value"}[task],
            "loss_name": LOSSES[self.spec.loss_for(task)].title,
            "focus": list(view.focus) if view.focus else None,
        }
        return frames.pack("mlp.tick", {**header, **note}, blocks)

    def _pack_scene(self) -> tuple[int, bytes]:
        data, plane = self.prepared, self.plane
        blocks: dict[str, NDArray[Any]] = {"train": plane.points(plane.train), "val": plane.points(plane.val)}
        if len(data.inputs) > 2:
            blocks["fade"] = plane.fade()
            for name, part in (("train_near", plane.train), ("val_near", plane.val)):
                blocks[name] = share_pixels(plane.nearness(part), 0, 1)
        sizes = (*self._columns, data.outputs)
        header = {
            "task": data.task,
            "classes": list(data.classes),
            "inputs": list(data.inputs),
            "axes": list(plane.view.axes),
            "held": plane.view.held,
            "extent": plane.extent(),
            "features": list(data.features),
            "feature_scales": self._feature_scales(),
            "hidden": list(self.spec.hidden),
            "outputs": data.outputs,
            "activation": ACTIVATIONS[self.spec.activation].title,
            "target": data.target,
            "value_range": list(self._value_range),
            "counts": {"train": len(data.train.y), "val": len(data.val.y), "test": len(data.test.y)},
            "notes": list(data.notes),
            "params": sum((fan_in + 1) * fan_out for fan_in, fan_out in itertools.pairwise(sizes)),
        }
        content = json.dumps(header).encode() + b"".join(item.tobytes() for item in blocks.values())
        number = zlib.crc32(content)
        return number, frames.pack("mlp.scene", {"scene": number, **header}, blocks)

    def _output(self, z: Array) -> tuple[dict[str, NDArray[Any]], str]:
        """Blocks of the output surface from raw outputs ``(SIDE * SIDE, k)``, and what it shows in words."""
        data = self.prepared
        if data.task == "regression":
            values = (z[:, 0] * data.y_scale + data.y_mean).reshape(SIDE, SIDE)
            return {"output": share_pixels(values, *self._value_range)}, caption.relief(values, data.target)
        p = probabilities(z)
        if data.task == "binary":
            output = share_pixels(p[:, 0], 0, 1).reshape(SIDE, SIDE)
            return {"output": output}, caption.boundary(output, data.classes)
        winner = p.argmax(axis=1).astype(np.uint8).reshape(SIDE, SIDE)
        sure = share_pixels(p.max(axis=1), 0, 1).reshape(SIDE, SIDE)
        return {"winner": winner, "sure": sure}, caption.shares(winner, data.classes)

    def _units(self, layers: Layers) -> NDArray[np.uint8]:
        """A small surface for each feature and each hidden unit, ``(N, r, r)``; scales grow where they must."""
        side = max(10, min(30, math.isqrt(_UNIT_PIXELS // sum(self._columns))))
        columns = measure.forward(layers, self.spec.activation, self.plane.grid(side), outputs=False)
        surfaces = []
        for index, values in enumerate(columns):
            if index == 0:
                scales = self._feature_scales()
                self._unit_scales[0] = max(scales)
                pixels = [signed_pixels(values[:, j], scale) for j, scale in enumerate(scales)]
                surfaces.append(np.stack(pixels))
            else:
                self._unit_scales[index] = doubled(_peak(values), self._unit_scales[index])
                surfaces.append(signed_pixels(values.T, self._unit_scales[index]))
        return np.concatenate(surfaces).reshape(-1, side, side)

    def _feature_scales(self) -> list[float]:
        """Each feature has a scale of its own, fixed for the view: sin x is as plain to see as x squared."""
        return [doubled(_peak(column)) for column in self.plane.grid(SIDE).T]

    def _gradient_hist(self, gradients: Layers | None, count: int) -> NDArray[np.uint16]:
        if gradients is None:
            self._gradient_scales = [scale or 1.0 for scale in self._gradient_scales]
            return np.zeros((count, BINS), dtype=np.uint16)
        for index, matrix in enumerate(gradients.weights):
            tight, now = doubled(_peak(matrix)), self._gradient_scales[index]
            # Gradients shrink as a network learns: the scale follows, but only once it is eight times too wide.
            self._gradient_scales[index] = tight if tight > now or tight < now / 8 else now
        return histograms(gradients.weights, self._gradient_scales)

    def _unit(self, wanted: Any) -> tuple[int, int] | None:
        if wanted is None:
            return None
        column, index = _whole(wanted[0]), _whole(wanted[1])
        if not (0 <= column < len(self._columns) and 0 <= index < self._columns[column]):
            raise InputError(f"There is no unit {index} in column {column} of this network.")
        return column, index


def histograms(matrices: Sequence[NDArray[Any]], scales: Sequence[float]) -> NDArray[np.uint16]:
    """How many entries of each matrix lie in each of ``BINS`` bins from ``-scale`` to ``scale``, ``(L, BINS)``."""
    counts = np.empty((len(matrices), BINS), dtype=np.uint16)
    for index, (matrix, scale) in enumerate(zip(matrices, scales, strict=True)):
        bins = np.nan_to_num((matrix.ravel() / scale + 1) * (BINS / 2)).clip(0, BINS - 1).astype(np.intp)
        counts[index] = np.bincount(bins, minlength=BINS)
    return counts


def first_frames(spec: MLPSpec, data: Dataset | None = None) -> tuple[bytes, bytes]:
    """Scene and tick of a run that has not begun: its data, its initial weights, the metrics of epoch 0.

    Raises:
        PlaygroundError: The experiment cannot be run.
    """
    spec = spec.checked()
    prepared = blueprint.prepared_data(spec, data)
    plan = blueprint.blueprint(spec, prepared)
    metrics = measure.by_definition(prepared, plan.start, plan.activation, plan.loss)
    history = History()
    history.add(0, *measure.history_row(prepared, metrics))
    probe = Probe(spec, prepared)
    return probe.scene(), probe.tick(plan.start, None, history, Moment(metrics=metrics))


def _value_range(prepared: Prepared) -> tuple[float, float]:
    """The targets' range, symmetrical where they have both signs; (0, 1) for classes."""
    if prepared.task != "regression":
        return 0.0, 1.0
    y = np.concatenate([prepared.train.y, prepared.val.y])
    low, high = float(y.min()), float(y.max())
    if low < 0 < high:
        low, high = -max(-low, high), max(-low, high)
    return (low, high) if high > low else (low - 1, low + 1)


def _peak(values: NDArray[Any]) -> float:
    return float(np.abs(values).max())


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) != value:
        raise ValueError("not a whole number")
    return int(value)


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
