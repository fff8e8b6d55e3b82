"""What a head of attention mostly does with this text: the pattern that its weights are nearest to, in words.

Heads that look at one neighbour, at themselves or at special tokens are the commonest ones in BERT (K. Clark et al.: What does BERT
look at?, 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CLEAR = 0.4
"""From this share of its attention on a head is said to do one thing."""

TELLING = 0.7
"""Such a share shows a habit, and leaves something for other pieces to be seen with."""

PATTERNS: dict[str, str] = {
    "before": "the piece before",
    "after": "the piece after",
    "itself": "the piece itself",
    "first": "the first special token",
    "last": "the last special token",
    "same": "other pieces of the same word",
}


@dataclass(frozen=True)
class HeadSaid:
    """One head on one text.

    Attributes:
        pattern: A key of ``PATTERNS``: where most of its attention goes; empty where it does no one thing.
        share: How much of it does, 0 to 1, as the mean over all pieces.
        spread: Over how many pieces a row is spread, as a mean: 1 for a single one, ``t`` where all get the same.
    """

    pattern: str
    share: float
    spread: float


def clearest(said: list[list[HeadSaid]]) -> tuple[int, int]:
    """Layer and head of the one to begin with: it does one thing, with neighbours rather than with special tokens, if there is one.

    Args:
        said: What ``heads_said`` found.
    """

    def clear(place: tuple[int, int]) -> tuple[bool, float]:
        one = said[place[0]][place[1]]
        return one.pattern in ("before", "after", "same"), -abs(one.share - TELLING)

    return max(((layer, head) for layer, line in enumerate(said) for head in range(len(line))), key=clear)


def heads_said(attention: NDArray[np.floating], words: NDArray[np.int64]) -> list[list[HeadSaid]]:
    """What each head does, by layer and head.

    Args:
        attention: ``(layers, heads, t, t)``; each row sums to 1.
        words: ``(t,)``: the number of each piece's word; -1 for marks.
    """
    weights = attention.astype(np.float64)
    count = weights.shape[-1]
    rows, columns = np.indices((count, count))
    same = (words[:, None] == words[None, :]) & (words >= 0)[:, None] & (rows != columns)
    # A piece can only do what is there for it: the first one has none before it.
    masks: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
        "before": (columns == rows - 1, np.arange(count) > 0),
        "after": (columns == rows + 1, np.arange(count) < count - 1),
        "itself": (columns == rows, np.ones(count, bool)),
        "first": (columns == 0, np.arange(count) > 0),
        "last": (columns == count - 1, np.arange(count) < count - 1),
        "same": (same, same.any(axis=1)),
    }
    shares = {}
    for name, (mask, able) in masks.items():
        # Fewer than three pieces that could do it are no pattern, but where the text itself has no more.
        shares[name] = (
            (weights * mask).sum(axis=-1)[..., able].mean(axis=-1) if able.sum() >= min(3, count - 1) else None
        )
    known = {name: share for name, share in shares.items() if share is not None}
    entropy = -(weights * np.log(np.maximum(weights, 1e-12))).sum(axis=-1)
    spread = np.exp(entropy.mean(axis=-1))
    found = []
    for layer in range(weights.shape[0]):
        line = []
        for head in range(weights.shape[1]):
            name = max(known, key=lambda one: float(known[one][layer, head]))
            share = float(known[name][layer, head])
            line.append(HeadSaid(name if share >= CLEAR else "", share, float(spread[layer, head])))
        found.append(line)
    return found
