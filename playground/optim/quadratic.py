"""Momentum on a quadratic: what theory says for every learning rate and momentum, and what running it says.

On a quadratic each axis goes its own way, and two numbers carry it from step to step: the place and the velocity. The
larger eigenvalue of that little matrix, in size, is what the distance from the minimum is multiplied by at each step
(B. T. Polyak: Some methods of speeding up the convergence of iteration methods, 1964).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.optim.rules import RULES, Array

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Phase:
    """How fast momentum converges for every pair of settings.

    Attributes:
        rates: Learning rates, ``(columns,)``.
        momenta: Momenta, ``(rows,)``.
        factors: What the distance is multiplied by at each step in the long run, ``(rows, columns)``: below 1 it
            converges, above it diverges.
        optimum: The learning rate, the momentum and the factor that theory calls best.
        overshoots: 1 / the largest curvature: above it plain descent jumps over the minimum along that axis.
        diverges: 2 / the largest curvature: above it plain descent diverges. With momentum the limit is ``limit``.
    """

    rates: Floats
    momenta: Floats
    factors: Floats
    optimum: tuple[float, float, float]
    overshoots: float
    diverges: float

    def limit(self, momentum: float) -> float:
        """The learning rate above which it diverges with this momentum: 2 (1 + momentum) / the largest curvature."""
        return self.diverges * (1.0 + momentum)


def factor(curvature: float, rates: Floats, momenta: Floats) -> Floats:
    """The spectral radius of ``[[1 + m - r c, -m], [1, 0]]``, whose eigenvalues solve z² - (1 + m - r c) z + m = 0.

    Args:
        curvature: The second derivative along the axis, c.
        rates: Learning rates r.
        momenta: Momenta m, of a shape that goes with that of ``rates``.
    """
    trace = 1.0 + momenta - rates * curvature
    inside = trace * trace - 4.0 * momenta
    real = 0.5 * (np.abs(trace) + np.sqrt(np.maximum(inside, 0.0)))
    result: Floats = np.where(inside < 0, np.sqrt(np.maximum(momenta, 0.0)), real)  # a pair turning in circles
    return result


def optimum(curvatures: Sequence[float]) -> tuple[float, float, float]:
    """The learning rate, momentum and factor that make the slowest axis fastest (Polyak, 1964)."""
    low, high = math.sqrt(min(curvatures)), math.sqrt(max(curvatures))
    ratio = (high - low) / (high + low)
    return (2.0 / (high + low)) ** 2, ratio * ratio, ratio


def phase(curvatures: Sequence[float], rates: Floats, momenta: Floats) -> Phase:
    """The phase diagram by theory: the largest factor over the axes, which in the end is the one that counts."""
    columns, rows = np.asarray(rates, dtype=np.float64), np.asarray(momenta, dtype=np.float64)
    factors = np.max([factor(c, columns[None, :], rows[:, None]) for c in curvatures], axis=0)
    return Phase(columns, rows, factors, optimum(curvatures), 1.0 / max(curvatures), 2.0 / max(curvatures))


def measured(curvatures: Sequence[float], rates: Floats, momenta: Floats, steps: int = 400) -> Floats:
    """The same factors by running the rule ``momentum`` for every pair at once, ``(rows, columns)``.

    The growth over the second half of the steps is taken. The state is brought back to length 1 after every step, which
    on a quadratic changes nothing but keeps numbers in range.
    """
    step = RULES["momentum"].step
    curved = np.asarray(curvatures, dtype=np.float64)[:, None, None]
    lr, mu = np.asarray(rates, dtype=np.float64)[None, None, :], np.asarray(momenta, dtype=np.float64)[None, :, None]
    theta: Array = np.ones((len(curved), mu.shape[1], lr.shape[2]))
    velocity: Array = np.zeros_like(theta)
    nothing = np.zeros_like(theta)
    growth = np.zeros(theta.shape[1:])
    for t in range(1, steps + 1):
        theta, velocity, *_ = step(theta, curved * theta, velocity, nothing, nothing, t, lr, mu)
        length = np.sqrt((theta * theta + (lr * velocity) ** 2).sum(axis=0))
        length = np.maximum(length, 1e-200)
        theta, velocity = theta / length, velocity / length
        if t > steps // 2:
            growth += np.log(length)
    result: Floats = np.exp(growth / (steps - steps // 2))
    return result


class Regime(StrEnum):
    """How one axis goes to its minimum, or does not."""

    OVERDAMPED = "overdamped"
    CRITICAL = "critically damped"
    OSCILLATING = "oscillating"
    OVERSHOOTING = "overshooting"
    DIVERGING = "diverging"


@dataclass(frozen=True)
class Motion:
    """What one axis does at a learning rate and momentum.

    Attributes:
        regime: Overdamped: it creeps in from one side. Critically damped: the border between creeping and swinging.
            Oscillating: it swings to and fro. Overshooting: it lands on the other side at every step.
        factor: What its distance is multiplied by at each step in the long run.
        period: Steps of one swing there and back; ``inf`` where it does not swing.
    """

    regime: Regime
    factor: float
    period: float


NEAR = 0.05
"""Two eigenvalues closer together than this count as one: critically damped, for the eye."""


def motion(curvature: float, lr: float, momentum: float) -> Motion:
    """What one axis of this curvature does."""
    radius = float(factor(curvature, np.array(lr), np.array(momentum)))
    trace = 1.0 + momentum - lr * curvature
    inside = trace * trace - 4.0 * momentum
    period = math.inf
    if inside < 0:
        period = 2 * math.pi / math.acos(max(-1.0, min(1.0, trace / (2 * math.sqrt(momentum)))))
    if radius >= 1.0:
        return Motion(Regime.DIVERGING, radius, period)
    if math.sqrt(abs(inside)) < NEAR:
        return Motion(Regime.CRITICAL, radius, period)
    if inside < 0:
        return Motion(Regime.OSCILLATING, radius, period)
    return Motion(Regime.OVERDAMPED if trace > 0 else Regime.OVERSHOOTING, radius, period)


def digits(factor: float) -> float:
    """Steps in which the distance becomes ten times smaller: one more correct decimal digit; ``inf`` where it never does."""
    if factor >= 1:
        return math.inf
    return -1.0 / math.log10(factor) if factor > 0 else 0.0


@dataclass(frozen=True)
class Quadratic:
    """The valley ½ (a x² + b y²), as something to walk down.

    Attributes:
        curvatures: a along x and b along y.
        domain: The part worth seeing.
        start: A place to start from.
    """

    curvatures: tuple[float, float]
    domain: tuple[tuple[float, float], tuple[float, float]] = ((-4.0, 4.0), (-2.0, 2.0))
    start: tuple[float, float] = (-3.4, 1.0)
    minima: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    dimensions: int = 2

    def function(self, x: Floats, y: Floats) -> Floats:
        """The height."""
        a, b = self.curvatures
        height: Floats = 0.5 * (a * x * x + b * y * y)
        return height

    def gradient(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The slopes along x and y."""
        a, b = self.curvatures
        return a * x, b * y
