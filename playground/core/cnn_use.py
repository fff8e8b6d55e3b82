"""Questions about a network that a visitor trained, and their answers, between web process and inference worker. All plain.

What the run has learnt comes as the bytes that its trainer packed; a picture comes as its file, and is decoded in the worker alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Read:
    """What does the network say of a picture?

    Attributes:
        state: What the run has learnt.
        picture: The file.
        name: What it was called, for words.
        megabytes: A larger file is refused.
        megapixels: A picture with more pixels, in millions, is refused.
    """

    state: bytes
    picture: bytes
    name: str
    megabytes: float
    megapixels: float


@dataclass(frozen=True, slots=True, eq=False)
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
    picture: NDArray[np.uint8]
    steps: NDArray[np.uint8] | None
    titles: tuple[str, ...]
    maps: tuple[NDArray[np.uint8], ...]
    notes: tuple[str, ...]
    epoch: int


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """Write the network down for use elsewhere.

    Attributes:
        state: What the run has learnt.
    """

    state: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """A zip with weights, card, script, ONNX and a self-check."""

    content: bytes
