"""The loop of a trainer process, in this very thread: whoever floods one run does not hold up the others."""

from __future__ import annotations

import io
import itertools
import queue
import time
from collections.abc import Callable
from typing import Any

import pytest

from playground.core.events import Command, Computation, Dissect, Edit, Obeyed, Show
from playground.jobs import messages as m
from playground.jobs import names, worker
from playground.jobs.worker import Worker
from tests.unit.jobs import toy
from tests.unit.jobs.toy import ToySpec

STEPS = 30


class Bench:
    """A worker with two runs that play, ended when b has done its steps.

    Attributes:
        log: What the computations did, in order: which run, and ``step`` or the command's name.
        each: Called at every step of b.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log: list[tuple[str, str]] = []
        self.each: Callable[[], object] = lambda: None
        self.requests: queue.SimpleQueue[m.ToWorker | None] = queue.SimpleQueue()
        monkeypatch.setattr(names, "computation", lambda *_: self.computation)
        self.worker = Worker({}, self.requests, io.BytesIO())

    def computation(self, spec: ToySpec, *, state: bytes | None = None, data: Any = None) -> Computation:
        inner = toy.count(spec, state=state, data=data)
        event = next(inner)
        while True:
            command: Command | None = yield event
            if not isinstance(command, Show):
                self.log.append((data, "step" if command is None else type(command).__name__))
            if isinstance(command, Edit):
                time.sleep(0.003)
                event = Obeyed()
            else:
                event = next(inner) if command is None else inner.send(command)
            if data == "b" and command is None:
                self.each()
                if self.log.count(("b", "step")) >= STEPS:
                    self.worker._ending = True

    def start(self, name: str) -> None:
        self.requests.put(m.Start(name, 1, "toy", ToySpec(seconds=0.001), data=name))
        self.requests.put(m.Play(name, 1))

    def flood(self, commands: list[m.Ask]) -> None:
        for command in commands:
            self.requests.put(m.Tell("a", 1, command))

    def between(self, what: tuple[str, str]) -> int:
        """How often something happened at most between two steps of b (and before its first)."""
        groups = itertools.groupby(one for one in self.log if one in (what, ("b", "step")))
        return max(len(list(group)) for one, group in groups if one == what)


def test_a_flood_of_looks_into_one_run_leaves_the_others_their_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.start("a")
    bench.start("b")
    bench.flood([Dissect()] * 2000)
    bench.each = lambda: bench.flood([Dissect()] * 100)
    bench.worker.work()
    assert bench.log.count(("b", "step")) >= STEPS
    assert 1 <= bench.log.count(("a", "Dissect")) <= 2 * STEPS
    assert bench.between(("a", "Dissect")) <= 2, "one in its turn, one with the news of all"
    assert ("a", "step") in bench.log


def test_costly_edits_of_one_run_take_its_own_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.start("a")
    bench.start("b")
    bench.flood([Edit(0, number, None, 1.0) for number in range(2000)])
    bench.worker.work()
    assert bench.log.count(("b", "step")) >= STEPS
    assert bench.log.count(("a", "step")) > 1, "and the run that is flooded trains on"
    # A slice has room for three edits of 3 ms, and one more may run over its end.
    assert 1 <= bench.between(("a", "Edit")) <= 4


def test_a_long_queue_is_taken_in_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    monkeypatch.setattr(worker, "SLICE_SECONDS", 0.0)
    bench.start("b")
    bench.start("a")
    bench.flood([Dissect()] * 2000)
    bench.worker.work()
    assert bench.log.count(("b", "step")) >= STEPS
    assert bench.requests.qsize() > 1000


def test_what_nobody_of_ours_is_told_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch)
    bench.flood([Dissect()] * 10)  # no such run
    bench.start("a")
    bench.requests.put(m.Tell("a", 0, Edit(0, 0, None, 1.0)))  # of an earlier turn
    bench.start("b")
    bench.worker.work()
    assert ("a", "Dissect") not in bench.log
    assert ("a", "Edit") not in bench.log
    assert not bench.worker._inboxes
