"""What the header of a safetensors file tells, without reading the rest."""

from __future__ import annotations

import json
import struct
from math import prod
from pathlib import Path

from playground.core.errors import ModelUnavailable

LARGEST_HEADER = 100_000_000


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
            end = max((int(one["data_offsets"][1]) for one in tensors), default=0)
            count = sum(prod(int(n) for n in one["shape"]) for one in tensors)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise ModelUnavailable(f"{weights.name} has no readable safetensors header.") from None
    if 8 + length + end != whole:
        raise ModelUnavailable(
            f"{weights.name} is cut short: its header speaks of {8 + length + end:,} bytes, there are {whole:,}."
        )
    return count
