"""A visitor's own pictures once they are decoded: square, small, shared out, and as a file without pickle.

The file holds decoded pictures only, written by the process that decoded them; who learns from it decodes nothing of what
came from outside.
"""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.collecting import THUMB, THUMBS, About
from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.data.image_set import ImageSet, Labelled, OwnPictures, Pictures

TRAIN, VAL, TEST, NOT_YET = 0, 1, 2, -1
HELD_OUT = 0.15
"""So large a part of each class is kept for validation, and as much for the test."""
SEED = 70
_SHORT = ("classes", "pictures", "counts", "side", "thumb_classes", "notes")


@dataclass(frozen=True, eq=False)
class Own:
    """Decoded pictures with their classes.

    Attributes:
        x: ``(n, side, side, 3)``, 0 to 255.
        y: Number of the class, ``(n,)``.
        share: ``TRAIN``, ``VAL`` or ``TEST`` for each, ``(n,)``.
        classes: Name of each class.
        notes: What a reader should know, in sentences.
    """

    x: Pictures
    y: NDArray[np.int64]
    share: NDArray[np.int8]
    classes: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures each share has."""
        return {name: int((self.share == one).sum()) for name, one in (("train", TRAIN), ("val", VAL), ("test", TEST))}

    @property
    def about(self) -> About:
        """What can be said of them in short."""
        numbers = range(len(self.classes))
        shown = np.concatenate([np.flatnonzero(self.y == number)[:THUMBS] for number in numbers])
        return About(
            self.classes,
            tuple(int((self.y == number).sum()) for number in numbers),
            self.counts,
            self.x.shape[1],
            resized(self.x[shown], THUMB),
            tuple(int(number) for number in self.y[shown]),
            self.notes,
        )

    def image_set(self, side: int) -> ImageSet:
        """To learn from, each picture ``side`` pixels wide and high."""
        train, val, test = (self._of(one, side) for one in (TRAIN, VAL, TEST))
        return ImageSet(train, val, test, self.classes, self.notes)

    def some(self, n: int, side: int) -> Labelled:
        """The first ``n`` validation pictures."""
        return self._of(VAL, side, n)

    def _of(self, share: int, side: int, n: int | None = None) -> Labelled:
        rows = np.flatnonzero(self.share == share)[:n]
        return Labelled(resized(self.x[rows], side), self.y[rows])


def shared_out(
    y: NDArray[np.int64], classes: tuple[str, ...], wanted: NDArray[np.int8] | None = None
) -> tuple[NDArray[np.int8], list[str]]:
    """Who is learnt from, who is chosen on, who is tested on: the same pictures give the same shares.

    Args:
        y: Number of the class of each picture.
        classes: Name of each class, for the notes.
        wanted: Shares that folders said, ``NOT_YET`` elsewhere; believed where they say which ones to learn from.

    Returns:
        The share of each picture, and notes.

    Raises:
        InputError: There are fewer than two classes, or nothing to choose on.
    """
    if len(classes) < 2:
        only = f" ({classes[0]})" if classes else ""
        raise InputError(
            f"There is only one class{only}: a network needs two at least to tell apart. Put the pictures of each class into a "
            "folder with its name."
        )
    share = np.full(len(y), NOT_YET, dtype=np.int8) if wanted is None or not (wanted == TRAIN).any() else wanted.copy()
    named = set(np.unique(share)) - {NOT_YET}
    draw = generator(SEED, Stream.SPLIT)
    notes, alone = [], []
    for number, name in enumerate(classes):
        rows = np.flatnonzero((y == number) & ((share == NOT_YET) | (share == TRAIN)))
        rows = rows[draw.permutation(len(rows))]
        val = 0 if VAL in named or len(rows) < 2 else max(1, round(HELD_OUT * len(rows)))
        test = 0 if named else min(round(HELD_OUT * len(rows)), max(0, len(rows) - val - 1))
        share[rows] = TRAIN
        share[rows[:val]] = VAL
        share[rows[val : val + test]] = TEST
        if len(rows) == 1 and VAL not in named:
            alone.append(name)
    if alone:
        notes.append(
            f"{_listed(alone)} {'has' if len(alone) == 1 else 'have'} a single picture: it is learnt from, and never measured on."
        )
    if not (share == VAL).any():
        raise InputError("No class has two pictures: one to learn from and one to measure on. Add more pictures.")
    if not (share == TEST).any():
        notes.append("There are no test pictures: all choices and all figures are made on the validation pictures.")
    return share, notes


def pack(own: Own) -> bytes:
    """As a file; behind a line with a name, ``read``, ``opened`` and ``about`` take it back."""
    about = own.about
    short = {name: getattr(about, name) for name in _SHORT}
    words = np.frombuffer(json.dumps(short).encode(), dtype=np.uint8)
    held = io.BytesIO()
    np.savez(held, x=own.x, y=own.y.astype(np.int64), share=own.share, thumbs=about.thumbs, words=words)
    return held.getvalue()


def read(own: OwnPictures | Path, side: int) -> ImageSet:
    """A visitor's pictures as they lie on this server, behind a line with their name; see ``Own.image_set``.

    Raises:
        InputError: They are not there any more.
    """
    return opened(own).image_set(side)


def opened(own: OwnPictures | Path) -> Own:
    """The same, at the size they were kept in."""
    with _held(own) as held:
        words = json.loads(held["words"].tobytes())
        return Own(held["x"], held["y"], held["share"], tuple(words["classes"]), tuple(words["notes"]))


def about(own: OwnPictures | Path) -> About:
    """What can be said of them in short; the pictures themselves are not read."""
    with _held(own) as held:
        words = json.loads(held["words"].tobytes())
        lists = {name: tuple(words[name]) for name in ("classes", "pictures", "thumb_classes", "notes")}
        return About(**lists, counts=words["counts"], side=int(words["side"]), thumbs=held["thumbs"])


@contextlib.contextmanager
def _held(own: OwnPictures | Path) -> Iterator[Any]:
    """The arrays of a file, each read when it is asked for."""
    path = own.path if isinstance(own, OwnPictures) else own
    try:
        with path.open("rb") as file:
            file.readline()  # its name
            with np.load(file, allow_pickle=False) as held:
                yield held
    except FileNotFoundError:
        raise InputError("These pictures are not kept here any more; upload them again.") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        raise InputError("These pictures were not kept whole; upload them again.") from None


def square(image: Image.Image, side: int) -> Pictures:
    """The middle of a picture, as large as fits: at most ``side`` pixels wide and high, ``(s, s, 3)``."""
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    box = (left, top, left + edge, top + edge)
    small = min(edge, side)
    return np.asarray(image.resize((small, small), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0), dtype=np.uint8)


def resized(x: Pictures, side: int) -> Pictures:
    """Square pictures at another size, ``(n, side, side, c)``."""
    if x.shape[1] == side:
        return x
    made = np.empty((len(x), side, side, x.shape[3]), dtype=np.uint8)
    for one, picture in enumerate(x):
        made[one] = np.asarray(
            Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)
        )
    return made


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
