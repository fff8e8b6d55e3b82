"""One hidden layer on one input, as a weighted sum of bent lines.

With enough of them such a sum comes as close as one likes to any continuous function on an interval (G. Cybenko:
Approximation by superpositions of a sigmoidal function, 1989; K. Hornik: Approximation capabilities of multilayer
feedforward networks, 1991). That says that good weights exist, not how many neurons it takes, nor that training finds them.

A neuron is a row ``(place, slope, output)``: ``output * act(slope * (x - place))``. It is the textbook's ``v act(w x + b)``
with ``w = slope``, ``b = -slope * place`` and ``v = output``; a place can be pointed at, a bias cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.registry import Entry, Registry, first_line
from playground.functional.activations import ACTIVATIONS

Floats: TypeAlias = NDArray[np.float64]
Curve: TypeAlias = Callable[[Floats], Floats]

EXTENT = 4.0
SAMPLES = 201


@dataclass(frozen=True, kw_only=True)
class Target(Entry):
    """A curve that a few neurons are to add up to.

    Attributes:
        function: Its height at each place of an array.
    """

    function: Curve


TARGETS: Registry[Target] = Registry("target")


def target(title: str) -> Callable[[Curve], Curve]:
    """Registers the decorated curve; its docstring's first line is the summary."""

    def register(function: Curve) -> Curve:
        TARGETS.add(
            Target(
                name=function.__name__,
                title=title,
                summary=first_line(function.__doc__),
                source="Drawn for this playground (2026)",
                function=function,
            )
        )
        return function

    return register


@target("Bump")
def bump(x: Floats) -> Floats:
    """Up and down again, smoothly: what two steps or three kinks can do."""
    return np.exp(-0.75 * x * x)


@target("Step")
def threshold(x: Floats) -> Floats:
    """From 0 to 1 at once: one steep neuron."""
    return np.where(x > 0.5, 1.0, 0.0)


@target("Box")
def box(x: Floats) -> Floats:
    """A plateau with upright walls: two steep neurons."""
    return np.where(np.abs(x) < 1.5, 1.0, 0.0)


@target("Stairs")
def stairs(x: Floats) -> Floats:
    """Three steps up: a neuron for each."""
    return np.where(x > -2, 0.5, 0.0) + np.where(x > 0, 0.5, 0.0) + np.where(x > 2, 0.5, 0.0)


@target("Sine")
def sine(x: Floats) -> Floats:
    """A wave of two periods: every bend wants a neuron."""
    return np.sin(0.5 * np.pi * x)


@target("W")
def zigzag(x: Floats) -> Floats:
    """Two valleys with a peak between them, of straight pieces."""
    return np.abs(np.abs(x) - 2.0) - 0.5


def places(samples: int = SAMPLES) -> Floats:
    """Where sum and target are compared: evenly over the interval, ``(samples,)``."""
    return np.linspace(-EXTENT, EXTENT, samples)


def contributions(x: Floats, neurons: Floats, activation: str) -> Floats:
    """What each neuron adds at each place.

    Args:
        x: Places, ``(n,)``.
        neurons: ``(place, slope, output)`` of each, ``(k, 3)``.
        activation: Name in ``ACTIVATIONS``.

    Returns:
        ``(k, n)``; the layer's output is the sum over its rows.
    """
    place, slope, output = neurons[:, :1], neurons[:, 1:2], neurons[:, 2:]
    return np.asarray(output * ACTIVATIONS[activation].function(slope * (x - place)), dtype=np.float64)


def mean_squared_error(x: Floats, wanted: Floats, neurons: Floats, activation: str) -> float:
    """The mean of the squared distance between sum and target."""
    return float(np.mean((contributions(x, neurons, activation).sum(axis=0) - wanted) ** 2))


def gradient(x: Floats, wanted: Floats, neurons: Floats, activation: str) -> Floats:
    """The slope of the mean squared error in every place, slope and output weight, ``(k, 3)``: the chain rule by hand."""
    place, slope, output = neurons[:, :1], neurons[:, 1:2], neurons[:, 2:]
    chosen = ACTIVATIONS[activation]
    z = slope * (x - place)  # (k, n)
    act = chosen.function(z)
    back = 2.0 * ((output * act).sum(axis=0) - wanted) / len(x)  # (n,)
    bent = back * output * chosen.derivative(z)  # (k, n), the slope in each sum
    return np.stack([-(bent * slope).sum(axis=1), (bent * (x - place)).sum(axis=1), (back * act).sum(axis=1)], axis=1)


def solve_outputs(x: Floats, wanted: Floats, neurons: Floats, activation: str, limit: float) -> Floats:
    """The best output weights for neurons that stay where they are: linear least squares, solved at once.

    Args:
        x: Places, ``(n,)``.
        wanted: The target there, ``(n,)``.
        neurons: ``(k, 3)``.
        activation: Name in ``ACTIVATIONS``.
        limit: The largest output weight allowed. Where the exact solution is larger, which happens when neurons nearly
            coincide, large weights are made dear until it fits (ridge regression).

    Returns:
        The same neurons with other output weights, ``(k, 3)``.
    """
    place, slope = neurons[:, :1], neurons[:, 1:2]
    basis = np.asarray(ACTIVATIONS[activation].function(slope * (x - place)), dtype=np.float64).T  # (n, k)
    weights = np.linalg.lstsq(basis, wanted, rcond=1e-9)[0]
    price = 1e-6
    while np.abs(weights).max() > limit:
        weights = np.linalg.solve(basis.T @ basis + price * len(x) * np.eye(len(neurons)), basis.T @ wanted)
        price *= 2.0
    return np.concatenate([neurons[:, :2], weights[:, None]], axis=1)


def line_error(x: Floats, wanted: Floats) -> float:
    """The mean squared error of the best straight line: what layers without an activation cannot get below."""
    slope, height = np.polyfit(x, wanted, 1)
    return float(np.mean((slope * x + height - wanted) ** 2))
