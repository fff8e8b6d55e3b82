"""Questions to pretrained models: answered in one process that serves everybody, or in this very thread.

One contract, two places. What may be asked is ``names.TASKS``; questions and answers are those of ``core.vision``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from playground.catalog.card import Card
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.jobs import names
from playground.jobs.answering import answered, outcome
from playground.jobs.asked import Asked, fingerprint, settled
from playground.jobs.inference_process import DESK, WorkerInference, task_named
from playground.jobs.names import Task
from playground.jobs.remembered import Remembered

__all__ = ["Asked", "Inference", "InlineInference", "WorkerInference"]


class Inference(Protocol):
    """What answers questions to pretrained models."""

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        """Ask; returns at once. The same question asked again is found again, while it waits and for a while after.

        Args:
            task: A name in ``names.TASKS``.
            card: The model; ``None`` where the task needs none.
            question: As the task wants it.
            visitor: Who asks; has few questions open at a time.
            seconds: How long it may wait for its turn.

        Returns:
            Its ``result()`` gives the answer, or raises a ``PlaygroundError``: what the task refuses with (``InputError``,
            ``ModelUnavailable``), ``QuotaReached``, ``QueueFull``, ``TimeLimit``, ``WorkerLost``.

        Raises:
            UnknownName: There is no such task.
        """

    def standing(self) -> tuple[Standing, ...]:
        """The models in memory, as far as is known here; never waits."""

    def evict(self, name: str) -> None:
        """Let go of a model that nobody uses; returns at once."""

    def pin(self, name: str, pinned: bool) -> None:
        """Keep a model that is loaded, or no longer; returns at once."""

    def start(self) -> None:
        """Get ready to answer; returns at once, and does nothing the second time."""

    def stop(self, seconds: float = 2.0) -> None:
        """End; who still waits is told."""

    @property
    def ready(self) -> bool:
        """Whether a question would be answered right away."""

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""


class InlineInference:
    """Answers in the calling thread, for tests and the command line.

    Args:
        folder: The models folder.
        settings: What pictures and models may take.
        tasks: Tasks beyond ``names.TASKS``.
        desk: ``module:function`` that makes what tasks have at hand; it is made at the first question.
    """

    def __init__(
        self, folder: Path, settings: Settings, *, tasks: Mapping[str, Task] | None = None, desk: str = DESK
    ) -> None:
        self._folder, self._settings, self._make = folder, settings, desk
        self._tasks = {**names.TASKS, **(tasks or {})}
        self._known = Remembered()
        self._desk: Any = None

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        """See ``Inference.ask``; it is done when it returns."""
        kind = task_named(task, self._tasks)
        key, _ = fingerprint(task, card, question, self._folder)
        if (known := self._known.get(key)) is None:
            (found,) = answered(kind.where, self._at_hand(), card, [question], lambda words: None)
            known = (outcome(found),)
            self._known.take(key, known[0], len(found) if isinstance(found, bytes) else 0)
        return settled(known[0], visitor)

    def standing(self) -> tuple[Standing, ...]:
        """See ``Inference.standing``."""
        return tuple(self._desk.standing()) if self._desk is not None else ()

    def evict(self, name: str) -> None:
        """See ``Inference.evict``."""
        if self._desk is not None:
            self._desk.evict(name)

    def pin(self, name: str, pinned: bool) -> None:
        """See ``Inference.pin``."""
        if self._desk is not None:
            self._desk.pin(name, pinned)

    def start(self) -> None:
        """Nothing to start."""

    def stop(self, seconds: float = 2.0) -> None:
        """Let go of all models."""
        self._desk = None

    @property
    def ready(self) -> bool:
        """See ``Inference.ready``."""
        return True

    @property
    def waiting(self) -> int:
        """See ``Inference.waiting``: nobody."""
        return 0

    def _at_hand(self) -> Any:
        if self._desk is None:
            self._desk = names.located(self._make)(self._settings, self._folder)
        return self._desk
