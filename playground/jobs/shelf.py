"""What the manager needs from a store of runs, and how a run is packed for it.

``store`` and ``jobs`` lie on one floor and do not import each other: the manager is given anything that fits
``RunStore``. ``Shelf`` is the one that forgets everything with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from playground.core import frames
from playground.core.errors import RunNotFound
from playground.jobs.job import Job

_KIND = "run"
_MOST_KEPT = 500


class StoredRun(Protocol):
    """A run as a store hands it back."""

    @property
    def kind(self) -> str:
        """Key of ``names.COMPUTATIONS``."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """``Spec.to_dict()``."""

    @property
    def state(self) -> bytes:
        """What ``packed`` gave."""

    @property
    def upload_id(self) -> str:
        """The visitor's own table, if any."""


class RunStore(Protocol):
    """Where runs are kept."""

    def save(
        self, run_id: str, visitor: str, kind: str, spec: Mapping[str, Any], state: bytes, upload_id: str,
        summary: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Keep a run; one of the same id is replaced."""

    def load(self, run_id: str, visitor: str) -> StoredRun:
        """Hand a run back; raises ``RunNotFound`` where there is none of this visitor's."""

    def delete(self, run_id: str, visitor: str) -> None:
        """Forget a run."""

    def prune(self) -> Any:
        """Forget what is older than it may be."""


@dataclass(frozen=True)
class _Kept:
    visitor: str
    kind: str
    spec: Mapping[str, Any]
    state: bytes
    upload_id: str


class Shelf:
    """A ``RunStore`` in memory: the last few hundred runs, until the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, _Kept] = {}

    def save(
        self, run_id: str, visitor: str, kind: str, spec: Mapping[str, Any], state: bytes, upload_id: str,
        summary: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """See ``RunStore.save``."""
        with self._lock:
            self._runs.pop(run_id, None)
            self._runs[run_id] = _Kept(visitor, kind, spec, state, upload_id)
            while len(self._runs) > _MOST_KEPT:
                del self._runs[next(iter(self._runs))]

    def load(self, run_id: str, visitor: str) -> _Kept:
        """See ``RunStore.load``."""
        with self._lock:
            kept = self._runs.get(run_id)
        if kept is None or kept.visitor != visitor:
            raise RunNotFound("This run is no longer kept; start a new one.")
        return kept

    def delete(self, run_id: str, visitor: str) -> None:
        """See ``RunStore.delete``."""
        with self._lock:
            if run_id in self._runs and self._runs[run_id].visitor == visitor:
                del self._runs[run_id]

    def prune(self) -> None:
        """See ``RunStore.prune``: nothing is too old here."""


def packed(job: Job) -> bytes:
    """Everything of a job that must come back: its state, its history and its last picture (no pickle anywhere)."""
    now = job.snapshot()
    header = {
        "epoch": now.epoch, "step": now.step, "metrics": dict(now.metrics), "speed": now.speed, "device": now.device,
        "history": [[epoch, dict(metrics)] for epoch, metrics in now.history], "view": job.view,
    }  # fmt: skip
    parts = {
        "state": job.state,
        "scene": job.scene,
        "tick": job.tick,
        **dict(zip(("scene0", "tick0"), job.first or (), strict=False)),
    }
    return frames.pack(_KIND, header, {name: np.frombuffer(part, np.uint8) for name, part in parts.items() if part})


def unpack_into(job: Job, blob: bytes) -> None:
    """Bring back into a fresh job what ``packed`` took."""
    header, blocks = frames.unpack(blob)
    parts = {name: block.tobytes() for name, block in blocks.items()}
    job.recall(
        state=parts.get("state"),
        scene=parts.get("scene"),
        tick=parts.get("tick"),
        first=(parts["scene0"], parts["tick0"]) if "scene0" in parts and "tick0" in parts else None,
        header=header,
    )
