"""The few elementwise operations that activations, losses and rules are written in.

Here they are NumPy's. An expression in these operations means the same for one number as for an array, so that an
engine which compiles scalar code can put its own versions in their place. Each keeps float32 as float32 and float64 as
float64; a plain Python number beside an array takes the array's precision.
"""

from __future__ import annotations

import importlib
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]


def where(condition: NDArray[np.bool_], yes: Array | float, no: Array | float) -> Array:
    """``yes`` where the condition holds, else ``no``. Both are computed, so neither may overflow."""
    return np.where(condition, yes, no)


def ones_like(x: Array) -> Array:
    """1 everywhere, in the shape and precision of ``x``."""
    return np.ones_like(x)


def absolute(x: Array) -> Array:
    """Size without sign."""
    return np.absolute(x)


def sign(x: Array) -> Array:
    """-1, 0 or 1."""
    return np.sign(x)


def maximum(x: Array, y: Array | float) -> Array:
    """The larger of the two."""
    return np.maximum(x, y)


def minimum(x: Array, y: Array | float) -> Array:
    """The smaller of the two."""
    return np.minimum(x, y)


def exp(x: Array) -> Array:
    """The exponential function."""
    return np.exp(x)


def expm1(x: Array) -> Array:
    """The exponential less 1; exact for small ``x``, where ``exp(x) - 1`` is not."""
    return np.expm1(x)


def log(x: Array) -> Array:
    """Natural logarithm."""
    return np.log(x)


def log1p(x: Array) -> Array:
    """Natural logarithm of 1 + ``x``; exact for small ``x``."""
    return np.log1p(x)


def tanh(x: Array) -> Array:
    """Hyperbolic tangent."""
    return np.tanh(x)


def erf(x: Array) -> Array:
    """Error function: the chance that a normal variable of variance 1/2 lies within ``x`` of 0, with the sign of ``x``.

    NumPy has none, so it is SciPy's. It is imported at the first call: that takes a third of a second, which a page
    that draws no GELU need not spend.
    """
    special = importlib.import_module("scipy.special")
    result: Array = special.erf(x)
    return result


def row_sum(x: Array) -> Array:
    """The sum of each row of ``(n, k)``, as a column ``(n, 1)``."""
    result: Array = np.sum(x, axis=1, keepdims=True)
    return result


def row_max(x: Array) -> Array:
    """The largest of each row of ``(n, k)``, as a column ``(n, 1)``."""
    result: Array = np.max(x, axis=1, keepdims=True)
    return result
