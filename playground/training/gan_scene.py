"""What stays the same from frame to frame of a GAN run: its data, its two networks, how its opinions read, the film strip."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core import frames
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled, Pictures
from playground.functional.gan import Network, Pair
from playground.functional.gan_losses import LOSSES
from playground.specs.gan import OWN, GANSpec
from playground.training.gan_film import MOST, Film
from playground.training.gan_grid import Grid
from playground.training.gan_judge import Judge
from playground.training.gan_words import FEATURES, layer_words

AMONG = 400
"""Real pictures are chosen among so many of the first validation pictures."""
_STRIP_BYTES, _STRIP_SIDE = 100_000, 28


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """What does not change within a run.

    Attributes:
        header: Of the scene.
        real: A real picture for each cell of the grid, ``(n, h, w, c)``.
    """

    header: Mapping[str, Any]
    real: Pictures

    @classmethod
    def of(
        cls, spec: GANSpec, pair: Pair, data: ImageSet, grid: Grid, counts: Mapping[str, int] | None = None
    ) -> Fixed:
        """See ``gan_view.View``."""
        rows = reals(data.val, grid)
        own = spec.dataset == OWN
        shares = counts or {name: len(data.share(name).y) for name in ("train", "val", "test")}
        header = {
            "title": title(spec),
            "dataset": spec.dataset,
            "dataset_title": "Your own pictures" if own else IMAGE_SETS[spec.dataset].title,
            "classes": list(data.classes),
            "conditional": bool(pair.classes),
            "class_names": list(pair.classes),
            "shape": list(pair.picture),
            "counts": dict(shares),
            "notes": list(data.notes),
            "latents": pair.latents,
            "noise": pair.noise,
            "params": {
                "generator": pair.generator.parameters,
                "discriminator": pair.discriminator.parameters if pair.discriminator else 0,
            },
            "generator": layers(pair.generator),
            "discriminator": layers(pair.discriminator) if pair.discriminator else [],
            "columns": grid.columns,
            "rows": grid.rows,
            "cell_classes": grid.cells(),
            "loss": {"name": spec.loss, "title": LOSSES[spec.loss].title},
            "frechet_name": FEATURES[pair.picture[0]],
            "real_labels": [int(label) for label in data.val.y[rows]],
        }
        return cls(header, data.val.x[rows])


def title(spec: GANSpec) -> str:
    """What an experiment is called in a heading."""
    pictures = "your own pictures" if spec.dataset == OWN else IMAGE_SETS[spec.dataset].title
    return f"{LOSSES[spec.loss].title} GAN{' with classes' if spec.conditional else ''}, {pictures}"


def reals(val: Labelled, grid: Grid) -> NDArray[np.intp]:
    """Which validation pictures stand beside the grid: for each cell another one, of the cell's class where it has one."""
    labels = val.y[:AMONG]
    cells = len(grid.latents)
    if grid.classes is None:
        return np.arange(cells) % len(labels)
    found, taken = np.arange(cells) % len(labels), dict[int, int]()
    for cell, number in enumerate(grid.cells()):
        mine = np.flatnonzero(labels == number)
        if len(mine):
            found[cell] = mine[taken.get(number, 0) % len(mine)]
            taken[number] = taken.get(number, 0) + 1
    return found


def layers(network: Network) -> list[dict[str, Any]]:
    """The layers that learn or change a shape, each in words with the shape after it."""
    told = []
    for layer, shape in zip(network.layers, network.shapes(), strict=True):
        if words := layer_words(layer):
            told.append({"words": words, "shape": list(shape)})
    return told


def pack_scene(fixed: Fixed, pair: Pair, judge: Judge, film: Film) -> tuple[int, bytes]:
    """The scene's number and its frame."""
    blocks: dict[str, NDArray[Any]] = {
        "real": np.ascontiguousarray(fixed.real),
        "film": strip(film, pair),
        "latents": film.grid.latents,
    }
    header = {
        **fixed.header,
        "judge": {
            "kind": judge.kind,
            "title": judge.title,
            "middle": judge.middle,
            "low": judge.low,
            "high": judge.high,
            "accuracy": judge.middle is not None,
        },
        "film": [{"step": one.step, "epoch": one.epoch} for one in film.snapshots],
    }
    content = json.dumps(header).encode() + b"".join(item.tobytes() for item in blocks.values())
    number = zlib.crc32(content)
    return number, frames.pack("gan.scene", {"scene": number, **header}, blocks)


def strip(film: Film, pair: Pair) -> Pictures:
    """One or two samples of each snapshot, ``(k, m, h, w, c)``: always the same latents, made smaller where they are too large."""
    channels, high, wide = pair.picture
    factor = -(-max(high, wide) // _STRIP_SIDE)
    count, small = len(film.snapshots), channels * (high // factor) * (wide // factor)
    cells = len(film.grid.latents)
    both = cells > 1 and 2 * MOST * small <= _STRIP_BYTES
    other = min(cells - 1, cells // 2 + film.grid.columns // 2)  # of another class, where there are any
    chosen = [0, other] if both else [0]
    if not count:
        return np.zeros((0, len(chosen), high // factor, wide // factor, channels), np.uint8)
    whole = np.stack([one.pictures[chosen] for one in film.snapshots])
    if factor == 1:
        return np.ascontiguousarray(whole)
    cut = whole[:, :, : high // factor * factor, : wide // factor * factor]
    parts = cut.reshape(*cut.shape[:2], high // factor, factor, wide // factor, factor, channels)
    return np.asarray(np.rint(parts.mean(axis=(3, 5))), np.uint8)
