"""Files in the idx format of MNIST: a few numbers that say the shape, then bytes. Packed with gzip, or not.

Sets that came after MNIST, such as Fashion-MNIST, use its very file names. A folder that names its set is believed; of
files in a folder that does not, the first answers tell which set they are.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.data.image_set import ImageSet, Labelled

MOST = 200_000_000
"""Bytes that one file may hold when unpacked; MNIST's largest has 47 million."""
HELD_BACK = 12
"""One in so many training pictures is kept for validation: 5,000 of 60,000."""
STARTS: Mapping[str, bytes] = {"mnist": bytes([5, 0, 4, 1, 9, 2, 1, 3]), "fashion": bytes([9, 0, 0, 3, 0, 2, 7, 2])}
"""The first training answers of each set."""


@dataclass(frozen=True)
class IdxSet:
    """One set of pictures in four idx files.

    Attributes:
        name: Its key in ``STARTS``.
        title: As errors call it.
        classes: Name of each class.
        folders: Where it is looked for, under the folder of pictures.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    folders: tuple[str, ...]

    def here(self, folder: Path) -> bool:
        """Whether all four files are there."""
        return self._place(folder) is not None

    def load(self, folder: Path) -> ImageSet:
        """All of it. Validation pictures are the first ones of the training files.

        Raises:
            InputError: The files are not there, or not what they say they are.
        """
        place = self._found(folder)
        every, test = self._pair(place, "train", -1), self._pair(place, "t10k", -1)
        held = _held(len(every.x))
        return ImageSet(
            train=Labelled(every.x[held:], every.y[held:]),
            val=Labelled(every.x[:held], every.y[:held]),
            test=test,
            classes=self.classes,
        )

    def some(self, folder: Path, n: int) -> Labelled:
        """The first validation pictures, so many at most; no more than those is unpacked."""
        place = self._found(folder)
        with _open(_file(place, "train", "images")) as file:
            count = _shape(file, _file(place, "train", "images"))[0]
        return self._pair(place, "train", min(n, _held(count)))

    def _pair(self, place: Path, share: str, n: int) -> Labelled:
        pictures, answers = _file(place, share, "images"), _file(place, share, "labels")
        x, y = read(pictures, n), read(answers, n)
        if x.ndim != 3 or x.shape[1:] != (28, 28) or y.shape != (len(x),) or not len(x):
            raise InputError(
                f"{pictures} and {answers.name} hold {_sizes(x)} and {_sizes(y)} values; expected are pictures of 28 x 28 and one "
                "answer for each."
            )
        if y.max() >= len(self.classes):
            raise InputError(f"{answers} holds the answer {y.max()}; {self.title} has the classes 0 to 9.")
        return Labelled(x[..., None], y.astype(np.int64))

    def _found(self, folder: Path) -> Path:
        place = self._place(folder)
        if place is None:
            raise InputError(
                f"{self.title} is not in {folder}: its four files (train-images-idx3-ubyte.gz and so on) are looked for there and in "
                f"its folders {', '.join(self.folders)}. Get it with: playground datasets pull {self.name}."
            )
        return place

    def _place(self, folder: Path) -> Path | None:
        for name in self.folders:
            if _complete(folder / name):
                return folder / name
        return folder if _complete(folder) and not self._of_another(folder) else None

    def _of_another(self, place: Path) -> bool:
        """Whether the first answers are those of another set with the same file names."""
        try:
            start = read(_file(place, "train", "labels"), 8).tobytes()
        except InputError:
            return False  # broken: reading it will say so
        return any(start == other for name, other in STARTS.items() if name != self.name)


def read(path: Path, n: int = -1) -> NDArray[np.uint8]:
    """The array in a file of unsigned bytes, or its first ``n`` parts.

    Raises:
        InputError: It is no such file, a broken or a far too large one.
    """
    try:
        with _open(path) as file:
            shape = _shape(file, path)
            if n >= 0:
                shape = (min(n, shape[0]), *shape[1:])
            size = math.prod(shape)
            if size > MOST:
                raise InputError(f"{path} claims {size:,} values; at most {MOST:,} are read.")
            content = file.read(size)
            if len(content) < size:
                raise InputError(f"{path} ends early: {len(content):,} of {size:,} values are there. Fetch it anew.")
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.") from None
    except (OSError, EOFError, zlib.error) as error:  # gzip tells of broken files with all three
        raise InputError(f"{path} cannot be read ({error}). Fetch it anew.") from None
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _shape(file: BinaryIO, path: Path) -> tuple[int, ...]:
    """What the head of an open file says: two zeros, 8 for bytes, the number of sides, each side."""
    head = file.read(4)
    sides = head[3] if len(head) == 4 else 0
    rest = file.read(4 * sides)
    if head[:3] != b"\0\0\x08" or not 1 <= sides <= 4 or len(rest) < 4 * sides:
        raise InputError(f"{path} is not an idx file of bytes (it starts with {head.hex(' ') or 'nothing'}).")
    return tuple(int.from_bytes(rest[4 * i : 4 * i + 4], "big") for i in range(sides))


def _file(place: Path, share: str, what: str) -> Path:
    """One of the four files, by the first of its usual names that is there, else by its usual one."""
    sides = 3 if what == "images" else 1
    names = [f"{share}-{what}{dot}idx{sides}-ubyte{end}" for dot in "-." for end in (".gz", "")]
    return next((place / name for name in names if (place / name).is_file()), place / names[0])


def _complete(place: Path) -> bool:
    return all(_file(place, share, what).is_file() for share in ("train", "t10k") for what in ("images", "labels"))


def _held(count: int) -> int:
    return max(1, count // HELD_BACK)


def _sizes(array: NDArray[np.uint8]) -> str:
    return " x ".join(f"{side:,}" for side in array.shape)
