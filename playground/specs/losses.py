"""Losses and softmax: what may be asked of the five pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from playground.core.errors import SpecError
from playground.functional.losses import LOSSES
from playground.specs.bounds import Choice, Mode, Numbers, Range, Several
from playground.specs.spec import Spec

CLASSES = 6
TARGETS: Mapping[str, str] = {"one_hot": "One-hot", "smoothed": "One-hot, smoothed", "own": "Your own"}
SIDES: Mapping[str, str] = {"1": "Class 1", "0": "Class 0"}


def _residual_losses() -> Mapping[str, Any]:
    return {name: LOSSES[name] for name in ("mse", "mae", "huber")}


def _margin_losses() -> Mapping[str, Any]:
    return {"zero_one": "0-1 loss", **{name: LOSSES[name] for name in ("cross_entropy", "hinge", "focal")}}


@dataclass(frozen=True)
class LossesSpec(Spec):
    """Losses of a number: what a miss costs, and which constant each loss puts in place of many points."""

    KIND: ClassVar[str] = "losses"
    VERSION: ClassVar[int] = 1

    shown: Annotated[
        tuple[str, ...], Several(_residual_losses, label="Losses", help="Drawn over one another, each with its slope.")
    ] = ("mse", "mae", "huber")
    residual: Annotated[
        float, Range(-4, 4, step=0.05, label="Residual", help="Output less target: how far the output misses.")
    ] = 2.0
    delta: Annotated[
        float,
        Range(
            0.1, 5, step=0.1, label="Huber's δ", help="Up to here Huber is a parabola, from here on a straight line."
        ),
    ] = 1.0
    points: Annotated[
        tuple[float, ...],
        Numbers(-2, 10, longest=9, label="Points", help="Targets that a single number is to stand for. Drag them."),
    ] = (-1.2, -0.6, 0.0, 0.4, 2.4, 3.0, 8.0)

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return field != "delta" or "huber" in self.shown

    def cross_check(self, mode: Mode) -> None:
        """There is something to stand for."""
        if len(self.points) < 2:
            raise SpecError("Points: write two or more numbers, such as 0,1,8.", field="points")


@dataclass(frozen=True)
class MarginSpec(Spec):
    """Losses of one logit that decides between two classes."""

    KIND: ClassVar[str] = "margin"
    VERSION: ClassVar[int] = 1

    shown: Annotated[
        tuple[str, ...], Several(_margin_losses, label="Losses", help="Drawn over one another, each with its slope.")
    ] = ("zero_one", "cross_entropy", "hinge", "focal")
    truth: Annotated[
        str, Choice(lambda: SIDES, label="True class", help="Class 1 wants a logit above 0, class 0 one below.")
    ] = "1"
    logit: Annotated[
        float, Range(-6, 6, step=0.05, label="Logit", help="The output before the sigmoid; above 0 it says class 1.")
    ] = -1.0
    gamma: Annotated[
        float,
        Range(0, 5, step=0.1, label="Focal's γ", help="How strongly the focal loss turns down what is already right."),
    ] = 2.0
    crowd: Annotated[
        int,
        Range(1, 1000, whole=True, log=True, label="Easy examples", help="How many easy ones stand beside the one you drag."),
    ] = 100  # fmt: skip
    easy: Annotated[
        float,
        Range(0, 6, step=0.1, label="Their margin", help="How far on the right side of 0 each of them is."),
    ] = 3.0

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return field != "gamma" or "focal" in self.shown


@dataclass(frozen=True)
class DistributionSpec(Spec):
    """A predicted distribution against a target."""

    KIND: ClassVar[str] = "distribution"
    VERSION: ClassVar[int] = 1

    predicted: Annotated[
        tuple[float, ...],
        Numbers(0.001, 1, longest=5, label="Predicted", help="Of each class; made to sum to 1. Drag the bars."),
    ] = (0.55, 0.25, 0.15, 0.05)
    target: Annotated[
        str,
        Choice(lambda: TARGETS, label="Target", help="All on one class, a little left for the others, or as you like."),
    ] = "one_hot"
    truth: Annotated[int, Range(1, 5, whole=True, label="True class", help="The class that the target names.")] = 1
    smoothing: Annotated[
        float,
        Range(0, 0.9, step=0.01, label="Smoothing ε", help="The share of the target that is spread evenly over all classes."),
    ] = 0.1  # fmt: skip
    own: Annotated[
        tuple[float, ...],
        Numbers(0, 1, longest=5, label="Your target", help="Of each class; made to sum to 1. Drag the bars."),
    ] = (0.4, 0.3, 0.2, 0.1)

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return {"truth": self.target != "own", "smoothing": self.target == "smoothed", "own": self.target == "own"}.get(
            field, True
        )

    def cross_check(self, mode: Mode) -> None:
        """There are classes, the true one is among them, and your target names one."""
        count = len(self.predicted)
        if count < 2:
            raise SpecError("Predicted: write two to five numbers, such as 0.6,0.3,0.1.", field="predicted")
        if self.truth > count:
            raise SpecError(f"True class: there are only {count}; choose 1 to {count}.", field="truth")
        if self.target == "own" and sum(self.own_weights()) <= 0:
            raise SpecError("Your target: at least one number must be above 0.", field="own")

    def own_weights(self) -> tuple[float, ...]:
        """Your target for the classes that there are: nothing for those it does not name."""
        count = len(self.predicted)
        return (*self.own, *(0.0,) * count)[:count]


@dataclass(frozen=True)
class SoftmaxSpec(Spec):
    """Logits that become probabilities, and what the true class makes of them."""

    KIND: ClassVar[str] = "softmax"
    VERSION: ClassVar[int] = 1

    logits: Annotated[
        tuple[float, ...],
        Numbers(-6, 6, longest=CLASSES, label="Logits", help="One number for each class, two to six. Drag the bars."),
    ] = (2.0, 1.0, 0.1, -1.0)
    temperature: Annotated[
        float,
        Range(0.05, 100, log=True, label="Temperature", help="Divides the logits: below 1 sharper, above 1 more even."),
    ] = 1.0
    truth: Annotated[
        int, Range(1, CLASSES, whole=True, label="True class", help="The class that the cross-entropy asks for.")
    ] = 2

    def cross_check(self, mode: Mode) -> None:
        """There is a choice to make, and the true class is among them."""
        count = len(self.logits)
        if count < 2:
            raise SpecError("Logits: write two to six numbers, such as 2,1,0.1.", field="logits")
        if self.truth > count:
            raise SpecError(f"True class: there are only {count}; choose 1 to {count}.", field="truth")


@dataclass(frozen=True)
class SaturationSpec(Spec):
    """One sigmoid unit that begins sure and wrong, trained with two losses."""

    KIND: ClassVar[str] = "saturation"
    VERSION: ClassVar[int] = 1

    logit: Annotated[
        float, Range(-10, 10, step=0.1, label="First logit", help="Where the unit begins; its target is 1.")
    ] = -6.0
    lr: Annotated[
        float, Range(0.01, 100, log=True, label="Learning rate", help="Length of each step against the gradient.")
    ] = 1.0
    steps: Annotated[
        int, Range(10, 500, whole=True, step=10, label="Steps", help="How many steps both losses are given.")
    ] = 100
