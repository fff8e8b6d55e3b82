"""Fréchet distance: how far apart two clouds of points are, as far as their means and covariances tell.

Taken between a network's features of real and of made pictures it is the usual measure of generators, the FID, where that network
is Inception v3 and there are 50,000 pictures of each. With another network or fewer pictures the numbers are of another size:
they compare what was measured the same way, and nothing else. Few pictures make it larger.

Source: D. C. Dowson, B. V. Landau: The Fréchet distance between multivariate normal distributions, 1982; M. Heusel et al.: GANs
trained by a two time-scale update rule converge to a local Nash equilibrium, 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """A cloud of points, as far as the distance looks at it.

    Attributes:
        mean: ``(k,)``.
        covariance: ``(k, k)``.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, points: NDArray[np.floating]) -> Cloud:
        """The cloud of ``(n, k)`` points; raises ``InputError`` for fewer than two."""
        if points.ndim != 2 or len(points) < 2:
            raise InputError("A cloud needs at least two points, one in each row.")
        wide = np.asarray(points, np.float64)
        return cls(wide.mean(axis=0), np.atleast_2d(np.cov(wide, rowvar=False)))


def distance(one: Cloud, other: Cloud) -> float:
    """``|m - n|² + tr(C + D - 2 (C D)^½)`` of means m, n and covariances C, D; 0 for the same cloud, and never less."""
    root = _root(one.covariance)
    # (C D)^½ has the trace of (C^½ D C^½)^½, which is symmetric.
    both = np.sqrt(np.linalg.eigvalsh(root @ other.covariance @ root).clip(0)).sum()
    apart = ((one.mean - other.mean) ** 2).sum() + np.trace(one.covariance) + np.trace(other.covariance) - 2 * both
    return float(max(apart, 0.0))


def _root(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The symmetric square root."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(values.clip(0))) @ vectors.T)
