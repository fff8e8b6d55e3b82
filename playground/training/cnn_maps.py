"""How the insides of a convolutional network become pictures: which maps are shown, how small, on which scale. NumPy only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.data.image_set import Pictures
from playground.functional.activations import ACTIVATIONS
from playground.functional.blocks import Plan, Stage
from playground.functional.convolution import Slide, fields
from playground.training.plane import share_pixels, signed_pixels

Floats = NDArray[np.floating]

MAP_BYTES = 18_000
"""Of all maps in one frame, about."""
MOST_MAPS, LEAST_SIDE, MOST_UNITS, MOST_FILTERS, MOST_KERNELS = 16, 10, 128, 16, 8
LARGE = 40
"""Pictures with a longer side are shown half as large where many are shown."""
_WITHIN = 0.99  # of the values lie within a scale
_FLAT_SIDE = 14  # of the weights of a dense layer that looks at the picture itself


@dataclass(frozen=True)
class Column:
    """How one stage is shown.

    Attributes:
        maps: So many of its maps, its first ones; 0 for flat stages and dropout.
        factor: Squares of so many pixels a side become one.
        side: Height and width of what is shown of a map.
        units: So many of its values, its first ones; 0 for stages with maps and dropout.
        signed: Whether values below zero occur, so that the middle of the scale is zero.
        field: How many pixels of the picture, along a side, one value of a map depends on; 0 for flat stages.
    """

    maps: int
    factor: int
    side: tuple[int, int]
    units: int
    signed: bool
    field: int


def columns(plan: Plan, activation: str) -> list[Column]:
    """How each stage of a network is shown, so that a frame stays small."""
    share = _share([stage for stage in plan.stages if len(stage.shape) == 3 and stage.block.kind != "drop"])
    made, signed, seen = [], True, _fields(plan)
    for index, stage in enumerate(plan.stages):
        block = stage.block
        if block.kind in ("conv", "res", "dense"):
            signed = index == len(plan.stages) - 1 or _signed(activation)
        if block.kind == "drop":
            made.append(Column(0, 1, (0, 0), 0, signed, 0))
        elif len(stage.shape) == 1:
            made.append(Column(0, 1, (0, 0), min(stage.shape[0], MOST_UNITS), signed, 0))
        else:
            maps, factor = _fitting(stage, share)
            side = (-(-stage.shape[1] // factor), -(-stage.shape[2] // factor))
            made.append(Column(maps, factor, side, 0, signed, seen[index]))
    return made


def pixels(values: Floats, scale: float, signed: bool) -> NDArray[np.uint8]:
    """Values as bytes: from 0, or with zero in the middle; 255 is ``scale`` or more."""
    return signed_pixels(values, scale) if signed else share_pixels(values, 0.0, scale)


def shrunk(maps: Floats, factor: int) -> Floats:
    """Means over squares of ``factor`` pixels a side of maps ``(m, h, w)``; those at the edge may be smaller."""
    if factor == 1:
        return maps
    for axis in (1, 2):
        starts = np.arange(0, maps.shape[axis], factor)
        counts = np.diff(np.append(starts, maps.shape[axis])).astype(np.float32)
        sums = np.add.reduceat(maps, starts, axis=axis)
        maps = sums / (counts[:, None] if axis == 1 else counts)
    return maps


def softened(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Maps ``(n, h, w)`` with each value mixed with its neighbours: weights 1, 2, 1 down and across."""
    for axis in (1, 2):
        wide = np.pad(maps, [(1, 1) if at == axis else (0, 0) for at in range(3)], mode="edge")
        parts = [np.take(wide, np.arange(first, first + maps.shape[axis]), axis) for first in range(3)]
        maps = np.asarray((parts[0] + 2 * parts[1] + parts[2]) / 4, dtype=np.float32)
    return maps


def thumbnails(pictures: Pictures) -> Pictures:
    """Pictures ``(n, h, w, c)``, halved where they are large."""
    if max(pictures.shape[1:3]) <= LARGE or not len(pictures):
        return pictures
    high, wide = (side // 2 * 2 for side in pictures.shape[1:3])
    even = pictures[:, :high, :wide].astype(np.uint16)
    sums = even[:, ::2, ::2] + even[:, 1::2, ::2] + even[:, ::2, 1::2] + even[:, 1::2, 1::2]
    return ((sums + 2) // 4).astype(np.uint8)


def grown(values: Floats, scale: float) -> float:
    """The scale for some values: it grows as they do and follows them down late, so that a picture seldom jumps.

    A few values may be beyond it, and are drawn as if they were at its end: one pixel must not leave all others dark.

    Args:
        values: What is to be shown.
        scale: The one before; 0 at first.
    """
    size = np.abs(values).ravel()
    peak = float(size.max(initial=0.0))
    if not math.isfinite(peak) or peak <= 0:
        return scale or 1.0
    rank = min(size.size - 1, int(_WITHIN * size.size))
    high = max(float(np.partition(size, rank)[rank]), peak / 4)
    tight = 2.0 ** (math.ceil(2 * math.log2(high)) / 2)
    return tight if tight > scale or tight < scale / 3 else scale


def first_filters(plan: Plan) -> tuple[int, str] | None:
    """The stage whose weights look at the picture itself, and their name; ``None`` where pooling alone does."""
    for index, stage in enumerate(plan.stages):
        name = _weight(stage)
        if name and (stage.block.kind != "dense" or math.prod(stage.given) == math.prod(plan.given)):
            return index, f"{index}.{name}"
        if name or len(stage.shape) == 1:
            return None
    return None


def filters(plan: Plan, weights: Mapping[str, NDArray[Any]]) -> Floats:
    """The weights that look at the picture itself, as small pictures ``(f, kh, kw, c)``; none is of length 0."""
    found = first_filters(plan)
    if found is None or found[1] not in weights:
        return np.zeros((0, 1, 1, 1), np.float32)
    kernels = weights[found[1]][:MOST_FILTERS]
    if kernels.ndim == 2:
        kernels = kernels.reshape(len(kernels), *plan.given)
        factor = -(-max(plan.given[1:]) // _FLAT_SIDE)
        flat = shrunk(kernels.reshape(-1, *plan.given[1:]), factor)
        kernels = flat.reshape(len(kernels), plan.given[0], *flat.shape[1:])
    return np.ascontiguousarray(kernels.transpose(0, 2, 3, 1))


def kernels(plan: Plan, weights: Mapping[str, NDArray[Any]], stage: int, number: int) -> NDArray[np.float32]:
    """What makes one map of a stage: ``(channels, kh, kw)``, at most so many; none is of length 0 (pooling has no weights)."""
    name = _weight(plan.stages[stage], last=True)
    found = weights.get(f"{stage}.{name}")
    if found is None or found.ndim != 4:
        return np.zeros((0, 1, 1), np.float32)
    return np.ascontiguousarray(found[number, :MOST_KERNELS], dtype=np.float32)


@np.errstate(over="ignore", invalid="ignore")
def norms(arrays: Mapping[str, NDArray[Any]], stages: int) -> list[float]:
    """Length of what each stage learns, taken as one vector; 0 where it learns nothing."""
    sums = [0.0] * stages
    for name, array in arrays.items():
        if not name.endswith((".mean", ".var")):
            sums[int(name.partition(".")[0])] += float(np.vdot(array, array))
    return [float(f"{math.sqrt(value):.4g}") if math.isfinite(value) else math.nan for value in sums]


def flat(values: Sequence[Floats], shown: Sequence[Column], scales: Sequence[float]) -> NDArray[np.uint8]:
    """The shown values of flat stages, one after another."""
    parts = [
        pixels(one.ravel()[: column.units], scale, column.signed)
        for one, column, scale in zip(values, shown, scales, strict=True)
        if column.units
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint8)


def _share(stages: Sequence[Stage]) -> int:
    """So many bytes each stage may take at most, so that together they take ``MAP_BYTES``: small ones need less."""
    left = MAP_BYTES
    needs = sorted(min(stage.shape[0], MOST_MAPS) * stage.shape[1] * stage.shape[2] for stage in stages)
    for index, need in enumerate(needs):
        share = left // (len(needs) - index)
        if need > share:
            return share
        left -= need
    return MAP_BYTES


def _fitting(stage: Stage, share: int) -> tuple[int, int]:
    """How many maps of a stage, and squares of which side, so that about so many bytes suffice."""
    channels, high, wide = stage.shape
    maps, factor = channels, 1
    for most in (MOST_MAPS, 12, 8):
        maps = min(channels, most)
        factor = 1
        while maps * -(-high // factor) * -(-wide // factor) > share and factor < max(high, wide):
            factor += 1
        if min(-(-high // factor), -(-wide // factor)) >= min(LEAST_SIDE, high, wide):
            break
    return maps, factor


def _fields(plan: Plan) -> list[int]:
    """Receptive field after each stage; 0 for flat ones."""
    slides: list[Slide] = []
    counts = []
    for stage in plan.stages:
        block = stage.block
        if len(stage.given) == 3 and block.kind in ("conv", "res", "max", "avg"):
            size = (stage.given[1], stage.given[2])
            slides.append(Slide(size, (block.kernel,) * 2, (block.stride,) * 2, (block.padding,) * 2))
        if block.kind == "res":
            slides.append(Slide((stage.shape[1], stage.shape[2]), (3, 3), padding=(1, 1)))
        counts.append(len(slides))
    sizes = [1, *(field.size for field in fields(slides))]
    return [sizes[count] if len(stage.shape) == 3 else 0 for count, stage in zip(counts, plan.stages, strict=True)]


def _weight(stage: Stage, last: bool = False) -> str:
    """Name of a stage's weights within it: the first ones, or those that make its maps."""
    kinds = {"conv": "conv.weight", "res": "conv2.weight" if last else "conv1.weight", "dense": "dense.weight"}
    return kinds.get(stage.block.kind, "")


def _signed(activation: str) -> bool:
    values = ACTIVATIONS[activation].function(np.linspace(-8, 8, 401))
    return bool(np.min(values) < 0)
