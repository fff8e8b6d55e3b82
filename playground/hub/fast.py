"""A network run by ONNX Runtime instead of PyTorch, and the process that makes such a copy.

On a CPU that answers two to six times as fast. The copy is made and measured by a process of its own (``making``), because
making it takes ten seconds and a gigabyte: both are gone when it ends, and nobody who asks meanwhile waits for it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from playground.catalog import exports
from playground.catalog.card import Card
from playground.catalog.exports import Export

# Read when the library is imported: it would tell its makers what it is used for.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnxruntime

log = logging.getLogger("playground")

T = TypeVar("T")

INPUT = "pictures"
"""What the input of a copy is called."""

EQUAL = 1e-5
"""So far apart may two engines' probabilities be at most."""

LONGEST = 900.0
"""Seconds after which the making of a copy is given up."""


@dataclass(frozen=True)
class Order:
    """What the process that makes a copy is told.

    Attributes:
        card: The model.
        folder: The models folder.
        path: Where the copy is to be written.
        told: Where what it was measured to give is to be written.
        threads: How many threads each engine may use.
        equal: How far apart their probabilities may be.
    """

    card: Card
    folder: Path
    path: Path
    told: Path
    threads: int
    equal: float = EQUAL


def session(path: Path) -> onnxruntime.InferenceSession:
    """Open a copy of any network; raises what ONNX Runtime raises of a file that is none."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3  # errors alone: its warnings are for whoever made the file
    # Threads that spin while they wait take the cores from everybody else on the machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Fast:
    """A network that ONNX Runtime runs. Several threads may use it at once.

    Attributes:
        bytes: Memory that it takes, roughly.
    """

    def __init__(self, path: Path) -> None:
        """Open a copy; raises what ONNX Runtime raises of a file that is none."""
        self._session = session(path)
        self.bytes = path.stat().st_size

    def __call__(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits ``(n, classes)`` of prepared pictures ``(n, 3, h, w)``."""
        (found,) = self.all(x)
        return found

    def all(self, x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Everything that the network gives for prepared pictures ``(n, 3, h, w)``."""
        found = self._session.run(None, {INPUT: np.ascontiguousarray(x, dtype=np.float32)})
        return [np.asarray(one, dtype=np.float32) for one in found]


def opened(path: Path, kind: Callable[[Path], T]) -> T | None:
    """A copy on disk, ready to answer; ``None`` where it is missing or broken."""
    try:
        return kind(path)
    except OSError:
        return None
    except Exception as error:  # noqa: BLE001
        # Its errors have no common ancestor. Whatever is wrong with the copy, PyTorch answers, and the copy is made anew.
        log.warning("%s cannot be used: %s", path, " ".join(str(error).split())[:200])
        with contextlib.suppress(OSError):
            path.with_name(exports.NOTE).unlink(missing_ok=True)
        return None


class Making:
    """A copy under way in a process of its own.

    Attributes:
        card: The model it is of.
        path: Where the copy lies once it is made, until ``close``.
        lost: Whether its process came to no end of its own; another time it may.
    """

    def __init__(self, card: Card, folder: Path) -> None:
        self.card, self.lost = card, False
        self._began = time.monotonic()
        self._place = _workshop(folder)
        home = Path(self._place.name)
        self.path, self._told, self._said = home / exports.MODEL, home / "told.json", home / "said"
        order = Order(card, folder, self.path, self._told, torch.get_num_threads())
        command = [sys.executable, "-P", "-m", "playground.hub.making"]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        assert self._process.stdin is not None
        pickled = pickle.dumps(order)
        self._process.stdin.write(struct.pack("<Q", len(pickled)) + pickled)
        self._process.stdin.flush()  # and left open: the process ends itself where this end closes

    def wait(self, seconds: float) -> Export | None:
        """What came of it; ``None`` while it is under way."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            if time.monotonic() - self._began < LONGEST:
                return None
            self._process.kill()
            self.lost = True
            return Export(False, 0.0, 0.0, 0, problem="It took too long.")
        try:
            return Export(**json.loads(self._told.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self.lost = True
            last = self._said.read_text(encoding="utf-8", errors="replace").strip().rsplit("\n", 1)[-1]
            return Export(
                False, 0.0, 0.0, 0, problem=f"Its process ended ({self._process.returncode}). {last[:160]}".strip()
            )

    def close(self) -> None:
        """End it where it still runs, and leave nothing of it behind."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._place.cleanup()


def _workshop(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """A place to make a copy in: on the models folder's disk where that can be written to, else the system's."""
    home = folder / exports.FOLDER
    try:
        home.mkdir(exist_ok=True)
        for left in home.glob(".new-*"):  # by a process that was ended in the middle
            if time.time() - left.stat().st_mtime > 2 * LONGEST:
                shutil.rmtree(left, ignore_errors=True)
        return tempfile.TemporaryDirectory(prefix=".new-", dir=home, ignore_cleanup_errors=True)
    except OSError:
        return tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True)
