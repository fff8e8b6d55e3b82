"""Names and shapes of the tensors in a file of weights, told without reading a single weight.

A checkpoint of torch's is a pickle: a small program that builds objects. Its steps are gone through here and none is taken: what
would become a tensor is noted with its shape, and whatever else would be built is noted by its name. Claims are held against the
file's size, so that whoever opens it afterwards meets no surprise.
"""

from __future__ import annotations

import functools
import itertools
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

from playground.catalog import headers
from playground.catalog.pickle_steps import BYTES, Steps, Tensor
from playground.core.errors import ModelUnavailable
from playground.core.quoting import harmless

LARGEST = 128_000_000
"""Bytes of a file, and of what is packed in it."""

SUFFIXES = (".pth", ".pt", ".ckpt", ".safetensors")

TENSORS, VISITS = 2_000, 50_000
"""The most tensors of a file, and so many things in its dictionaries are looked at: they may hold one another."""
_PICKLE, _HEADER, _LIST, _DEEP = 2_000_000, 2_000_000, 2_000_000, 4
_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""What torch's older format begins with."""
_SAFE = {"F64": "Double", "F32": "Float", "F16": "Half", "BF16": "BFloat16"}


@dataclass(frozen=True)
class Told:
    """What a file holds.

    Attributes:
        shapes: Of the tensors of real numbers, by name, in the file's order; names of nested dictionaries are joined by dots.
        said: The metadata of a safetensors file.
        others: What beside tensors it would build, by the full names: anything here could run code.
    """

    shapes: Mapping[str, tuple[int, ...]]
    said: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def told(path: Path) -> Told:
    """What a file holds; read once as long as it stays as it is.

    Raises:
        ModelUnavailable: It is no file of weights, broken, cut short, too large, or claims more than it has.
        OSError: It cannot be read.
    """
    status = path.stat()
    if status.st_size > LARGEST:
        raise ModelUnavailable(
            f"{path.name} has {status.st_size / 1e6:,.0f} MB; weights without a configuration beside them may have "
            f"{LARGEST / 1e6:.0f} MB."
        )
    found = _told(path, status.st_size, status.st_mtime_ns)
    if isinstance(found, str):
        raise ModelUnavailable(found)
    return found


def flat(held: Any, kind: type) -> list[tuple[str, Any]]:
    """Things of a kind in nested dictionaries, under their names joined by dots, in order.

    Raises:
        ValueError: There are more of them than a model has, or more to look through than anybody would.
    """
    found, visits = list[tuple[str, Any]](), itertools.count(1)

    def look(into: Any, before: str, deep: int) -> None:
        for name, one in into.items() if isinstance(into, Mapping) else ():
            if next(visits) > VISITS:
                raise ValueError("its dictionaries hold each other over and over")
            if not isinstance(name, str | int):
                continue
            if isinstance(one, kind):
                found.append((f"{before}{name}", one))
                if len(found) > TENSORS:
                    raise ValueError(f"it holds more than {TENSORS:,} tensors")
            elif deep and isinstance(name, str):
                look(one, f"{before}{name}.", deep - 1)

    look(held, "", _DEEP)
    return found


@functools.lru_cache(maxsize=256)
def _told(path: Path, size: int, time: int) -> Told | str:
    """What a file holds, or why that cannot be told: a broken one is not read again for every page."""
    if not size:
        return f"{path.name} is empty: copy it here once more."
    try:
        if path.suffix == ".safetensors":
            return _safetensors(path, size)
        return _zipped(path, size) if zipfile.is_zipfile(path) else _older(path, size)
    except (IndexError, KeyError, TypeError, AttributeError, struct.error, ArithmeticError):
        words = "what it says of itself makes no sense"
    except RecursionError:
        words = "what it says of itself is nested far deeper than weights are"
    except (UnicodeDecodeError, json.JSONDecodeError):
        words = "its header is no JSON"
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, MemoryError) as error:
        words = harmless(str(error), 120) or type(error).__name__
    return f"{path.name} is no whole file of weights: {words}."


def _safetensors(path: Path, size: int) -> Told:
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if not 2 <= length <= min(_HEADER, size - 8):
            raise ValueError("it has no header, or is cut short")
        header = json.loads(file.read(length))
    if len(header) > TENSORS + 1:
        raise ValueError(f"it holds more than {TENSORS:,} tensors")
    shapes, end = dict[str, tuple[int, ...]](), 0
    for name, one in header.items():
        if name == "__metadata__":
            continue
        if not name.isprintable():
            raise ValueError("one of its names is no word that can be shown")
        start, behind = headers.place(one["data_offsets"])
        shape, kind = headers.shape(one["shape"]), _SAFE.get(one["dtype"])
        if start > behind or behind > size:
            raise ValueError(f"'{harmless(name)}' lies outside the file")
        if kind and prod(shape) * BYTES[kind] != behind - start:
            raise ValueError(f"'{harmless(name)}' does not fill its place")
        end = max(end, behind)
        if kind:
            shapes[name] = shape
    if 8 + length + end != size:
        raise ValueError(f"its header speaks of {8 + length + end:,} bytes, there are {size:,}")
    said = header.get("__metadata__", {})
    return Told(shapes, {name: one for name, one in said.items() if isinstance(one, str)})


def _zipped(path: Path, size: int) -> Told:
    if _listed(path, size) > _LIST:
        raise ValueError("it is a zip of far more files than a model has tensors")
    with zipfile.ZipFile(path) as packed:
        entries = {one.filename: one.file_size for one in packed.infolist()}
        if sum(entries.values()) > min(LARGEST, 8 * size):
            raise ValueError("it is packed tighter than weights can be, or is too large")
        inside = next((name for name in entries if name.endswith("/data.pkl")), None)
        if inside is None:
            raise ValueError("there is no pickle in it")
        if entries[inside] > _PICKLE:
            raise ValueError(f"its pickle has {entries[inside]:,} bytes")
        with packed.open(inside) as pickled:
            steps = Steps()
            held = steps.take(BytesIO(pickled.read(_PICKLE)))
    home = inside.removesuffix("data.pkl")
    room = {name.removeprefix(f"{home}data/"): one for name, one in entries.items()}
    for key, bytes_ in steps.storages.items():
        if room.get(key, -1) < bytes_:
            raise ValueError(f"a tensor of {bytes_:,} bytes is not there in full")
    return _of(held, steps)


def _listed(path: Path, size: int) -> int:
    """Bytes of a zip's list of files, by its last record (APPNOTE.TXT of PKWARE, 4.3.14 and 4.3.16): all of it is read at once."""
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read(66_000)
    at = tail.rfind(b"PK\x05\x06")
    if at >= 76 and tail.startswith(b"PK\x06\x06", at - 76):
        return int(struct.unpack_from("<Q", tail, at - 76 + 40)[0])
    return int(struct.unpack_from("<I", tail, at + 12)[0])


def _older(path: Path, size: int) -> Told:
    with path.open("rb") as file:
        content = BytesIO(file.read(_PICKLE))
    if content.getvalue().startswith(b"PK"):
        raise ValueError("it is cut short")
    steps = Steps()
    if not content.getvalue().startswith(_MAGIC) or not isinstance(Steps().take(content), int):
        raise ValueError("it is no checkpoint of torch's")
    Steps().take(content)
    Steps().take(content)
    held = steps.take(content)
    keys = Steps().take(content)
    if content.tell() + sum(8 + one for one in steps.storages.values()) > size:
        raise ValueError(f"its tensors take {sum(steps.storages.values()):,} bytes, the file has {size:,}")
    whole = isinstance(keys, list) and len(keys) == len(steps.storages)
    if not whole or not all(isinstance(key, str) and key in steps.storages for key in keys):
        raise ValueError("its tensors and its storages do not fit each other")
    return _of(held, steps)


def _of(held: Any, steps: Steps) -> Told:
    return Told({name: one.shape for name, one in flat(held, Tensor) if one.real}, others=tuple(steps.others))
