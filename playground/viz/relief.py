"""A surface as a map: its height on a grid, as shares of a scale on which hollows and cliffs can both be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.optim.landscape import Floats, Landscape

TOP = 1.1
"""Heights above the map's highest place are shown up to here."""

FLAT = 1e-290
"""A rise below this is none: what is divided by it, or by a share of it, leaves what a float can hold."""

_LINES = 12
# The quarter of the domain that lies lowest gets this much of the scale: hollows are where descents are decided.
_LOW_QUARTER = 0.35
# A few places far below nearly all others (a pole of a typed formula) do not stretch the scale.
_FAR_BELOW = 50.0


@dataclass(frozen=True, eq=False)
class Relief:
    """Heights of a surface over its domain, from 0 at the lowest place to 1 at the highest.

    The scale is linear near the bottom and logarithmic further up: ``log(1 + rise / knee)``.

    Attributes:
        shares: ``(side, side)``, 0 to 65535, the lowest y first. 65535 too where the surface has no value.
        levels: Where contour lines lie on the scale, from low to high, ``(lines,)``.
        values: The heights of these lines, numbers with few digits, ``(lines,)``.
        lowest: The height whose share is 0.
        highest: The height whose share is 1.
        knee: The rise at which the scale turns from linear to logarithmic; infinite where it stays linear.
    """

    shares: NDArray[np.uint16]
    levels: NDArray[np.float32]
    values: Floats
    lowest: float
    highest: float
    knee: float

    def share(self, loss: ArrayLike) -> NDArray[np.float32]:
        """Where heights lie on the scale, 0 to ``TOP``, same shape; 1 where there is no height."""
        return _share(np.asarray(loss, np.float64), self.lowest, self.highest, self.knee).astype(np.float32)


def relief(surface: Landscape, side: int = 121) -> Relief:
    """The map of a surface over its domain, on a grid of ``side`` by ``side`` places, its edges among them."""
    (x0, x1), (y0, y1) = surface.domain
    x, y = np.meshgrid(np.linspace(x0, x1, side), np.linspace(y0, y1, side))
    with np.errstate(all="ignore"):
        heights = np.broadcast_to(np.asarray(surface.function(x, y), np.float64), x.shape)
        known = [float(surface.function(np.float64(a), np.float64(b))) for a, b in surface.minima]
    finite = heights[np.isfinite(heights) & (np.abs(heights) < 1e300)]
    if not finite.size:
        finite = np.zeros(1)
    lowest, highest = _ends(finite, known)
    knee = _knee(float(np.percentile(finite, 25)) - lowest, highest - lowest)
    shares = np.minimum(_share(heights, lowest, highest, knee), 1.0)
    values = _lines(lowest, highest, knee)
    return Relief(
        shares=np.round(65535 * shares).astype(np.uint16),
        levels=_share(values, lowest, highest, knee).astype(np.float32),
        values=values,
        lowest=lowest,
        highest=highest,
        knee=knee,
    )


def _ends(finite: Floats, known: list[float]) -> tuple[float, float]:
    """The lowest and the highest height that the scale has to show."""
    low, middle, high = (float(value) for value in np.percentile(finite, [2, 50, 100]))
    lowest = min([float(finite.min()), *known])
    lowest = max(lowest, low - _FAR_BELOW * max(middle - low, 1e-12 * abs(middle)))
    return lowest, high if high - lowest > FLAT else lowest + max(1.0, 1e-6 * abs(lowest))


def _knee(quarter: float, rise: float) -> float:
    """The knee that puts the lowest quarter of the domain below its share of the scale; infinite if it lies so anyway."""
    if quarter >= _LOW_QUARTER * rise:
        return float("inf")
    low, high = np.log(rise) - 200.0, np.log(rise) + 14.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        knee = np.exp(middle)
        if np.log1p(quarter / knee) > _LOW_QUARTER * np.log1p(rise / knee):
            low = middle
        else:
            high = middle
    return float(np.exp(high))


def _share(heights: Floats, lowest: float, highest: float, knee: float) -> Floats:
    with np.errstate(all="ignore"):
        rise = np.maximum(heights - lowest, 0.0)
        full = highest - lowest
        share = rise / full if np.isinf(knee) else np.log1p(rise / knee) / np.log1p(full / knee)
    return np.where(np.isfinite(heights), np.minimum(share, TOP), 1.0)


def _height(share: Floats, lowest: float, highest: float, knee: float) -> Floats:
    """The height at a share: the inverse of ``_share``."""
    if np.isinf(knee):
        return lowest + share * (highest - lowest)
    risen: Floats = knee * np.expm1(share * np.log1p((highest - lowest) / knee))
    return lowest + risen


def _lines(lowest: float, highest: float, knee: float) -> Floats:
    """Heights of contour lines: about evenly spread over the scale, each with as few digits as its neighbours allow."""
    wished = _height(np.arange(0, _LINES + 1) / _LINES, lowest, highest, knee)
    found = []
    for below, here, above in zip(wished[:-2], wished[1:-1], wished[2:], strict=True):
        found.append(_rounded(float(here), 0.5 * float(min(here - below, above - here))))
    inside: list[Any] = sorted({value for value in found if lowest < value < highest})
    return np.array(inside, np.float64)


def _rounded(value: float, slack: float) -> float:
    """The number with the fewest digits that is at most ``slack`` away."""
    if not slack > 0:
        return value
    power = 10.0 ** np.floor(np.log10(slack))
    unit = power * max(lead for lead in (1.0, 2.0, 5.0) if lead * power <= slack * (1 + 1e-9))
    return float(f"{round(value / unit) * unit:.12g}")
