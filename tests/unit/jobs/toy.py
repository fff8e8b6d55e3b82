"""A computation that counts: everything a real one does on the wire, without torch, and troubles to order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np

from playground.core import frames
from playground.core.errors import InputError
from playground.core.events import (
    Change,
    Command,
    Computation,
    Dissect,
    Dissected,
    Diverged,
    EpochEnded,
    Event,
    Finished,
    FrameReady,
    Look,
    Obeyed,
    Restore,
    Save,
    Saved,
    Show,
    Started,
    Stepped,
)
from playground.specs.bounds import Range, Words
from playground.specs.spec import Spec

ROOT = Path(__file__).parents[3]
COMPUTATIONS = {
    "toy": "tests.unit.jobs.toy:count",
    "slow": "tests.unit.jobs.toy:count",
    "missing": "tests.unit.jobs.nowhere:count",
}
SPECS = {"toy": "tests.unit.jobs.toy:ToySpec"}


@dataclass(frozen=True)
class ToySpec(Spec):
    """Counts to ``epochs`` times ``batches``; ``trouble`` comes at step ``at``."""

    KIND: ClassVar[str] = "toy"
    VERSION: ClassVar[int] = 1

    epochs: Annotated[int, Range(1, 10**9, whole=True, label="Epochs", live=True)] = 10**9
    batches: Annotated[int, Range(1, 1000, whole=True, label="Batches")] = 5
    lr: Annotated[float, Range(0, 10, label="Learning rate", live=True)] = 1.0
    seconds: Annotated[float, Range(0, 10, label="Seconds a step takes")] = 0.001
    trouble: Annotated[str, Words(label="What goes wrong")] = ""
    at: Annotated[int, Range(0, 10**9, whole=True, label="At which step")] = 7


class _Count:
    def __init__(self, spec: ToySpec, state: bytes | None, data: Any) -> None:
        self.spec, self.data = spec, data
        kept = json.loads(state) if state else {"step": 0, "total": 0.0}
        self.step, self.total = kept["step"], kept["total"]
        self.view: dict[str, Any] = {}
        self.diverged = False
        self.hog: list[Any] = []

    def advance(self) -> Event:
        if self.diverged:
            return Diverged(self.epoch, self.step, "The toy went astray.")
        if self.epoch >= self.spec.epochs:
            return Finished(self.epoch, self.step, {"total": self.total}, 0.0)
        time.sleep(self.spec.seconds)
        self.step += 1
        self.total += self.spec.lr
        if self.spec.trouble and self.step >= self.spec.at:
            self._trouble()
        if self.diverged:
            return Diverged(self.epoch, self.step, "The toy went astray.")
        if self.step % self.spec.batches:
            return Stepped(self.step, self.epoch)
        return EpochEnded(self.epoch, self.step, {"total": self.total})

    @property
    def epoch(self) -> int:
        return self.step // self.spec.batches

    def obey(self, command: Command) -> Event:
        match command:
            case Show(scene=scene, note=note):
                return FrameReady(tick(self, note), scene_of(self.spec) if scene else None)
            case Look(view=view):
                self.view.update(view)
                return Obeyed()
            case Change(settings=settings):
                self.spec = self.spec.replace(**settings)
                return Obeyed()
            case Save():
                return Saved(json.dumps({"step": self.step, "total": self.total}).encode())
            case Dissect():
                return self.inside()
            case Restore():
                self.step, self.diverged = self.spec.batches, False
                return Obeyed("Back at epoch 1.")

    def inside(self) -> Event:
        if self.diverged:
            return Obeyed("There is no next step.")
        nothing, one = np.zeros(0), (np.full((1, 1), self.total),)
        return Dissected(
            self.epoch, self.step, nothing, 0, self.spec.batches, nothing, nothing, (), (), one, (), (), (), one, (),
            "identity", "mse", "sgd", {"lr": self.spec.lr},
        )  # fmt: skip

    def _trouble(self) -> None:
        print("a library that prints")  # must not reach the wire
        match self.spec.trouble:
            case "raise":
                raise ZeroDivisionError("the toy broke")
            case "words":
                raise InputError("The toy is out of numbers; give it more.")
            case "diverge":
                self.diverged = True
            case "hog":
                self.hog.append(np.ones(4_000_000))  # 32 MB a step


def count(spec: ToySpec, *, state: bytes | None = None, data: Any = None) -> Computation:
    """The computation."""
    counter = _Count(spec, state, data)
    command = yield Started("toy", counter.epoch, counter.step)
    while True:
        command = yield (counter.advance() if command is None else counter.obey(command))


def tick(counter: _Count, note: Any) -> bytes:
    """A picture of a counter."""
    header = {"epoch": counter.epoch, "step": counter.step, "total": counter.total, "view": counter.view, **note}
    return frames.pack("toy.tick", header | {"data": counter.data}, {"bar": np.full(3, counter.step % 256, np.uint8)})


def scene_of(spec: ToySpec) -> bytes:
    """What stays the same."""
    return frames.pack("toy.scene", {"batches": spec.batches}, {})


def first_frames(spec: ToySpec) -> tuple[bytes, bytes]:
    """What a page draws before any worker has the run."""
    return scene_of(spec), tick(_Count(spec, None, None), {"status": "ready", "message": "", "position": None})


def header(frame: bytes | None) -> dict[str, Any]:
    """The header of a frame."""
    assert frame is not None
    return frames.unpack(frame)[0]


@contextmanager
def viewer(job: Any) -> Iterator[list[tuple[float, bytes]]]:
    """A browser that draws each new picture at once and asks for the next: time and tick of all it saw."""
    seen: list[tuple[float, bytes]] = []

    def look() -> None:
        if job.tick is not None and (not seen or seen[-1][1] is not job.tick):
            seen.append((time.monotonic(), job.tick))
            job.want()

    leave = job.subscribe(look)
    job.want()
    try:
        yield seen
    finally:
        leave()
