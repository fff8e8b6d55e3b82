"""Two classes of drawn pictures to begin with on the page "Your own pictures", and what was learnt from them beforehand.

Made by ``recipes/own_pictures.py``.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.transfer import Learnt, Manner, Measured, Way

PATH = Path(__file__).parent / "samples" / "own_pictures.npz"
SHEET_SIDE = 56
"""Height and width of each picture in the sheet ``ui/live/own_pictures.jpg``, which has a row for each class."""


@dataclass(frozen=True, eq=False)
class OwnExample:
    """Classes as a visitor might have brought them.

    Attributes:
        names: Name of each class.
        pictures: Its pictures, as JPEG.
        manner: How it was learnt.
        model: Name of the model whose features were used.
        learnt: What came of it, by way.
    """

    names: tuple[str, ...]
    pictures: tuple[tuple[bytes, ...], ...]
    manner: Manner
    model: str
    learnt: dict[Way, Learnt]


@functools.cache
def own_example() -> OwnExample:
    """Read it, once a process."""
    with np.load(PATH, allow_pickle=False) as held:
        said: dict[str, Any] = json.loads(held["said"].tobytes())
        content, ends = held["pictures"].tobytes(), held["ends"].tolist()
        rows = [content[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        learnt: dict[Way, Learnt] = {
            way: Learnt(
                way, tuple(Measured(**each) for each in one["measured"]), held[f"{way}.held"], held[f"{way}.packed"].tobytes(),
                one["trained"], one["whole"], one["seconds"], one["model"], tuple(one["notes"]),
            )
            for way, one in said["learnt"].items()
        }  # fmt: skip
    each = said["each"]
    kinds = tuple(tuple(rows[start : start + each]) for start in range(0, len(rows), each))
    return OwnExample(tuple(said["names"]), kinds, Manner(**said["manner"]), said["model"], learnt)
