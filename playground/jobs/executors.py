"""Somewhere to run: in this very thread, or in trainer processes. One contract, one test for both."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.job import Job
from playground.jobs.pool import Pool
from playground.jobs.run import Run
from playground.jobs.snapshot import Carrier, Snapshot
from playground.jobs.worker import computed
from playground.specs.spec import Spec


class Executor(Carrier, Protocol):
    """A class with ``submit``: what a new place to run has to offer."""

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
        """Take up a run; it stands until it is played."""

    def start(self) -> None:
        """Get ready to carry jobs."""

    def wait_until_warm(self, seconds: float) -> None:
        """Wait until whatever carries jobs is ready for them, at most for so long."""

    def stop(self) -> None:
        """End what runs."""

    def check_memory(self) -> None:
        """End what takes more memory than it may."""

    def give_up(self, job: Job) -> None:
        """End what carries a job and no longer answers."""

    def compute(self, name: str, arguments: tuple[Any, ...]) -> Future[m.Computed]:
        """Call a function of ``names.FUNCTIONS`` once, where the runs run; returns at once."""

    @property
    def device(self) -> str:
        """Where runs run, as a person reads it; empty while that is not known."""


Process = Pool
"""Runs in trainer processes: a killed one costs its runs and not the server, and its memory really returns."""


class Inline:
    """Runs in the calling thread, for tests and the command line.

    Nothing goes on by itself: a step is done when it is asked for, and a run that plays goes on during ``Job.wait`` and
    ``drive`` only.
    """

    def __init__(self, computations: Mapping[str, str] = names.COMPUTATIONS) -> None:
        self._computations = computations
        self._runs: dict[str, tuple[Job, Run]] = {}

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

    def start(self) -> None:
        """Nothing to get ready."""

    def wait_until_warm(self, seconds: float) -> None:
        """Nothing to wait for."""

    def stop(self) -> None:
        """End what runs."""
        for _, run in self._runs.values():
            run.close()
        self._runs.clear()

    def check_memory(self) -> None:
        """The memory is this process's own."""

    def give_up(self, job: Job) -> None:
        """A run in this very thread always answers."""

    def compute(self, name: str, arguments: tuple[Any, ...]) -> Future[m.Computed]:
        """See ``Executor.compute``: done when this returns."""
        made: Future[m.Computed] = Future()
        made.set_result(computed(m.Compute(0, name, arguments)))
        return made

    @property
    def device(self) -> str:
        """See ``Executor.device``: known from the run that was begun last."""
        return next((job.snapshot().device for job, _ in reversed(self._runs.values())), "")

    def launch(self, job: Job) -> None:
        """See ``Carrier.launch``."""
        if job.id in self._runs:
            self._runs.pop(job.id)[1].close()
        run = Run(job.start(), names.computation(job.kind, self._computations), job.receive, inside_seconds=0.0)
        if run.alive:
            self._runs[job.id] = (job, run)
            run.give_news()

    def tell(self, job: Job, request: m.Request) -> None:
        """See ``Carrier.tell``; a step is done before this returns, an epoch too."""
        if job.id not in self._runs:
            return
        run = self._runs[job.id][1]
        run.obey(request)
        while isinstance(request, m.Advance) and run.due() is not None:
            run.advance(time.monotonic())
        self._settle(job, run)

    def wait(self, job: Job, until: Callable[[Snapshot], bool], seconds: float) -> bool:
        """See ``Carrier.wait``: carries the job on, step by step."""
        deadline = time.monotonic() + seconds
        while not until(job.snapshot()) and job.id in self._runs and time.monotonic() < deadline:
            if not self.drive(job):
                break
        return until(job.snapshot())

    def drive(self, job: Job, steps: int = 1) -> bool:
        """Do some steps of a run that plays; ``False`` when it stands (now)."""
        if job.id not in self._runs:
            return False
        run = self._runs[job.id][1]
        for _ in range(steps):
            if (due := run.due()) is None:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            run.advance(time.monotonic())
        self._settle(job, run)
        return run.due() is not None

    def _settle(self, job: Job, run: Run) -> None:
        if run.alive:
            if (due := run.next_news()) is not None and (run.due() is None or due <= time.monotonic()):
                time.sleep(max(0.0, due - time.monotonic()))
                run.give_news()
        else:
            self._runs.pop(job.id, None)
