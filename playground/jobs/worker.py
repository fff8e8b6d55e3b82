"""A trainer process: ``python -m playground.jobs.worker``, started by ``playground.jobs.pool`` and by nobody else.

It reads requests from its standard input and answers on its standard output (of which it keeps a copy for itself:
whatever a library prints goes to the log). Many small runs share it, each for a slice of some milliseconds in turn. It
is niced, so that pages stay quick while it trains, and it ends when its parent does: its standard input then closes.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from playground.core.errors import PlaygroundError
from playground.core.events import Show, Started
from playground.jobs import messages as m
from playground.jobs import names
from playground.jobs.inbox import Inbox
from playground.jobs.run import FRAME_SECONDS, Run

SLICE_SECONDS = 0.010
_SHORTEST_SLICE = 0.002
_NICENESS = 10


class Worker:
    """The loop: listen, give each run its turn, give news; sleep while nothing is to be done.

    A request to a run is only noted when it comes, and carried out in that run's turn: whoever floods a run spends the
    time of that run, and the others have their slice in between.

    Args:
        computations: Kind to ``module:function``.
        requests: Where requests arrive; ``None`` means that the parent is gone.
        answers: The pipe to the parent.
    """

    def __init__(
        self, computations: Mapping[str, str], requests: queue.SimpleQueue[m.ToWorker | None], answers: BinaryIO
    ) -> None:
        self._computations, self._requests, self._answers = computations, requests, answers
        self._runs: dict[str, Run] = {}
        self._inboxes: dict[str, Inbox] = {}
        self._ending = False

    def work(self) -> None:
        """Work until the parent is gone."""
        while not self._ending:
            self._listen(wait=self._rest())
            playing = [name for name, run in self._runs.items() if run.due() is not None]
            turns = list(dict.fromkeys([*playing, *self._inboxes]))
            # With many runs the slices are shorter, so that each has its turn between two frames.
            share = max(_SHORTEST_SLICE, min(SLICE_SECONDS, FRAME_SECONDS / max(1, len(turns))))
            for name in turns:
                self._take_turn(name, share)
                self._listen(wait=0.0)
            for run in list(self._runs.values()):
                run.give_news()
            self._runs = {name: run for name, run in self._runs.items() if run.alive}
        for run in self._runs.values():
            run.close()

    def _rest(self) -> float | None:
        """Seconds until something is to be done; ``None``: until a request comes."""
        if self._inboxes:
            return 0.0
        times = [when for run in self._runs.values() for when in (run.due(), run.next_news()) if when is not None]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _take_turn(self, name: str, share: float) -> None:
        """Carry out what a run was told, then carry it on; what a slice has no time for waits for the next turn."""
        began = time.monotonic()
        inbox = self._inboxes.get(name)
        while inbox is not None and (request := inbox.take()) is not None:
            self._obey(request)
            if time.monotonic() >= began + share:
                break
        if not inbox:
            self._inboxes.pop(name, None)
        run, now = self._runs.get(name), time.monotonic()
        if run is not None and (due := run.due()) is not None and due <= now:
            run.advance(began + share)  # one step at least, so that nobody's wishes stop the training for good
            run.give_news()

    def _listen(self, wait: float | None) -> None:
        """Take requests in, for about a slice; the rest of them comes after the next run's turn."""
        try:
            request = self._requests.get(timeout=wait) if wait is None or wait > 0 else self._requests.get_nowait()
            until = time.monotonic() + SLICE_SECONDS
            self._take_in(request)
            while not self._ending and time.monotonic() < until:
                self._take_in(self._requests.get_nowait())
        except queue.Empty:
            return

    def _take_in(self, request: m.ToWorker | None) -> None:
        match request:
            case None:
                self._ending = True
            case m.Warm(kind=kind):
                self._send(self._warm(kind))
            case m.Compute():
                self._send(computed(request))
            case _:
                self._inboxes.setdefault(request.job, Inbox()).put(request)

    def _obey(self, request: m.Request) -> None:
        if isinstance(request, m.Start):
            self._start(request)
            return
        run = self._runs.get(request.job)
        if run is not None and run.turn == request.turn:
            run.obey(request)

    def _start(self, start: m.Start) -> None:
        earlier = self._runs.pop(start.job, None)
        if earlier is not None:
            earlier.close()
        self._runs[start.job] = Run(start, names.computation(start.kind, self._computations), self._send)

    def _warm(self, kind: str) -> m.Warmed:
        """Import what a kind needs and take one step of it: libraries put off seconds of their work until then."""
        try:
            computation = names.computation(kind, self._computations)(names.resolve(kind, names.SPECS)())
            started = next(computation)
            next(computation)
            computation.send(Show())
            computation.close()
        except Exception:  # noqa: BLE001 - told to the parent, which logs it; a run of this kind fails with words of its own
            return m.Warmed(kind, trace=traceback.format_exc())
        return m.Warmed(kind, device=started.device if isinstance(started, Started) else "")

    def _send(self, answer: m.FromWorker) -> None:
        try:
            m.write(self._answers, answer)
        except OSError:  # the parent is gone
            self._ending = True


def computed(request: m.Compute) -> m.Computed:
    """Call the function that was asked for; whatever goes wrong is told and costs nobody else anything."""
    try:
        return m.Computed(request.number, names.resolve(request.name, names.FUNCTIONS)(*request.arguments))
    except PlaygroundError as error:
        return m.Computed(request.number, words=str(error))
    except Exception:  # noqa: BLE001 - told to the parent, which logs it
        return m.Computed(request.number, trace=traceback.format_exc())


def main(arguments: Sequence[str] | None = None) -> None:
    """Work until standard input closes."""
    parser = argparse.ArgumentParser(description="A trainer process of the playground; started by its server.")
    parser.add_argument("--computation", action="append", default=[], metavar="KIND=MODULE:FUNCTION")
    added = dict(item.split("=", 1) for item in parser.parse_args(arguments).computation)

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides when we end
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    requests: queue.SimpleQueue[m.ToWorker | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), name="requests", daemon=True).start()
    m.write(answers, m.Hello(os.getpid()))
    Worker({**names.COMPUTATIONS, **added}, requests, answers).work()
    os._exit(0)  # libraries' own threads and exit handlers have nothing to tell any more


def _listen(pipe: BinaryIO, requests: queue.SimpleQueue[m.ToWorker | None]) -> None:
    while (request := m.read(pipe)) is not None:
        requests.put(request)
    requests.put(None)


if __name__ == "__main__":
    main()
