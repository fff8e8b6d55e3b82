"""How much of its time a run spends on pictures, and whether it can afford another one."""

from __future__ import annotations

import time
from collections.abc import Callable

SHARE = 0.08
"""Of the time that a run trains, at most so much goes into pictures."""
_MEMORY_SECONDS = 10.0  # what the told share looks back on
_LONGEST_SECONDS = 1.0  # between two frames; in a longer gap nobody looked
_SAVED_SECONDS, _OWED_SECONDS = 0.03, 0.25


class Share:
    """An account: time that passes is earned in part, and pictures are paid from it.

    Args:
        clock: Seconds, from any origin.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._ended: float | None = None
        self._began = 0.0
        self._saved = 0.0
        self._drawn, self._passed = 0.0, 0.0

    @property
    def told(self) -> float:
        """The share spent on pictures lately, 0 to 1."""
        return min(1.0, self._drawn / self._passed) if self._passed else 0.0

    def begin(self, playing: bool) -> None:
        """A frame is begun; where the run stands, time is free and nothing is counted."""
        self._began = self._clock()
        if playing and self._ended is not None:
            passed = min(_LONGEST_SECONDS, self._began - self._ended)
            self._saved = min(_SAVED_SECONDS, self._saved + SHARE * passed)
            self._count(0.0, passed)

    def affords(self) -> bool:
        """Whether pictures may be made anew."""
        return self._saved >= 0

    def end(self, playing: bool) -> None:
        """A frame is done."""
        self._ended = self._clock()
        if playing:
            spent = self._ended - self._began
            self._saved = max(-_OWED_SECONDS, self._saved - spent)
            self._count(spent, spent)
        else:
            self._ended = None

    def _count(self, drawn: float, passed: float) -> None:
        fading = max(0.0, 1.0 - passed / _MEMORY_SECONDS)
        self._drawn = self._drawn * fading + drawn
        self._passed = self._passed * fading + passed
