"""The learning-rate range test: one run whose learning rate rises at every step, until it breaks.

L. N. Smith: Cyclical learning rates for training neural networks, 2017. A single run without noise sees the limit late: an axis
that lower rates have already flattened holds nothing that could blow up, and is noticed only once it has grown back from
almost nothing. Training has noise in its gradients, so here there is some, too, and the mean of several runs is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from playground.optim.descent import Racer, descend
from playground.optim.landscape import Floats, Landscape, eigenvalues, hessian

BROKEN = 0.25
"""Blown up: from here on the loss is always above its least so far by this share of what there was to win."""


@dataclass(frozen=True)
class RangeTest:
    """What a run says about learning rates that grow with every step.

    Attributes:
        rates: The learning rate of each step, ``(steps,)``.
        losses: The mean loss after it over all runs, ``(steps,)``; not-a-number once every run is gone.
        lowest: The lowest loss there is, as far as known.
        begins: The rate at which a tenth of what there is to win is won; ``inf`` where it never is.
        steepest: The rate at which the least loss so far falls most for each decade of the rate.
        best: The rate at which the loss is least.
        limit: The rate from which on it is blown up; ``inf`` where it never is.
        suggested: A tenth of ``best``, and at most a third of ``limit``: the usual reading of such a curve.
    """

    rates: Floats
    losses: Floats
    lowest: float
    begins: float
    steepest: float
    best: float
    limit: float
    suggested: float


def range_test(
    surface: Landscape,
    racer: Racer,
    start: ArrayLike,
    *,
    low: float = 1e-5,
    high: float = 10.0,
    steps: int = 120,
    noise: float = 0.05,
    runs: int = 16,
    seed: int = 0,
) -> RangeTest:
    """Raise the learning rate from ``low`` to ``high`` within one run, and read the mean of several.

    Args:
        surface: What is walked on.
        racer: The rule; its own learning rate does not matter.
        start: Where it starts, ``(2,)``.
        low: The first rate.
        high: The last one.
        steps: How many rates, evenly spread on a log axis: one for each step.
        noise: Standard deviation of the gradient noise, as a share of the slope at the start; 0 for none.
        runs: How many runs of their own noise are averaged.
        seed: Seeds the noise.
    """
    place = np.asarray(start, dtype=np.float64)
    along, across = surface.gradient(place[0], place[1])
    slope = float(np.hypot(along, across))
    rates = np.geomspace(low, high, steps)
    paths = descend(
        surface,
        [Racer(racer.rule, 1.0, racer.hyper)],
        np.tile(place, (runs if noise > 0 else 1, 1)),
        steps,
        schedule=rates,
        noise=noise * slope,
        seed=seed,
    )
    with np.errstate(invalid="ignore", over="ignore"):
        mean = paths.losses.mean(axis=0)  # a run that is gone makes it not-a-number: the test is over
    lowest = paths.verdict.lowest
    excess = np.where(np.isfinite(mean), mean - lowest, np.inf)
    return RangeTest(rates, mean[1:], lowest, *_read(rates, excess))


def _read(rates: Floats, excess: Floats) -> tuple[float, float, float, float, float]:
    """Where the loss begins to fall, falls most, is least and blows up, and the suggestion; ``excess`` ``(steps + 1,)``."""
    after, none = excess[1:], float("inf")
    broken = after > np.minimum.accumulate(excess)[:-1] + BROKEN * excess[0]
    held = np.flatnonzero(~broken)  # it swings with momentum: only what never comes back is blown up
    stop = int(held[-1]) + 1 if held.size else 0
    limit = float(rates[stop]) if stop < len(rates) else none
    if stop == 0:
        return none, limit / 10, limit / 10, limit, limit / 10
    best = int(np.argmin(after[:stop]))
    won = np.flatnonzero(after[:stop] < 0.9 * excess[0])
    # Each step is the same share of a decade. What only falls back from a swing gains nothing, so the least so far counts.
    fall = np.diff(np.minimum.accumulate(excess[: best + 2]))
    steepest = float(rates[int(np.argmin(fall))])
    begins = float(rates[won[0]]) if won.size else none
    return begins, steepest, float(rates[best]), limit, min(float(rates[best]) / 10, limit / 3)


def stable_below(surface: Landscape, racer: Racer, place: ArrayLike) -> float:
    """The learning rate up to which a rule that steps by the gradient is stable around a place: 2 (1 + m) / curvature.

    Nesterov's momentum looks ahead and is stable up to (2 + 2 m) / (1 + 2 m) / curvature.

    Args:
        surface: What is walked on.
        racer: The rule: ``sgd``, ``momentum`` or ``nesterov``.
        place: Usually a minimum, ``(2,)``.

    Returns:
        The rate; not-a-number for other rules, which divide by the gradient's size, and where nothing curves upwards.
    """
    at = np.asarray(place, dtype=np.float64)
    bend = float(eigenvalues(*hessian(surface, at[:1], at[1:2]))[1][0])
    m = dict(zip(("momentum",), racer.arguments(), strict=False)).get("momentum", 0.0)
    wide = {"sgd": 2.0, "momentum": 2.0 + 2.0 * m, "nesterov": (2.0 + 2.0 * m) / (1.0 + 2.0 * m)}
    return wide[racer.rule] / bend if racer.rule in wide and bend > 0 else float("nan")
