"""Activations made of straight pieces, cheap to compute, and their derivatives; ``activations`` registers them."""

from __future__ import annotations

from playground.functional import ops
from playground.functional.ops import Array


def prelu(x: Array, a: float = 0.25) -> Array:
    """Passes what is positive and a share of the rest; the share is learnt with the weights."""
    return ops.where(x > 0, x, a * x)


def prelu_derivative(x: Array, a: float = 0.25) -> Array:
    """1 on the right of 0, else the share."""
    return ops.where(x > 0, ops.ones_like(x), a)


def hard_tanh(x: Array) -> Array:
    """A tanh of three straight pieces: x, cut off at -1 and 1."""
    return ops.maximum(ops.minimum(x, 1.0), -1.0)


def hard_tanh_derivative(x: Array) -> Array:
    """1 between -1 and 1, else 0."""
    return ops.where(ops.absolute(x) < 1, ops.ones_like(x), 0.0)


def hard_sigmoid(x: Array) -> Array:
    """A sigmoid of three straight pieces, rising from 0 at -3 to 1 at 3."""
    return ops.maximum(ops.minimum(x / 6.0 + 0.5, 1.0), 0.0)


def hard_sigmoid_derivative(x: Array) -> Array:
    """A sixth between -3 and 3, else 0."""
    return ops.where(ops.absolute(x) < 3, ops.ones_like(x) / 6.0, 0.0)


def hard_swish(x: Array) -> Array:
    """Passes x times its hard sigmoid: a SiLU without exponentials, made for phones."""
    return x * hard_sigmoid(x)


def hard_swish_derivative(x: Array) -> Array:
    """A straight rise between -3 and 3; 0 on its left and 1 on its right."""
    return hard_sigmoid(x) + x * hard_sigmoid_derivative(x)


def step(x: Array) -> Array:
    """Fires or does not: 1 on the right of 0, else 0. Without any slope nothing can be learnt through it."""
    return ops.where(x > 0, ops.ones_like(x), 0.0)


def step_derivative(x: Array) -> Array:
    """0 everywhere; at the jump there is none."""
    return ops.where(x > 0, 0.0 * x, 0.0)
