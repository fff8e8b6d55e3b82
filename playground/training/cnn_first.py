"""What a page shows of a convolutional network before a worker has it: its samples, and what untrained weights make of them.

Drawn in the web process, by NumPy alone. Nothing is measured yet: that takes all the pictures, and the worker does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.paths import pictures_folder
from playground.core.settings import Settings
from playground.data.image_set import IMAGE_SETS, ImageSet, Labelled, OwnPictures, Pictures
from playground.functional import convnet
from playground.functional.blocks import Plan
from playground.specs.cnn import OWN, CNNSpec
from playground.training.cnn_data import prepare, spread
from playground.training.cnn_maps import Floats
from playground.training.cnn_samples import AMONG
from playground.training.cnn_view import Standing, View
from playground.training.history import History


class OnPaper:
    """A network with given weights that is only looked at; see ``cnn_drawing.Shown``.

    Args:
        plan: The network.
        activation: Name in ``ACTIVATIONS``.
        weights: By the names of ``functional.convnet``.
        mean: Of each channel, in 0 to 1, ``(c,)``.
        std: The same.
    """

    device = ""

    def __init__(
        self,
        plan: Plan,
        activation: str,
        weights: Mapping[str, NDArray[Any]],
        mean: NDArray[np.float32],
        std: NDArray[np.float32],
    ) -> None:
        self._plan, self._activation, self._weights, self._mean, self._std = plan, activation, weights, mean, std

    def stages(self, pictures: Pictures) -> list[Floats]:
        """See ``Shown.stages``."""
        x = np.asarray((pictures.astype(np.float32) / 255 - self._mean) / self._std, np.float32).transpose(0, 3, 1, 2)
        return list(convnet.forward(self._plan, self._weights, self._activation, x))

    def saliency(self, pictures: Pictures, classes: NDArray[np.int64]) -> Floats:
        """Never asked for before something is measured."""
        return np.zeros(pictures.shape[:3], np.float32)

    def weights(self) -> Mapping[str, NDArray[Any]]:
        """See ``Shown.weights``."""
        return self._weights

    def gradients(self) -> Mapping[str, NDArray[Any]]:
        """There are none yet."""
        return {}

    def augmented(self, pictures: Pictures, seed: int) -> Pictures:
        """Unchanged: the worker shows what augmentation does."""
        return pictures


def first_frames(spec: CNNSpec, data: OwnPictures | None = None, folder: Path | None = None) -> tuple[bytes, bytes]:
    """Scene and tick of a run that has not begun: its samples, and the maps of its first weights.

    Args:
        spec: The experiment.
        data: The visitor's own pictures, where ``spec.dataset`` is ``"own"``.
        folder: Where sets of pictures lie; that of the settings unless said otherwise.

    Raises:
        PlaygroundError: The experiment cannot be run; for one, its pictures are not on disk.
    """
    spec = spec.checked()
    if spec.dataset == OWN:
        images = prepare(spec, data).data
        counts = {"train": len(images.train.y), "val": len(images.val.y), "test": len(images.test.y)}
    else:
        images, counts = _some(spec, pictures_folder(Settings.from_environment()) if folder is None else folder)
    plan = spec.plan(len(images.classes))
    engine = OnPaper(plan, spec.activation, convnet.start(plan, spec.seed, spec.activation), *spread(images.val.x))
    view = View(spec, images, plan, counts=counts)
    return view.scene(), view.tick(engine, History(), Standing(lr=spec.lr, total=counts["train"]))


def _some(spec: CNNSpec, folder: Path) -> tuple[ImageSet, dict[str, int]]:
    """The first validation pictures of a set, and how many pictures it has in all."""
    entry = IMAGE_SETS[spec.dataset]
    val = entry.some(folder, AMONG)
    none = Labelled(val.x[:0], val.y[:0])
    counts = dict(entry.counts)
    if spec.most:
        counts["train"] = min(spec.most, counts["train"])
    return ImageSet(none, val, none, entry.classes), counts
