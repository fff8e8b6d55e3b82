"""Fetching sets of pictures and getting them ready, each in a process of its own: ``playground datasets pull NAME``.

The web process never imports torchvision, and decodes nothing that came from outside. One set at a time; a page asks and looks
how far it is. Only the owner of a server may fetch, so on a public one this refuses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from playground.core.errors import InputError, QueueFull
from playground.core.settings import Settings

IN_PUBLIC = (
    "This server is public: its sets of pictures are fetched on its command line (playground datasets pull NAME), and this "
    "page only shows them."
)
_NICENESS = 5  # after the pages
State: TypeAlias = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class SetPull:
    """One set on its way, as it stands.

    Attributes:
        name: Of the set.
        state: How far it is in words of the program.
        arrived: Bytes of the file that is being fetched, or pictures that are decoded.
        total: How many there will be; 0 until that is known.
        unit: Which of both: ``bytes`` or ``pictures``; empty before either.
        words: Why it failed, for a person.
    """

    name: str
    state: State = "running"
    arrived: int = 0
    total: int = 0
    unit: str = ""
    words: str = ""

    @property
    def finished(self) -> bool:
        """Nothing more will happen."""
        return self.state != "running"

    @property
    def part(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self.arrived / self.total) if self.total else 0.0


class SetPulls:
    """The downloads of sets of pictures of one server.

    Args:
        settings: Where things lie, and whether visitors may fetch.
        program: What is started, before the name of the set.
    """

    def __init__(self, settings: Settings, program: Sequence[str] = ()) -> None:
        self._settings = settings
        self._program = tuple(program) or (sys.executable, "-m", "playground.cli", "datasets", "pull", "--json")
        self._lock = threading.Lock()
        self._pulls: dict[str, SetPull] = {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def allowed(self) -> bool:
        """Whether the visitors of this server may fetch."""
        return self._settings.mode == "local"

    def start(self, name: str) -> SetPull:
        """Begin with a set, and return how it stands; one that is under way already goes on.

        Raises:
            InputError: This server's visitors may not.
            QueueFull: Another set is on its way.
        """
        if not self.allowed:
            raise InputError(IN_PUBLIC)
        with self._lock:
            current = self._pulls.get(name)
            if current is not None and not current.finished:
                return current
            other = next((one.name for one in self._pulls.values() if not one.finished), "")
            if other:
                raise QueueFull(f"{other} is on its way; try again when it is done.")
            made = self._pulls[name] = SetPull(name)
            self._process = subprocess.Popen(
                [*self._program, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                text=True, env=self._environment(),
            )  # fmt: skip
            if hasattr(os, "setpriority"):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICENESS)
            threading.Thread(target=self._watch, args=(name, self._process), name="set", daemon=True).start()
            return made

    def state(self, name: str) -> SetPull | None:
        """How a set stands; ``None`` where it was not asked for."""
        with self._lock:
            return self._pulls.get(name)

    def busy(self) -> bool:
        """Whether any is on its way."""
        with self._lock:
            return any(not one.finished for one in self._pulls.values())

    def cancel(self, name: str) -> None:
        """End a download; what has arrived of it is deleted."""
        with self._lock:
            current = self._pulls.get(name)
            if current is None or current.finished:
                return
            self._pulls[name] = replace(current, state="cancelled", words="Stopped.")
            if self._process is not None:
                self._process.terminate()

    def forget(self, name: str) -> None:
        """Drop what is remembered of a set, once it is done with."""
        with self._lock:
            if name in self._pulls and self._pulls[name].finished:
                del self._pulls[name]

    def stop(self) -> None:
        """End everything."""
        with self._lock:
            names = list(self._pulls)
        for name in names:
            self.cancel(name)

    def _environment(self) -> dict[str, str]:
        """As this server is set up, whatever it was told by."""
        given = {
            "PLAYGROUND_DATA": self._settings.data,
            "PLAYGROUND_PICTURES": self._settings.pictures,
            "PLAYGROUND_OFFLINE": str(self._settings.offline),
        }
        package = str(Path(__file__).resolve().parents[2])  # the child finds this very package, wherever it was started
        found = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
        return {**os.environ, **given, "PYTHONPATH": found, "OMP_NUM_THREADS": "1"}

    def _watch(self, name: str, process: subprocess.Popen[str]) -> None:
        """Follow what it says until it ends."""
        said: list[str] = []
        with process:  # closes its pipes at the end
            assert process.stdout is not None
            assert process.stderr is not None
            reader = threading.Thread(target=_gather(process.stderr, said), daemon=True)
            reader.start()
            for line in process.stdout:
                told = _read(line)
                if told and not told.get("done"):
                    self._change(
                        name, arrived=told.get("arrived", 0), total=told.get("total", 0), unit=told.get("unit", "")
                    )
            reader.join()
        if process.returncode:
            last = next((line for line in reversed(said) if line.strip()), "").removeprefix("playground: ").strip()
            self._change(name, state="failed", words=last or "It ended without saying why.")
        else:
            self._change(name, state="done")

    def _change(self, name: str, **fields: Any) -> None:
        with self._lock:
            current = self._pulls.get(name)
            if current is not None and not current.finished:
                self._pulls[name] = replace(current, **fields)


def _gather(pipe: Any, said: list[str]) -> Callable[[], None]:
    return lambda: said.extend(pipe)


def _read(line: str) -> dict[str, Any]:
    """A line of progress; empty where something else was printed."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
