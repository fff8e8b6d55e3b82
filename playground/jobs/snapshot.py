"""A job at one moment: what pages read, and the words and numbers the web process writes into a picture."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from playground.core import frames
from playground.jobs import messages as m
from playground.specs.spec import Spec

if TYPE_CHECKING:
    from playground.jobs.job import Job

log = logging.getLogger("playground")

Status: TypeAlias = Literal["ready", "queued", "playing", "paused", "diverged", "done", "stored", "failed"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A job at one moment; never changes afterwards.

    Attributes:
        status: See ``Status``.
        metrics: The newest ones.
        history: Epoch and metrics, at most 2,000 points, the first and the newest among them.
        message: Words for a person: why it failed, diverged, waits or was stopped.
        position: Place in the queue, from 1; ``None`` when not waiting.
        device: As a person reads it; empty until a worker has opened the run.
        rate: Epochs a second.
        speed: Steps a second that are wanted; 0 is flat out.
    """

    id: str
    kind: str
    spec: Spec
    status: Status
    epoch: int = 0
    step: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    history: tuple[m.Point, ...] = ()
    message: str = ""
    position: int | None = None
    device: str = ""
    rate: float = 0.0
    speed: float = 0.0


class Carrier(Protocol):
    """What carries jobs out; see ``playground.jobs.executors``."""

    def launch(self, job: Job) -> None:
        """Begin to carry a job, from its state if it has one."""

    def tell(self, job: Job, request: m.Request) -> None:
        """Hand a request on; never waits."""

    def wait(self, job: Job, until: Callable[[Snapshot], bool], seconds: float) -> bool:
        """Let the job go on until a condition holds; ``False`` when the time is over first."""


def retouch(frame: bytes, **values: Any) -> bytes:
    """The same frame with other words or numbers in its header: what the web process knows and no worker packed."""
    header, blocks = frames.unpack(frame)
    kind = header.pop("kind")
    header.pop("blocks")
    return frames.pack(kind, {**header, **values}, blocks)


class Bell:
    """Who is to be told when a job changes, from whatever thread it changes in."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock, self._changed = lock, threading.Condition(lock)
        self._callbacks: dict[object, Callable[[], None]] = {}

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """See ``Job.subscribe``."""
        key = object()
        with self._lock:
            self._callbacks[key] = callback
        return lambda: self._unsubscribe(key)

    def anyone(self) -> bool:
        """Whether somebody has subscribed."""
        return bool(self._callbacks)

    def ring(self) -> None:
        """Tell everyone."""
        with self._lock:
            self._changed.notify_all()
            callbacks = list(self._callbacks.values())
        for callback in callbacks:
            try:
                callback()
            except Exception:  # a viewer's trouble must not end the thread that brings everybody's frames
                log.exception("a subscriber of a run failed")

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Sleep until a condition holds after some change; ``False`` when the time is over first."""
        end = time.monotonic() + seconds
        with self._lock:
            while not until():
                left = end - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return until()
        return True

    def _unsubscribe(self, key: object) -> None:
        with self._lock:
            self._callbacks.pop(key, None)
