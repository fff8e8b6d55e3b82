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
        ValueError: It is larger than ``most`` bytes, no JSON, or nested beyond reason.
        OSError: It cannot be read.
    """
    size = path.stat().st_size
    if size > most:
        raise ValueError(f"it has {size / 1e6:,.1f} MB; settings take {most / 1e6:.0f} MB at most")
    with path.open("rb") as file:
        content = file.read(most)
    try:
        return json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error}") from None
    except RecursionError:
        raise ValueError("it is nested far too deep") from None
