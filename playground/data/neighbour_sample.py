"""Some training pictures of MNIST and Fashion-MNIST that come with the playground, to look for copies among where the rest is not there.

``recipes/neighbour_sample.py`` chose them, evenly along each set's training pictures, and measured how far test pictures lie from
their nearest neighbours: among these, and among all of them; test pictures of every class, and those of each.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core import paths
from playground.data.image_set import Pictures

FOLDER = paths.SAMPLES / "neighbours"
TAKEN: Mapping[str, tuple[int, int]] = {"mnist": (3_000, 55_000), "fashion": (2_000, 55_000)}
"""By the name of a set: so many come along, of so many training pictures."""
SIDE = 28

Percentiles: TypeAlias = NDArray[np.float32]
"""How far pictures lie from their nearest, ``(1 + classes, 99)``: the 1st to the 99th percentile, root mean squares over pixels from 0
to 1. The first row is of pictures of all classes, the others of one class each; not a number where too few were looked at."""


def rows(name: str) -> NDArray[np.int64]:
    """Which training pictures those are that come along, by their numbers among all of the set, ascending."""
    some, every = TAKEN[name]
    return np.arange(some) * every // some


def sample(name: str) -> Pictures:
    """These pictures, ``(n, 28, 28, 1)``; ``name`` is one of ``TAKEN``."""
    some = TAKEN[name][0]
    content = lzma.decompress((FOLDER / f"{name}.xz").read_bytes())
    return np.frombuffer(content, np.uint8).reshape(some, SIDE, SIDE, 1)


def usual(name: str, looked_at: int) -> Percentiles | None:
    """How far test pictures of a set lie from the nearest of so many training pictures.

    Args:
        name: Of the set.
        looked_at: How many training pictures; all of the set, or those that come along.

    Returns:
        Measured on all 10,000 test pictures; ``None`` where that was not measured.
    """
    found = _measured().get(name, {}).get(str(looked_at))
    return None if found is None else np.array(found, np.float32)


@lru_cache(maxsize=1)
def _measured() -> dict[str, dict[str, list[list[float]]]]:
    read: dict[str, dict[str, list[list[float]]]] = json.loads((FOLDER / "usual.json").read_text("utf-8"))
    return read
