"""What a run has learnt, used: taken along as a zip, or asked about a new picture.

A worker does both. Pictures that visitors upload are decoded here, and nowhere in the process that serves pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.errors import InputError
from playground.data.image_set import Pictures
from playground.data.own_pictures import square
from playground.data.pictures import MEGAPIXELS, read_picture
from playground.functional import mnist_style
from playground.functional.losses import probabilities
from playground.training import cnn_maps, cnn_pad, cnn_seen
from playground.training.cnn_package import package, stages
from playground.training.cnn_samples import DIGITS
from playground.training.cnn_stored import StoredCNN, unpack_run

_MOST_SIDE = 1600  # a photograph is looked at no finer than this


@dataclass(frozen=True, eq=False)
class Reading:
    """What a trained network says of a new picture.

    Attributes:
        classes: Name of each class.
        probabilities: Of each, ``(k,)`` float32.
        picture: As the network was given it, ``(h, w, c)`` uint8.
        steps: How a digit became that, ``(4, 28, 28)`` uint8; ``None`` for all other pictures.
        titles: What each stage with maps is called.
        maps: Of each of these its first maps, ``(m, h, w)`` uint8, black where a stage is silent.
        notes: What was done to the picture, in sentences.
        epoch: After which epoch the weights were measured to be the best.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    picture: Pictures
    steps: Pictures | None
    titles: tuple[str, ...]
    maps: tuple[NDArray[np.uint8], ...]
    notes: tuple[str, ...]
    epoch: int


def cnn_package(state: bytes) -> bytes:
    """A stored run as the zip of ``cnn_package.package``; raises ``InputError`` where it cannot be read or packed."""
    return package(unpack_run(state))


def cnn_predict(state: bytes, content: bytes, name: str = "", megapixels: float = MEGAPIXELS) -> Reading:
    """What the best weights of a stored run say of a picture.

    Args:
        state: What the run saved.
        content: The picture's file.
        name: What it is called, for the words of an error.
        megapixels: Larger pictures are not decoded.

    Raises:
        InputError: The run or the picture cannot be read.
    """
    stored = unpack_run(state)
    picture = read_picture(content, name, megapixels=megapixels)
    small, steps, notes = _prepared(stored, picture.image)
    values = stages(stored, small)
    plan = stored.spec.plan(len(stored.classes))
    titles, maps = [], []
    for stage, column, one in zip(plan.stages, cnn_maps.columns(plan, stored.spec.activation), values, strict=True):
        if column.maps:
            shown = cnn_maps.shrunk(one[0][: column.maps], column.factor)
            titles.append(stage.block.title)
            maps.append(cnn_maps.pixels(shown, cnn_maps.grown(shown, 0.0), column.signed))
    order = cnn_seen.permutation(stored.spec, *stored.shape[1:])
    return Reading(
        classes=stored.classes,
        probabilities=np.asarray(probabilities(values[-1])[0], dtype=np.float32),
        picture=cnn_seen.reordered(small, order)[0],
        steps=steps,
        titles=tuple(titles),
        maps=tuple(maps),
        notes=(*picture.notes, *notes),
        epoch=stored.best.epoch,
    )


def _prepared(stored: StoredCNN, image: Image.Image) -> tuple[Pictures, Pictures | None, tuple[str, ...]]:
    """A photograph as this network's pictures are, ``(1, h, w, c)``; the steps of a digit; what was done."""
    channels, high, wide = stored.shape
    image.thumbnail((_MOST_SIDE, _MOST_SIDE))
    if stored.classes == DIGITS and channels == 1:
        made = mnist_style.steps(np.asarray(image))
        if made.empty:
            raise InputError("No digit was found in this picture: nothing stands out from its ground.")
        return cnn_pad.fitted(made.digit, high, wide)[None, :, :, None], made.shown(), made.notes
    edge = max(high, wide)
    colours = np.asarray(Image.fromarray(square(image, edge)).resize((wide, high), Image.Resampling.BICUBIC))
    note = "The middle of the picture was cut out, square." if image.width != image.height else ""
    if channels == 3:
        return colours[None], None, (note,) if note else ()
    grey = np.asarray(Image.fromarray(colours).convert("L"))
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    notes = [note] if note else []
    if np.median(rim) > 127:
        grey = 255 - grey
        notes.append("Turned round, since its ground is light: the network learnt from light things on dark ground.")
    return grey[None, :, :, None], None, tuple(notes)
