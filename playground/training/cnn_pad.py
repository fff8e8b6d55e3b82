"""From strokes on a pad to a picture like those a network learns digits from, every step kept to be shown."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.data.image_set import Pictures
from playground.functional.mnist_style import steps
from playground.functional.resample import resized

SIDE = 56
"""Of the pad, in pixels."""
NOTHING = "Nothing is drawn yet."
_BOX = 22  # of the 28 pixels of such a digit, the middle ones that hold its strokes


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing.

    Attributes:
        picture: As the network's pictures are, ``(1, h, w, 1)``.
        steps: How it became that, ``(4, 28, 28)``.
        note: What is to be said of it.
    """

    picture: Pictures
    steps: NDArray[np.uint8]
    note: str = ""


def ink_of(text: str) -> NDArray[np.uint8]:
    """Ink on the pad, ``(56, 56)``, 0 to 255, from base 64; raises ``InputError`` where it is none."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != SIDE * SIDE:
        raise InputError(f"A drawing has {SIDE} x {SIDE} bytes; this one has {len(content):,}.")
    return np.frombuffer(content, dtype=np.uint8).reshape(SIDE, SIDE)


def drawn(ink: NDArray[np.uint8], high: int, wide: int) -> Drawn:
    """What is drawn, prepared as digits are, for pictures of some size."""
    made = steps(ink, pad=True)
    digit = fitted(made.digit, high, wide)
    return Drawn(digit[None, :, :, None], made.shown(), NOTHING if made.empty else "")


def fitted(digit: NDArray[np.uint8], high: int, wide: int) -> NDArray[np.uint8]:
    """A digit of 28 x 28 pixels as sets of other sizes have them; small ones fill their pictures."""
    if digit.shape == (high, wide):
        return digit
    edge = (digit.shape[0] - _BOX) // 2 if min(high, wide) < _BOX else 0
    middle = digit[edge : digit.shape[0] - edge, edge : digit.shape[1] - edge]
    return np.asarray(np.rint(resized(middle.astype(np.float32), high, wide)), dtype=np.uint8)
