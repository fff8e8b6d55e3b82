"""The inference worker: ``python -m playground.jobs.inference_worker``, started by ``playground.jobs.inference`` alone.

It holds the pretrained models and answers batches of questions, one at a time in each lane: what takes a moment is not held
up by what takes seconds or minutes. As in ``playground.jobs.worker``, what a library prints goes to the log, and it ends
when its parent does: its standard input then closes.
"""

from __future__ import annotations

import argparse
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

from playground.core.errors import Stopped
from playground.jobs import inference_messages as i
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.answering import answered

log = logging.getLogger("playground")

SWEEP_SECONDS = 30.0
QUIET_SECONDS = 4.0
"""So long nobody must have asked anything before models are made quicker."""

GIVE_WAY_SECONDS = 2.0
"""So long at most a clip or a table waits for quick questions each time it tells how far it is: it must get on all the same."""

_NICENESS = 5  # after the pages, before the trainers


class InferenceWorker:
    """Threads around one desk: one for each lane of questions, and one that keeps house.

    Args:
        tasks: Name of a task to ``module:function``.
        desk: ``module:function`` that makes the desk of settings and folder.
        warm: Modules to import before the first question.
        later: Modules to import when nobody has asked anything for a while.
        answers: The pipe to the parent.
    """

    def __init__(
        self, tasks: Mapping[str, str], desk: str, warm: Sequence[str], later: Sequence[str], answers: BinaryIO
    ) -> None:
        self._tasks, self._make, self._modules, self._later = tasks, desk, warm, list(later)
        self._answers, self._writing = answers, threading.Lock()
        self._desk: Any = None
        self._lanes: dict[str, queue.SimpleQueue[i.Batch]] = {lane: queue.SimpleQueue() for lane in names.LANES}
        self._orders: queue.SimpleQueue[i.Evict | i.Pin] = queue.SimpleQueue()
        self._at_work: set[str] = set()
        self._wanted: set[int] = set()  # batches that somebody waits for
        self._used, self._improvable = time.monotonic(), False

    def work(self, pipe: BinaryIO) -> None:
        """Answer what comes in until the parent is gone."""
        begin = m.read(pipe)
        if not isinstance(begin, i.Begin):
            return
        self._send(self._prepare(begin))
        for lane in names.LANES:
            threading.Thread(target=self._answer_all, args=(lane,), name=lane, daemon=True).start()
        threading.Thread(target=self._keep_house, name="housekeeping", daemon=True).start()
        while (request := m.read(pipe)) is not None:
            if isinstance(request, i.Stop):
                self._wanted.discard(request.number)
            elif isinstance(request, i.Batch):
                self._wanted.add(request.number)
                self._lanes[request.lane].put(request)
            else:
                self._orders.put(request)
        self._carefully("closed", lambda: self._desk.close())

    def _prepare(self, begin: i.Begin) -> i.Begun:
        """Import what answers: libraries take seconds for that, which nobody who asks should wait for."""
        try:
            for module in self._modules:
                names.located(f"{module}:__name__")
            self._desk = names.located(self._make)(begin.settings, begin.folder)
        except Exception:  # noqa: BLE001 - told to the parent, which logs it; each question will fail with a reference
            return i.Begun(traceback.format_exc())
        return i.Begun()

    def _answer_all(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while True:
            try:
                batch = waiting.get(timeout=QUIET_SECONDS if lane == "slow" else None)
            except queue.Empty:
                if lane == "slow" and not self._at_work and time.monotonic() - self._used >= QUIET_SECONDS:
                    self._use_the_quiet()
                continue
            self._at_work.add(lane)
            try:
                self._answer(batch)
            finally:
                self._at_work.discard(lane)
                self._used, self._improvable = time.monotonic(), True
            del batch  # the next may be long in coming, and pictures are large

    def _use_the_quiet(self) -> None:
        """Get ready for more, one thing at a time: a question may come at any moment."""
        if self._later:
            module = self._later.pop(0)
            self._carefully("got ready", lambda: names.located(f"{module}:__name__"))
        elif self._improvable:
            self._improvable = bool(self._carefully("made quicker", lambda: self._desk.improve()))
            self._tell_standing()

    def _answer(self, batch: i.Batch) -> None:
        number = batch.number
        self._send(i.Said(number, ""))

        def say(words: str) -> None:
            self._send(i.Said(number, words))
            if batch.lane in names.LONG:
                self._give_way()
            if number not in self._wanted:
                raise Stopped("Nobody waits for this any more.")

        where = self._tasks.get(batch.task, "")
        self._send(i.Answered(number, answered(where, self._desk, batch.card, batch.questions, say)))
        self._wanted.discard(number)
        self._tell_standing()

    def _give_way(self) -> None:
        """Wait while quick questions are answered."""
        until = time.monotonic() + GIVE_WAY_SECONDS
        while ("quick" in self._at_work or not self._lanes["quick"].empty()) and time.monotonic() < until:
            time.sleep(0.01)

    def _keep_house(self) -> None:
        swept = time.monotonic()
        while True:
            try:
                order = self._orders.get(timeout=max(0.0, swept + SWEEP_SECONDS - time.monotonic()))
            except queue.Empty:
                swept = time.monotonic()
                self._carefully("swept", lambda: self._desk.sweep())
            else:
                self._carefully("told", lambda order=order: self._obey(order))  # type: ignore[misc]
            self._tell_standing()

    def _obey(self, order: i.Evict | i.Pin) -> None:
        match order:
            case i.Evict(name=name):
                self._desk.evict(name)
            case i.Pin(name=name, pinned=pinned):
                self._desk.pin(name, pinned)

    def _tell_standing(self) -> None:
        models = self._carefully("looked at", lambda: self._desk.standing())
        if models is not None:
            self._send(i.Standings(tuple(models)))

    def _carefully(self, what: str, do: Callable[[], Any]) -> Any:
        """Do something beside the questions; what goes wrong with it is only logged."""
        if self._desk is None:
            return None
        try:
            return do()
        except Exception:
            log.exception("the models could not be %s", what)
            return None

    def _send(self, answer: i.FromWorker) -> None:
        with self._writing:
            try:
                m.write(self._answers, answer)
            except OSError:  # the parent is gone
                os._exit(0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Work until standard input closes."""
    parser = argparse.ArgumentParser(description="The inference worker of the playground; started by its server.")
    parser.add_argument("--task", action="append", default=[], metavar="NAME=MODULE:FUNCTION")
    parser.add_argument("--desk", required=True, metavar="MODULE:FUNCTION")
    parser.add_argument("--warm", action="append", default=[], metavar="MODULE")
    parser.add_argument("--later", action="append", default=[], metavar="MODULE")
    given = parser.parse_args(arguments)
    added = dict(item.split("=", 1) for item in given.task)

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides when we end
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    tasks = {name: task.where for name, task in names.TASKS.items()} | added
    m.write(answers, m.Hello(os.getpid()))
    InferenceWorker(tasks, given.desk, given.warm, given.later, answers).work(sys.stdin.buffer)
    os._exit(0)  # libraries' own threads and exit handlers have nothing to tell any more


if __name__ == "__main__":
    main()
