"""Who may run what: places, the queue before them, quotas, and runs that are kept for those who come back.

Pages and the WebSocket route talk to the manager, which talks to an executor. Nothing here waits for a worker. A run
holds a place while a worker carries it; what nobody looks at is stored, its place goes to the next in the queue, and it
comes back where it was.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground.core.errors import InputError, PlaygroundError, QueueFull, RunNotFound
from playground.core.events import Change, Dissect, Look, OpenTest, Restore
from playground.core.settings import Settings
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.errands import Errands
from playground.jobs.executors import Executor
from playground.jobs.held import Held, edit_of, speed_of, view_of
from playground.jobs.job import Job
from playground.jobs.keeper import Keeper
from playground.jobs.places import Places
from playground.jobs.shelf import RunStore, Shelf, unpack_into
from playground.specs.spec import Spec

log = logging.getLogger("playground")

READY_PER_VISITOR, READY_WITH_TABLE, READY_IN_ALL = 8, 50, 1000
_GONE = "There is no such run, or it is not yours. Start a new one on its page."


class Manager:
    """All runs of one server.

    Args:
        settings: Places, quotas, limits.
        store: Where runs are kept; ``None`` keeps them in memory.
        pool: The executor that carries them.
        specs: Kind of run to ``module:class`` of its spec.
        find_data: Brings back a visitor's own table, ``(upload_id, visitor, spec)``, for a run that is opened again;
            raises a ``PlaygroundError`` where it is gone.
        prunes: What else is to be pruned of the old now and then (uploads).
    """

    def __init__(
        self,
        settings: Settings,
        store: RunStore | None,
        pool: Executor,
        *,
        specs: Mapping[str, str] = names.SPECS,
        find_data: Callable[[str, str, Spec], Any] | None = None,
        prunes: Sequence[Callable[[], object]] = (),
    ) -> None:
        self.settings, self.store, self.pool = settings, store or Shelf(), pool
        self.lock, self.errands = threading.RLock(), Errands(pool)
        self.held: dict[str, Held] = {}
        self.places = Places(settings, self.held)
        self._specs, self._find_data, self.prunes = specs, find_data, tuple(prunes)
        self._keeper = Keeper(self)

    def start(self) -> None:
        """Start the workers and the housekeeping; returns at once."""
        self.pool.start()
        self._keeper.start()

    def stop(self) -> None:
        """Store what runs and end the workers, within a few seconds."""
        self._keeper.stop()
        self.pool.stop()

    def health(self) -> dict[str, Any]:
        """How busy the server is, in numbers."""
        with self.lock:
            return {
                "device": self.pool.device,
                "training": sum(held.job.status == "playing" for held in self.held.values()),
                "places_taken": self.places.taken(),
                "places": self.settings.runs_at_once,
                "waiting": len(self.places.waiting),
            }

    # -- runs come and go

    def create(
        self, visitor: str, kind: str, spec: Spec, first_frames: tuple[bytes, bytes] | None = None, data: Any = None,
        upload_id: str = "",
    ) -> Job:  # fmt: skip
        """A new run, ready to be played. It holds no place; of those never played, only a visitor's newest are kept."""
        job = Job(kind, spec, visitor=visitor, data=data, upload=upload_id, first_frames=first_frames)
        with self.lock:
            self._hold(job)
            idle = [held for held in self.held.values() if held.job.status == "ready" and not held.job.carried]
            own = [held for held in idle if held.job.visitor == visitor]
            heavy = [held for held in idle if held.job.data is not None]
            for runs, most in ((own, READY_PER_VISITOR), (heavy, READY_WITH_TABLE), (idle, READY_IN_ALL)):
                for held in runs[: max(0, len(runs) - most)]:
                    if not held.viewers or runs is not own:
                        self.held.pop(held.job.id, None)
        return job

    def get(self, run_id: str, visitor: str) -> Job:
        """A visitor's run as it is in memory; raises ``RunNotFound`` (see ``open`` for stored ones)."""
        return self._mine(run_id, visitor).job

    def open(self, run_id: str, visitor: str) -> Job:
        """A visitor's run, brought back from the store where it is no longer in memory.

        It shows its last picture, holds no place, and goes on at the next Play or Step.

        Raises:
            RunNotFound: There is none, or it is someone else's.
            PlaygroundError: It cannot be brought back (its table is gone, a setting is no longer allowed).
        """
        with self.lock:
            if run_id in self.held:
                return self._mine(run_id, visitor).job
        stored = self.store.load(run_id, visitor)
        spec_type = names.resolve(stored.kind, self._specs)
        spec = spec_type.from_dict(stored.spec, self.settings.mode)
        data = None
        if stored.upload_id:
            if self._find_data is None:
                raise RunNotFound("The table this run was trained on is no longer here; upload it and start a new run.")
            data = self._find_data(stored.upload_id, visitor, spec)
        job = Job(stored.kind, spec, visitor=visitor, data=data, upload=stored.upload_id, id=run_id)
        unpack_into(job, stored.state)
        with self.lock:
            if run_id not in self.held:
                self._hold(job).written = True
            return self._mine(run_id, visitor).job

    def jobs(self, visitor: str) -> list[Job]:
        """A visitor's runs in memory, the oldest first."""
        with self.lock:
            return [held.job for held in self.held.values() if held.job.visitor == visitor]

    def delete(self, run_id: str, visitor: str) -> None:
        """End a run and forget it, in the store too."""
        with self.lock:
            if run_id in self.held:
                held = self._mine(run_id, visitor)
                held.job.cancel()
                self.places.leave_queue(held)
                del self.held[run_id]
            self.places.admit()
        self.store.delete(run_id, visitor)

    # -- what a visitor asks

    def command(self, job_id: str, visitor: str, cmd: str, value: Any = None) -> None:
        """Carry out what a browser (or a page) asks of a run; returns at once.

        Args:
            job_id: Which run.
            visitor: Who asks.
            cmd: play, pause, step, epoch, reset, restore, speed, look, edit, test or inside.
            value: For ``speed``, ``look`` and ``edit``: the browser's message (``{"value": 5}``, ``{"axes": [0, 1]}``), or the
                bare number of a speed.

        Raises:
            RunNotFound: No such run of this visitor's.
            QueueFull: No place, and too many wait for one.
            QuotaReached: The visitor has as many runs as a visitor may.
            InputError: Not a speed, not a view.
            PlaygroundError: No such command.
        """
        with self.lock:
            held = self._mine(job_id, visitor)
            job = held.job
            held.told(cmd)
            match cmd:
                case "play" | "step" | "epoch":
                    self.places.go(held, cmd)
                case "pause":
                    self._pause(held)
                case "reset":
                    self._again(held)
                case "restore":
                    job.send(Restore())
                case "speed":
                    job.speed(speed_of(value["value"] if isinstance(value, Mapping) and "value" in value else value))
                case "look":
                    job.send(Look(view_of(value)))
                    self.places.open(held)
                case "edit":
                    self._ask(held, edit_of(value))
                case "test":
                    self._ask(held, OpenTest())
                case "inside":
                    if not held.looking:  # one answer serves all who ask meanwhile
                        self._ask(held, Dissect())
                case _:
                    raise PlaygroundError(f"A run knows no command '{cmd[:40]}'.")

    def change(self, job_id: str, visitor: str, settings: Mapping[str, Any]) -> None:
        """New values for settings that may change mid-run (checked by the page: ``Spec.live_changes``)."""
        with self.lock:
            held = self._mine(job_id, visitor)
            held.told("change")
            held.written = False
            held.job.send(Change(settings))

    def respec(
        self, job_id: str, visitor: str, spec: Spec, first_frames: tuple[bytes, bytes] | None = None, data: Any = None,
        upload_id: str = "",
    ) -> None:  # fmt: skip
        """Another experiment under the same id: it stands at its beginning, in its place if it has one."""
        with self.lock:
            held = self._mine(job_id, visitor)
            held.told("reset")
            self._again(held, spec, first_frames, data, upload_id)

    # -- who is there

    def watching(self, job_id: str, change: int) -> None:
        """A canvas that shows the run was opened (+1) or is gone (-1)."""
        with self.lock:
            if (held := self.held.get(job_id)) is not None:
                held.viewers = max(0, held.viewers + change)
                held.seen = held.watched = time.monotonic()

    def claim(self, job_id: str, session: str = "") -> None:
        """A session has the run on a page of its own: called at each rerun, it need not be counted."""
        with self.lock:
            if (held := self.held.get(job_id)) is not None:
                held.claims.add(session)
                held.seen = time.monotonic()

    def release(self, job_id: str, session: str = "") -> None:
        """The session is perhaps gone: unless it claims the run again or a canvas shows it, the run is stored."""
        with self.lock:
            if (held := self.held.get(job_id)) is not None and session in held.claims:
                held.claims.discard(session)
                held.seen = time.monotonic()

    def _mine(self, run_id: str, visitor: str) -> Held:
        with self.lock:
            held = self.held.get(run_id)
        if held is None or held.job.visitor != visitor:
            raise RunNotFound(_GONE)
        return held

    def _hold(self, job: Job) -> Held:
        job.carrier, job.on_answer = self.pool, self._hear
        held = self.held[job.id] = Held(job, time.monotonic())
        return held

    def _ask(self, held: Held, command: m.Ask) -> None:
        """Hand on what only a worker can do; one takes the run up for it if there is a place."""
        self.places.open(held)
        if not held.job.carried and held.job.status == "failed":
            raise InputError("This run has failed; press Play to start it again first.")
        if not held.job.carried:
            words = "No place is free to carry this out right now. Press Play to wait for one, then try again."
            held.job.rest(held.job.status, words, refused=True)
            raise QueueFull(words)
        held.written = False
        held.asked = (held.job.turn, held.job.insides) if isinstance(command, Dissect) else None
        held.job.send(command)

    def _pause(self, held: Held) -> None:
        held.pending = ""
        if held in self.places.waiting:
            self.places.leave_queue(held)
        else:
            held.job.pause()

    def _again(
        self, held: Held, spec: Spec | None = None, first_frames: tuple[bytes, bytes] | None = None, data: Any = None,
        upload_id: str = "",
    ) -> None:  # fmt: skip
        if held in self.places.waiting:
            self.places.leave_queue(held)
        held.storing, held.pending, held.written, held.saved_step = None, "", False, -1
        held.job.again(spec, first_frames, data=data, upload=upload_id)

    def _hear(self, job: Job, answer: m.Answer) -> None:
        """What a worker said of a run, from the executor's thread."""
        if not isinstance(answer, m.Kept | m.Failed | m.Lost):
            return
        with self.lock:
            held = self.held.get(job.id)
            if held is None or held.job is not job:
                return
            words, pending = held.storing, held.pending
            if isinstance(answer, m.Kept) and not answer.closed:
                return
            held.storing, held.until, held.pending, held.written = None, None, "", False
            if isinstance(answer, m.Kept):
                if words:
                    job.rest(held.resting, words)
                self._keeper.write(held)
                if pending:
                    self.places.take_up(held, pending)
            self.places.admit()
