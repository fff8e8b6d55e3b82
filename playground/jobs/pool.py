"""The trainer processes: started one by one, fed and read by threads, started again when they die.

Memory is watched through ``/proc/<pid>/statm``; where there is no such file (macOS, Windows) it is not watched.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from playground.core.settings import Settings
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.job import Job
from playground.jobs.process import Trainer
from playground.jobs.snapshot import Snapshot
from playground.specs.spec import Spec

log = logging.getLogger("playground")

_WARM_SECONDS = 30.0
_COLD = 3
_WEIGHT = 8  # a heavy run counts as so many small ones


class Pool:
    """Carries jobs out in trainer processes: the ``Process`` executor (see ``playground.jobs.executors``).

    Args:
        settings: How many trainers, how much memory.
        warm: Kinds that each trainer gets ready for before its first run; heavy ones only where such runs go.
        computations: Kinds beyond ``names.COMPUTATIONS``, ``module:function``; for tests.
        path: Folders that trainers find modules in besides their own; for tests.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        warm: Sequence[str] = ("mlp", "cnn"),
        computations: Mapping[str, str] | None = None,
        path: Sequence[Path] = (),
    ) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._jobs: dict[str, tuple[Job, Trainer]] = {}
        self._sums: dict[int, tuple[Future[m.Computed], Trainer]] = {}
        self._numbers = itertools.count()
        threads = max(1, (os.cpu_count() or 1) // settings.trainers)
        self._trainers = [
            Trainer(
                number,
                self._hear,
                self._lost,
                threads=threads,
                warm=[kind for kind in warm if kind not in names.HEAVY or number in self._heavy()],
                computations=computations or {},
                path=path,
            )
            for number in range(settings.trainers)
        ]
        self._started = self._ended = False
        self._warm = threading.Event()

    def start(self) -> None:
        """Start the trainers, the next one when the last is warm; returns at once. Does nothing the second time."""
        with self._lock:
            if self._started or self._ended:
                return
            self._started = True
        threading.Thread(target=self._start_all, name="trainers", daemon=True).start()

    def wait_until_warm(self, seconds: float) -> None:
        """See ``Executor.wait_until_warm``."""
        self._warm.wait(seconds)

    @property
    def device(self) -> str:
        """See ``Executor.device``."""
        return next((trainer.device for trainer in self._trainers if trainer.device), "")

    def stop(self, seconds: float = 2.0) -> None:
        """End all trainers; what their runs learnt since they were last saved is lost."""
        with self._lock:
            self._ended = True
        self._warm.set()  # nobody need wait for that any more
        for trainer in self._trainers:
            trainer.end()
        deadline = time.monotonic() + seconds
        for trainer in self._trainers:
            trainer.join(max(0.0, deadline - time.monotonic()))

    def submit(
        self,
        kind: str,
        spec: Spec,
        *,
        visitor: str = "",
        data: Any = None,
        state: bytes | None = None,
        first_frames: tuple[bytes, bytes] | None = None,
    ) -> Job:
        """See ``Executor.submit``."""
        job = Job(kind, spec, visitor=visitor, data=data, state=state, first_frames=first_frames, carrier=self)
        job.open()
        return job

    def launch(self, job: Job) -> None:
        """See ``Carrier.launch``: the least loaded trainer takes it."""
        self.start()
        start = job.start()
        with self._lock:
            held = self._jobs.get(job.id)
            trainer = held[1] if held else self._fitting(job.kind)
            self._jobs[job.id] = (job, trainer)
            trainer.send(start)

    def tell(self, job: Job, request: m.Request) -> None:
        """See ``Carrier.tell``."""
        with self._lock:
            if (held := self._jobs.get(job.id)) is None:
                return
            if isinstance(request, m.Close):
                del self._jobs[job.id]
            held[1].send(request)

    def compute(self, name: str, arguments: tuple[Any, ...]) -> Future[m.Computed]:
        """See ``Executor.compute``: the least loaded trainer does it. One that dies leaves an answer without a value."""
        self.start()
        made: Future[m.Computed] = Future()
        with self._lock:
            trainer, number = min(self._trainers, key=self._load), next(self._numbers)
            self._sums[number] = (made, trainer)
            trainer.send(m.Compute(number, name, arguments))
        return made

    def wait(self, job: Job, until: Callable[[Snapshot], bool], seconds: float) -> bool:
        """See ``Carrier.wait``."""
        return job.wait_changed(until, seconds)

    def check_memory(self) -> None:
        """End a trainer that takes more memory than it may; its runs are told."""
        for trainer in self._trainers:
            used = trainer.megabytes()
            if used is not None and used > self._settings.run_megabytes:
                log.warning("trainer %d (pid %s) used %.0f MB and was ended", trainer.number, trainer.pid, used)
                trainer.kill(
                    f"The process that trained this network, perhaps beside others, needed more than "
                    f"{self._settings.run_megabytes} MB of memory and was ended; a smaller network or fewer samples need less."
                )

    def give_up(self, job: Job) -> None:
        """See ``Executor.give_up``; all runs of that trainer are told, for they hang with it."""
        with self._lock:
            held = self._jobs.get(job.id)
        if held is not None:
            log.error("trainer %d (pid %s) no longer answers and was ended", held[1].number, held[1].pid)
            held[1].kill("The process that trained this network no longer answered and was ended.")

    def pids(self) -> list[int]:
        """Process ids of the trainers that are up."""
        return [trainer.pid for trainer in self._trainers if trainer.pid is not None]

    def _heavy(self) -> range:
        """The numbers of the trainers that take heavy runs: all but the first, where there are two."""
        return range(1 if self._settings.trainers > 1 else 0, self._settings.trainers)

    def _fitting(self, kind: str) -> Trainer:
        """The least loaded of the trainers that take such runs."""
        numbers = self._heavy() if kind in names.HEAVY else range(len(self._trainers))
        return min((self._trainers[number] for number in numbers), key=self._load)

    def _load(self, trainer: Trainer) -> tuple[int, int]:
        """How much stands before a new run; a trainer that must first start counts as one with some runs."""
        runs = sum(_WEIGHT if job.kind in names.HEAVY else 1 for job, other in self._jobs.values() if other is trainer)
        return runs + (0 if trainer.warmed.is_set() else _COLD if trainer.up else 2 * _COLD), trainer.number

    def _start_all(self) -> None:
        for trainer in self._trainers:
            if self._ended:
                break
            trainer.start()
            trainer.warmed.wait(_WARM_SECONDS)
        self._warm.set()

    def _hear(self, trainer: Trainer, answer: m.Answer | m.Computed) -> None:
        if isinstance(answer, m.Computed):
            with self._lock:
                asked = self._sums.pop(answer.number, None)
            if asked is not None:
                asked[0].set_result(answer)
            return
        with self._lock:
            held = self._jobs.get(answer.job)
            if held is None or held[1] is not trainer:
                return
            job = held[0]
            gone = isinstance(answer, m.Failed) or (isinstance(answer, m.Kept) and answer.closed)
            if gone and answer.turn == job.turn:
                del self._jobs[answer.job]
        job.receive(answer)

    def _lost(self, trainer: Trainer, words: str) -> None:
        with self._lock:  # every request goes out under this lock: none can fall between the dead process and the next
            trainer.forget()
            jobs = [job for job, other in self._jobs.values() if other is trainer]
            for job in jobs:
                del self._jobs[job.id]
            sums = [number for number, (_, other) in self._sums.items() if other is trainer]
            unanswered = {number: self._sums.pop(number)[0] for number in sums}
        for number, asked in unanswered.items():
            asked.set_result(m.Computed(number))
        for job in jobs:
            try:
                job.receive(m.Lost(job.id, job.turn, words))
            except Exception:  # the others must be told, and the next trainer started
                log.exception("run %s could not be told of its loss", job.id)
