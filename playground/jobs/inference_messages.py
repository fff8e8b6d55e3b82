"""What web process and inference worker say to each other, on pipes as those of ``playground.jobs.messages``.

Answers travel packed, each by itself: their size is known, and one that cannot be read costs nobody else theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from playground.catalog.card import Card
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.jobs.names import Lane


@dataclass(frozen=True, slots=True)
class Begin:
    """How the server is set up, and where its models lie. Comes first."""

    settings: Settings
    folder: Path


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions of one task and card, to be answered in one call.

    Attributes:
        number: Comes back with all that is said of it.
    """

    number: int
    lane: Lane
    task: str
    card: Card | None
    questions: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody wants the answers of a batch any more: it ends when it next tells how far it is."""

    number: int


@dataclass(frozen=True, slots=True)
class Evict:
    """Let go of a model."""

    name: str


@dataclass(frozen=True, slots=True)
class Pin:
    """Keep a model, or no longer."""

    name: str
    pinned: bool


ToWorker: TypeAlias = Begin | Batch | Stop | Evict | Pin


@dataclass(frozen=True, slots=True)
class Begun:
    """The worker has imported what it needs; ``trace`` tells why it could not."""

    trace: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A batch is being answered; ``words`` tell how far that is (empty: it has just begun)."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that stands in for an answer.

    Attributes:
        kind: Name of its class in ``playground.core.errors``; empty for a defect.
        words: What a person can read; empty for a defect.
        trace: The traceback of a defect, for the log.
    """

    kind: str = ""
    words: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a batch: for each question a packed answer, or why there is none."""

    number: int
    answers: tuple[bytes | Refusal, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """Which models the worker holds now."""

    models: tuple[Standing, ...]


FromWorker: TypeAlias = Begun | Said | Answered | Standings
