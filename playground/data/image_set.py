"""What every source of pictures hands over: equal pictures in three shares, the number of each one's class, and the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry

Pictures: TypeAlias = NDArray[np.uint8]
Share = Literal["train", "val", "test"]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Some pictures with their answers.

    Attributes:
        x: ``(n, h, w, c)``, 0 to 255, one channel (grey) or three (red, green, blue).
        y: Number of the class, ``(n,)`` int64.
    """

    x: Pictures
    y: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Refuse what does not fit together: a defect of the caller, hence ``ValueError``."""
        if (
            self.x.ndim != 4
            or self.x.shape[3] not in (1, 3)
            or self.x.dtype != np.uint8
            or self.y.shape != (len(self.x),)
        ):
            raise ValueError(f"pictures {self.x.dtype} {self.x.shape} and answers {self.y.shape} do not fit")


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Pictures to learn from. All choices are made on ``val``; ``test`` stays covered until it is opened.

    Attributes:
        train: What is learnt from.
        val: What choices are made on; has at least one picture.
        test: May be empty, where a visitor's own pictures are too few.
        classes: Name of each class in the order of its number, at least two.
        notes: Sentences that a reader should know (files passed over, classes merged).
    """

    train: Labelled
    val: Labelled
    test: Labelled
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of each picture, as networks have them."""
        _, high, wide, channels = self.train.x.shape
        return channels, high, wide

    def share(self, name: Share) -> Labelled:
        """One of the three by name."""
        return {"train": self.train, "val": self.val, "test": self.test}[name]


def _quick(folder: Path) -> bool:
    """Reading it takes no more than a few seconds."""
    return True


@dataclass(frozen=True, kw_only=True)
class ImageSetEntry(Entry):
    """A set of pictures that anyone may choose by name.

    Attributes:
        shape: Channels, height and width.
        classes: Name of each class in the order of its number.
        counts: How many pictures each share has.
        licence: Of the pictures; as their makers say it.
        here: Whether it can be read now, looked for under a folder (``core.paths.pictures_folder``); costs no more than a look
            at the disk.
        load: Reads it, or draws it, from that folder; raises ``InputError`` that says how to get it where it is not there.
        some: So many pictures of ``val``, its first ones, without reading the rest.
        megabytes: Size of a download; 0 where it is always there.
        ready: Whether ``load`` takes no more than a few seconds, where it is here.
        prepare: Makes it ready, and tells how many pictures of how many are done; ``None`` where it always is.
    """

    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    licence: str
    here: Callable[[Path], bool]
    load: Callable[[Path], ImageSet]
    some: Callable[[Path, int], Labelled]
    megabytes: float = 0.0
    ready: Callable[[Path], bool] = _quick
    prepare: Callable[[Path, Callable[[int, int], None]], object] | None = None


IMAGE_SETS: Registry[ImageSetEntry] = Registry("set of pictures")
"""Filled by ``playground.data.image_registry``; import it from there."""


@dataclass(frozen=True, slots=True)
class OwnPictures:
    """Where a visitor's own pictures lie on this server; small, so that it can travel to a worker, which reads them there.

    Attributes:
        path: A file that ``playground.data.own_pictures.pack`` wrote behind a line with its name.
    """

    path: Path
