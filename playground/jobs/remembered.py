"""Answers that may be asked for again: bounded by their number and by their bytes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from playground.core.errors import InputError, WorkerLost
from playground.jobs.answering import DEFECT
from playground.jobs.inference_messages import Refusal

MOST, MOST_BYTES = 256, 64_000_000
MOST_FAILURES = 1000
HARMFUL = {WorkerLost.__name__, DEFECT}
HARMFUL_SECONDS, REFUSED_SECONDS = 60.0, 10.0
"""So long a question that broke something, or was refused, is not tried again, however often a page asks."""


class Remembered:
    """What is known already, by fingerprint. Not thread-safe: its owner has a lock.

    Args:
        clock: Seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._failures: OrderedDict[str, tuple[Refusal, float]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def keep(self, key: str, answer: Any, size: int) -> None:
        """Remember an answer that takes so many bytes, and forget those that were asked for longest ago.

        One that would push out most others is not remembered at all.
        """
        if size > MOST_BYTES // 2:
            return
        self.bytes += size - self._answers.pop(key, (None, 0))[1]
        self._answers[key] = (answer, size)
        while len(self._answers) > MOST or self.bytes > MOST_BYTES:
            self.bytes -= self._answers.popitem(last=False)[1][1]

    def take(self, key: str, outcome: Any, size: int) -> None:
        """Remember what came of a question as long as it pays: a broken picture stays broken, a missing model need not."""
        if not isinstance(outcome, Refusal) or outcome.kind == InputError.__name__:
            self.keep(key, outcome, size)
        else:
            self.hold(key, outcome, HARMFUL_SECONDS if outcome.kind in HARMFUL else REFUSED_SECONDS)

    def hold(self, key: str, refusal: Refusal, seconds: float) -> None:
        """Give the same refusal to whoever asks the same within some seconds: nothing is tried meanwhile."""
        self._failures.pop(key, None)
        self._failures[key] = (refusal, self._clock() + seconds)
        while len(self._failures) > MOST_FAILURES:
            self._failures.popitem(last=False)

    def get(self, key: str) -> tuple[Any] | None:
        """An answer (or the refusal that is held in its place), in a tuple; ``None`` where nothing is known."""
        if key in self._failures:
            refusal, until = self._failures[key]
            if self._clock() < until:
                return (refusal,)
            del self._failures[key]
        if key not in self._answers:
            return None
        self._answers.move_to_end(key)
        return (self._answers[key][0],)
