"""Attention beside effect: how much of it each word gets, and what becomes of the verdict without the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.language import Opened, Weighed
from playground.functional.attention import received, rollout
from playground.functional.word_spans import assigned
from playground.specs.inside_bert import MEASURES

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reason:
    """The words of a text with both numbers.

    Attributes:
        spans: First character of each word and the one behind its last.
        attention: For each measure (``specs.inside_bert.MEASURES``) the share that each word gets.
        marks: For each measure what the special tokens get, such as [CLS] and [SEP].
        effect: By how much the class's probability falls without the word.
        label: The class.
        score: Its probability with all words.
        hidden: What stands in a word's place, in words.
        left_out: How many words of the text are not shown, because its beginning alone is opened.
    """

    spans: tuple[tuple[int, int], ...]
    attention: dict[str, Array]
    marks: dict[str, float]
    effect: Array
    label: str
    score: float
    hidden: str
    left_out: int

    def most(self, measure: str) -> int:
        """Number of the word that gets most attention."""
        return int(self.attention[measure].argmax())

    @property
    def largest(self) -> int:
        """Number of the word without which the verdict changes most."""
        return int(np.abs(self.effect).argmax())

    def hollow(self, measure: str) -> int:
        """Number of the word whose attention promises most and whose effect keeps least of it, each beside the largest there is."""
        attention, effect = self.attention[measure], np.abs(self.effect)
        gap = attention / max(float(attention.max()), 1e-9) - effect / max(float(effect.max()), 1e-9)
        gap[self.largest] = -np.inf
        return int(gap.argmax())

    def agreement(self, measure: str) -> float | None:
        """Kendall's tau between attention and the size of the effect: 1 the same order, 0 none in common, -1 the opposite."""
        return kendall(self.attention[measure], np.abs(self.effect))


def reason(opened: Opened, weighed: Weighed) -> Reason | None:
    """Both numbers of each word; ``None`` where no word is left to speak of.

    Args:
        opened: What happened inside.
        weighed: Occlusion of the same text: one value a word.
    """
    spans = [(one.start, one.end) for one in weighed.words]
    pieces = [number for number, one in enumerate(opened.pieces) if one.start >= 0]
    _, numbers = assigned(spans, [(opened.pieces[one].start, opened.pieces[one].end) for one in pieces])
    shown = sorted({int(one) for one in numbers if one >= 0})
    if not shown or len(shown) < 2:
        return None
    weights = opened.attention.astype(np.float64)
    by_piece = {
        "last": weights[-1, :, 0, :].mean(axis=0),
        "all": received(weights).mean(axis=(0, 1)),
        "rollout": rollout(weights)[-1][0],
    }
    attention, marks = {}, {}
    for name in MEASURES:
        total = np.zeros(len(spans))
        for piece, word in zip(pieces, numbers, strict=True):
            if word >= 0:
                total[word] += by_piece[name][piece]
        attention[name] = total[shown]
        marks[name] = float(sum(by_piece[name][one] for one, is_mark in enumerate(_marks(opened)) if is_mark))
    effect = np.array([one.value for one in weighed.words])[shown]
    return Reason(
        tuple(spans[one] for one in shown), attention, marks, effect, weighed.label, weighed.score, weighed.baseline,
        len(spans) - len(shown),
    )  # fmt: skip


def kendall(a: Sequence[float] | Array, b: Sequence[float] | Array) -> float | None:
    """Kendall's rank correlation tau-b of two lists; ``None`` where one of them says nothing (all the same, or one value).

    Of all pairs: those in the same order less those in opposite order, divided by those that are not ties in either.
    """
    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    first, second = np.triu_indices(len(x), 1)
    dx, dy = np.sign(x[first] - x[second]), np.sign(y[first] - y[second])
    ties = float(np.sqrt((dx != 0).sum() * (dy != 0).sum()))
    return float((dx * dy).sum()) / ties if ties else None


def _marks(opened: Opened) -> list[bool]:
    return [one.start < 0 for one in opened.pieces]
