"""Questions to pretrained models, answered by one process that holds the models for everybody.

The queue is kept on this side of the pipe: a question can be taken back until its turn comes, and what still waits
outlives a worker that dies. The worker is given batches, questions to one model that are answered in one call.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.catalog.card import Card
from playground.core.errors import UnknownName
from playground.core.settings import Settings
from playground.core.standing import Standing
from playground.jobs import inference_messages as i
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.asked import Asked, fingerprint
from playground.jobs.names import Task
from playground.jobs.process import KeptAlive
from playground.jobs.questions import Questions, tell

log = logging.getLogger("playground")

DESK, WARM = "playground.hub.desk:Desk.from_settings", ("playground.hub.answers",)
LATER = ("playground.hub.text_files", "transformers.models.bert.modeling_bert")
STARTING = "Starting the process that runs the models"
_ROUND_SECONDS = 0.5


class WorkerInference:
    """See ``playground.jobs.inference.Inference``: one worker process, started again when it dies.

    Its memory is watched through ``/proc/<pid>/statm``; where there is no such file it is not watched.

    Args:
        settings: How many questions may wait, how much memory the worker may take, and what it is told of limits.
        folder: The models folder.
        tasks: Tasks beyond ``names.TASKS``; for tests.
        desk: ``module:function`` that makes what tasks have at hand.
        warm: Modules that the worker imports before the first question.
        later: Modules that it imports when nobody has asked anything for a while: they take seconds, and not everybody's questions
            need them.
        path: Folders that the worker finds modules in besides its own; for tests.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        tasks: Mapping[str, Task] | None = None,
        desk: str = DESK,
        warm: Sequence[str] = WARM,
        later: Sequence[str] = LATER,
        path: Sequence[Path] = (),
    ) -> None:
        self._settings, self._folder = settings, folder
        self._tasks = {**names.TASKS, **(tasks or {})}
        self._questions = Questions(settings.questions_waiting)
        self._questions.idle_words = STARTING
        self._questions.stop = lambda number: self._order(i.Stop(number))
        self._standing: tuple[tuple[Standing, ...], float] = (), 0.0
        self._started, self._ending = False, threading.Event()
        self._process = KeptAlive(
            "inference worker",
            [
                "playground.jobs.inference_worker",
                f"--desk={desk}",
                *(f"--warm={module}" for module in warm),
                *(f"--later={module}" for module in later),
                *(f"--task={name}={task.where}" for name, task in (tasks or {}).items()),
            ],
            threads=os.cpu_count() or 1,
            path=path,
            hear=self._hear,
            lost=self._lost,
            epitaph="The process that runs the models",
        )

    def ask(self, task: str, card: Card | None, question: Any, *, visitor: str = "", seconds: float = 60.0) -> Asked:
        """See ``Inference.ask``."""
        kind = task_named(task, self._tasks)
        print_ = fingerprint(task, card, question, self._folder)
        self.start()
        asked = self._questions.ask(task, kind, card, question, print_, visitor, seconds)
        self._dispatch()
        return asked

    def standing(self) -> tuple[Standing, ...]:
        """See ``Inference.standing``."""
        models, at = self._standing
        age = 0.0 if self._questions.under_way else time.monotonic() - at
        return tuple(replace(model, idle_seconds=model.idle_seconds + age) for model in models)

    def evict(self, name: str) -> None:
        """See ``Inference.evict``."""
        self._order(i.Evict(name))

    def pin(self, name: str, pinned: bool) -> None:
        """See ``Inference.pin``."""
        self._order(i.Pin(name, pinned))

    def start(self) -> None:
        """See ``Inference.start``."""
        with self._questions.lock:
            if self._started or self._ending.is_set():
                return
            self._started = True
        self._process.start()
        threading.Thread(target=self._look_after, name="inference", daemon=True).start()

    def stop(self, seconds: float = 2.0) -> None:
        """See ``Inference.stop``."""
        with self._questions.lock:
            self._ending.set()
        self._process.end()
        self._process.join(seconds)
        self._questions.close()
        self._standing = (), 0.0

    @property
    def ready(self) -> bool:
        """See ``Inference.ready``."""
        return self._process.warmed.is_set()

    @property
    def waiting(self) -> int:
        """See ``Inference.waiting``."""
        return len(self._questions)

    @property
    def pid(self) -> int | None:
        """The worker's process id, while there is one."""
        return self._process.pid

    @property
    def megabytes(self) -> float | None:
        """Memory that the worker takes, in MB; ``None`` where it cannot be told."""
        return self._process.megabytes()

    def _dispatch(self) -> None:
        """Give each lane that has nothing to do its next batch."""
        with self._questions.lock:  # see ``_lost``
            for lane in names.LANES:
                if self.ready and (batch := self._questions.give(lane)) is not None:
                    first, questions = batch.questions[0], tuple(one.question for one in batch.questions)
                    self._process.send(i.Batch(batch.number, lane, first.task, first.card, questions))

    def _order(self, order: i.Stop | i.Evict | i.Pin) -> None:
        if self.ready:  # before that it holds no model, and no batch
            self._process.send(order)

    def _hear(self, answer: m.Hello | i.FromWorker) -> None:
        match answer:
            case m.Hello():
                self._process.up = True
                self._process.send(i.Begin(self._settings, self._folder))
            case i.Begun(trace=trace):
                if trace:
                    log.error("the inference worker cannot prepare\n%s", trace)
                self._questions.idle_words = ""
                self._process.warmed.set()
                self._dispatch()
            case i.Said(number=number, words=words):
                self._questions.say(number, words)
            case i.Answered(number=number, answers=answers):
                self._questions.answered(number, answers)
                self._dispatch()
            case i.Standings(models=models):
                self._standing = models, time.monotonic()

    def _lost(self, words: str) -> None:
        with (
            self._questions.lock
        ):  # batches go out under this lock: none can fall between the dead process and the next
            self._process.forget()
            self._questions.idle_words = STARTING
            self._standing = (), 0.0
            failed = self._questions.lost(words)
        tell(failed)

    def _look_after(self) -> None:
        while not self._ending.wait(_ROUND_SECONDS):
            try:
                self._questions.end_waits()
                self._end_what_is_overdue()
                self._check_memory()
            except Exception:  # the next round must come all the same
                log.exception("the inference worker could not be looked after")

    def _end_what_is_overdue(self) -> None:
        if (batch := self._questions.overdue()) is not None:
            first = batch.questions[0]
            log.warning("a call of '%s' took more than %g s and was ended", first.task, first.kind.seconds)
            self._process.kill(
                f"This took longer than {first.kind.seconds:g} seconds and was ended. "
                "A smaller picture or a smaller model takes less."
            )

    def _check_memory(self) -> None:
        used, allowed = self._process.megabytes(), self._settings.inference_megabytes
        if used is not None and used > allowed:
            log.warning("the inference worker (pid %s) used %.0f MB and was ended", self._process.pid, used)
            self._process.kill(
                f"The process that runs the models needed more than {allowed} MB of memory and was ended; "
                "a smaller model needs less."
            )


def task_named(name: str, tasks: Mapping[str, Task]) -> Task:
    """A task by name; raises ``UnknownName``."""
    if name not in tasks:
        raise UnknownName("task", name, tasks)
    return tasks[name]
