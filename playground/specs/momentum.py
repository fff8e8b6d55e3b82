"""Momentum and step size on a quadratic: what may be asked of the phase diagram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.optim.descent import Paths, Racer, descend
from playground.optim.quadratic import Quadratic
from playground.specs.bounds import Range
from playground.specs.spec import Spec


@dataclass(frozen=True)
class MomentumSpec(Spec):
    """Momentum on a valley ½ (x² / κ + y²): the steep axis has curvature 1, the flat one 1 / κ."""

    KIND: ClassVar[str] = "momentum"
    VERSION: ClassVar[int] = 1

    condition: Annotated[
        float,
        Range(1, 1000, log=True, label="Condition number", group="surface",
              help="How many times more the steep axis is curved than the flat one. The larger, the narrower the valley."),
    ] = 30.0  # fmt: skip
    lr: Annotated[
        float,
        Range(0.01, 4, step=0.01, label="Learning rate", group="training",
              help="The steep axis has curvature 1, so plain descent overshoots past 1 and diverges past 2."),
    ] = 1.0  # fmt: skip
    momentum: Annotated[
        float,
        Range(0, 0.99, step=0.01, label="Momentum", group="training", help="The share of the last step that is kept."),
    ] = 0.9  # fmt: skip
    steps: Annotated[
        int,
        Range(10, 400, whole=True, step=10, label="Steps", help="How long the run beside the diagram goes on.", group="training"),
    ] = 120  # fmt: skip

    @property
    def curvatures(self) -> tuple[float, float]:
        """Of the flat axis x and of the steep one y."""
        return 1.0 / self.condition, 1.0

    def landscape(self) -> Quadratic:
        """The valley."""
        return Quadratic(self.curvatures)

    def paths(self) -> Paths:
        """The run of the chosen cell."""
        valley = self.landscape()
        return descend(valley, [Racer("momentum", self.lr, {"momentum": self.momentum})], valley.start, self.steps)
