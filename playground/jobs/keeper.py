"""Housekeeping, once a second: who is gone, whose time is up, what must be saved, how much memory is used."""

from __future__ import annotations

import gc
import logging
import queue
import threading
import time
from typing import TYPE_CHECKING

from playground.jobs.held import Held, minutes
from playground.jobs.shelf import packed

if TYPE_CHECKING:
    from playground.jobs.manager import Manager

log = logging.getLogger("playground")

ANSWER_SECONDS = 20.0  # a step takes milliseconds: a trainer that owes its answer for so long hangs
AUTOSAVE_SECONDS = 10.0
READY_SECONDS = 3600.0  # how long a run that was never played is kept for a visitor who seems to be gone
_LARGE_STATE = 10_000_000
_COLLECT_SECONDS, _PRUNE_SECONDS, _STOP_SECONDS = 60.0, 3600.0, 3.0


def _pause(state: bytes | None) -> float:
    """Seconds between two savings of a run: longer where its state is large, so that the pipe is not full of them."""
    return AUTOSAVE_SECONDS * max(1.0, len(state or b"") / _LARGE_STATE)


class Keeper:
    """The thread that looks after a manager's runs, and writes them to the store."""

    def __init__(self, manager: Manager) -> None:
        self._manager = manager
        self._to_write: queue.SimpleQueue[Held | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._pause = min(1.0, max(0.05, manager.settings.grace_seconds / 5))
        self._collected = self._pruned = time.monotonic()

    def start(self) -> None:
        """Begin; does nothing the second time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="housekeeping", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Store every run that a worker carries, then end."""
        manager = self._manager
        if self._thread is not None:
            self._to_write.put(None)
            self._thread.join()
            self._thread = None
        with manager.lock:
            manager.places.waiting.clear()
            carried = [held for held in manager.held.values() if held.job.carried]
            for held in carried:
                manager.places.put_away(held)
        deadline = time.monotonic() + _STOP_SECONDS
        for held in carried:
            held.job.wait_changed(lambda _, job=held.job: not job.carried, max(0.0, deadline - time.monotonic()))  # type: ignore[misc]
        for held in list(manager.held.values()):
            if held.job.state is not None and not held.written:
                self._write(held)

    def write(self, held: Held) -> None:
        """Have a run written to the store: by the thread, so that no worker's frames wait for a disk."""
        if self._thread is None:
            self._write(held)
        else:
            self._to_write.put(held)

    def look_round(self) -> None:
        """One round of housekeeping."""
        manager, now = self._manager, time.monotonic()
        with manager.lock:
            for held in list(manager.held.values()):
                if held.there:
                    held.seen = now
                if held.viewers:
                    held.watched = now
                if held.job.status == "playing" or not held.job.opened:
                    held.active = now
                if held.job.carried:
                    self._look_at_carried(held, now)
                else:
                    self._look_at_resting(held, now)
        manager.pool.check_memory()
        if now - self._collected > _COLLECT_SECONDS:  # Streamlit's own collection after each page run is off
            self._collected = now
            gc.collect()
        if now - self._pruned > _PRUNE_SECONDS:
            self._pruned = now
            for prune in (manager.store.prune, *manager.prunes):
                prune()

    def _look_at_carried(self, held: Held, now: float) -> None:
        manager, job, settings = self._manager, held.job, self._manager.settings
        if held.storing is not None:
            if now - held.saved > ANSWER_SECONDS:
                manager.pool.give_up(job)
            return
        unwatched = now - max(held.active, held.watched) >= settings.unwatched_seconds
        idle = now - held.active >= settings.unwatched_seconds
        if now - held.seen >= settings.grace_seconds and not held.there:
            manager.places.put_away(held)
        elif job.status == "playing" and held.until is not None and now >= held.until:
            manager.places.put_away(
                held,
                f"Stopped at the time limit: a run trains {minutes(settings.run_seconds)} at a stretch here. "
                "Press Play to go on from this point.",
            )
        elif job.status != "playing" and (unwatched or (idle and manager.places.waiting)):
            manager.places.put_away(held)
        elif job.status != "diverged" and now - held.saved >= _pause(job.state) and job.at[1] != held.saved_step:
            held.saved, held.saved_step = now, job.at[1]
            job.save()

    def _look_at_resting(self, held: Held, now: float) -> None:
        manager, job = self._manager, held.job
        gone = not held.there and now - held.seen >= manager.settings.grace_seconds
        if not gone:
            return
        manager.places.leave_queue(held)
        if job.state is not None and not held.written:
            held.seen = now  # comes round again if the store fails
            self._to_write.put(held)
        elif job.state is not None or now - held.seen >= READY_SECONDS:
            del manager.held[job.id]

    def _work(self) -> None:
        next_round = time.monotonic()
        while True:
            try:
                held = self._to_write.get(timeout=max(0.001, next_round - time.monotonic()))
            except queue.Empty:
                next_round = time.monotonic() + self._pause
                try:
                    self.look_round()
                except Exception:  # the next round must come all the same
                    log.exception("housekeeping failed")
                continue
            if held is None:
                return
            self._write(held)

    def _write(self, held: Held) -> None:
        manager, job = self._manager, held.job
        now = job.snapshot()
        summary = {"status": now.status, "epoch": now.epoch, "step": now.step, "metrics": dict(now.metrics)}
        try:
            manager.store.save(job.id, job.visitor, job.kind, job.spec.to_dict(), packed(job), job.upload, summary)
        except Exception:  # a full disk, say: the run stays in memory, and the others are served
            log.exception("run %s could not be stored", job.id)
            return
        with manager.lock:
            held.written = not job.carried
