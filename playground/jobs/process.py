"""A worker process as the web process sees it: its pipes, its threads, and what happens when it dies."""

from __future__ import annotations

import logging
import os
import queue
import secrets
import site
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from playground.core import paths
from playground.jobs import messages as m

log = logging.getLogger("playground")

_FIRST_PAUSE, _LONGEST_PAUSE, _SOUND_SECONDS = 0.2, 30.0, 30.0
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class KeptAlive:
    """A process that is started again whenever it dies. ``send`` may be called before it is up: requests wait for it.

    Args:
        name: For threads and the log (``trainer 0``).
        module: What it runs, with its arguments.
        threads: How many threads its libraries may use.
        path: Folders that it finds modules in besides its own.
        hear: Takes each answer, from the reading thread.
        lost: Takes the words for everyone whose business was in a process that died; calls ``forget``.
        epitaph: Begins these words where nobody has ended it on purpose (``The process that trained this network``).
    """

    def __init__(
        self,
        name: str,
        module: Sequence[str],
        *,
        threads: int,
        path: Sequence[Path],
        hear: Callable[[Any], None],
        lost: Callable[[str], None],
        epitaph: str,
    ) -> None:
        self.name = name
        self.up = False
        self.warmed = threading.Event()
        self._hear_it, self._lose_it, self._nameless = hear, lost, epitaph
        self._command = [sys.executable, "-P", "-m", *module]
        self._environment = environment(threads, path)
        self._outbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._live, name=name.replace(" ", "-"), daemon=True)
        self._ending = threading.Event()
        self._epitaph = ""

    @property
    def pid(self) -> int | None:
        """Its process id, while there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it, and start it again whenever it dies, with growing pauses."""
        self._thread.start()

    def send(self, request: object) -> None:
        """Put a request on its way; never waits."""
        self._outbox.put(request)

    def forget(self) -> None:
        """Drop the requests that are still on their way: they were meant for a process that is dead."""
        self._outbox = queue.SimpleQueue()

    def end(self) -> None:
        """Let it end (its standard input closes); see ``join``."""
        self._ending.set()
        self._outbox.put(None)

    def join(self, seconds: float) -> None:
        """Wait for its end; kill it when that takes longer."""
        if self._thread.ident is None:
            return
        self._thread.join(seconds)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._thread.join(1.0)

    def kill(self, words: str) -> None:
        """End it at once; whoever had business in it is told why."""
        self._epitaph = words
        if self._process is not None:
            self._process.kill()

    def megabytes(self) -> float | None:
        """Resident memory in MB; ``None`` where it cannot be told."""
        if (pid := self.pid) is None:
            return None
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _live(self) -> None:
        pause = _FIRST_PAUSE
        while not self._ending.is_set():
            born, code = time.monotonic(), "unknown"
            try:
                code = str(self._run_once())
            except Exception:  # no process to be had, or a defect of ours: the next try must come all the same
                log.exception("%s", self.name)
            if self._ending.is_set():
                return
            self.up = False
            self.warmed.clear()
            reference = secrets.token_hex(4)
            log.error("reference %s: %s ended with status %s", reference, self.name, code)
            words, self._epitaph = self._epitaph, ""
            self._lose_it(words or f"{self._nameless} ended unexpectedly (reference {reference}).")
            if time.monotonic() - born > _SOUND_SECONDS:
                pause = _FIRST_PAUSE
            self._ending.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _run_once(self) -> int:
        with subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._environment
        ) as process:
            self._process = process
            stdin, stdout = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
            outbox = self._outbox
            writer = threading.Thread(
                target=self._write, args=(outbox, stdin), name=f"to-{self._thread.name}", daemon=True
            )
            writer.start()
            try:
                while (answer := m.read(stdout)) is not None:
                    self._take(answer)
            finally:
                outbox.put(None)
                process.kill()
                writer.join()
        return process.returncode

    def _take(self, answer: Any) -> None:
        try:
            self._hear_it(answer)
        except Exception:  # the answers to others must be heard
            log.exception("an answer of %s was lost", self.name)

    @staticmethod
    def _write(outbox: queue.SimpleQueue[object], pipe: BinaryIO) -> None:
        try:
            with pipe:
                while (request := outbox.get()) is not None:
                    try:
                        body = m.packed(request)
                    except Exception:  # one message that cannot travel must not cost everybody's business
                        log.exception("a request could not be sent: %s", type(request).__name__)
                        continue
                    pipe.write(body)
                    pipe.flush()
        except OSError as error:  # the process is gone; its reader says so to everyone
            log.debug("a worker no longer reads: %s", error)


class Trainer(KeptAlive):
    """A process that trains.

    Args:
        number: From 0.
        hear: Takes each answer, from the reading thread.
        lost: Takes the words for everyone whose run was in a process that died; calls ``forget``.
        threads: How many threads its libraries may use.
    """

    def __init__(
        self,
        number: int,
        hear: Callable[[Trainer, m.Answer | m.Computed], None],
        lost: Callable[[Trainer, str], None],
        *,
        threads: int,
        warm: Sequence[str],
        computations: Mapping[str, str],
        path: Sequence[Path],
    ) -> None:
        super().__init__(
            f"trainer {number}",
            ["playground.jobs.worker", *(f"--computation={kind}={where}" for kind, where in computations.items())],
            threads=threads,
            path=path,
            hear=lambda answer: hear(self, answer),
            lost=lambda words: lost(self, words),
            epitaph="The process that trained this network",
        )
        self.number = number
        self.device = ""
        self._warm = warm

    def _take(self, answer: m.FromWorker) -> None:
        match answer:
            case m.Hello():
                self.up = True
                for kind in self._warm:
                    self.send(m.Warm(kind))
                if not self._warm:
                    self.warmed.set()
            case m.Warmed(kind=kind, trace=trace, device=device):
                self.device = device or self.device
                if trace:
                    log.error("trainer %d cannot prepare '%s'\n%s", self.number, kind, trace)
                if kind == self._warm[-1]:
                    self.warmed.set()
            case _:
                super()._take(answer)


def environment(threads: int, path: Sequence[Path]) -> dict[str, str]:
    """This process's environment, with few threads for libraries and the package where the worker can import it.

    Threads that wait for each other sleep: where cores are shared with pages and other workers, those that spin instead take
    forty times the work itself (measured with twenty processes on two cores).
    """
    home = str(paths.PACKAGE.parent)
    installed = [*site.getsitepackages(), site.getusersitepackages()]  # found anyhow, and not to be put before others
    folders = [*map(str, path), *([] if home in installed else [home]), os.environ.get("PYTHONPATH", "")]
    return {
        "OMP_WAIT_POLICY": "PASSIVE",
        **os.environ,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        "PYTHONPATH": os.pathsep.join(folder for folder in folders if folder),
    }
