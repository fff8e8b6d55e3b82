"""Answers to the question which objects are in a picture: everything that the network proposes, before any threshold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from PIL import Image

from playground.catalog.card import Card
from playground.core.detection import MOST_COVERS, Cover, Detect, Detected
from playground.core.errors import InputError, PlaygroundError
from playground.core.vision import Box
from playground.hub.desk import Desk, device_of, engine_of
from playground.hub.detector import Detector
from playground.hub.letterbox import GREY, Fed

MOST_FED = 8 * 640 * 640
"""So many pixels go through a network at once; more would take memory and save no time."""

A = TypeVar("A")
B = TypeVar("B")


def detect(
    desk: Desk, card: Card | None, questions: Sequence[Detect], say: Callable[[str], None]
) -> list[Detected | PlaygroundError]:
    """Find what is in pictures, those of one shape in one go through the network.

    A picture that cannot be read gets its error in words, and the others their answers.
    """
    if card is None:
        return [InputError("No model was named to find objects with.") for _ in questions]
    try:
        with desk.detector(card, say) as model:
            return answers(desk, model, questions)
    except PlaygroundError as error:
        return [error for _ in questions]


def answers(desk: Desk, model: Detector, questions: Sequence[Detect]) -> list[Detected | PlaygroundError]:
    """The same with a model at hand."""
    found: list[Detected | PlaygroundError | _Prepared] = list(
        _each(desk, lambda question: _prepared(desk, model, question), questions)
    )
    ready = {number: one for number, one in enumerate(found) if isinstance(one, _Prepared)}
    for numbers in batches({number: one.fed for number, one in ready.items()}):
        together = [ready[number] for number in numbers]
        for number, answer in zip(numbers, _answered(desk, model, together), strict=True):
            found[number] = answer
    return [one for one in found if not isinstance(one, _Prepared)]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A picture on its way into the network.

    Attributes:
        fed: As the network is fed it.
        size: Width and height of the upright original.
        notes: What was done to it.
        seconds: What that took.
    """

    fed: Fed
    size: tuple[int, int]
    notes: tuple[str, ...]
    seconds: float


def _prepared(desk: Desk, model: Detector, question: Detect) -> _Prepared | PlaygroundError:
    began = time.perf_counter()
    try:
        picture = desk.picture(question.photo)
        (fed,) = model.prepare([covered(picture.image, question.covers)], question.side)
    except PlaygroundError as error:
        return error
    return _Prepared(fed, picture.image.size, picture.notes, time.perf_counter() - began)


def _answered(desk: Desk, model: Detector, together: Sequence[_Prepared]) -> list[Detected]:
    """Answers for pictures of one shape, in one go through the network."""
    found = seen(desk, model, [one.fed for one in together], [one.size for one in together])
    return [
        replace(answer, seconds=one.seconds + answer.seconds, notes=one.notes)
        for one, answer in zip(together, found, strict=True)
    ]


def seen(desk: Desk, model: Detector, fed: Sequence[Fed], sizes: Sequence[tuple[int, int]]) -> list[Detected]:
    """What a network says of pictures that it is fed in one shape, in one go.

    Args:
        desk: Whose hands sort out what is proposed.
        model: The network.
        fed: The pictures as it is fed them.
        sizes: Width and height of each upright original; boxes are in its pixels.
    """
    began = time.perf_counter()
    rows, prototypes = model.raw(fed[0].pixels if len(fed) == 1 else np.concatenate([one.pixels for one in fed]))
    proposed = _each(desk, lambda place: model.candidates(rows[place], fed[place], *sizes[place]), range(len(fed)))
    share = (time.perf_counter() - began) / len(fed)
    return [
        Detected(
            candidates, model.names, model.end_to_end, grids, heat, one.size, one.seen, *size,
            None if prototypes is None else prototypes[place].astype(np.float16),
            share, device_of(model), engine_of(model), len(fed),
        )
        for place, (one, size, (candidates, heat, grids)) in enumerate(zip(fed, sizes, proposed, strict=True))
    ]  # fmt: skip


def batches(fed: dict[int, Fed]) -> Iterator[list[int]]:
    """Which pictures go through a network together, by their numbers: those of one shape, and not too many."""
    shapes: dict[tuple[int, int], list[int]] = {}
    for number, one in fed.items():
        shapes.setdefault(one.size, []).append(number)
    for (height, width), numbers in shapes.items():
        most = max(1, MOST_FED // (height * width))
        for start in range(0, len(numbers), most):
            yield numbers[start : start + most]


def covered(image: Image.Image, covers: Sequence[Cover]) -> Image.Image:
    """A picture of which parts are hidden, in their order: under grey, or under another part of the same picture.

    Raises:
        InputError: There are too many, or one has no size or lies beyond the picture; says which.
    """
    if not covers:
        return image
    if len(covers) > MOST_COVERS:
        raise InputError(f"{len(covers)} parts were to be covered; at most {MOST_COVERS} can be.")
    hidden = image.copy()  # the decoded one is others', too
    for cover in covers:
        at = _pixels(cover.at, image)
        size = (at[2] - at[0], at[3] - at[1])
        if cover.source is None:
            hidden.paste((GREY, GREY, GREY), at)
        else:
            hidden.paste(image.crop(_pixels(cover.source, image)).resize(size, Image.Resampling.BILINEAR), at)
    return hidden


def _pixels(part: Box, image: Image.Image) -> tuple[int, int, int, int]:
    """A part of a picture in whole pixels, at least one wide and high."""
    if not (0 <= part.left < part.right <= 1 and 0 <= part.top < part.bottom <= 1):
        raise InputError(
            f"A part from {part.left:g}, {part.top:g} to {part.right:g}, {part.bottom:g} was to be covered; "
            "parts have a size, and lie within 0 to 1."
        )
    left, top = (
        min(round(part.left * image.width), image.width - 1),
        min(round(part.top * image.height), image.height - 1),
    )
    return left, top, max(left + 1, round(part.right * image.width)), max(top + 1, round(part.bottom * image.height))


def _each(desk: Desk, answer: Callable[[A], B], items: Sequence[A]) -> list[B]:
    """Several at once; one by itself in this very thread."""
    return [answer(items[0])] if len(items) == 1 else list(desk.hands.map(answer, items))
