"""Schedules of the learning rate, raced with noise: what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from playground.functional.surfaces import SURFACES
from playground.optim.descent import Paths, Racer, descend
from playground.optim.landscape import fitting_rate
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.bounds import Choice, Range
from playground.specs.spec import Spec

_SURFACES = ("ravine", "bowl", "rosenbrock", "beale", "himmelblau", "two_wells")
_RULES = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
_PARAMETERS = {
    "step": {"step_every": "every", "step_gamma": "gamma"},
    "exponential": {"exponential_final": "final"},
    "cosine": {"cosine_final": "final"},
    "warm_up": {"warm_up_share": "share", "warm_up_first": "first"},
    "one_cycle": {"one_cycle_peak": "peak", "one_cycle_start": "start"},
}


def _some(registry: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: registry[name] for name in names}


@dataclass(frozen=True)
class SchedulesSpec(Spec):
    """Every schedule, under one rule, on one surface, with noise in the gradients."""

    KIND: ClassVar[str] = "schedules"
    VERSION: ClassVar[int] = 1

    surface: Annotated[
        str, Choice(lambda: _some(SURFACES, _SURFACES), label="Surface", help="What is walked down.", group="surface")
    ] = "ravine"  # fmt: skip
    schedule: Annotated[
        str, Choice(lambda: SCHEDULES, label="Schedule", help="The one that is drawn thick; the others race beside it.", group="training")
    ] = "cosine"  # fmt: skip
    optimizer: Annotated[
        str, Choice(lambda: _some(RULES, _RULES), label="Optimizer", help="The rule that all schedules drive.", group="training")
    ] = "sgd"  # fmt: skip
    lr: Annotated[
        float,
        Range(0, 10, log=True, label="Learning rate", group="training",
              help="What every schedule's factor is multiplied with. 0: three times one that suits the surface."),
    ] = 0.0  # fmt: skip
    noise: Annotated[
        float,
        Range(0, 30, log=True, label="Gradient noise", group="training",
              help="How far each slope strays from the true one, as it does when it is measured on a few samples."),
    ] = 3.0  # fmt: skip
    steps: Annotated[
        int, Range(20, 600, whole=True, step=20, label="Steps", help="How many updates.", group="training")
    ] = 300  # fmt: skip
    runs: Annotated[
        int, Range(1, 64, whole=True, label="Runs averaged", help="Each with noise of its own.", advanced=True, group="training")
    ] = 24  # fmt: skip
    seed: Annotated[
        int, Range(0, 9999, whole=True, label="Seed", help="The same seed gives the same noise.", advanced=True, group="training")
    ] = 1  # fmt: skip

    step_every: Annotated[
        float, Range(0.05, 1, step=0.05, label="Falls each share of the run", advanced=True, group="schedule")
    ] = 0.25  # fmt: skip
    step_gamma: Annotated[float, Range(0.05, 1, step=0.05, label="Falls to", advanced=True, group="schedule")] = 0.5
    exponential_final: Annotated[
        float, Range(0.001, 1, log=True, label="Ends at", advanced=True, group="schedule")
    ] = 0.01  # fmt: skip
    cosine_final: Annotated[float, Range(0, 1, step=0.01, label="Ends at", advanced=True, group="schedule")] = 0.0
    warm_up_share: Annotated[
        float, Range(0.01, 1, step=0.01, label="Warms up for a share of", advanced=True, group="schedule")
    ] = 0.2  # fmt: skip
    warm_up_first: Annotated[
        float, Range(0.001, 1, log=True, label="Begins at", advanced=True, group="schedule")
    ] = 0.01  # fmt: skip
    one_cycle_peak: Annotated[
        float, Range(0.05, 0.95, step=0.05, label="Highest at a share of", advanced=True, group="schedule")
    ] = 0.3  # fmt: skip
    one_cycle_start: Annotated[
        float, Range(1, 100, log=True, label="Begins at one part in", advanced=True, group="schedule")
    ] = 25.0  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``: of the parameters only those of the thick one."""
        if any(field in names for names in _PARAMETERS.values()):
            return field in _PARAMETERS.get(self.schedule, {})
        return field not in ("runs", "seed") or self.noise > 0

    def label(self, field: str) -> str:
        """See ``Spec.label``: what 0 stands for is said where it is set."""
        return f"Learning rate (0: auto, {self._auto():g})" if field == "lr" else super().label(field)

    @property
    def rate(self) -> float:
        """The learning rate that the factors are multiplied with."""
        return self.lr or self._auto()

    def _auto(self) -> float:
        return float(f"{3 * fitting_rate(SURFACES[self.surface], self.optimizer):.3g}")

    def parameters(self, schedule: str) -> dict[str, float]:
        """A schedule's parameters as they are set, by the names that the schedule knows."""
        return {name: float(getattr(self, field)) for field, name in _PARAMETERS.get(schedule, {}).items()}

    def race(self) -> dict[str, Paths]:
        """Every schedule's runs: the same starts and the same noise for all."""
        surface = SURFACES[self.surface]
        starts = np.tile(surface.start, (self.runs if self.noise > 0 else 1, 1))
        return {
            name: descend(
                surface, [Racer(self.optimizer, self.rate)], starts, self.steps, noise=self.noise, seed=self.seed,
                schedule=name, parameters=self.parameters(name),
            )
            for name in SCHEDULES
        }  # fmt: skip
