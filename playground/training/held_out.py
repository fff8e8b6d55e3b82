"""A few pictures of one's own classes: which are held out, and which are learnt from where only so many are taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.transfer import SIZES, Measured

DRAWS = 5
"""So many different choices of a few pictures are tried, where trying costs nothing."""


def held_out(labels: Sequence[int]) -> tuple[bool, ...]:
    """Which pictures are held out: of each class the last quarter as they came, at least one where there are two.

    Shots taken in a row are nearly the same picture. Were every fourth one held out, each would have its twin among those
    that are learnt from, and the accuracy would mean little.
    """
    kept, numbers = [False] * len(labels), np.asarray(labels)
    for label in sorted(set(labels)):
        rows = np.flatnonzero(numbers == label)
        for row in rows[len(rows) - held_of(len(rows)) :]:
            kept[int(row)] = True
    return tuple(kept)


def held_of(pictures: int) -> int:
    """How many of a class's pictures are held out."""
    return max(1, round(pictures / 4)) if pictures > 1 else 0


def sizes_of(labels: Sequence[int], held: Sequence[bool]) -> tuple[int, ...]:
    """How many pictures a class are worth a training: 5, 10, 20 and 50 as long as every class has clearly more; 0 for all of them."""
    given = np.asarray(labels)[~np.asarray(held, bool)]
    least = min((int((given == label).sum()) for label in set(labels)), default=0)
    return (*(size for size in SIZES if 1.1 * size < least), 0)


def check(labels: Sequence[int], held: Sequence[bool], classes: Sequence[str]) -> None:
    """Raise ``InputError`` where there is nothing to tell apart, or nothing to learn it from."""
    if len(classes) < 2:
        raise InputError("There is one class only. Add a second one: telling apart takes two.")
    given = [label for label, out in zip(labels, held, strict=True) if not out]
    lacking = [name for number, name in enumerate(classes) if number not in given]
    if lacking:
        raise InputError(f"The class '{lacking[0]}' has no picture to learn from. Add two or more.")


def subset(labels: Sequence[int], held: Sequence[bool], size: int, draw: int, seed: int) -> NDArray[np.intp]:
    """Rows to learn from: so many of each class, drawn at random; all that are not held out where ``size`` is 0."""
    numbers, free = np.asarray(labels), ~np.asarray(held, bool)
    random = np.random.default_rng((seed, size, draw))
    rows = []
    for label in sorted(set(labels)):
        of_class = np.flatnonzero((numbers == label) & free)
        rows.append(of_class if size == 0 else np.sort(random.permutation(of_class)[:size]))
    return np.concatenate(rows)


def measured(each: float, rights: Sequence[float], of: int) -> Measured:
    """What several draws have in common.

    Args:
        each: Training pictures a class.
        rights: Share of the held-out pictures that each draw gets right.
        of: How many are held out.
    """
    return Measured(each, float(np.mean(rights)), min(rights), max(rights), len(rights), of)


def right(scores: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Share of pictures whose likeliest class is their own; 0 where there is none."""
    return float((scores.argmax(axis=1) == labels).mean()) if len(labels) else 0.0
