"""What the header of a safetensors file tells, without reading the rest."""

from __future__ import annotations

import json
import struct
from math import prod
from pathlib import Path
from typing import Any

from playground.core.errors import ModelUnavailable

LARGEST_HEADER = 4_000_000
"""Bytes; that of a model with thousands of tensors is a tenth of it."""

DIMENSIONS, LARGEST_SIDE = 8, 2**31
"""The most dimensions of a tensor, and the largest of each."""


def parameters(weights: Path) -> int:
    """How many numbers a safetensors file holds, by its header alone.

    Raises:
        ModelUnavailable: It is no such file, or cut short.
    """
    whole = weights.stat().st_size
    with weights.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(LARGEST_HEADER, whole - 8):
            raise ModelUnavailable(f"{weights.name} is not a safetensors file, or it is cut short.")
        try:
            header = json.loads(file.read(length))
            tensors = [one for name, one in header.items() if name != "__metadata__"]
            end = max((place(one["data_offsets"])[1] for one in tensors), default=0)
            count = sum(prod(shape(one["shape"])) for one in tensors)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            raise ModelUnavailable(f"{weights.name} has no readable safetensors header.") from None
    if 8 + length + end != whole:
        raise ModelUnavailable(
            f"{weights.name} is cut short: its header speaks of {8 + length + end:,} bytes, there are {whole:,}."
        )
    return count


def shape(said: Any) -> tuple[int, ...]:
    """A shape as a file says it; raises ``ValueError`` where it is none, before anything is reckoned with it."""
    if not isinstance(said, list | tuple) or len(said) > DIMENSIONS:
        raise ValueError(f"a tensor has no shape of at most {DIMENSIONS} numbers")
    if any(type(n) is not int or not 0 <= n <= LARGEST_SIDE for n in said):
        raise ValueError(f"a shape has something else than whole numbers up to {LARGEST_SIDE:,}")
    return tuple(said)


def place(said: Any) -> tuple[int, int]:
    """Where a tensor's bytes begin and end, as a file says it; raises ``ValueError`` where that is no place."""
    if (
        not isinstance(said, list | tuple)
        or len(said) != 2
        or any(type(n) is not int or not 0 <= n < 2**63 for n in said)
    ):
        raise ValueError("a tensor has no place in the file")
    return said[0], said[1]
