"""Gradient descent on a surface: what may be asked of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from playground.core.errors import SpecError
from playground.functional.formula import LENGTH, Formula, FormulaError, parse
from playground.functional.surfaces import SURFACES
from playground.optim.descent import Paths, Racer, descend
from playground.optim.landscape import Landscape, fitting_rate
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.bounds import Choice, Mode, Numbers, Range, Several, Words
from playground.specs.hyper import Hyper, split
from playground.specs.spec import Spec
from playground.specs.start import check_start

OWN = "formula"


def _surfaces() -> Mapping[str, Any]:
    return {**SURFACES, OWN: "Your own formula"}


@functools.lru_cache(maxsize=64)
def _parsed(formula: str, extent: float) -> Formula:
    return parse(formula, ((-extent, extent), (-extent, extent)))


@dataclass(frozen=True)
class DescentSpec(Spec):
    """Up to four optimizers that walk down one surface from one place."""

    KIND: ClassVar[str] = "descent"
    VERSION: ClassVar[int] = 1

    surface: Annotated[
        str, Choice(_surfaces, label="Surface", help="What is walked down: the loss, as a function of two weights.", group="surface")
    ] = "rosenbrock"  # fmt: skip
    formula: Annotated[
        str,
        Words(longest=LENGTH, linked=True, label="Formula", advanced=True, group="surface",
              help="In x and y, with + - * / ^, brackets, pi, e and sin, cos, tan, exp, log, sqrt, abs, tanh, min, max."),
    ] = "x**2 + 3*y**2"  # fmt: skip
    extent: Annotated[
        float,
        Range(0.1, 100, log=True, label="Extent", advanced=True, group="surface",
              help="The plane of your own formula reaches from minus this to plus this."),
    ] = 5.0  # fmt: skip
    start: Annotated[
        tuple[float, ...],
        Numbers(-1000, 1000, longest=2, label="Start", advanced=True, group="surface",
                help="Where all of them start: x, y. Empty: a place that shows what is special about the surface."),
    ] = ()  # fmt: skip

    optimizer: Annotated[
        tuple[str, ...],
        Several(lambda: RULES, most=4, ordered=True, label="Optimizers", help="Up to four, side by side.", group="training"),
    ] = ("momentum", "adam")  # fmt: skip
    lr: Annotated[
        tuple[float, ...],
        Numbers(0, 10, longest=4, label="Learning rates", group="training",
                help="One for all, or one for each in their order. 0 or empty: one that suits the surface."),
    ] = ()  # fmt: skip
    steps: Annotated[
        int,
        Range(1, 10_000, whole=True, log=True, public=2000, label="Steps", help="How many updates.", group="training"),
    ] = 300
    noise: Annotated[
        float,
        Range(0, 100, log=True, label="Gradient noise", group="training",
              help="How far each slope strays from the true one, as it does when it is measured on a few samples."),
    ] = 0.0  # fmt: skip
    schedule: Annotated[
        str,
        Choice(lambda: SCHEDULES, label="Schedule", help="How the learning rate changes on the way.",
               advanced=True, group="training"),
    ] = "constant"  # fmt: skip
    hyper: Annotated[
        tuple[str, ...],
        Hyper(label="Their own settings", advanced=True, group="training",
              help="What differs from an optimizer's own settings, such as momentum.momentum=0.8,adam.beta2=0.99."),
    ] = ()  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", help="The same seed gives the same noise.", advanced=True, group="training"),
    ] = 1  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        if field in ("formula", "extent"):
            return self.surface == OWN
        if field == "hyper":
            return any(RULES[name].hyper for name in self.optimizer)
        return field != "seed" or self.noise > 0

    def cross_check(self, mode: Mode) -> None:
        """The formula must be one, the start must be a place on it, and there is a rate for each optimizer."""
        try:
            surface = self.landscape()
        except FormulaError as error:
            raise SpecError(str(error), field="formula") from None
        check_start(self.start, surface)
        if len(self.lr) not in (0, 1, len(self.optimizer)):
            raise SpecError(
                f"Learning rates: {len(self.lr)} for {len(self.optimizer)} optimizers; write one for all, or one for each.",
                field="lr",
            )

    def landscape(self) -> Landscape:
        """The surface; raises ``FormulaError`` where an own formula is none."""
        if self.surface != OWN:
            return SURFACES[self.surface]
        return _parsed(self.formula, self.extent)

    def place(self) -> tuple[float, float]:
        """Where it starts."""
        if not self.start:
            return self.landscape().start
        return self.start[0], self.start[1] if len(self.start) > 1 else 0.0

    def racers(self) -> tuple[Racer, ...]:
        """The optimizers with all their settings."""
        surface, count = self.landscape(), len(self.optimizer)
        rates = self.lr * count if len(self.lr) == 1 else self.lr or (0.0,) * count
        return tuple(
            Racer(name, rate or fitting_rate(surface, name), self.settings(name))
            for name, rate in zip(self.optimizer, rates, strict=True)
        )

    def settings(self, optimizer: str) -> dict[str, float]:
        """The settings of one optimizer that differ from its own."""
        return {name: value for rule, name, value in map(split, self.hyper) if rule == optimizer}

    def paths(self) -> Paths:
        """Walk: what the page draws and the command line prints."""
        return descend(
            self.landscape(), self.racers(), self.place(), self.steps,
            noise=self.noise, schedule=self.schedule, seed=self.seed,
        )  # fmt: skip
