"""The bytes of a stored run: an ``npz`` archive of plain arrays, read without unpickling; its words and numbers are one JSON text."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError, SpecError

_WRONG = (ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zipfile.BadZipFile, SpecError)


def written(kind: str, version: int, words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A run as bytes.

    Args:
        kind: Of run.
        version: Of what is kept of such a run.
        words: Whatever JSON can hold.
        arrays: By name; none may be called ``words``.
    """
    said = json.dumps({"kind": kind, "version": version, **words}).encode()
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, words=np.frombuffer(said, np.uint8), **arrays)
    return buffer.getvalue()


def read(state: bytes, kind: str, version: int, largest: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The words and the arrays that ``written`` was given; call it within ``told``, which words what it raises.

    Args:
        state: What is to be read.
        kind: The only one that is taken.
        version: Likewise.
        largest: Bytes that all arrays together may take.
    """
    with zipfile.ZipFile(io.BytesIO(state)) as archive:
        if sum(item.file_size for item in archive.infolist()) > largest:
            raise ValueError("too large")
    with np.load(io.BytesIO(state), allow_pickle=False) as file:
        arrays: dict[str, NDArray[Any]] = {name: file[name] for name in file.files}
    words = json.loads(arrays.pop("words").tobytes())
    if (words["kind"], words["version"]) != (kind, version):
        raise ValueError("another kind or version")
    return words, arrays


def in_use(state: bytes) -> bytes:
    """A run without what its optimizer goes on with, most of a large one; raises ``InputError`` where that is none."""
    made = io.BytesIO()
    with told(), zipfile.ZipFile(io.BytesIO(state)) as whole, zipfile.ZipFile(made, "w") as kept:
        for item in whole.infolist():
            if not item.filename.startswith("engine."):
                kept.writestr(item.filename, whole.read(item))
    return made.getvalue()


def table(array: NDArray[Any], columns: int) -> NDArray[Any]:
    """The array, if it is a table of numbers with so many columns; raises ``ValueError``."""
    if array.ndim != 2 or array.shape[1] != columns or array.dtype.kind != "f":
        raise ValueError("no table of numbers")
    return array


@contextmanager
def told() -> Iterator[None]:
    """Whatever is wrong with a stored run is an ``InputError`` in words."""
    try:
        yield
    except _WRONG as error:
        raise InputError(f"This stored run cannot be read ({type(error).__name__}); start it again.") from error
