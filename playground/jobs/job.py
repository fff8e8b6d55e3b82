"""One run as the web process knows it: what it is, how far it is, what it looks like now.

A job is fed by an executor from a thread of its own and read by pages and by the WebSocket route; every method may be
called from any thread, and none waits for the worker (but ``wait``, whose purpose that is).
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from playground.core.events import Change, Dissected, Look
from playground.jobs import messages as m
from playground.jobs.progress import Progress
from playground.jobs.snapshot import Bell, Carrier, Snapshot, Status, retouch
from playground.specs.spec import Spec

log = logging.getLogger("playground")


class Job:
    """A run and the handle on it. Made by ``Manager.create`` or ``Executor.submit``.

    Attributes:
        id: Unguessable; part of links and of the WebSocket's address.
        visitor: Whose it is.
        kind: Key of ``names.COMPUTATIONS``.
        data: The visitor's own table, if any.
        upload: Under which id that table is kept.
        state: Where the run goes on when it is launched next; ``None``: at its beginning.
        view: Where it is looked at from, as ``Look`` said.
        first: Scene and tick of its beginning, as the page gave them.
        scene, tick, serial: The newest packed frames, a new picture a new object; how many ticks there were.
        inside, insides: What the next step was to do when that was asked last, or why there was none (before: None); how often.
        carried: A worker holds it, which takes a place.
        opened: That worker has begun it: what takes seconds at first, while libraries are imported, is over.
    """

    def __init__(
        self, kind: str, spec: Spec, *, visitor: str = "", data: Any = None, upload: str = "", state: bytes | None = None,
        first_frames: tuple[bytes, bytes] | None = None, carrier: Carrier | None = None, id: str = "",
    ) -> None:  # fmt: skip
        self.id = id or secrets.token_urlsafe(16)
        self.visitor, self.kind, self.data, self.upload, self.state = visitor, kind, data, upload, state
        self.carrier, self.carried, self.opened, self.turn, self.serial, self.insides = carrier, False, False, 0, 0, 0
        self.scene: bytes | None = None
        self.tick: bytes | None = None
        self.inside: Dissected | str | None = None
        self.on_answer: Callable[[Job, m.Answer], None] | None = None
        self._lock = threading.RLock()
        self._bell = Bell(self._lock)
        self.view, self._spec, self._speed = dict[str, Any](), spec, 0.0
        self._status: Status = "stored" if state else "ready"
        self._message, self._device, self._rate = "", "", 0.0
        self._position: int | None = None
        self._progress, self._wanted, self._played = Progress(), False, -1
        self.first = first_frames
        if first_frames:
            self._paint(*first_frames)

    # -- what it is now

    @property
    def spec(self) -> Spec:
        """The experiment, with the changes made mid-run."""
        return self._spec

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self._status

    @property
    def at(self) -> tuple[int, int]:
        """Epoch and step."""
        return self._progress.epoch, self._progress.step

    def snapshot(self) -> Snapshot:
        """Everything about it at this moment."""
        with self._lock:
            done = self._progress
            return Snapshot(
                self.id, self.kind, self._spec, self._status, done.epoch, done.step, done.metrics, done.history(),
                self._message, self._position, self._device, self._rate, self._speed,
            )  # fmt: skip

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have ``callback`` called after each change, from some thread, until the returned function is called.

        A callback must be short and must not wait: frames of other runs come through the same thread.
        """
        return self._bell.subscribe(callback)

    def wait(self, until: Callable[[Snapshot], bool], seconds: float = 30.0) -> Snapshot:
        """Wait until a condition holds; an inline run is carried on meanwhile, in this thread.

        Raises:
            TimeoutError: It did not happen in time, or cannot any more because the run failed.
        """
        if self.carrier is not None:
            self.carrier.wait(self, lambda now: until(now) or now.status == "failed", seconds)
        now = self.snapshot()
        if not until(now):
            raise TimeoutError(f"the run is still {now.status} at step {now.step}. {now.message}".rstrip())
        return now

    def wait_changed(self, until: Callable[[Snapshot], bool], seconds: float) -> bool:
        """Sleep until a condition holds after some change (for executors whose runs live elsewhere)."""
        return self._bell.wait(lambda: until(self.snapshot()), seconds)

    # -- what may be asked of it

    def play(self) -> None:
        """Train until told otherwise."""
        self._played = self._ask(lambda turn: m.Play(self.id, turn))

    def pause(self) -> None:
        """Stand still."""
        if self.carried:
            self._ask(lambda turn: m.Pause(self.id, turn))

    def advance(self, unit: m.Unit = "step") -> None:
        """Do one step, or go to the end of the epoch, then stand still."""
        self._ask(lambda turn: m.Advance(self.id, turn, unit))

    def open(self) -> None:
        """Have a worker take it up, without training."""
        self._ask(None)

    def send(self, command: m.Ask) -> None:
        """Change settings, look elsewhere (both remembered where no worker holds it), and what else may be asked."""
        with self._lock:
            if isinstance(command, Change):
                self._spec = self._spec.replace(**command.settings)
            if isinstance(command, Look):
                self.view.update(command.view)
        if self.carried:
            self._ask(lambda turn: m.Tell(self.id, turn, command))

    def speed(self, value: float) -> None:
        """Steps a second that are wanted; 0 is flat out."""
        self._speed = value
        if self.carried:
            self._ask(lambda turn: m.Speed(self.id, turn, value))
        else:
            self._repaint(speed=value)
            self._bell.ring()

    def want(self, scene: bool = False) -> None:
        """Ask for the next frame; it comes when there is something new to see, 20 a second at most."""
        if self.carried:
            self._ask(lambda turn: m.Want(self.id, turn, scene))
        else:
            self._wanted = True

    def save(self, close: bool = False) -> None:
        """Ask for the state; with ``close`` the worker lets go of the run at that point."""
        if self.carried:
            self._ask(lambda turn: m.Keep(self.id, turn, close))

    def cancel(self) -> None:
        """Take the run from its worker; what it learnt since it was last saved is lost."""
        if self.carried:
            self._ask(lambda turn: m.Close(self.id, turn))
            with self._lock:
                self.carried, self.turn = False, self.turn + 1
            self.rest("stored" if self.state else "ready")

    def again(
        self, spec: Spec | None = None, first_frames: tuple[bytes, bytes] | None = None, *, data: Any = None, upload: str = ""
    ) -> None:  # fmt: skip
        """Back to the beginning: of the same experiment, or of another one under the same name."""
        with self._lock:
            if spec is not None:
                self._spec, self.data, self.upload, self.view = spec, data, upload, {}
                self.first = first_frames
            self.state, self._progress = None, Progress()
            self._message, self._rate, self.inside = "", 0.0, None
            if self._status != "queued":
                self._status = "ready"
            if self.first:
                self._paint(*self.first)
                self._repaint(status=self._status, position=self._position, speed=self._speed)
            carried = self.carried
            self.turn += carried
        if carried and self.carrier:
            self._launch(self.carrier)
        self._bell.ring()

    def rest(self, status: Status, message: str = "", position: int | None = None, *, refused: bool = False) -> None:
        """Say how a job stands that no worker holds (or not yet); ``refused``: the words answer a wish not granted."""
        with self._lock:
            self._settle(status, message, position, refused=refused)
        self._bell.ring()

    # -- between executor, store and job

    def recall(
        self, *, state: bytes | None, scene: bytes | None, tick: bytes | None, first: tuple[bytes, bytes] | None,
        header: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Stand where a stored run stood (see ``shelf.packed``)."""
        with self._lock:
            self.state, self.first = state, first
            for epoch, metrics in header["history"]:
                self._progress.add((int(epoch), metrics))
            self._progress.epoch, self._progress.step = header["epoch"], header["step"]
            self._progress.metrics = header["metrics"]
            self.view, self._speed, self._device = dict(header["view"]), header["speed"], header["device"]
            if tick is not None:
                self._paint(scene, tick)
            self._settle("stored")

    def start(self) -> m.Start:
        """The message that begins this turn of the run in a worker."""
        with self._lock:
            return m.Start(
                self.id, self.turn, self.kind, self._spec, self.state, self.data, dict(self.view), self._speed
            )

    def receive(self, answer: m.Answer) -> None:
        """Take in what a worker said; anything from an earlier turn is dropped."""
        with self._lock:
            if answer.turn != self.turn or not self.carried:
                return
            self._take(answer)
        if self.on_answer and not isinstance(answer, m.Picture):
            self.on_answer(self, answer)
        self._bell.ring()

    def _take(self, answer: m.Answer) -> None:
        match answer:
            case m.Picture(frame=tick, scene=scene):
                self._paint(scene, tick)
            case m.Update():
                self._progress.update(answer)
                early = answer.status == "ready" and self._played == self.turn  # said before the worker heard of Play
                self._status, self._position = "playing" if early else answer.status, None
                self._rate, self._message = answer.rate, answer.message
            case m.Opened(device=device, epoch=epoch, step=step):
                self._device, self.opened = device, True
                self._progress.rewind(epoch, step)
            case m.Inside(found=found):
                self.inside, self.insides = found, self.insides + 1
            case m.Kept(state=state, closed=closed, step=step):
                self.state = state if step or self.state else None
                if closed:
                    self.carried = False
                    self._settle("stored" if self.state else "ready", self._message)
            case m.Failed(words=words, reference=reference, trace=trace):
                if trace:
                    log.error("reference %s: run %s failed\n%s", reference, self.id, trace)
                words = words or f"Something went wrong inside the training (reference {reference})."
                self._fail(words)
            case m.Lost(words=words):
                self._fail(words)

    def _settle(self, status: Status, message: str = "", position: int | None = None, *, refused: bool = False) -> None:
        self._status, self._message, self._position, self._rate = status, message, position, 0.0
        self._repaint(status=status, message=message, position=position, rate=0.0, speed=self._speed, refused=refused)

    def _fail(self, words: str) -> None:
        self.carried = False
        again = "from the last saved state" if self.state else "from the beginning"
        self._settle("failed", f"{words} Press Play to start again {again}.")

    def _ask(self, request: Callable[[int], m.Request] | None) -> int:
        if self.carrier is None:
            raise RuntimeError("this job has no executor")
        with self._lock:
            launch = not self.carried
            if launch:
                self.carried, self.turn = True, self.turn + 1
                if self._status in ("failed", "queued", "stored"):
                    self._settle("paused" if self.state else "ready")
            turn = self.turn
        if launch:
            self._launch(self.carrier)
        if request is not None:
            self.carrier.tell(self, request(turn))
        return turn

    def _launch(self, carrier: Carrier) -> None:
        self.opened = False
        carrier.launch(self)
        if self._wanted or self._bell.anyone():
            self._wanted = False
            carrier.tell(self, m.Want(self.id, self.turn, True))

    def _paint(self, scene: bytes | None, tick: bytes) -> None:
        self.scene = scene or self.scene
        self.tick = tick
        self.serial += 1

    def _repaint(self, **values: Any) -> None:
        if self.tick is not None:
            self._paint(None, retouch(self.tick, **values))
