"""From an experiment to what an engine is built from: its pictures, its network, its initial weights. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.core import paths
from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.core.settings import Settings
from playground.data import own_pictures
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled, OwnPictures, Pictures
from playground.engine.contract import Array
from playground.engine.convnet_contract import ConvBlueprint
from playground.functional.blocks import Plan
from playground.functional.convnet import start
from playground.specs.cnn import OWN, CNNSpec
from playground.training.cnn_seen import permutation

MEASURED = 5_000
"""On so many training pictures at most loss and accuracy are measured."""

_MOST, _LABELS, _ROWS = 901, 902, 903  # sub-streams of the data's random numbers
_SAMPLE = 10_000  # pictures that mean and spread are taken from


@dataclass(frozen=True, eq=False)
class Prepared:
    """What an experiment learns from.

    Attributes:
        data: Its pictures; the training share as it is learnt from.
        plan: Its network.
        mean: Of each channel of the training pictures, 0 to 1, ``(c,)``.
        std: Their spread, ``(c,)``.
        measured: Which training pictures loss and accuracy are measured on.
    """

    data: ImageSet
    plan: Plan
    mean: Array
    std: Array
    measured: NDArray[np.int64]


def prepare(spec: CNNSpec, data: ImageSet | OwnPictures | None = None, folder: Path | None = None) -> Prepared:
    """Read the pictures of a checked experiment, and leave out or mix up what it says.

    Args:
        spec: The experiment.
        data: The visitor's own pictures, or where they lie, for ``spec.dataset == "own"``; otherwise left out.
        folder: Where image data sets lie; unless said otherwise where the settings say.

    Raises:
        InputError: The pictures are not there, or cannot be read.
        SpecError: The network cannot be built for them.
    """
    found = _read(spec, data, folder)
    train, notes = found.train, list(found.notes)
    if spec.most and spec.most < len(train.y):
        kept = evenly(train.y, spec.most, generator(spec.seed, Stream.DATA, _MOST))
        train = Labelled(train.x[kept], train.y[kept])
        notes.append(f"Learns from {len(kept):,} of {len(found.train.y):,} training pictures.")
    if spec.shuffle_labels:
        train = Labelled(train.x, generator(spec.seed, Stream.DATA, _LABELS).permutation(train.y))
        notes.append(
            "The answers of the training pictures are shuffled: there is nothing to learn but each picture by heart."
        )
    if spec.shuffle_pixels:
        notes.append("The pixels of all pictures have changed places, in the same way for all.")
    data = replace(found, train=train, notes=tuple(notes))
    mean, std = spread(train.x)
    rows = generator(spec.seed, Stream.DATA, _ROWS).permutation(len(train.y))[:MEASURED]
    return Prepared(data, spec.plan(len(data.classes)), mean, std, np.sort(rows))


def blueprint(spec: CNNSpec, prepared: Prepared, device: str = "auto") -> ConvBlueprint:
    """What an engine needs to train this experiment."""
    _, high, wide = prepared.data.shape
    return ConvBlueprint(
        plan=prepared.plan,
        activation=spec.activation,
        start=start(prepared.plan, spec.seed, spec.activation),
        mean=prepared.mean,
        std=prepared.std,
        rule=spec.optimizer,
        lr=spec.lr,
        weight_decay=spec.weight_decay,
        label_smoothing=spec.label_smoothing,
        augment=spec.augment,
        permutation=permutation(spec, high, wide),
        batch_size=spec.batch_size,
        seed=spec.seed,
        device=device,
    )


def spread(pictures: Pictures) -> tuple[Array, Array]:
    """Mean and standard deviation of each channel, 0 to 1, ``(c,)`` each, over at most 10,000 of the pictures."""
    some = pictures[:: -(-len(pictures) // _SAMPLE)].reshape(-1, pictures.shape[3])
    counts = np.stack([np.bincount(channel, minlength=256) for channel in some.T]) / len(some)  # (c, 256)
    values = np.arange(256) / 255
    mean = counts @ values
    std = np.sqrt(np.maximum(counts @ values**2 - mean**2, 0))
    return mean.astype(np.float32), np.maximum(std, 0.02).astype(np.float32)


def _read(spec: CNNSpec, data: ImageSet | OwnPictures | None, folder: Path | None) -> ImageSet:
    if spec.dataset != OWN:
        return IMAGE_SETS[spec.dataset].load(folder or paths.pictures_folder(Settings.from_environment()))
    if data is None:
        raise InputError(
            "This experiment learns from your own pictures, and none were given; upload them, or name their folder or zip."
        )
    if isinstance(data, OwnPictures):
        return own_pictures.read(data, spec.side)
    if data.shape != spec.given():
        high, wide = data.shape[1:]
        raise InputError(
            f"The pictures are {wide} × {high} pixels, and the experiment wants {spec.side} × {spec.side}; give them again."
        )
    return data


def evenly(y: NDArray[np.int64], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many rows, in their order, as many of each class as can be."""
    order = rng.permutation(len(y))
    ranks = np.empty(len(y), dtype=np.int64)  # of each row: how many of its class come before it in that order
    for number in np.unique(y):
        mine = order[y[order] == number]
        ranks[mine] = np.arange(len(mine))
    return np.sort(np.lexsort((y, ranks))[:most])
