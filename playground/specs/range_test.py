"""The learning-rate range test: what may be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from playground.core.errors import SpecError
from playground.functional.surfaces import SURFACES
from playground.optim.descent import Paths, Racer, descend
from playground.optim.range_test import RangeTest, range_test
from playground.optim.rules import RULES
from playground.specs.bounds import Choice, Mode, Range
from playground.specs.spec import Spec

SHARES = (0.1, 1.0, 10.0)
"""What the rate is multiplied with in the three runs that try it."""


@dataclass(frozen=True)
class RangeTestSpec(Spec):
    """A learning rate that rises until it breaks, and runs that try what was found."""

    KIND: ClassVar[str] = "range_test"
    VERSION: ClassVar[int] = 1

    surface: Annotated[
        str, Choice(lambda: SURFACES, label="Surface", help="What is walked down.", group="surface")
    ] = "ravine"  # fmt: skip
    optimizer: Annotated[
        str, Choice(lambda: RULES, label="Optimizer", help="The rule whose learning rate is looked for.", group="training")
    ] = "sgd"  # fmt: skip
    noise: Annotated[
        float,
        Range(0, 0.5, step=0.01, label="Gradient noise", group="training",
              help="As a share of the slope at the start. Training has some always; without any the test sees the limit late."),
    ] = 0.05  # fmt: skip
    lr: Annotated[
        float,
        Range(0, 10, log=True, label="Rate to try (0: as suggested)", group="training",
              help="The runs on the right use this rate, a tenth of it and ten times it. 0: what the test suggests."),
    ] = 0.0  # fmt: skip
    steps: Annotated[
        int, Range(20, 500, whole=True, step=10, label="Steps of the runs", advanced=True, group="training")
    ] = 150  # fmt: skip
    low: Annotated[
        float, Range(1e-7, 1, log=True, label="From", help="The test's first rate.", advanced=True, group="test")
    ] = 1e-5  # fmt: skip
    high: Annotated[
        float, Range(1e-3, 100, log=True, label="To", help="Its last rate.", advanced=True, group="test")
    ] = 10.0  # fmt: skip
    points: Annotated[
        int, Range(20, 400, whole=True, step=10, label="Test steps", help="One rate for each.", advanced=True, group="test")
    ] = 120  # fmt: skip
    seed: Annotated[
        int, Range(0, 9999, whole=True, label="Seed", help="The same seed gives the same noise.", advanced=True, group="test")
    ] = 1  # fmt: skip

    def cross_check(self, mode: Mode) -> None:
        """The rates must rise."""
        if self.high < 10 * self.low:
            raise SpecError(f"To: {self.high:g} is not ten times {self.low:g}, where the test begins.", field="high")

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return field != "seed" or self.noise > 0

    def test(self) -> RangeTest:
        """The range test."""
        surface = SURFACES[self.surface]
        return range_test(
            surface, Racer(self.optimizer), surface.start,
            low=self.low, high=self.high, steps=self.points, noise=self.noise, seed=self.seed,
        )  # fmt: skip

    def trial(self, rate: float) -> Paths:
        """Runs with a tenth of a rate, with the rate and with ten times it, without noise."""
        surface = SURFACES[self.surface]
        racers = [Racer(self.optimizer, rate * share) for share in SHARES]
        return descend(surface, racers, surface.start, self.steps)
