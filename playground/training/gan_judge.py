"""What a discriminator says, as it is shown: a probability, or the score of a critic that has no fixed scale."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.functional.gan import Array
from playground.functional.gan_losses import LOSSES
from playground.training.plane import doubled

BINS = 30
RECENT = 24
"""An axis of scores holds what was seen in so many drawings, so that it neither jumps nor keeps what is long gone."""
_FAR = 1e9  # what scores more runs away, and tells nothing


@dataclass(frozen=True, slots=True)
class Judge:
    """How a loss reads the discriminator's number.

    Attributes:
        kind: A probability (the sigmoid of the number), a score with a middle, or a critic's score that means nothing alone.
        title: Of an axis.
        middle: As shown: above it a picture is taken for real; ``None`` where there is no such place.
        low: What the left end of the axis stands for.
        high: And the right one.
    """

    kind: Literal["probability", "score", "critic"]
    title: str
    middle: float | None
    low: str
    high: str

    def shown(self, raw: Array) -> Array:
        """Raw outputs as they are shown."""
        if self.kind != "probability":
            return raw
        return np.asarray(1 / (1 + np.exp(-np.clip(raw, -60, 60))), np.float32)

    def right(self, raw: Array, real: bool) -> float | None:
        """Share of pictures that are told right; ``None`` where there is no such thing, or there are no pictures."""
        if self.middle is None or not len(raw):
            return None
        above = self.shown(raw) > self.middle
        return float((above if real else ~above).mean())


def judge(loss: str) -> Judge:
    """How a loss reads its discriminator's number, by the loss's name."""
    entry = LOSSES[loss]
    match entry.says:
        case "probability":
            return Judge("probability", "Probability that it is real", 0.5, "made", "real")
        case "score":
            return Judge("score", "Discriminator's score", entry.middle, "made", "real")
    return Judge("critic", "Critic's score (no fixed scale)", None, "lower", "higher")


class Axis:
    """The axis of a histogram: fixed for a probability; that of scores grows in doublings, and narrows once it is twice too wide."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.low, self.high = (0.0, 1.0) if judge.kind == "probability" else (-1.0, 1.0)
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT)

    def histogram(self, real: Array, fake: Array) -> NDArray[np.uint16]:
        """How many real and made pictures lie in each bin, ``(2, BINS)``, from raw outputs; those beyond the ends in the last bins."""
        both = [self.judge.shown(values[np.abs(values) < _FAR]) for values in (real, fake)]  # NaN is left out, too
        if self.judge.kind != "probability":
            self._follow(np.concatenate(both))
        made = np.zeros((2, BINS), np.uint16)
        for row, values in zip(made, both, strict=True):
            places = (values - self.low) / (self.high - self.low) * BINS
            row += np.bincount(places.clip(0, BINS - 1).astype(np.intp), minlength=BINS).astype(np.uint16)
        return made

    def _follow(self, values: NDArray[np.floating]) -> None:
        if not len(values):
            return
        now = (float(np.percentile(values, 0.5)), float(np.percentile(values, 99.5)))
        if not math.isfinite(now[1] - now[0]):
            return
        self._recent.append(now)
        low, high = min(one[0] for one in self._recent), max(one[1] for one in self._recent)
        if self.low <= low and high <= self.high and (high - low) * 2 >= self.high - self.low:
            return
        step = doubled(max(high - low, 1e-3)) / 4
        self.low, self.high = math.floor(low / step) * step, math.ceil(high / step) * step
        if self.high <= self.low:
            self.high = self.low + step
