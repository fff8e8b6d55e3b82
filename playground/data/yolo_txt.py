"""Boxes as YOLO keeps them in text files: a line each, ``class centre-x centre-y width height``, in fractions of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playground.core.errors import InputError
from playground.core.vision import Box

MOST_BYTES = 64_000
MOST_BOXES = 100
_SLACK = 0.002
"""Rounded numbers may reach so far over the edge."""
_BOX, _SCORED = 5, 6


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says.

    Attributes:
        boxes: The number of each class and where it is.
        outlines: How many lines were outlines, whose bounding box was taken.
    """

    boxes: tuple[tuple[int, Box], ...]
    outlines: int = 0


def read(content: bytes, names: Sequence[str], file: str = "The file") -> Written:
    """Read a file of true boxes.

    Args:
        content: The whole file. An empty one says that there is nothing in the picture.
        names: Of the classes that its numbers stand for.
        file: What it is called, for words.

    Raises:
        InputError: With the line that is wrong, and how it should be.
    """
    if len(content) > MOST_BYTES:
        raise too_large(file, len(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"{file} is not text. A YOLO file has a line for each box, such as 0 0.5 0.5 0.2 0.3."
        ) from None
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_BOXES:
        raise InputError(f"{file} has {len(lines):,} boxes; at most {MOST_BOXES} are taken.")
    found, outlines = [], 0
    for number, words in lines:
        where = f"{file}, line {number}"
        label, numbers = _numbers(words, names, where)
        outlines += len(numbers) != 4
        found.append((label, _box(numbers, where)))
    return Written(tuple(found), outlines)


def too_large(file: str, size: int) -> InputError:
    """Why a file of so many bytes is not read."""
    return InputError(
        f"{file} has {math.ceil(size / 1000):,} kB; at most {MOST_BYTES // 1000} kB are taken: the boxes of one picture."
    )


def write(boxes: Iterable[tuple[int, Box]]) -> str:
    """The same boxes as such a file."""
    lines = []
    for label, box in boxes:
        centre = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        size = (box.right - box.left, box.bottom - box.top)
        lines.append(" ".join([str(label), *(f"{value:.6f}" for value in (*centre, *size))]))
    return "".join(f"{line}\n" for line in lines)


def _numbers(words: Sequence[str], names: Sequence[str], where: str) -> tuple[int, list[float]]:
    """The class and the other numbers of one line."""
    if len(words) == _SCORED:
        raise InputError(
            f"{where} has six numbers: the sixth is a model's confidence, so this is what a model said, not what is true. "
            "True boxes have five: class, centre x, centre y, width, height."
        )
    if len(words) < _BOX or (len(words) > _BOX and (len(words) < 7 or len(words) % 2 == 0)):
        raise InputError(
            f"{where} has {len(words)} number{'s' if len(words) != 1 else ''}; a box has five: class, centre x, centre y, width, height."
        )
    try:
        values = [float(word) for word in words]
    except ValueError:
        odd = next(word for word in words if not _is_number(word))
        raise InputError(f"{where}: “{odd[:40]}” is no number.") from None
    label = values[0]
    if not (math.isfinite(label) and label == int(label) and 0 <= label < len(names)):
        raise InputError(
            f"{where}: class {words[0][:40]}; this model has {len(names):,} classes, numbered 0 to {len(names) - 1:,}."
        )
    for value, word in zip(values[1:], words[1:], strict=True):
        if not -_SLACK <= value <= 1 + _SLACK:
            raise InputError(
                f"{where}: {word[:40]} is no fraction of the picture; all numbers but the first lie between 0 and 1."
            )
    return int(label), values[1:]


def _box(numbers: Sequence[float], where: str) -> Box:
    """The box of one line: as it stands there, or around an outline."""
    if len(numbers) == 4:
        x, y, width, height = numbers
        left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    else:
        across, down = numbers[0::2], numbers[1::2]
        left, top, right, bottom = min(across), min(down), max(across), max(down)
    if not (right > left and bottom > top):
        raise InputError(f"{where}: the box has no size; width and height are more than 0.")
    if min(left, top) < -_SLACK or max(right, bottom) > 1 + _SLACK:
        raise InputError(f"{where}: the box reaches beyond the picture's edge.")
    return Box(max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
