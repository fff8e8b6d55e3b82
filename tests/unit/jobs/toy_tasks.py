"""Tasks that answer without any model, and do what a real one might do at its worst."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.catalog.card import Card, Local
from playground.core.errors import InputError, ModelUnavailable
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.jobs.inference import WorkerInference
from playground.jobs.names import Task
from tests.unit.jobs import toy

HERE = "tests.unit.jobs.toy_tasks"
TASKS = {
    "toy": Task(f"{HERE}:answer", most=8, seconds=60.0),
    "slow": Task(f"{HERE}:answer", "slow", most=1, seconds=60.0),
    "hasty": Task(f"{HERE}:answer", "slow", most=1, seconds=0.0),
    "film": Task(f"{HERE}:film", "film", most=1, seconds=60.0, watched=True),
    "table": Task(f"{HERE}:film", "texts", most=1, seconds=60.0, watched=True),
    "reading": Task(f"{HERE}:answer", most=8, bytes=1200),
    "glance": Task(f"{HERE}:answer", "slow", most=1, seconds=60.0, watched=True, unwatched=15.0),
    "missing": Task(f"{HERE}:nowhere"),
    "few": Task(f"{HERE}:too_few"),
}


@dataclass(frozen=True, slots=True)
class Toy:
    """A question.

    Attributes:
        value: Comes back with the answer.
        trouble: What goes wrong.
        gate: A file that must be there before it is answered.
        content: Something large.
        subject: The files it is about.
    """

    value: Any
    trouble: str = ""
    gate: str = ""
    content: bytes = b""
    subject: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        value: The question's.
        together: The values of all that were answered in one call.
        pid: Where.
        lane: In which thread.
        read: How many bytes of content arrived.
    """

    value: Any
    together: tuple[Any, ...]
    pid: int
    lane: str
    read: int


class ToyDesk:
    """Counts what it is told."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.models: dict[str, Standing] = {}
        self.hog: list[bytes] = []

    def standing(self) -> tuple[Standing, ...]:
        return tuple(self.models.values())

    def evict(self, name: str) -> bool:
        return self.models.pop(name, None) is not None

    def pin(self, name: str, pinned: bool) -> None:
        self.models[name] = Standing(name, 1, 1, 0.0, 0.0, pinned)

    def sweep(self) -> None:
        pass

    def improve(self) -> bool:
        return False

    def close(self) -> None:
        pass


def answer(
    desk: ToyDesk, card: Card | None, questions: Sequence[Toy], say: Callable[[str], None]
) -> list[Answer | Exception]:
    """The task."""
    together = tuple(question.value for question in questions)
    if card is not None:
        desk.models[card.name] = Standing(card.name, 1000, 0, 0.1, 0.0, False)
    return [one(desk, question, together, say) for question in questions]


def one(desk: ToyDesk, question: Toy, together: tuple[Any, ...], say: Callable[[str], None]) -> Any:
    print("a library that prints")  # must not reach the wire
    if question.gate:
        say(f"At the gate with {question.value}")
        while not Path(question.gate).exists():
            time.sleep(0.005)
    match question.trouble:
        case "exit":
            os._exit(3)
        case "raise":
            raise ZeroDivisionError("the toy broke")
        case "words":
            return InputError(f"{question.value} is no picture.")
        case "unavailable":
            raise ModelUnavailable("This model is not on disk.")
        case "hang":
            time.sleep(3600)
        case "hog":
            while True:
                desk.hog.append(os.urandom(20_000_000))
        case "unpicklable":
            return threading.Lock()
        case "unreadable":
            return Unreadable()
        case "array":
            return bytes(question.value)
    return Answer(question.value, together, os.getpid(), threading.current_thread().name, len(question.content))


def film(
    desk: ToyDesk, card: Card | None, questions: Sequence[Toy], say: Callable[[str], None]
) -> list[tuple[str, bool]]:
    """Frame after frame until the gate is there; a file beside it tells that it was ended before."""
    (question,) = questions
    gate, frame = Path(question.gate), 0
    try:
        while not gate.exists():
            frame += 1
            say(f"Frame {frame}")
            time.sleep(0.005)
    finally:
        if not gate.exists():
            gate.with_suffix(".ended").touch()
    return [(threading.current_thread().name, True)]


class Unreadable:
    """Can be packed, and not unpacked."""

    def __reduce__(self) -> Any:
        return int, ("no number",)


def too_few(desk: Any, card: Any, questions: Any, say: Any) -> list[Any]:
    return []


def card(name: str) -> Card:
    """A model that is nowhere."""
    return Card(
        name=name,
        title=name.title(),
        summary="A toy.",
        task="toy",
        source=Local(name, ("weights",)),
        architecture="toy",
    )


def made(folder: Path, **settings: Any) -> WorkerInference:
    """A worker that knows the toys."""
    return WorkerInference(
        Settings(**settings), folder, tasks=TASKS, desk=f"{HERE}:ToyDesk", warm=(), later=(), path=[toy.ROOT]
    )
