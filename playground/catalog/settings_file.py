"""A small file of settings in JSON, read so that a large one costs nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LARGEST = 1_000_000
"""Bytes that such a file may have."""


def read(path: Path, most: int = LARGEST) -> Any:
    """What the file says.

    Raises:
        ValueError: It is larger than ``most`` bytes, or no JSON.
        OSError: It cannot be read.
        RecursionError: It is nested beyond reason.
    """
    size = path.stat().st_size
    if size > most:
        raise ValueError(f"it has {size / 1e6:,.1f} MB; settings take {most / 1e6:.0f} MB at most")
    with path.open("rb") as file:
        return json.loads(file.read(most).decode("utf-8"))
