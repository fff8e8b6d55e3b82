"""The visitor's own sentence, followed while a network is fine-tuned: what it is taken for now, before, and on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.training.finetune_standing import Sentence

PIECES = 60
"""So many word pieces of it are shown."""
FOLLOWED = 6
"""So many classes have a bar and a line."""
_POINTS = 160


class Followed:
    """One sentence and its history in a run."""

    def __init__(self) -> None:
        self.now: Sentence | None = None
        self._text = ""
        self._trail: list[tuple[float, NDArray[np.float32]]] = []
        self._stride, self._skipped = 1, 0

    def take(self, sentence: Sentence | None, epoch: float) -> None:
        """Take over what the network makes of it.

        Args:
            sentence: As it was read last; ``None`` where there is none.
            epoch: How far the run is, in epochs.
        """
        before, self.now = self.now, sentence
        if sentence is None or sentence.text != self._text:
            self._trail, self._stride, self._skipped = [], 1, 0
            self._text = sentence.text if sentence else ""
        if sentence is None or (self._trail and before is not None and before.step == sentence.step):
            return
        self._trail = [point for point in self._trail if point[0] < epoch]  # begun again, or gone back
        self._skipped += 1
        if self._skipped < self._stride and len(self._trail) > 1:
            self._trail[-1] = (epoch, sentence.now)
            return
        self._skipped = 0
        self._trail.append((epoch, sentence.now))
        if len(self._trail) > _POINTS:
            self._trail, self._stride = self._trail[::2], 2 * self._stride

    def kept(self) -> tuple[str, NDArray[np.float32] | None]:
        """The sentence and its way so far, ``(n, 1 + classes)``: epochs, then the share of each class; for ``again``."""
        rows = [np.concatenate([[epoch], shares]) for epoch, shares in self._trail]
        return self._text, np.array(rows, np.float32) if rows else None

    def again(self, text: str, trail: NDArray[np.float32] | None) -> None:
        """Go on with what ``kept`` handed out."""
        self._text, self._stride, self._skipped = text, 1, 0
        self._trail = [] if trail is None else [(float(row[0]), row[1:].astype(np.float32)) for row in trail[-_POINTS:]]

    def lines(self) -> list[int]:
        """The classes whose history is drawn, by their numbers: those it leans to now and leant to before."""
        if self.now is None:
            return []
        order = np.argsort(-np.maximum(self.now.now, self.now.before), kind="stable")
        return sorted(int(one) for one in order[:FOLLOWED])

    def told(self) -> dict[str, Any] | None:
        """What is said of it, for the header."""
        if self.now is None:
            return None
        pieces = self.now.pieces
        more = max(0, len(pieces) - PIECES)
        return {
            "text": self.now.text,
            "pieces": list(pieces[:PIECES]),
            "more": more,
            "unknown": self.now.unknown,
            "lines": self.lines(),
        }

    def blocks(self) -> dict[str, NDArray[Any]]:
        """``own``: before and now, ``(2, classes)``; ``trail``: epoch, then the share of each line, ``(1 + lines, n)``."""
        if self.now is None:
            return {}
        lines = self.lines()
        rows = [[epoch for epoch, _ in self._trail], *([float(p[one]) for _, p in self._trail] for one in lines)]
        return {
            "own": np.nan_to_num(np.array([self.now.before, self.now.now], np.float32)),
            "trail": np.nan_to_num(np.array(rows, np.float32)),
        }

    def words(self, classes: Sequence[str]) -> str:
        """What it is taken for, in a sentence."""
        if self.now is None:
            return ""
        now, before = int(self.now.now.argmax()), int(self.now.before.argmax())
        sure = f"{100 * float(np.nan_to_num(self.now.now[now])):.0f} %"
        return f"The sentence is taken for {classes[now]} ({sure}); before training for {classes[before]}."
