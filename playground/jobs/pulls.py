"""Fetching models and reading them again: one after another in one thread of the web process, which has little to do for it.

A page asks and looks how far it is; whoever leaves finds it further when coming back. Only the owner of a server may fetch,
so on a public one everything here refuses, whoever asks and however.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from playground.catalog import folder as on_disk
from playground.catalog.card import Asset, Card, Hub
from playground.catalog.download import fetch
from playground.core.errors import ModelUnavailable, PlaygroundError, QueueFull

log = logging.getLogger("playground")

MOST_WAITING, REMEMBERED = 8, 32
IN_PUBLIC = (
    "This server is public: its models are fetched, checked and removed on its command line "
    "(playground models pull NAME), and this page only shows them."
)

What: TypeAlias = Literal["pull", "verify"]
State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Pull:
    """One download, or one reading of what was downloaded, as it stands.

    Attributes:
        card: The model.
        what: Which of both it is.
        state: How far it is in words of the program.
        done: Bytes so far, with what an earlier try had left.
        total: Bytes in all; 0 until that is known.
        speed: Bytes a second since it began; 0 until that is known.
        words: What happened, for a person: why it failed, or what was found.
    """

    card: Card
    what: What = "pull"
    state: State = "waiting"
    done: int = 0
    total: int = 0
    speed: float = 0.0
    words: str = ""

    @property
    def finished(self) -> bool:
        """Nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def failed(self) -> bool:
        """It ended otherwise than it should."""
        return self.state == "failed"

    @property
    def seconds_left(self) -> float:
        """How long still, at the speed so far; 0 where that is not known."""
        return (self.total - self.done) / self.speed if self.speed else 0.0


class _Cancelled(Exception):
    """Raised in the middle of a download, which keeps what it has."""


class Pulls:
    """All downloads of one server.

    Args:
        folder: The models folder.
        quota: Bytes that it may hold in all; 0 is no limit.
        offline: Whether nothing may be downloaded.
        allowed: Whether the visitors of this server may do any of this: ``False`` on a public one.
        arrived: Called after each download that ended well.
    """

    def __init__(
        self, folder: Path, quota: int, offline: bool, *, allowed: bool = True, arrived: Callable[[], object] = lambda: None
    ) -> None:  # fmt: skip
        self._folder, self._quota, self._offline = folder, quota, offline
        self.allowed, self._arrived = allowed, arrived
        self._lock = threading.Lock()
        self._states: OrderedDict[str, Pull] = OrderedDict()
        self._waiting: deque[str] = deque()
        self._stopping: set[str] = set()
        self._thread: threading.Thread | None = None

    def refuse(self) -> None:
        """Raise ``ModelUnavailable`` where visitors may not touch the models; what else changes them asks here, too."""
        if not self.allowed:
            raise ModelUnavailable(IN_PUBLIC)

    def start(self, card: Card, what: What = "pull") -> Pull:
        """Line a model up, and return how it stands; one that is under way already goes on.

        Raises:
            ModelUnavailable: This server's visitors may not, or there is nowhere to fetch it from.
            QueueFull: Too many wait.
        """
        self.refuse()
        if what == "pull" and not isinstance(card.source, Hub | Asset):
            raise ModelUnavailable(f"{card.title} is not downloaded: it {card.source}.")
        with self._lock:
            current = self._states.get(card.name)
            if current is not None and not current.finished:
                return current
            if len(self._waiting) >= MOST_WAITING:
                raise QueueFull(f"{len(self._waiting)} models wait already; try again when one of them is done.")
            made = Pull(card, what)
            self._keep(made)
            self._waiting.append(card.name)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="pulls", daemon=True)
                self._thread.start()
            return made

    def state(self, name: str) -> Pull | None:
        """How a model's last download or reading stands; ``None`` where there was none lately."""
        with self._lock:
            return self._states.get(name)

    def states(self) -> tuple[Pull, ...]:
        """All of them, the latest last."""
        with self._lock:
            return tuple(self._states.values())

    def busy(self) -> bool:
        """Whether anything waits or is under way."""
        return any(not one.finished for one in self.states())

    def cancel(self, name: str) -> None:
        """Take a model out of the line, or end its download; what has arrived is kept for the next try."""
        self.refuse()
        with self._lock:
            current = self._states.get(name)
            if current is None or current.finished:
                return
            if current.state == "waiting":
                self._waiting.remove(name)
                self._keep(replace(current, state="cancelled", words="Taken out of the line."))
            else:
                self._stopping.add(name)

    def forget(self, name: str) -> None:
        """Drop what is remembered of a model's last download, once it is done with."""
        with self._lock:
            if name in self._states and self._states[name].finished:
                del self._states[name]

    def stop(self, seconds: float = 2.0) -> None:
        """End everything; what has arrived is kept."""
        with self._lock:
            self._waiting.clear()
            self._stopping |= {name for name, one in self._states.items() if one.state == "running"}
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _keep(self, pull: Pull) -> None:
        """Remember how one stands; the oldest that is finished is forgotten first. Call it with the lock."""
        self._states[pull.card.name] = pull
        self._states.move_to_end(pull.card.name)
        over = [name for name, one in self._states.items() if one.finished][: max(0, len(self._states) - REMEMBERED)]
        for name in over:
            del self._states[name]

    def _work(self) -> None:
        """The thread: until nothing waits any more."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                name = self._waiting.popleft()
                self._stopping.discard(name)
                pull = replace(self._states[name], state="running")
                self._keep(pull)
            state, words = self._carry_out(pull)
            with self._lock:
                self._stopping.discard(name)
                self._keep(replace(self._states[name], state=state, words=words))

    def _carry_out(self, pull: Pull) -> tuple[State, str]:
        """Do it, and say how it ended."""
        progress = self._progress(pull.card.name)
        try:
            if pull.what == "verify":
                problems = on_disk.verify(pull.card, self._folder, progress)
                words = " ".join(problems) or "Every file was read again and is as it was fetched."
                return "failed" if problems else "done", words
            record = fetch(pull.card, self._folder, quota=self._quota, offline=self._offline, progress=progress)
            self._arrived()
            return "done", f"{record.bytes / 1e6:,.1f} MB are on disk."
        except _Cancelled:
            kept = " What arrived is kept: the next download goes on from there." if pull.what == "pull" else ""
            return "cancelled", f"Stopped.{kept}"
        except PlaygroundError as error:
            return "failed", str(error)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("reference %s: fetching or reading %s failed", reference, pull.card.name)
            return "failed", f"Something went wrong that is not your doing (reference {reference})."

    def _progress(self, name: str) -> Callable[[int, int], None]:
        began, first = time.monotonic(), -1

        def tell(done: int, total: int) -> None:
            nonlocal first
            first = done if first < 0 else first
            with self._lock:
                if name in self._stopping:
                    raise _Cancelled
                seconds = time.monotonic() - began
                speed = (done - first) / seconds if seconds > 0.2 else 0.0
                self._states[name] = replace(self._states[name], done=done, total=total, speed=speed)

        return tell
