"""A zip of class folders on its way to whoever decodes it, and the decoded pictures on their way back. All of it is plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THUMB, THUMBS = 48, 6
"""Side of the pictures that are shown of each class, and how many of them."""


@dataclass(frozen=True, slots=True)
class Collect:
    """Decode the pictures of a zip of class folders (needs no model).

    Attributes:
        content: The whole zip.
        name: What it is called, for words.
        side: Larger pictures are made so small; they are cut square.
        most: More pictures are refused.
        megabytes: A larger zip is refused.
        picture_megabytes: A larger picture is passed over.
        picture_megapixels: One with more pixels, in millions, is passed over.
    """

    content: bytes
    name: str
    side: int = 64
    most: int = 3_000
    megabytes: float = 20
    picture_megabytes: float = 10
    picture_megapixels: float = 30


@dataclass(frozen=True, slots=True)
class About:
    """What can be said of a visitor's pictures without reading all of them.

    Attributes:
        classes: Name of each class.
        pictures: How many each class has.
        counts: How many pictures ``train``, ``val`` and ``test`` have.
        side: Width and height of each picture as it is kept.
        thumbs: ``(n, THUMB, THUMB, 3)`` uint8: the first pictures of each class, at most ``THUMBS``, class by class.
        thumb_classes: Number of the class of each of those.
        notes: What was passed over, and why; sentences.
    """

    classes: tuple[str, ...]
    pictures: tuple[int, ...]
    counts: Mapping[str, int]
    side: int
    thumbs: NDArray[np.uint8]
    thumb_classes: tuple[int, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collected:
    """Pictures that were decoded within limits.

    Attributes:
        content: The file to keep; ``playground.data.own_pictures`` reads it.
        about: What is in it.
    """

    content: bytes
    about: About
