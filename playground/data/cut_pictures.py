"""Pictures that a browser has cut small before it sent them: judged by their first bytes alone, and decoded one at a time.

A file of four kilobytes can hold thirty million pixels, so what claims to be small is believed only by its header; what decodes
it holds it to the same bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.errors import InputError
from playground.data.picture_heads import PASSES, size_of
from playground.data.pictures import read_picture

LARGEST = 512
"""Width and height at most; a browser's are less than half of that."""

MEGABYTE = 1.0


def check_cut(content: bytes, name: str) -> None:
    """Refuse in words what no browser has cut; reads the header alone.

    Args:
        content: The whole file.
        name: What it is called, for the words.

    Raises:
        InputError: It is no PNG, JPEG or WebP, or larger than ``LARGEST``.
    """
    size = size_of(content)
    if size is None:
        raise InputError(f"{name} is not a picture that can be read here. Use JPEG, PNG or WebP.")
    if max(size) > LARGEST or len(content) > MEGABYTE * 1e6:
        raise InputError(
            f"{name} has {size[0]:,} x {size[1]:,} pixels; at most {LARGEST} x {LARGEST} are taken here. Make it smaller first."
        )
    if content.count(b"\xff\xda") > PASSES and content.startswith(b"\xff\xd8"):
        raise InputError(f"{name} is stored in more than {PASSES} passes over the picture. Save it anew.")


def read_cut(content: bytes, name: str) -> Image.Image:
    """Decode such a picture; raises ``InputError`` as ``check_cut`` and ``read_picture`` do."""
    check_cut(content, name)
    return read_picture(content, name, megabytes=MEGABYTE, megapixels=LARGEST**2 / 1e6).image


class CutPictures(Sequence[Image.Image]):
    """Pictures that stay files until they are looked at: each is decoded when it is taken out, and not kept.

    Args:
        files: The files.
        numbers: What each is called in an error; 1, 2, 3 ... where nothing is said.
    """

    def __init__(self, files: Sequence[bytes], numbers: Sequence[int] = ()) -> None:
        self._files, self._numbers = files, numbers or range(1, len(files) + 1)

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, at: int) -> Image.Image: ...
    @overload
    def __getitem__(self, at: slice) -> CutPictures: ...
    def __getitem__(self, at: int | slice) -> Image.Image | CutPictures:
        if isinstance(at, slice):
            return CutPictures(self._files[at], self._numbers[at])
        return read_cut(self._files[at], f"Picture {self._numbers[at]}")

    def of(self, rows: NDArray[np.intp]) -> CutPictures:
        """Those of some rows, in that order."""
        return CutPictures([self._files[row] for row in rows], [self._numbers[row] for row in rows])
