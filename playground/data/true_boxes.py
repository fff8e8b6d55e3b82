"""What is in our own pictures: true boxes, drawn by hand, or written down by what drew the picture."""

from __future__ import annotations

import functools
import json
from typing import Any

from playground.core import paths
from playground.core.vision import Box

FILE = paths.SAMPLES / "true_boxes.json"


@functools.cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def true_boxes(example: str) -> tuple[tuple[str, Box], ...]:
    """Class and place of every object in one of our pictures, by the picture's name; empty where nobody has said."""
    return tuple((name, Box(*edges)) for name, *edges in _all().get(example, ()))
