"""A run as bytes: the weights, what the optimizer remembers, where in which epoch it stood, how it has gone.

An ``npz`` archive of plain arrays, read without unpickling. The words and numbers among them are one JSON text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from playground.specs.mlp import MLPSpec
from playground.training import archive

KIND = "mlp"
VERSION = 1
LARGEST = 50_000_000  # bytes; the largest network with the longest history stays below one million

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Position:
    """Where a run stands.

    Attributes:
        epoch: Complete passes over the training data.
        step: Updates in all.
        seen: Training samples already used in the epoch that is under way.
        seconds: Time spent inside training steps.
    """

    epoch: int = 0
    step: int = 0
    seen: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Stored:
    """What is kept of a run.

    Attributes:
        spec: The experiment, with the settings as they were changed last.
        position: Where the run stands.
        engine: The engine's state.
        good: An earlier state of the engine to go back to after a divergence, and where the run stood then.
        history: Rows of ``History``.
        opened: What the test set said when it was opened last, and how often it was; empty where it never was.
    """

    spec: MLPSpec
    position: Position
    engine: Arrays
    good: tuple[Position, Arrays]
    history: NDArray[Any]
    opened: Mapping[str, float] = field(default_factory=dict)


def pack_run(stored: Stored) -> bytes:
    """The run as bytes."""
    at, arrays = stored.good
    words = {
        "spec": stored.spec.to_dict(),
        "position": vars(stored.position),
        "good": vars(at),
        "opened": dict(stored.opened),
    }
    content = {"history": stored.history}
    content.update({f"engine.{name}": array for name, array in stored.engine.items()})
    content.update({f"good.{name}": array for name, array in arrays.items()})
    return archive.written(KIND, VERSION, words, content)


def unpack_run(state: bytes) -> Stored:
    """The run that ``pack_run`` wrote; raises ``InputError`` on anything else."""
    with archive.told():
        words, content = archive.read(state, KIND, VERSION, LARGEST)
        history = content["history"]
        if history.ndim != 2 or history.shape[1] != 5 or history.dtype.kind != "f":
            raise ValueError("no history")
        return Stored(
            spec=MLPSpec.from_dict(words["spec"]),
            position=position_of(words["position"]),
            engine=under("engine.", content),
            good=(position_of(words["good"]), under("good.", content)),
            history=history,
            opened={str(name): float(value) for name, value in words["opened"].items()},
        )


def position_of(values: Mapping[str, Any]) -> Position:
    """Where a run stood, as its words say; raises ``ValueError`` or ``TypeError`` on anything else."""
    position = Position(**values)
    counts = (position.epoch, position.step, position.seen)
    whole = [int(count) == count >= 0 for count in counts]
    if not all(whole) or not position.seconds >= 0:
        raise ValueError("no position")
    return position


def under(prefix: str, content: Arrays) -> dict[str, NDArray[Any]]:
    """The arrays whose names begin so, without that."""
    return {name.removeprefix(prefix): array for name, array in content.items() if name.startswith(prefix)}
