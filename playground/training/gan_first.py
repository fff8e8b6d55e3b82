"""What a page shows of a GAN run before a worker has it: the samples of its first weights, and real pictures beside them.

Drawn in the web process, by NumPy alone. Nothing is measured yet: the worker does that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.paths import pictures_folder
from playground.core.settings import Settings
from playground.data import own_pictures
from playground.data.image_registry import IMAGE_SETS
from playground.data.image_set import ImageSet, Labelled, OwnPictures
from playground.functional import gan_plans
from playground.functional.gan import Array, Pair, given, pixels
from playground.functional.gan_file import part
from playground.functional.gan_forward import forward
from playground.specs.gan import OWN, GANSpec
from playground.training.gan_film import Film
from playground.training.gan_grid import grid
from playground.training.gan_history import GanHistory
from playground.training.gan_scene import AMONG
from playground.training.gan_standing import FIRST_LOOKS, Standing
from playground.training.gan_view import View


class OnPaper:
    """Two networks with given weights that are only looked at; see ``gan_standing.Shown``.

    Args:
        pair: The two.
        weights: Under ``gan_file``'s names.
    """

    device = ""

    def __init__(self, pair: Pair, weights: Mapping[str, NDArray[np.floating]]) -> None:
        self._pair, self._weights = pair, part(weights, "generator")

    def draw(self, latents: Array, classes: NDArray[np.int64] | None) -> NDArray[np.uint8]:
        """See ``Shown.draw``."""
        x = given(self._pair, latents, classes)
        return np.ascontiguousarray(pixels(self._pair, forward(self._pair.generator, self._weights, x, classes)))

    def opinions(self) -> tuple[Array, Array]:
        """There are none yet."""
        return np.zeros(0, np.float32), np.zeros(0, np.float32)

    def gradients(self) -> tuple[float, float]:
        """Nor are these."""
        return math.nan, math.nan


def first_frames(
    spec: GANSpec, data: ImageSet | OwnPictures | None = None, folder: Path | None = None
) -> tuple[bytes, bytes]:
    """Scene and tick of a run that has not begun.

    Args:
        spec: The experiment.
        data: The visitor's own pictures, where ``spec.dataset`` is ``"own"``.
        folder: Where sets of pictures lie; that of the settings unless said otherwise.

    Raises:
        PlaygroundError: The experiment cannot be run; for one, its pictures are not on disk.
    """
    spec = spec.checked()
    if spec.dataset == OWN:
        images = own_pictures.read(data, spec.side) if isinstance(data, OwnPictures) else data
        if images is None:
            raise InputError("This experiment learns from your own pictures, and none were given; upload them first.")
        counts = {"train": len(images.train.y), "val": len(images.val.y), "test": len(images.test.y)}
    else:
        images, counts = _some(spec, pictures_folder(Settings.from_environment()) if folder is None else folder)
    pair = spec.pair(images.classes)
    view = View(spec, pair, images, grid(pair, spec.seed), counts)
    engine = OnPaper(pair, gan_plans.start(pair, spec.seed))
    film = Film(view.grid)
    film.add(0, 0, engine.draw(view.grid.latents, view.grid.classes))
    moment = Standing(lr=spec.lr, lr_d=spec.lr * spec.d_lr, total=counts["train"], look_at=FIRST_LOOKS[0])
    return view.scene(film), view.tick(engine, GanHistory(), film, moment)


def _some(spec: GANSpec, folder: Path) -> tuple[ImageSet, dict[str, int]]:
    """The first validation pictures of a set, and how many pictures it has in all."""
    entry = IMAGE_SETS[spec.dataset]
    val = entry.some(folder, AMONG)
    none = Labelled(val.x[:0], val.y[:0])
    counts = dict(entry.counts)
    if spec.most:
        counts["train"] = min(spec.most, counts["train"])
    return ImageSet(none, val, none, entry.classes), counts
