"""What ``playground predict generate`` writes: pictures side by side, and their numbers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.commands.predict_files import place
from playground.core.errors import InputError
from playground.functional.gan import Pair


@dataclass(frozen=True, eq=False)
class Made:
    """What was drawn.

    Attributes:
        pair: By which generator.
        latents: ``(n, latents)``.
        classes: ``(n,)`` or None.
        ink: ``(n, c, h, w)`` as the generator gives it.
        engine: What ran it, and where.
        readings: How its file can be read, the one taken first.
        notes: What has to be said of it.
        seconds: For drawing alone.
    """

    pair: Pair
    latents: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    ink: NDArray[np.float32]
    engine: str
    readings: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float


def side_by_side(pictures: NDArray[np.uint8], columns: int, scale: int = 1) -> Image.Image:
    """Pictures ``(n, h, w, c)`` as one, row by row without gaps; places that are left over are black."""
    n, high, wide, channels = pictures.shape
    rows = -(-n // columns)
    filled = np.zeros((rows * columns, high, wide, channels), np.uint8)
    filled[:n] = pictures
    page = (
        filled.reshape(rows, columns, high, wide, channels)
        .swapaxes(1, 2)
        .reshape(rows * high, columns * wide, channels)
    )
    page = page.repeat(scale, 0).repeat(scale, 1)
    return Image.fromarray(page[..., 0] if channels == 1 else page)


def write_numbers(path: Path, made: Made) -> None:
    """Pictures from 0 to 1, latents and classes into an NPZ file, under the very name."""
    ink = made.ink if made.pair.span == "sigmoid" else (made.ink + 1) / 2
    pictures = np.clip(np.nan_to_num(ink), 0, 1).transpose(0, 2, 3, 1).astype(np.float32)
    arrays = {"pictures": pictures if pictures.shape[3] == 3 else pictures[..., 0], "latents": made.latents}
    if made.classes is not None:
        arrays["classes"] = made.classes
    with path.open("wb") as file:  # under the very name: NumPy would put its own end behind another
        np.savez(file, **arrays)


def writable(name: str, end: str) -> Path | None:
    """Where to write; refused before anything is drawn where it cannot be."""
    if not name:
        return None
    path = place(name)
    if path.suffix.lower() != end:
        raise InputError(f"'{name[-80:]}' does not end in {end}, which is what is written; name a {end} file.")
    if path.is_dir():
        raise InputError(f"'{name[-80:]}' is a folder; name a {end} file.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {str(path.parent)[-80:]} to write into.")
    try:
        if not path.exists():
            with tempfile.TemporaryFile(dir=path.parent):
                return path
        if not path.is_file():
            raise InputError(f"'{name[-80:]}' is no ordinary file; name a {end} file.")
        with path.open("r+b"):
            return path
    except OSError as error:
        raise InputError(f"'{name[-80:]}' cannot be written: {error.strerror or 'the disk refuses it'}.") from None
