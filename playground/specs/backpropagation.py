"""One step of learning, written out: a network small enough to read every number of, and its batch."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import SpecError
from playground.core.seed import Stream, generator
from playground.functional.backward import TrainingStep, one_step
from playground.functional.initial import INITIALISERS, draw_biases
from playground.functional.losses import LOSSES
from playground.specs.bounds import Choice, Mode, Numbers, Range, Sizes
from playground.specs.mlp import trainable
from playground.specs.spec import Spec

Floats: TypeAlias = NDArray[np.float64]

INPUTS, OUTPUTS = 2, 1
SAMPLES = 8
# Two hidden layers of four: 2·4 + 4 weights and biases, 4·4 + 4, 4·1 + 1.
_MOST = 37


def _losses() -> Mapping[str, Any]:
    return {name: LOSSES[name] for name in ("mse", "cross_entropy")}


@dataclass(frozen=True)
class BackpropagationSpec(Spec):
    """A network of two inputs and one output, with its weights, and the batch of its next step."""

    KIND: ClassVar[str] = "backpropagation"
    VERSION: ClassVar[int] = 1

    hidden: Annotated[
        tuple[int, ...],
        Sizes(1, 4, longest=2, label="Hidden units", group="network",
              help="Units of each hidden layer, at most two layers of four: 3, or 3, 2."),
    ] = (3,)  # fmt: skip
    activation: Annotated[
        str, Choice(trainable, label="Activation", help="What a hidden unit does to its sum.", group="network")
    ] = "tanh"
    loss: Annotated[
        str,
        Choice(_losses, label="Loss", group="training",
               help="How the output is held against the target. Cross-entropy takes targets from 0 to 1."),
    ] = "mse"  # fmt: skip
    lr: Annotated[
        float,
        Range(0.001, 10, log=True, label="Learning rate", help="How far a step goes down the slope.", group="training"),
    ] = 0.1
    seed: Annotated[
        int,
        Range(0, 2**31 - 1, whole=True, label="Seed", help="The same seed draws the same weights.", advanced=True, group="network"),
    ] = 4  # fmt: skip
    weights: Annotated[
        tuple[float, ...],
        Numbers(-1000, 1000, longest=_MOST, label="Weights", advanced=True, group="network",
                help="Layer by layer: unit by unit its weights, then the layer's biases. None: as the seed draws them."),
    ] = ()  # fmt: skip
    batch: Annotated[
        tuple[float, ...],
        Numbers(-10, 10, longest=SAMPLES * (INPUTS + OUTPUTS), label="Batch", advanced=True, group="data",
                help="Sample by sample: two inputs and a target, up to eight samples."),
    ] = (1, 0.5, 1, -1, 1, 0, 0.5, -1, 0, -0.5, -1, 1)  # fmt: skip
    taken: Annotated[
        int,
        Range(0, 100_000, whole=True, label="Steps taken", advanced=True, group="training",
              help="How many steps led to these weights."),
    ] = 0  # fmt: skip

    def relevant(self, field: str) -> bool:
        """See ``Spec.relevant``."""
        return field != "seed" or not self.weights

    def cross_check(self, mode: Mode) -> None:
        """As many weights as the network has, whole samples, and targets that the loss can read."""
        wanted = sum(to * (source + 1) for source, to in itertools.pairwise(self.sizes))
        if self.weights and len(self.weights) != wanted:
            raise SpecError(
                f"Weights: {len(self.weights)} numbers do not fit a network of {'-'.join(map(str, self.sizes))}, "
                f"which has {wanted} weights and biases.",
                field="weights",
            )
        if not self.batch or len(self.batch) % (INPUTS + OUTPUTS):
            raise SpecError(
                f"Batch: {len(self.batch)} numbers are no whole samples; write two inputs and a target for each.",
                field="batch",
            )
        targets = self.targets
        if self.loss == "cross_entropy" and ((targets < 0) | (targets > 1)).any():
            raise SpecError(
                f"Batch: cross-entropy wants targets from 0 to 1, and {float(targets[(targets < 0) | (targets > 1)][0]):g} "
                "is none.",
                field="batch",
            )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each column: inputs, hidden layers, output."""
        return (INPUTS, *self.hidden, OUTPUTS)

    @property
    def inputs(self) -> Floats:
        """The batch's inputs, ``(n, 2)``."""
        return np.asarray(self.batch, dtype=np.float64).reshape(-1, INPUTS + OUTPUTS)[:, :INPUTS]

    @property
    def targets(self) -> Floats:
        """Its targets, ``(n, 1)``."""
        return np.asarray(self.batch, dtype=np.float64).reshape(-1, INPUTS + OUTPUTS)[:, INPUTS:]

    def parameters(self) -> tuple[list[Floats], list[Floats]]:
        """Weights ``(m, k)`` and biases ``(m,)`` of each layer: those given, else drawn by the seed.

        Drawn ones are rounded to tenths, so that every product can be followed by hand.
        """
        matrices: list[Floats] = []
        vectors: list[Floats] = []
        given = list(self.weights)
        for layer, (source, to) in enumerate(itertools.pairwise(self.sizes)):
            if given:
                matrix, vector = np.array(given[: to * source]).reshape(to, source), np.array(given[to * source :][:to])
                given = given[to * (source + 1) :]
            else:
                rng = generator(self.seed, Stream.WEIGHTS, layer)
                drawn = INITIALISERS["glorot_uniform"].draw(source, to, rng)
                matrix, vector = np.round(drawn, 1), np.round(draw_biases(to, rng) / 2, 1)
            matrices.append(matrix + 0.0)  # no minus zero
            vectors.append(vector + 0.0)
        return matrices, vectors

    def step(self) -> TrainingStep:
        """The whole step with every number of it."""
        weights, biases = self.parameters()
        return one_step(
            weights, biases, self.inputs, self.targets, activation=self.activation, loss=self.loss, lr=self.lr
        )
