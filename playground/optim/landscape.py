"""What can be walked down, and how steep, how bent and how high it usually is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.optim.rules import RULES

Floats: TypeAlias = NDArray[np.float64]
Point: TypeAlias = tuple[float, float]


class Landscape(Protocol):
    """What can be walked down: a surface of the registry, or a typed formula."""

    @property
    def function(self) -> Callable[[Any, Any], Any]:
        """The height at places ``x`` and ``y``, arrays of one shape."""

    @property
    def gradient(self) -> Callable[[Any, Any], tuple[Any, Any]]:
        """The slopes along x and y there."""

    @property
    def domain(self) -> tuple[Point, Point]:
        """The part worth seeing."""

    @property
    def start(self) -> Point:
        """A place to start from."""

    @property
    def minima(self) -> tuple[Point, ...]:
        """Minima that are known; may be none."""

    @property
    def dimensions(self) -> int:
        """1 where only x matters, else 2."""


def hessian(surface: Landscape, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Second derivatives (xx, xy, yy) at each place, from central differences of the gradient.

    On a surface of one dimension yy repeats xx, so that y never decides anything.
    """
    (x0, x1), (y0, y1) = surface.domain
    h, k = 1e-5 * (x1 - x0), 1e-5 * (y1 - y0)
    east, west = surface.gradient(x + h, y), surface.gradient(x - h, y)
    xx: Floats = (east[0] - west[0]) / (2 * h)
    if surface.dimensions == 1:
        return xx, np.zeros_like(xx), xx
    north, south = surface.gradient(x, y + k), surface.gradient(x, y - k)
    xy: Floats = 0.5 * ((east[1] - west[1]) / (2 * h) + (north[0] - south[0]) / (2 * k))
    yy: Floats = (north[1] - south[1]) / (2 * k)
    return xx, xy, yy


def eigenvalues(xx: Floats, xy: Floats, yy: Floats) -> tuple[Floats, Floats]:
    """The lower and the higher curvature at each place."""
    middle, spread = 0.5 * (xx + yy), np.hypot(0.5 * (xx - yy), xy)
    return middle - spread, middle + spread


@dataclass(frozen=True)
class Scale:
    """How steep, how bent and how high a surface usually is, from a grid over its domain."""

    slope: float
    bend: float
    lowest: float
    usual: float

    @classmethod
    def of(cls, surface: Landscape) -> Scale:
        """Measure a surface; of known minima the lowest counts, else the lowest place of the grid."""
        x, y = _grid(surface)
        with np.errstate(all="ignore"):
            height = np.asarray(surface.function(x, y))
            slope = np.hypot(*surface.gradient(x, y))
            bend = np.abs(np.stack(eigenvalues(*hessian(surface, x, y)))).max(axis=0)
            known = [float(surface.function(np.float64(a), np.float64(b))) for a, b in surface.minima]
        finite = height[np.isfinite(height)]
        lowest = min(known) if known else float(finite.min()) if finite.size else 0.0
        usual = _median(finite) - lowest if finite.size else 1.0
        return cls(_high(slope), _high(bend), lowest, max(usual, 1e-300))


def _high(values: Floats) -> float:
    """What nine of ten finite values stay below."""
    finite = values[np.isfinite(values)]
    return max(float(np.percentile(finite, 90)), 1e-300) if finite.size else 1.0


def fitting_rate(surface: Landscape, rule: str) -> float:
    """A learning rate to start from on this surface: 1, 2 or 5 times a power of ten.

    A rule that steps by the gradient itself is stable up to 2 / curvature, so it gets half of the inverse of how bent the
    surface is at its start, and at most half of its places. One that divides the gradient by its size makes steps as long
    as its rate, whatever the surface, so it gets a share of the domain's width. RAdam does first the one and then the
    other, and gets what suits both; Adadelta finds its own length.
    """
    width = max(high - low for low, high in surface.domain[: surface.dimensions])
    if rule == "adadelta":
        return RULES[rule].lr
    x, y = _grid(surface)
    x, y = np.append(x, surface.start[0]), np.append(y, surface.start[1])
    with np.errstate(all="ignore"):
        bend = np.abs(np.stack(eigenvalues(*hessian(surface, x, y)))).max(axis=0)
        slope = np.hypot(*surface.gradient(x, y))
    if not {"squared gradient", "largest gradient"} & set(RULES[rule].memory):
        return _round_down(0.5 / _usual(bend))
    share = 0.1 if rule == "adagrad" else 0.0125
    return _round_down(width * min(share, 0.1 / _usual(slope)) if rule == "radam" else width * share)


def _usual(values: Floats) -> float:
    """The median of the finite ones, or the last one (the start's) where that is larger."""
    finite = values[np.isfinite(values)]
    return max(_median(finite), float(finite[-1]), 1e-300) if finite.size else 1.0


def _median(values: Floats) -> float:
    """The median, infinite where the sum of the middle two is."""
    with np.errstate(over="ignore"):
        return float(np.median(values))


def _grid(surface: Landscape) -> tuple[Floats, Floats]:
    """Places all over the domain."""
    (x0, x1), (y0, y1) = surface.domain
    x, y = np.meshgrid(np.linspace(x0, x1, 41), np.linspace(y0, y1, 41 if surface.dimensions == 2 else 1))
    return x, y


def _round_down(value: float) -> float:
    """The next of 1, 2 and 5 times a power of ten that is not above it, between 1e-6 and 1."""
    power = math.floor(math.log10(min(max(value, 1e-6), 1.0)) + 1e-9)
    lead = value / 10.0**power
    return float(f"{(5 if lead >= 5 else 2 if lead >= 2 else 1) * 10.0**power:.0e}")
