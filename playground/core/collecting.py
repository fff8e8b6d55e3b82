"""A zip of class folders on its way to whoever decodes it, and the decoded pictures on their way back. All of it is plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THUMB, THUMBS = 48, 6
"""Side of the pictures that are shown of each class, and how many of them."""

MEGAPIXELS: Mapping[str, float] = {"local": 4_000, "public": 400}
"""All pictures of one zip together have at most so many millions of pixels, by the server's mode: others wait meanwhile."""


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
        megapixels: More pixels of all pictures together, in millions, are refused.
    """

    content: bytes
    name: str
    side: int = 64
    most: int = 3_000
    megabytes: float = 20
    picture_megabytes: float = 10
    picture_megapixels: float = 30
    megapixels: float = MEGAPIXELS["public"]

    @property
    def subject(self) -> tuple[bytes, ...]:
        """What it is about, whatever is made of it (see ``playground.jobs.asked.subject``)."""
        return (self.content,)


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
