"""The changing pictures of a frame: maps of the chosen picture, filters, the pictures of a cell, the worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.data.image_set import ImageSet, Pictures
from playground.functional.blocks import Plan
from playground.functional.losses import probabilities
from playground.specs.cnn import CNNSpec
from playground.training import cnn_maps, cnn_seen
from playground.training.cnn_looking import Looking
from playground.training.cnn_maps import Floats
from playground.training.cnn_mistakes import MOST, Mistakes

_COPIES, _NOISE, _SALIENCY_PRODUCTS = 8, 0.15, 400_000_000
_CELL_BYTES, _WRONG_BYTES, _GUESSED_BYTES = 24_000, 24_000, 10_000

Part: TypeAlias = tuple[dict[str, Any], dict[str, NDArray[Any]]]
"""Entries of a frame's header, and its blocks."""


class Shown(Protocol):
    """What the view asks an engine for. Pictures are uint8 ``(n, h, w, c)``, as the network is given them but for ``augmented``."""

    @property
    def device(self) -> str:
        """Where it runs, as a person reads it."""

    def stages(self, pictures: Pictures) -> Sequence[Floats]:
        """What each stage makes of them, ``(n, ...)`` after its activation; the last holds the raw outputs."""

    def saliency(self, pictures: Pictures, classes: NDArray[np.int64]) -> Floats:
        """How much each pixel moves the output of one class a picture, ``(n, h, w)``, from 0."""

    def weights(self) -> Mapping[str, NDArray[Any]]:
        """By the names of ``functional.convnet``."""

    def gradients(self) -> Mapping[str, NDArray[Any]]:
        """Those of the last batch; empty before the first step."""

    def augmented(self, pictures: Pictures, seed: int) -> Pictures:
        """Pictures as the training sees them: changed at random, their pixels in the order that the experiment says."""


class Drawing:
    """Makes the pictures of one run, and remembers how far each scale has grown."""

    def __init__(self, spec: CNNSpec, images: ImageSet, plan: Plan, looking: Looking) -> None:
        self.spec, self.images, self.plan, self.looking = spec, images, plan, looking
        self.columns = looking.columns
        self.mistakes = Mistakes(images.val.y[:0], np.zeros((0, plan.classes), np.float32))
        self._scales = [0.0] * len(plan.stages)
        self._filter_scales = [0.0, 0.0]

    def maps(self, engine: Shown) -> Part:
        """The chosen picture, what every stage makes of it, and the answer."""
        chosen = self.looking.picture()
        picture = np.array(cnn_seen.given(self.spec, chosen.picture))  # the set's own may be read-only
        values = [one[0] for one in engine.stages(picture)]
        parts = []
        for index, (one, column) in enumerate(zip(values, self.columns, strict=True)):
            self._scales[index] = cnn_maps.grown(one, self._scales[index])
            if column.maps:
                small = cnn_maps.shrunk(one[: column.maps], column.factor)
                parts.append(cnn_maps.pixels(small, self._scales[index], column.signed).ravel())
        chances = np.nan_to_num(np.asarray(probabilities(values[-1][None])[0], dtype=np.float32))
        blocks = {
            "image": picture[0],
            "maps": np.concatenate(parts) if parts else np.zeros(0, np.uint8),
            "flat": cnn_maps.flat(values, self.columns, self._scales),
            "probabilities": chances,
        }
        if chosen.steps is not None:
            blocks["pad_steps"] = chosen.steps
        header = {
            "image": chosen.told,
            "pad_note": chosen.note,
            "prediction": int(np.argmax(chances)),
            "confidence": rounded(float(chances.max())),
            "dark": next((index for index, one in enumerate(values[:-1]) if not one.any()), None),
            "stage_scales": [rounded(scale) for scale in self._scales],
            "focus": list(self.looking.focus) if self.looking.focus else None,
            "focus_scale": None,
        }
        if self.looking.focus is not None:
            stage, number = self.looking.focus
            column, scale = self.columns[stage], self._scales[stage]
            blocks["focus"] = cnn_maps.pixels(values[stage][number], scale, column.signed)
            blocks["focus_kernel"] = cnn_maps.kernels(self.plan, engine.weights(), stage, number)
            header["focus_scale"] = rounded(scale)
        return header, blocks

    def filters(self, engine: Shown) -> Part:
        """Weights that look at the picture itself, their gradients, and how long all of them are."""
        weights, gradients = engine.weights(), engine.gradients()
        found = cnn_maps.first_filters(self.plan)
        header: dict[str, Any] = {
            "weight_norms": cnn_maps.norms(weights, len(self.plan.stages)),
            "gradient_norms": cnn_maps.norms(gradients, len(self.plan.stages)),
            "filter_stage": found[0] if found else None,
        }
        blocks = {}
        for at, (name, arrays) in enumerate((("filter", weights), ("filter_gradient", gradients))):
            values = cnn_maps.filters(self.plan, arrays)
            if len(values):
                self._filter_scales[at] = cnn_maps.grown(values, self._filter_scales[at])
                header[f"{name}_scale"] = rounded(self._filter_scales[at])
                blocks[f"{name}s"] = cnn_maps.pixels(values, self._filter_scales[at], True)
        return header, blocks

    def cell(self, engine: Shown) -> Part:
        """The pictures of the chosen cell, and which of their pixels the answer hangs on."""
        cell = self.looking.cell
        if cell is None:
            return {"cell": None, "cell_items": []}, {}
        rows = self.mistakes.cell(*cell)
        header: dict[str, Any] = {"cell": {"true": cell[0], "predicted": cell[1], "count": len(rows)}, "cell_items": []}
        if self.looking.tab not in (-1, 1):
            return header, {}
        whole = self.images.val.x[rows[:MOST]]
        rows = rows[: _affordable(whole, _CELL_BYTES, more=1)]
        header["cell_items"] = self.mistakes.items(rows)
        if not len(rows):
            return header, {}
        fed = cnn_seen.given(self.spec, self.images.val.x[rows])
        found, header["saliency_copies"] = self._saliency(engine, fed, cell[1])
        peaks = np.maximum(np.nan_to_num(found).max(axis=(1, 2), keepdims=True), 1e-12)
        heat = np.asarray(np.rint(255 * np.clip(np.nan_to_num(found) / peaks, 0, 1)), dtype=np.uint8)
        return header, {
            "cell_images": cnn_maps.thumbnails(fed),
            "cell_saliency": cnn_maps.thumbnails(heat[..., None])[..., 0],
        }

    def _saliency(self, engine: Shown, fed: Pictures, answer: int) -> tuple[NDArray[np.float32], int]:
        """Which pixels a class hangs on, ``(n, h, w)``: the mean over noisy copies of each picture, and how many those were.

        The gradient of one picture alone is mostly noise (D. Smilkov et al.: SmoothGrad, 2017); neighbours are mixed a little.
        """
        copies = int(np.clip(_SALIENCY_PRODUCTS // (self.plan.products * len(fed)), 1, _COPIES))
        noise = np.random.default_rng(0).normal(0, 255 * _NOISE if copies > 1 else 0, (copies, *fed.shape))
        noisy = np.clip(fed + noise, 0, 255).astype(np.uint8).reshape(-1, *fed.shape[1:])
        found = np.asarray(engine.saliency(noisy, np.full(len(noisy), answer, np.int64)), dtype=np.float32)
        return cnn_maps.softened(found.reshape(copies, *fed.shape[:3]).mean(axis=0)), copies

    def wrong(self, engine: Shown) -> Part:
        """The worst mistakes."""
        if self.looking.tab not in (-1, 2) or not len(self.mistakes.truth):
            return {"wrong_items": []}, {}
        rows = self.mistakes.worst()
        budget = _WRONG_BYTES if self.looking.tab == 2 else _GUESSED_BYTES
        rows = rows[: _affordable(self.images.val.x[rows], budget)]
        shown = cnn_maps.thumbnails(cnn_seen.given(self.spec, self.images.val.x[rows]))
        return {"wrong_items": self.mistakes.items(rows)}, {"wrong_images": shown}


def rounded(value: float) -> float:
    """Five digits that count."""
    return float(f"{value:.5g}")


def _affordable(pictures: Pictures, most: int, more: int = 0) -> int:
    """How many of some pictures fit into so many bytes, ``more`` further bytes a pixel included; one at least."""
    one = cnn_maps.thumbnails(pictures[:1])
    return max(1, most // max(1, one.size + more * one[..., 0].size))
