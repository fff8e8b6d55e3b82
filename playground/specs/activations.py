"""Activation functions side by side, and one neuron: what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.functional.activations import ACTIVATIONS
from playground.specs.bounds import Choice, Range, Several
from playground.specs.spec import Spec

REACH = 6.0
"""The picture shows inputs from minus this to plus this."""

MOST = 3
"""Further activations beside the chosen one."""

# One field for each parameter that an activation has, with the registry's own span and default.
SPANS = {name: span for entry in ACTIVATIONS.values() for name, span in entry.parameters.items()}


@dataclass(frozen=True)
class ActivationsSpec(Spec):
    """One activation with its derivative, a marked input, and others to compare it with."""

    KIND: ClassVar[str] = "activations"
    VERSION: ClassVar[int] = 1

    activation: Annotated[
        str, Choice(lambda: ACTIVATIONS, look="thumbnails", label="Activation", help="The curve that is read and shaded.")
    ] = "sigmoid"  # fmt: skip
    slope: Annotated[
        float,
        Range(SPANS["slope"].low, SPANS["slope"].high, step=0.01, label="Leaky ReLU: slope on the left",
              help="What it lets through of negative inputs."),
    ] = SPANS["slope"].default  # fmt: skip
    a: Annotated[
        float,
        Range(SPANS["a"].low, SPANS["a"].high, step=0.01, label="PReLU: a, slope on the left",
              help="A network learns this number with its weights; here you set it."),
    ] = SPANS["a"].default  # fmt: skip
    alpha: Annotated[
        float,
        Range(SPANS["alpha"].low, SPANS["alpha"].high, step=0.05, label="ELU: α",
              help="It bends towards minus this. At 1 the curve has no corner."),
    ] = SPANS["alpha"].default  # fmt: skip
    beta: Annotated[
        float,
        Range(SPANS["beta"].low, SPANS["beta"].high, step=0.1, label="SiLU: β",
              help="Near 0 half the identity, large a ReLU."),
    ] = SPANS["beta"].default  # fmt: skip
    compare: Annotated[
        tuple[str, ...],
        Several(lambda: ACTIVATIONS, least=0, most=MOST, ordered=True, label="Compare with", help="Up to three more curves."),
    ] = ("relu",)  # fmt: skip
    x: Annotated[
        float,
        Range(-REACH, REACH, step=0.01, label="Input x", advanced=True,
              help="The marked place: drag it on the curve."),
    ] = 2.0  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``: a parameter matters where a drawn activation has it."""
        return field not in SPANS or any(field in ACTIVATIONS[name].parameters for name in self.drawn())

    def drawn(self) -> tuple[str, ...]:
        """The chosen activation first, then those it is compared with."""
        return (self.activation, *(name for name in self.compare if name != self.activation))

    def parameters(self, name: str) -> dict[str, float]:
        """What an activation is given beside its input."""
        return {parameter: getattr(self, parameter) for parameter in ACTIVATIONS[name].parameters}


TASKS = {"none": "None", "and": "AND", "or": "OR", "xor": "XOR"}
"""Four corners to be told apart, by what their two inputs of 0 or 1 make together."""

PLANE = 2.0
"""Both inputs go from minus this to plus this."""

HEAVIEST = 4.0


@dataclass(frozen=True)
class NeuronSpec(Spec):
    """One neuron with two inputs: two weights, a bias and an activation, at one point of the plane."""

    KIND: ClassVar[str] = "neuron"
    VERSION: ClassVar[int] = 1

    activation: Annotated[
        str, Choice(lambda: ACTIVATIONS, label="Activation", help="What the sum goes through on its way out.")
    ] = "tanh"  # fmt: skip
    w1: Annotated[
        float,
        Range(-HEAVIEST, HEAVIEST, step=0.05, label="Weight w₁", help="What the first input counts."),
    ] = 1.6  # fmt: skip
    w2: Annotated[
        float,
        Range(-HEAVIEST, HEAVIEST, step=0.05, label="Weight w₂", help="What the second input counts."),
    ] = -0.8  # fmt: skip
    bias: Annotated[
        float,
        Range(-HEAVIEST, HEAVIEST, step=0.05, label="Bias b", help="What is added whatever the inputs are: it moves the line."),
    ] = 0.4  # fmt: skip
    task: Annotated[
        str,
        Choice(lambda: TASKS, label="Four corners", help="Inputs of 0 or 1, and what should come out above the line."),
    ] = "none"  # fmt: skip
    x1: Annotated[
        float,
        Range(-PLANE, PLANE, step=0.05, label="Input x₁", advanced=True, help="Drag the point on the plane."),
    ] = 0.5  # fmt: skip
    x2: Annotated[
        float,
        Range(-PLANE, PLANE, step=0.05, label="Input x₂", advanced=True, help="Drag the point on the plane."),
    ] = 1.0  # fmt: skip

    def sum(self) -> float:
        """The weighted sum of the inputs and the bias."""
        return self.w1 * self.x1 + self.w2 * self.x2 + self.bias


CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
WANTED: dict[str, tuple[bool, ...]] = {
    "none": (),
    "and": tuple(bool(a and b) for a, b in CORNERS),
    "or": tuple(bool(a or b) for a, b in CORNERS),
    "xor": tuple(a != b for a, b in CORNERS),
}
"""For each task, which of ``CORNERS`` belong above the line."""

# (w1, w2, bias) that get as many corners right as one line can: all four, or three for XOR.
ANSWERS = {"and": (2.8, 2.8, -4.0), "or": (2.8, 2.8, -1.4), "xor": (2.8, 2.8, -1.4)}


def right(task: str, w1: float, w2: float, bias: float) -> int:
    """How many corners lie on the side where they belong: above 0 those that are wanted, the others not."""
    sums = (w1 * a + w2 * b + bias for a, b in CORNERS)
    return sum((value > 0) == wanted for value, wanted in zip(sums, WANTED[task], strict=False))
