"""How the scores change while a picture is changed a little at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.vision import SHAKINGS, Shake, Shaken, Shaking
from playground.hub.answering import each, followed, jpeg, pixels
from playground.hub.classify import Classifier
from playground.hub.desk import Desk

SIDE = 160
"""Of the small copies that show each value, in pixels at most."""

LONGEST = 3000
"""So many pixels may what the network sees measure from corner to corner, to be turned."""

AT_ONCE = 8
"""So many changed pictures exist at the same time."""

_MIRRORED = "What moves in from outside is the picture mirrored at its edge, so that no black border is judged."


@dataclass(frozen=True)
class View:
    """What the network sees of a picture.

    Attributes:
        box: Left, top, right and bottom, in pixels, with a little more around it.
        scale: Pixels of the picture for one of the input.
    """

    box: tuple[int, int, int, int]
    scale: float


@dataclass(frozen=True)
class Way:
    """One way to change a picture.

    Attributes:
        unit: What its values are in.
        values: In order.
        unchanged: The value at which nothing is changed.
        change: From a picture, a value and what is seen of the picture to the changed one.
        notes: What has to be said of it.
    """

    unit: str
    values: tuple[float, ...]
    unchanged: float
    change: Callable[[Image.Image, float, View], Image.Image]
    notes: tuple[str, ...] = ()


def shift(image: Image.Image, across: float, down: float) -> Image.Image:
    """Move what is seen to the right and down, by shares of the width and height; the edges mirror."""
    columns = _mirrored(np.arange(image.width) - round(across * image.width), image.width)
    rows = _mirrored(np.arange(image.height) - round(down * image.height), image.height)
    return Image.fromarray(np.asarray(image)[rows[:, None], columns])


def rotate(image: Image.Image, degrees: float, box: tuple[int, int, int, int]) -> Image.Image:
    """Turn clockwise about the middle what lies in a box (left, top, right, bottom); the rest stays, and the edges mirror."""
    width, height = image.size
    left, top, right, bottom = box
    corners = [(x - width / 2, y - height / 2) for x in (left, right) for y in (top, bottom)]
    reach = math.ceil(max(math.hypot(*corner) for corner in corners)) + 2  # from the middle, nothing beyond is needed
    first, upper = width // 2 - reach, height // 2 - reach
    columns, rows = (
        _mirrored(np.arange(first, width - first), width),
        _mirrored(np.arange(upper, height - upper), height),
    )
    around = Image.fromarray(np.asarray(image)[rows[:, None], columns])  # about the same middle
    turned = around.rotate(-degrees, Image.Resampling.BICUBIC)
    made = image.copy()
    made.paste(turned.crop((left - first, top - upper, right - first, bottom - upper)), (left, top))
    return made


def _mirrored(places: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    """Places beyond the ends of a row, reflected into it."""
    period = places % (2 * length)
    return np.minimum(period, 2 * length - 1 - period)


WAYS: dict[Shaking, Way] = {
    "shift_x": Way(
        "% of the width to the right", tuple(range(-30, 31, 3)), 0,
        lambda image, value, _: shift(image, value / 100, 0), (_MIRRORED,),
    ),
    "shift_y": Way(
        "% of the height down", tuple(range(-30, 31, 3)), 0,
        lambda image, value, _: shift(image, 0, value / 100), (_MIRRORED,),
    ),
    "rotate": Way(
        "degrees clockwise", tuple(range(-90, 91, 9)), 0,
        lambda image, value, view: rotate(image, value, view.box), (_MIRRORED,),
    ),
    "blur": Way(
        "pixels of the input (sigma)", (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8), 0,
        lambda image, value, view: image.filter(ImageFilter.GaussianBlur(value * view.scale)),
    ),
    "brightness": Way(
        "times as bright", tuple(round(2 ** (step / 4), 3) for step in range(-8, 9)), 1,
        lambda image, value, _: ImageEnhance.Brightness(image).enhance(value),
        ("Values above white are cut off.",),
    ),
}  # fmt: skip


def shake(
    desk: Desk, card: Card | None, questions: Sequence[Shake], say: Callable[[str], None]
) -> list[Shaken | PlaygroundError]:
    """For each picture, the scores along one change of it; a change that is not known is refused in words."""
    return each(desk, card, questions, say, lambda classifier, question: _shake(desk, classifier, question, say))


def _shake(desk: Desk, classifier: Classifier, question: Shake, say: Callable[[str], None]) -> Shaken:
    began = time.perf_counter()
    if question.kind not in SHAKINGS:
        raise InputError(f"A picture cannot be shaken by '{str(question.kind)[:40]}'. Known: {', '.join(SHAKINGS)}.")
    way = WAYS[question.kind]
    image = desk.picture(question.photo).image
    smaller, notes = _smaller(image, classifier)
    view = _view(smaller, classifier)
    unchanged = way.values.index(way.unchanged)

    def fed(value: float) -> NDArray[np.float32]:
        """The network's input ``(3, h, w)`` at a value; unchanged it is that of the picture itself."""
        changed = image if value == way.unchanged else way.change(smaller, value, view)
        return cast(NDArray[np.float32], classifier.arrays([changed])[0])

    scores, pictures, refused = [], [], list[bool]()
    for start in range(0, len(way.values), AT_ONCE):
        say(f"Changing the picture: {start + 1} of {len(way.values)}")
        inputs = np.stack(list(desk.hands.map(fed, way.values[start : start + AT_ONCE])))  # (n, 3, h, w)
        row, none = classifier.judge(inputs)
        scores.append(row)
        refused += none.tolist()
        pictures += [jpeg(pixels(classifier, one), SIDE) for one in inputs]
    classes, along = followed(np.concatenate(scores), classifier.labels, unchanged)
    return Shaken(
        question.kind, way.unit, tuple(float(value) for value in way.values), tuple(pictures), classes, along, unchanged,
        time.perf_counter() - began, (*way.notes, *notes), tuple(refused),
    )  # fmt: skip


def _view(image: Image.Image, classifier: Classifier) -> View:
    """Where the network looks, with as much around it as resizing mixes in."""
    seen = classifier.crop_of(*image.size)
    scale = (seen.right - seen.left) * image.width / classifier.input_size[2]
    margin = 3 * scale + 2
    left, right = (
        max(0, math.floor(seen.left * image.width - margin)),
        min(image.width, math.ceil(seen.right * image.width + margin)),
    )
    top, bottom = (
        max(0, math.floor(seen.top * image.height - margin)),
        min(image.height, math.ceil(seen.bottom * image.height + margin)),
    )
    return View((left, top, right, bottom), scale)


def _smaller(image: Image.Image, classifier: Classifier) -> tuple[Image.Image, tuple[str, ...]]:
    """A picture with many more pixels than the network sees, made smaller: it is to be changed many times."""
    left, top, right, bottom = _view(image, classifier).box
    longest = math.ceil(math.hypot(right - left, bottom - top) / LONGEST)
    factor = max(longest, min(image.size) // (2 * max(classifier.input_size[1:])))
    if factor < 2:
        return image, ()
    smaller = image.reduce(factor)
    return smaller, (f"The changes are made on a copy of {smaller.width} x {smaller.height} pixels.",)
