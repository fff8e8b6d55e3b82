"""What a run has learnt, used: taken along as a zip, or asked about a new picture. Tasks of the inference worker.

Pictures that visitors upload are decoded there, within the server's limits, and nowhere in the process that serves pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from playground.catalog.card import Card
from playground.core.cnn_use import Read, Reading, TakeAlong, Taken
from playground.core.errors import InputError, PlaygroundError
from playground.data.image_set import Pictures
from playground.data.own_pictures import square
from playground.data.pictures import read_picture
from playground.functional import mnist_style
from playground.functional.losses import probabilities
from playground.training import cnn_maps, cnn_pad, cnn_seen
from playground.training.cnn_package import package, stages
from playground.training.cnn_samples import DIGITS
from playground.training.cnn_stored import StoredCNN, unpack_run

if TYPE_CHECKING:  # torch, which none of this needs
    from playground.hub.desk import Desk

Say = Callable[[str], None]

_MOST_SIDE = 1600  # a photograph of a digit is looked at no finer than this


def cnn_package(
    desk: Desk, card: Card | None, questions: Sequence[TakeAlong], say: Say
) -> list[Taken | PlaygroundError]:
    """Write stored runs down as zips (see ``cnn_package.package``); each gets its own answer, or its own error in words."""
    answers: list[Taken | PlaygroundError] = []
    for question in questions:
        try:
            say("Packing")
            answers.append(Taken(package(unpack_run(question.state))))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def cnn_predict(desk: Desk, card: Card | None, questions: Sequence[Read], say: Say) -> list[Reading | PlaygroundError]:
    """What the best weights of stored runs say of pictures; each gets its own answer, or its own error in words."""
    answers: list[Reading | PlaygroundError] = []
    for question in questions:
        try:
            answers.append(read(question))
        except PlaygroundError as error:
            answers.append(error)
    return answers


def read(question: Read) -> Reading:
    """What the best weights of a stored run say of a picture; raises ``InputError`` where run or picture cannot be read."""
    stored = unpack_run(question.state)
    near = _MOST_SIDE // 2 if _digits(stored) else max(stored.shape[1:])
    picture = read_picture(
        question.picture, question.name, megabytes=question.megabytes, megapixels=question.megapixels, near=near
    )
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
    if _digits(stored):
        image.thumbnail((_MOST_SIDE, _MOST_SIDE))
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


def _digits(stored: StoredCNN) -> bool:
    """Whether the network knows handwritten digits, and pictures are prepared as those were."""
    return stored.classes == DIGITS and stored.shape[0] == 1
