"""What web process and worker say to each other: small frozen values, pickled, each behind its length.

Only our own two processes speak on these pipes, which nobody else can open; that is why pickle is allowed here. Each
message names its run and the ``turn`` of the run: a reset or a new experiment begins a new turn, and whatever is still
under way from an earlier one is dropped on arrival.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, TypeAlias

from playground.core.events import Change, Dissect, Dissected, Edit, Look, OpenTest, Restore
from playground.specs.spec import Spec

Unit: TypeAlias = Literal["step", "epoch"]
Live: TypeAlias = Literal["ready", "playing", "paused", "diverged", "done"]
Ask: TypeAlias = Change | Look | Edit | OpenTest | Restore | Dissect
Point: TypeAlias = tuple[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Warm:
    """Get ready for a kind of run before the first one comes: imports, and a first step."""

    kind: str


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a run, or go on from a state; a run of the same name that is there already ends first."""

    job: str
    turn: int
    kind: str
    spec: Spec
    state: bytes | None = None
    data: Any = None
    view: Mapping[str, Any] = field(default_factory=dict)
    speed: float = 0.0


@dataclass(frozen=True, slots=True)
class Play:
    """Train until told otherwise."""

    job: str
    turn: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""

    job: str
    turn: int


@dataclass(frozen=True, slots=True)
class Advance:
    """Do one step, or go to the end of the epoch, then stand still."""

    job: str
    turn: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Speed:
    """How many steps a second are wanted; 0 is flat out."""

    job: str
    turn: int
    value: float


@dataclass(frozen=True, slots=True)
class Tell:
    """Hand a command to the computation itself."""

    job: str
    turn: int
    command: Ask


@dataclass(frozen=True, slots=True)
class Want:
    """One frame is wished, as soon as there is something new to see. ``scene``: with all that stays the same, too."""

    job: str
    turn: int
    scene: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """Answer with the state; ``close``: and end the run at that very point."""

    job: str
    turn: int
    close: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """End the run."""

    job: str
    turn: int


Request: TypeAlias = Start | Play | Pause | Advance | Speed | Tell | Want | Keep | Close


@dataclass(frozen=True, slots=True)
class Compute:
    """Call a function of ``names.FUNCTIONS`` once; it belongs to no run and takes milliseconds.

    Attributes:
        number: Comes back with the answer.
    """

    number: int
    name: str
    arguments: tuple[Any, ...]


ToWorker: TypeAlias = Warm | Compute | Request


@dataclass(frozen=True, slots=True)
class Hello:
    """The worker is up."""

    pid: int


@dataclass(frozen=True, slots=True)
class Warmed:
    """The worker is ready for the kind, which would run on ``device``; ``trace`` tells why it is not."""

    kind: str
    trace: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The run stands at its beginning, or where its state left it: points of later epochs are void."""

    job: str
    turn: int
    device: str
    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class Update:
    """How far the run is.

    Attributes:
        points: Metrics of the epochs since the last update, thinned.
        rate: Epochs a second, over about the last second.
    """

    job: str
    turn: int
    status: Live
    epoch: int
    step: int
    metrics: Mapping[str, float]
    points: tuple[Point, ...]
    rate: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Packed frames; ``scene`` only when it changed or was asked for."""

    job: str
    turn: int
    frame: bytes
    scene: bytes | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """What the next step will do, as it was asked for; or, in words, why there is none."""

    job: str
    turn: int
    found: Dissected | str


@dataclass(frozen=True, slots=True)
class Kept:
    """The state that was asked for; ``closed``: the run has ended with it."""

    job: str
    turn: int
    state: bytes
    epoch: int
    step: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The run broke and is gone from the worker.

    Attributes:
        words: What a person can read; empty where the error was not meant for people.
        reference: Names the traceback in the log; empty with ``words``.
        trace: The traceback, for the log.
    """

    job: str
    turn: int
    words: str
    reference: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker that carried the run is gone (said by the pool, not by the worker)."""

    job: str
    turn: int
    words: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What ``Compute`` came to.

    Attributes:
        value: The result; ``None`` where there is none.
        words: Why there is none, for a person.
        trace: The traceback of a defect, for the log.
    """

    number: int
    value: Any = None
    words: str = ""
    trace: str = ""


Answer: TypeAlias = Opened | Update | Picture | Inside | Kept | Failed | Lost
FromWorker: TypeAlias = Hello | Warmed | Computed | Answer

_LENGTH = struct.Struct("<I")


def packed(message: object) -> bytes:
    """One message as it travels."""
    body = pickle.dumps(message, protocol=5)
    return _LENGTH.pack(len(body)) + body


def write(pipe: BinaryIO, message: object) -> None:
    """Send one message; raises ``OSError`` when the other side is gone."""
    pipe.write(packed(message))
    pipe.flush()


def read(pipe: BinaryIO) -> Any:
    """The next message, or ``None`` when the other side has closed the pipe (even in the middle of a message)."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return pickle.loads(body) if len(body) == length else None
