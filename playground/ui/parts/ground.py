"""The ground that paths are drawn on, ready to be packed for the browser's ``contour.js``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from playground.optim.landscape import Landscape
from playground.ui.computing import once
from playground.viz.relief import relief


@dataclass(frozen=True)
class Ground:
    """What the browser needs to draw a surface from above: numbers for the header, and blocks."""

    header: Mapping[str, Any]
    blocks: Mapping[str, NDArray[Any]]


@once(64)
def ground(surface: Landscape, side: int = 81) -> Ground:
    """A surface's relief and domain; ``side`` samples along each axis."""
    made = relief(surface, side)
    header = {"side": side, "values": made.values.tolist(), "domain": [list(pair) for pair in surface.domain]}
    return Ground(header, {"shares": made.shares, "levels": made.levels})
