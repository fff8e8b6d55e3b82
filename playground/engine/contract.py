"""What carries out a training step, as the loops see it: a blueprint goes in, an engine comes out.

The blueprint holds everything that decides the numbers (initial weights included), so that two engines given the same
one, the same batches and the same step numbers train the same network. Arrays cross the border as NumPy; what an engine
keeps inside (tensors, compiled kernels, a GPU) is its own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.data.dataset import Task

Array: TypeAlias = NDArray[np.float32]

LIVE = ("lr", "l1", "l2", "dropout")
"""What ``Engine.change`` understands besides the names of the update rule's own hyper-parameters."""


@dataclass(frozen=True)
class Layers:
    """One array per layer, from the first hidden layer to the output: parameters, or their gradients.

    Attributes:
        weights: Matrices ``(fan_out, fan_in)``.
        biases: Vectors ``(fan_out,)``.
    """

    weights: tuple[NDArray[Any], ...]
    biases: tuple[NDArray[Any], ...]

    def count(self) -> int:
        """How many numbers these are in all."""
        return sum(array.size for array in (*self.weights, *self.biases))


@dataclass(frozen=True)
class Blueprint:
    """A network and how it is trained.

    Attributes:
        sizes: Units of each column: what the first layer is given, each hidden layer, the outputs.
        activation: Name in ``ACTIVATIONS``, used after every hidden layer; outputs are left raw.
        loss: Name in ``LOSSES``.
        task: What the target is; with it the loss knows its form.
        rule: Name in ``RULES``.
        hyper: The rule's hyper-parameters by name, all of them.
        lr: Learning rate.
        l1: Added to each weight's gradient: ``l1 * sign(w)``. Biases are free of any penalty.
        l2: Added to each weight's gradient: ``l2 * w``, so the penalty is ``l2 / 2 * w**2``.
        dropout: Share of hidden units left out of each step; those kept are scaled by ``1 / (1 - dropout)``.
        start: Initial weights and biases.
        seed: Seeds the dropout masks (``core.seed.keep_mask``).
        batch_size: What the loop means to hand over at a time; only a hint for the choice of the device.
        device: ``"auto"``, or a device by name (``"cpu"``, ``"cuda"``, ``"mps"``).
    """

    sizes: tuple[int, ...]
    activation: str
    loss: str
    task: Task
    rule: str
    hyper: Mapping[str, float]
    lr: float
    start: Layers
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    seed: int = 0
    batch_size: int = 1
    device: str = "auto"


class Engine(Protocol):
    """What can train the network of a blueprint."""

    @property
    def device(self) -> str:
        """Where it runs, as a person reads it (``CPU``, ``CUDA: NVIDIA H200``)."""

    def step(self, x: Array, t: Array, number: int) -> bool:
        """One update from one batch.

        Args:
            x: What the first layer is given, float32 ``(n, sizes[0])``.
            t: Targets as the loss wants them, float32 ``(n, sizes[-1])``.
            number: How many updates came before, from 0; dropout masks depend on it.

        Returns:
            Whether every parameter is still a finite number.
        """

    def change(self, settings: Mapping[str, float]) -> None:
        """New values for settings named in ``LIVE`` or in the rule's ``hyper``; obeyed from the next step on.

        Raises:
            KeyError: A setting the engine does not know.
        """

    def evaluate(self, x: Array, t: Array) -> tuple[float, Array]:
        """Mean loss of the raw outputs, dropout off, penalty left out; and those outputs ``(n, sizes[-1])``."""

    def put(self, layer: int, to: int, source: int | None, value: float) -> None:
        """Set one weight (or, where ``source`` is ``None``, one bias) of a layer; the update rule's memory stays.

        Raises:
            IndexError: There is no such number.
        """

    def weights(self) -> Layers:
        """A copy of the parameters, float32."""

    def gradients(self) -> Layers:
        """The gradients of the last batch, penalty included, float32; zeros before the first step."""

    def state(self) -> dict[str, NDArray[Any]]:
        """A copy of everything that ``load`` needs to go on as if nothing had happened."""

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a state of an engine of the same blueprint.

        Raises:
            InputError: Arrays are missing or have other shapes.
        """

    def close(self) -> None:
        """Free what it holds; the engine is not used again."""
