"""The multilayer perceptron: what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from playground.core.errors import SpecError
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES
from playground.optim.rules import RULES
from playground.specs.bounds import Choice, Mode, Range, Several, Sizes, WordList, Words
from playground.specs.spec import Spec

OWN = "own"

FEATURES: Mapping[str, str] = {
    "x1": "x₁",
    "x2": "x₂",
    "x1_squared": "x₁²",
    "x2_squared": "x₂²",
    "x1_x2": "x₁x₂",
    "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}

TARGET_KINDS: Mapping[str, str] = {"auto": "Decide by its values", "number": "A number", "class": "A class"}


def _datasets() -> Mapping[str, Any]:
    return {**DATASETS, OWN: "Your own table"}


def _losses() -> Mapping[str, Any]:
    return {"auto": "By task", **{name: loss for name, loss in LOSSES.items() if loss.tasks}}


def trainable() -> Mapping[str, Any]:
    """The activations that a network can learn with."""
    return {name: activation for name, activation in ACTIVATIONS.items() if activation.trainable}


def _initialisers() -> Mapping[str, Any]:
    return {"auto": "By activation", **INITIALISERS}


@dataclass(frozen=True)
class MLPSpec(Spec):
    """A multilayer perceptron trained on two or more inputs. The defaults are an experiment that works."""

    KIND: ClassVar[str] = "mlp"
    VERSION: ClassVar[int] = 1

    dataset: Annotated[
        str, Choice(_datasets, look="thumbnails", label="Data", help="What the network learns.", group="data")
    ] = "circle"
    noise: Annotated[
        float,
        Range(
            0, 50, step=1, unit="%", label="Noise", help="How far points stray from the clean pattern.", group="data"
        ),
    ] = 10
    samples: Annotated[
        int,
        Range(20, 5000, whole=True, step=10, public=2000, label="Samples", help="How many points are drawn.",
              advanced=True, group="data"),
    ] = 500  # fmt: skip
    train_share: Annotated[
        float,
        Range(10, 90, step=5, unit="%", label="Training share", advanced=True, group="data",
              help="Share of the points that the network learns from; it is judged on the rest."),
    ] = 50  # fmt: skip
    features: Annotated[
        tuple[str, ...],
        Several(lambda: FEATURES, label="Inputs", advanced=True, group="data",
                help="What the first layer is given. Only for data with two inputs."),
    ] = ("x1", "x2")  # fmt: skip
    table: Annotated[str, Words(label="Uploaded table", advanced=True, group="data")] = ""
    columns: Annotated[
        tuple[str, ...],
        WordList(label="Input columns", help="The columns the network is given.", advanced=True, group="data"),
    ] = ()
    target: Annotated[
        str, Words(label="Target column", help="The column it learns to predict.", advanced=True, group="data")
    ] = ""
    target_kind: Annotated[
        str, Choice(lambda: TARGET_KINDS, label="Target is", advanced=True, linked=False, group="data")
    ] = "auto"

    hidden: Annotated[
        tuple[int, ...],
        Sizes(1, 64, longest=6, public=32, label="Hidden layers", group="network",
              help="Units of each hidden layer, from the inputs to the output."),
    ] = (4, 2)  # fmt: skip
    activation: Annotated[
        str, Choice(trainable, label="Activation", help="What bends each unit's sum.", group="network")
    ] = "tanh"
    init: Annotated[
        str,
        Choice(_initialisers, label="Initial weights", help="How weights are drawn before training.",
               advanced=True, group="network"),
    ] = "auto"  # fmt: skip
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", advanced=True, group="network",
              help="The same seed gives the same data, split, weights and order."),
    ] = 1  # fmt: skip

    lr: Annotated[
        float,
        Range(1e-5, 10, log=True, label="Learning rate", live=True, group="training",
              help="Length of each step against the gradient."),
    ] = 0.03  # fmt: skip
    optimizer: Annotated[
        str,
        Choice(
            lambda: RULES, label="Optimizer", help="How a gradient becomes a step.", advanced=True, group="training"
        ),
    ] = "sgd"
    momentum: Annotated[
        float,
        Range(0, 0.999, step=0.001, label="Momentum", help="Share of the last step that is kept.",
              advanced=True, live=True, group="training"),
    ] = 0.9  # fmt: skip
    batch_size: Annotated[
        int,
        Range(1, 512, whole=True, step=1, label="Batch size", help="Samples whose gradients are averaged in one step.",
              advanced=True, live=True, group="training"),
    ] = 10  # fmt: skip
    loss: Annotated[
        str,
        Choice(_losses, label="Loss", help="What training makes small. By task: cross-entropy for classes, squared error for numbers.",
               advanced=True, group="training"),
    ] = "auto"  # fmt: skip
    l1: Annotated[
        float,
        Range(0, 10, log=True, label="L1", help="Pulls every weight towards zero by the same amount.",
              advanced=True, live=True, group="training"),
    ] = 0.0  # fmt: skip
    l2: Annotated[
        float,
        Range(0, 10, log=True, label="L2", help="Pulls every weight towards zero in proportion to its size.",
              advanced=True, live=True, group="training"),
    ] = 0.0  # fmt: skip
    dropout: Annotated[
        float,
        Range(0, 0.9, step=0.05, label="Dropout", help="Share of hidden units left out of each training step.",
              advanced=True, live=True, group="training"),
    ] = 0.0  # fmt: skip
    epochs: Annotated[
        int,
        Range(1, 1_000_000, whole=True, log=True, public=100_000, label="Stop after (epochs)", advanced=True, live=True,
              group="training", help="Training ends after so many passes over the training data."),
    ] = 10_000  # fmt: skip

    def label(self, field: str) -> str:
        """With AdamW the penalty is decoupled weight decay (Loshchilov and Hutter, 2019), and the label says so."""
        return "Weight decay" if field == "l2" and self.optimizer == "adamw" else super().label(field)

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        if field in ("noise", "samples"):
            return self.dataset != OWN and DATASETS[self.dataset].drawn
        if field == "features":
            return self.dataset == OWN or DATASETS[self.dataset].drawn
        if field in ("table", "columns", "target", "target_kind"):
            return self.dataset == OWN
        if field == "momentum":
            return self.optimizer in ("momentum", "nesterov")
        return True

    def cross_check(self, mode: Mode) -> None:
        """A loss must fit the task that the data set poses (for a visitor's own table the loop checks it)."""
        if self.dataset != OWN:
            self.loss_for(DATASETS[self.dataset].task)

    def loss_for(self, task: Literal["binary", "classes", "regression"]) -> str:
        """The name of the loss for a task; raises ``SpecError`` where the chosen one does not fit it."""
        if self.loss == "auto":
            return "mse" if task == "regression" else "cross_entropy"
        if task not in LOSSES[self.loss].tasks:
            fitting = ", ".join(name for name, loss in LOSSES.items() if task in loss.tasks)
            raise SpecError(
                f"Loss: '{self.loss}' does not fit this data, whose target is "
                f"{'a number' if task == 'regression' else 'a class'}; choose auto, {fitting}.",
                field="loss",
            )
        return self.loss

    def init_for(self) -> str:
        """The name of the initialisation: the one the activation asks for, unless another was chosen."""
        return ACTIVATIONS[self.activation].init if self.init == "auto" else self.init
