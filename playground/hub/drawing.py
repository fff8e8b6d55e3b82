"""Objects drawn into a picture at its own size, and cut out of it. No model is needed for either."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from playground.catalog.card import Card
from playground.core import palette
from playground.core.detection import MOST_OBJECTS, SKELETON, Cut, Cuttings, Draw, Drawn, Thing
from playground.core.errors import InputError, PlaygroundError
from playground.hub.desk import Desk

FILLED = 90
"""How much of a mask's colour lies over the picture, of 255."""

SEEN = 0.5
"""Key points that are less surely visible are not drawn."""

BODY = 17
"""Only so many key points are joined as COCO's body is."""

SMALLEST, LARGEST = 10, 96
"""Height of the letters, in pixels."""

QUALITY = 92
"""Of the JPEG of a piece."""

PIECES = 400
"""The pieces may show so many million pixels together."""


def draw(
    desk: Desk, card: Card | None, questions: Sequence[Draw], say: Callable[[str], None]
) -> list[Drawn | PlaygroundError]:
    """Draw objects into pictures; each gets its own answer, or its own error in words."""
    return [_safely(_draw, desk, question) for question in questions]


def cut(
    desk: Desk, card: Card | None, questions: Sequence[Cut], say: Callable[[str], None]
) -> list[Cuttings | PlaygroundError]:
    """Cut objects out of pictures; each gets its own answer, or its own error in words."""
    return [_safely(_cut, desk, question) for question in questions]


def into(image: Image.Image, things: Sequence[Thing], *, labels: bool = True, type_size: int = 0) -> None:
    """Draw objects into an RGB picture itself, the surest on top.

    Args:
        image: The picture that their pixels are of.
        things: What is drawn, in any order.
        labels: Whether names and scores are written.
        type_size: Height of the letters in pixels, at least ``SMALLEST``; 0 is what suits the picture's size.
    """
    side = (image.width + image.height) / 2
    font = _font(max(SMALLEST, min(type_size or round(side * 0.022), LARGEST)))
    pen = ImageDraw.Draw(image, "RGBA")
    wide = max(1, round(side * 0.003))
    inverse = sorted(things, key=lambda thing: thing.score)
    for thing in inverse:
        red, green, blue = palette.parts(palette.tint(thing.index).colour)
        if len(thing.mask) >= 3:
            pen.polygon(list(thing.mask), fill=(red, green, blue, FILLED))
            pen.line([*thing.mask, thing.mask[0]], fill=(red, green, blue), width=max(1, wide // 2), joint="curve")
    for thing in inverse:
        colour = palette.tint(thing.index).colour
        pen.rectangle(_edge(thing.box, image), outline=colour, width=wide)
        _points(pen, thing, colour, wide)
    if labels:
        for thing in inverse:
            _label(pen, thing, image, wide, font)


def _points(pen: ImageDraw.ImageDraw, thing: Thing, colour: str, wide: int) -> None:
    """Key points as dots with an edge, joined where they are a body's."""
    seen = {number: (x, y) for number, (x, y, visible) in enumerate(thing.keypoints) if visible >= SEEN}
    if len(thing.keypoints) == BODY:
        for first, second in SKELETON:
            if first in seen and second in seen:
                pen.line([seen[first], seen[second]], fill=colour, width=wide)
    for x, y in seen.values():
        pen.ellipse((x - 1.5 * wide, y - 1.5 * wide, x + 1.5 * wide, y + 1.5 * wide), fill=colour, outline="#1B1F24")


def _label(pen: ImageDraw.ImageDraw, thing: Thing, image: Image.Image, wide: int, font: Any) -> None:
    """Name and score on the box's upper edge; within it where the picture ends there."""
    tint = palette.tint(thing.index)
    number = f" #{thing.track}" if thing.track else ""
    label = f'"{thing.label}"' if thing.label.isdecimal() else thing.label  # a class that is a number is no number
    words = f"{label}{number} {thing.score:.2f}"
    pad = max(2, wide)
    _, top, right, bottom = font.getbbox(words)
    width, height = right + 2 * pad, bottom - top + 2 * pad
    left = max(0, min(thing.box[0], image.width - width))
    upper = thing.box[1] - height if thing.box[1] >= height else max(0, thing.box[1])
    upper = max(0, min(upper, image.height - height))
    pen.rectangle((left, upper, left + width - 1, upper + height - 1), fill=tint.colour)
    pen.text((left + pad, upper + pad - top), words, fill=tint.ink, font=font)


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    """Pillow's own, at a size in pixels."""
    return ImageFont.load_default(size)


def _edge(box: tuple[float, float, float, float], image: Image.Image) -> tuple[int, int, int, int]:
    """A box's outermost pixels, within the picture."""
    left, top, right, bottom = _whole(box, image)
    return left, top, right - 1, bottom - 1


def _draw(desk: Desk, question: Draw) -> Drawn:
    if len(question.things) > MOST_OBJECTS:
        raise InputError(f"{len(question.things)} objects were to be drawn; at most {MOST_OBJECTS} are.")
    image = desk.picture(question.photo).image.copy()  # the decoded one is others', too
    into(image, question.things, labels=question.labels)
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=3)
    return Drawn(written.getvalue())


def _cut(desk: Desk, question: Cut) -> Cuttings:
    if len(question.boxes) > MOST_OBJECTS:
        raise InputError(f"{len(question.boxes)} pieces were to be cut out; at most {MOST_OBJECTS} are.")
    if question.side < 0:
        raise InputError(f"Pieces with a side of {question.side} pixels were asked for; 0 is as large as they are.")
    image = desk.picture(question.photo).image
    places = [_whole(box, image) for box in question.boxes]
    pixels = sum((right - left) * (bottom - top) for left, top, right, bottom in places) / 1e6
    if pixels > PIECES:
        raise InputError(
            f"The pieces show {pixels:,.0f} million pixels together; at most {PIECES} are cut out at once. Take fewer."
        )

    def piece(place: tuple[int, int, int, int]) -> bytes:
        found = image.crop(place)
        if question.side and max(found.size) > question.side:
            found.thumbnail((question.side, question.side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        written = io.BytesIO()
        found.save(written, "JPEG", quality=QUALITY)
        return written.getvalue()

    return Cuttings(tuple(desk.hands.map(piece, places)))


def _whole(box: tuple[float, float, float, float], image: Image.Image) -> tuple[int, int, int, int]:
    """A box in whole pixels within the picture, at least one wide and high."""
    left, top = (int(max(0, min(value, most - 1))) for value, most in zip(box[:2], image.size, strict=True))
    right, bottom = (
        int(max(low + 1, min(-(-value // 1), most)))
        for value, low, most in zip(box[2:], (left, top), image.size, strict=True)
    )
    return left, top, right, bottom


def _safely(answer: Callable[[Desk, Any], Any], desk: Desk, question: Any) -> Any:
    try:
        return answer(desk, question)
    except PlaygroundError as error:
        return error
