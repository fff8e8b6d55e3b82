"""Sums of a few neurons: what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from playground.core.errors import SpecError
from playground.functional import sums
from playground.functional.activations import ACTIVATIONS
from playground.functional.ops import Array
from playground.functional.sums import EXTENT, TARGETS, Floats
from playground.optim.rules import RULES
from playground.specs.bounds import Choice, Mode, Numbers, Range
from playground.specs.spec import Spec

MOST = 6
STEEPEST = 16.0
LARGEST = 4.0
LR = 0.05


@dataclass(frozen=True)
class SumsSpec(Spec):
    """A hidden layer of one to six neurons on one input, and the curve they are to add up to."""

    KIND: ClassVar[str] = "sums"
    VERSION: ClassVar[int] = 1

    target: Annotated[
        str, Choice(lambda: TARGETS, label="Target", help="The dashed curve that the neurons are to add up to.")
    ] = "bump"
    activation: Annotated[
        str,
        Choice(lambda: ACTIVATIONS, label="Activation", help="What bends each neuron's line. Identity leaves it straight."),
    ] = "sigmoid"  # fmt: skip
    neurons: Annotated[
        tuple[float, ...],
        Numbers(-STEEPEST, STEEPEST, longest=3 * MOST, label="Neurons", advanced=True,
                help="Place, slope and output weight of each, one neuron after the other: v·act(w·(x − place))."),
    ] = (-2.0, 4.0, 1.0, 0.5, 2.0, -0.6)  # fmt: skip
    steps: Annotated[
        int,
        Range(1, 5000, whole=True, log=True, public=2000, label="Training steps", advanced=True,
              help="How many updates by Adam one press of Train makes."),
    ] = 1000  # fmt: skip

    def cross_check(self, mode: Mode) -> None:
        """Three numbers a neuron, in their order: a place inside the picture, a slope, an output weight."""
        if not self.neurons or len(self.neurons) % 3:
            raise SpecError(
                f"Neurons: {len(self.neurons)} numbers; write three for each of 1 to {MOST} neurons: place, slope, output weight.",
                field="neurons",
            )
        for i, (place, _, output) in enumerate(self.rows().tolist(), 1):
            if abs(place) > EXTENT:
                raise SpecError(
                    f"Neurons: neuron {i} stands at {place:g}; choose -{EXTENT:g} to {EXTENT:g}.", field="neurons"
                )
            if abs(output) > LARGEST:
                raise SpecError(
                    f"Neurons: neuron {i} has the output weight {output:g}; choose -{LARGEST:g} to {LARGEST:g}.",
                    field="neurons",
                )

    def rows(self) -> Floats:
        """The neurons, ``(k, 3)``: place, slope, output weight."""
        return np.array(self.neurons, dtype=np.float64).reshape(-1, 3)

    def wanted(self) -> Floats:
        """The target where it is compared, ``(sums.SAMPLES,)``."""
        return TARGETS[self.target].function(sums.places())

    def error(self) -> float:
        """The mean squared error as it stands."""
        return sums.mean_squared_error(sums.places(), self.wanted(), self.rows(), self.activation)

    def solved(self) -> tuple[float, ...]:
        """The neurons where they are, with the output weights that fit best: least squares."""
        return flat(sums.solve_outputs(sums.places(), self.wanted(), self.rows(), self.activation, LARGEST))

    def trained(self) -> tuple[float, ...]:
        """The neurons after ``steps`` updates of all their numbers by Adam, from where they stand, as a network learns.

        The learning rate falls to 0 in a straight line, so that the last steps settle.
        """
        x, wanted, theta = sums.places(), self.wanted(), self.rows()
        adam = RULES["adam"]
        memory: tuple[Array, Array, Array] = (np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta))
        bounds = np.array([EXTENT, STEEPEST, LARGEST])
        for t in range(1, self.steps + 1):
            g = sums.gradient(x, wanted, theta, self.activation)
            rate = LR * (1.0 - (t - 1) / self.steps)
            moved, *left = adam.step(theta, g, *memory, t, rate, **adam.hyper)
            memory = (left[0], left[1], left[2])
            theta = np.clip(moved, -bounds, bounds).astype(np.float64)
        return flat(theta)


def flat(rows: Floats) -> tuple[float, ...]:
    """Neurons ``(k, 3)`` as an experiment keeps them: in one row, to a thousandth, so that a link stays short."""
    return tuple((np.round(rows, 3) + 0.0).ravel().tolist())
