"""Basins of attraction: what may be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from playground.functional.surfaces import SURFACES
from playground.optim.basins import Basins, basins
from playground.optim.descent import Paths, Racer, descend
from playground.optim.landscape import fitting_rate
from playground.optim.rules import RULES
from playground.specs.bounds import Choice, Mode, Numbers, Range
from playground.specs.spec import Spec
from playground.specs.start import check_start

SIDE = 40
_SURFACES = ("himmelblau", "six_hump_camel", "two_wells", "styblinski_tang", "rastrigin", "ackley")


def _several() -> Mapping[str, Any]:
    return {name: SURFACES[name] for name in _SURFACES}


@dataclass(frozen=True)
class BasinsSpec(Spec):
    """A grid of starts under two optimizers: where does each end?"""

    KIND: ClassVar[str] = "basins"
    VERSION: ClassVar[int] = 1

    surface: Annotated[
        str, Choice(_several, label="Surface", help="Each has several minima.", group="surface")
    ] = "himmelblau"  # fmt: skip
    optimizer: Annotated[
        str, Choice(lambda: RULES, label="Optimizer, left", help="What walks from every start in the left map.", group="training")
    ] = "sgd"  # fmt: skip
    rival: Annotated[
        str, Choice(lambda: RULES, label="Optimizer, right", help="What walks in the right map.", group="training")
    ] = "momentum"  # fmt: skip
    lr: Annotated[
        float,
        Range(0, 10, log=True, label="Learning rate", help="For both. 0: for each one that suits the surface.", group="training"),
    ] = 0.0  # fmt: skip
    momentum: Annotated[
        float,
        Range(0, 0.99, step=0.01, label="Momentum", help="The share of the last step that Momentum and Nesterov keep.", group="training"),
    ] = 0.9  # fmt: skip
    steps: Annotated[
        int, Range(10, 300, whole=True, step=10, label="Steps", help="After them each start is where it is.", group="training")
    ] = 200  # fmt: skip
    start: Annotated[
        tuple[float, ...],
        Numbers(-10, 10, longest=2, label="Start", advanced=True, group="training",
                help="Whose path is drawn: x, y. Tap a map to choose. Empty: the surface's own."),
    ] = ()  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return field != "momentum" or any("momentum" in RULES[name].hyper for name in (self.optimizer, self.rival))

    def cross_check(self, mode: Mode) -> None:
        """The start must be a place on the surface."""
        check_start(self.start, SURFACES[self.surface])

    def label(self, field: str) -> str:
        """See ``Spec.label``: what 0 stands for is said where it is set."""
        if field != "lr":
            return super().label(field)
        rates = dict.fromkeys(fitting_rate(SURFACES[self.surface], name) for name in (self.optimizer, self.rival))
        return f"Learning rate (0: auto, {' and '.join(f'{rate:g}' for rate in rates)})"

    def racers(self) -> tuple[Racer, Racer]:
        """The two optimizers with their settings, the left one first."""
        surface = SURFACES[self.surface]

        def racer(name: str) -> Racer:
            hyper = {"momentum": self.momentum} if "momentum" in RULES[name].hyper else {}
            return Racer(name, self.lr or fitting_rate(surface, name), hyper)

        return racer(self.optimizer), racer(self.rival)

    def place(self) -> tuple[float, float]:
        """Whose path is drawn."""
        return (self.start[0], self.start[1]) if self.start else SURFACES[self.surface].start

    def maps(self) -> tuple[Basins, ...]:
        """Where every start ends, for both."""
        return tuple(basins(SURFACES[self.surface], racer, columns=SIDE, rows=SIDE, steps=self.steps, most=128)
                     for racer in self.racers())  # fmt: skip

    def paths(self) -> Paths:
        """The two paths from the chosen start."""
        return descend(SURFACES[self.surface], self.racers(), self.place(), self.steps)
