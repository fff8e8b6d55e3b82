"""What a long computation says, and what may be said to it.

A computation is a generator ``Generator[Event, Command | None, None]``. ``next()`` carries out the next small piece of
work (one training step) and yields what happened. ``send(command)`` does no training: it obeys the command and yields
exactly one answer. Closing the generator ends the computation, and its ``finally`` frees what it held. Everything here
is plain and picklable: numbers, strings, bytes, NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Started:
    """The first event: the computation stands at its beginning (or where a stored state left it).

    Attributes:
        device: Where it runs, as a person reads it (``CPU``, ``CUDA: NVIDIA H200``).
    """

    device: str
    epoch: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class Stepped:
    """One update from one batch."""

    step: int
    epoch: int


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """One pass over the training data is complete (this event replaces the ``Stepped`` of its last batch).

    ``metrics`` are measured after the epoch, dropout off, penalty apart: for example ``train_loss``, ``val_loss``,
    ``train_accuracy``, ``val_accuracy``.
    """

    epoch: int
    step: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Diverged:
    """The loss is no longer a finite number; the computation stands and waits for ``Restore`` or its end.

    Attributes:
        message: What happened and what to try.
        seconds: Time spent inside training steps until then.
    """

    epoch: int
    step: int
    message: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event: the wanted number of epochs is done. ``metrics`` holds the final ones, test included if any."""

    epoch: int
    step: int
    metrics: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class FrameReady:
    """The answer to ``Show``: packed pictures (``core.frames``). ``scene`` is there when it changed since last shown."""

    frame: bytes
    scene: bytes | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to ``Save``: everything needed to go on from here, as bytes that need no unpickling (npz)."""

    state: bytes


@dataclass(frozen=True, slots=True)
class Obeyed:
    """The answer to ``Change``, ``Look``, ``Edit``, ``OpenTest`` and ``Restore``."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Dissected:
    """The answer to ``Dissect``: everything the next step starts from, and where it would lead. n samples.

    Attributes:
        epoch: Complete epochs.
        step: Updates so far; the one described is the next.
        rows: Numbers of the batch's rows in the training data, ``(n,)``.
        first: How many rows of the epoch came before this batch.
        total: Rows of the training data.
        x: Inputs of the batch, ``(n, inputs)``.
        t: Targets as the loss wants them, ``(n, outputs)``.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        weights: Now, one matrix ``(fan_out, fan_in)`` a layer.
        biases: Now, one vector ``(fan_out,)`` a layer.
        weight_gradients: Slope of the batch's mean loss in each weight, by automatic differentiation in double precision;
            dropout off, penalty apart. Empty where batch and network are too large for that.
        bias_gradients: The same of the biases.
        new_weights: After the step, as the update rule makes them with all it remembers; penalty included, dropout off.
        new_biases: The same of the biases.
        activation: Name in ``ACTIVATIONS``.
        loss: Name in ``LOSSES``.
        rule: Name in ``RULES``.
        settings: Those of the step by name: ``lr``, ``l1``, ``l2``, ``dropout``, and the rule's own.
    """

    epoch: int
    step: int
    rows: NDArray[Any]
    first: int
    total: int
    x: NDArray[Any]
    t: NDArray[Any]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    weights: tuple[NDArray[Any], ...]
    biases: tuple[NDArray[Any], ...]
    weight_gradients: tuple[NDArray[Any], ...]
    bias_gradients: tuple[NDArray[Any], ...]
    new_weights: tuple[NDArray[Any], ...]
    new_biases: tuple[NDArray[Any], ...]
    activation: str
    loss: str
    rule: str
    settings: Mapping[str, float]


Event: TypeAlias = Started | Stepped | EpochEnded | Diverged | Finished | FrameReady | Saved | Obeyed | Dissected


@dataclass(frozen=True, slots=True)
class Show:
    """Pack a frame of what can be seen now. ``scene``: send what does not change at each frame, too."""

    scene: bool = False
    note: Mapping[str, Any] = field(
        default_factory=dict
    )  # status, speed ...: the worker's own numbers, into the header


@dataclass(frozen=True, slots=True)
class Look:
    """Look elsewhere: which inputs span the plane, which unit is enlarged. Keys and values as the view defines them."""

    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """New values for settings that may change mid-run (learning rate, regularisation)."""

    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """Set one number of the network by hand.

    Attributes:
        layer: Number of the layer, from 0.
        to: The unit of that layer.
        source: The unit before it whose weight is meant; ``None`` means the bias.
        value: The new value.
    """

    layer: int
    to: int
    source: int | None
    value: float


@dataclass(frozen=True, slots=True)
class OpenTest:
    """Measure on the covered test set as the network is now; how often that was done is counted and shown."""


@dataclass(frozen=True, slots=True)
class Save:
    """Give everything that is needed to go on later."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Go back to the last finite state after a divergence."""


@dataclass(frozen=True, slots=True)
class Dissect:
    """Tell what the next step will do, without doing it; ``Obeyed`` says why where there is no next step."""


Command: TypeAlias = Show | Look | Change | Edit | OpenTest | Save | Restore | Dissect
Computation: TypeAlias = Generator[Event, Command | None, None]
