"""Steps to reach a tolerance, for every optimizer: what may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Paths, Racer, descend
from playground.optim.landscape import fitting_rate
from playground.optim.rules import RULES
from playground.specs.bounds import Choice, Range, Several
from playground.specs.spec import Spec

TOLERANCES = (1e-1, 1e-2, 1e-4, 1e-8)


@dataclass(frozen=True)
class RaceSpec(Spec):
    """Optimizers on one surface: who comes how low, and when."""

    KIND: ClassVar[str] = "race"
    VERSION: ClassVar[int] = 1

    surface: Annotated[
        str, Choice(lambda: SURFACES, label="Surface", help="What is walked down.", group="surface")
    ] = "ravine"  # fmt: skip
    optimizer: Annotated[
        tuple[str, ...], Several(lambda: RULES, label="Optimizers", help="Each with a rate of its own.", group="training")
    ] = tuple(RULES)  # fmt: skip
    scale: Annotated[
        float,
        Range(0.01, 100, log=True, label="Rates, times", group="training",
              help="Each optimizer has a learning rate that suits the surface; all are multiplied by this."),
    ] = 1.0  # fmt: skip
    steps: Annotated[
        int, Range(50, 2000, whole=True, step=50, public=1000, label="Steps", help="At most so many.", group="training")
    ] = 500  # fmt: skip
    shown: Annotated[
        str, Choice(lambda: RULES, label="Drawn thick", help="The optimizer whose curve stands out.", advanced=True, group="training")
    ] = "momentum"  # fmt: skip

    def racers(self) -> tuple[Racer, ...]:
        """The optimizers with their rates."""
        surface = SURFACES[self.surface]
        return tuple(Racer(name, self.scale * fitting_rate(surface, name)) for name in self.optimizer)

    def paths(self) -> Paths:
        """All of them from the surface's own start."""
        surface = SURFACES[self.surface]
        return descend(surface, self.racers(), surface.start, self.steps)
