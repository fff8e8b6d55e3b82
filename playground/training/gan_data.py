"""From an experiment with a GAN to what its engine is built from: its pictures, its networks, their initial weights. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from playground.core import paths
from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.core.settings import Settings
from playground.data import own_pictures
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled, OwnPictures
from playground.engine.gan_contract import LIVE, GANBlueprint
from playground.functional import gan_plans
from playground.functional.gan import Array, Pair
from playground.specs.gan import OWN, GANSpec
from playground.training.cnn_data import evenly

LEAST = 16
"""Of fewer training pictures nothing can be learnt."""

_MOST = 901  # sub-stream of the data's random numbers


@dataclass(frozen=True, eq=False)
class Prepared:
    """What an experiment learns from.

    Attributes:
        data: Its pictures; the training share as it is learnt from.
        pair: Its networks.
        start: Their initial weights.
    """

    data: ImageSet
    pair: Pair
    start: Mapping[str, Array]


def prepare(spec: GANSpec, data: ImageSet | OwnPictures | None = None, folder: Path | None = None) -> Prepared:
    """Read the pictures of a checked experiment, and leave out what it says.

    Args:
        spec: The experiment.
        data: The visitor's own pictures, or where they lie, for ``spec.dataset == "own"``; otherwise left out.
        folder: Where image data sets lie; unless said otherwise where the settings say.

    Raises:
        InputError: The pictures are not there, cannot be read, or are too few.
        SpecError: There are no networks for them.
    """
    found = _read(spec, data, folder)
    if spec.most and spec.most < len(found.train.y):
        kept = evenly(found.train.y, spec.most, generator(spec.seed, Stream.DATA, _MOST))
        note = f"Learns from {len(kept):,} of {len(found.train.y):,} training pictures."
        found = replace(found, train=Labelled(found.train.x[kept], found.train.y[kept]), notes=(*found.notes, note))
    if len(found.train.y) < LEAST:
        raise InputError(f"These are {len(found.train.y)} training pictures; give at least {LEAST}.")
    pair = spec.pair(found.classes)
    return Prepared(found, pair, gan_plans.start(pair, spec.seed))


def blueprint(spec: GANSpec, prepared: Prepared, device: str = "auto") -> GANBlueprint:
    """What an engine needs to train this experiment."""
    return GANBlueprint(
        pair=prepared.pair,
        start=prepared.start,
        loss=spec.loss,
        spectral=spec.spectral,
        batch_size=spec.batch_size,
        seed=spec.seed,
        device=device,
        **live(spec),
    )


def live(spec: GANSpec) -> dict[str, float]:
    """The settings that the engine takes over while it runs."""
    return {name: float(getattr(spec, name)) for name in LIVE}


def _read(spec: GANSpec, data: ImageSet | OwnPictures | None, folder: Path | None) -> ImageSet:
    if spec.dataset != OWN:
        return IMAGE_SETS[spec.dataset].load(folder or paths.pictures_folder(Settings.from_environment()))
    if data is None:
        raise InputError(
            "This experiment learns from your own pictures, and none were given; upload them, or name their folder or zip."
        )
    if isinstance(data, OwnPictures):
        return own_pictures.read(data, spec.side)
    if data.shape != spec.shape:
        high, wide = data.shape[1:]
        raise InputError(
            f"The pictures are {wide} × {high} pixels, and the experiment wants {spec.side} × {spec.side}; give them again."
        )
    return data
