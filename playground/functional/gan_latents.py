"""From a seed to the latents of a sheet: drawn, moved along directions, single numbers set by hand; and the class of each."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.functional.gan import Array, Pair, drawn

EACH = -1
"""In place of a class: each in turn."""


def classes(pair: Pair, n: int, wanted: int = EACH) -> NDArray[np.int64] | None:
    """The class of each of ``n`` samples: the wanted one, or each in turn, ``0, 1, 2, ..., 0, 1, ...``.

    Returns:
        ``(n,)``; None for a generator without classes.

    Raises:
        InputError: There is no such class.
    """
    if not pair.classes:
        return None
    if not EACH <= wanted < len(pair.classes):
        raise InputError(
            f"There is no class {wanted}; this generator's are 0 to {len(pair.classes) - 1}: {', '.join(pair.classes[:20])}."
        )
    return np.arange(n, dtype=np.int64) % len(pair.classes) if wanted == EACH else np.full(n, wanted, np.int64)


def sheet(
    pair: Pair,
    seed: int,
    n: int,
    moves: Sequence[float] = (),
    directions: Array | None = None,
    edits: Mapping[int, Mapping[int, float]] | None = None,
) -> Array:
    """The latents of a sheet of samples.

    Args:
        pair: Says how many numbers make a picture, and how they are drawn.
        seed: The same seed draws the same latents; the first are the same however many there are.
        n: So many samples.
        moves: How far all of them go along each direction.
        directions: Unit vectors, ``(k, latents)``; may be left out where there are no moves.
        edits: Set by hand, after the moves: number of the sample, number of the latent, its value. Of samples beyond the last,
            nothing is seen.

    Returns:
        ``(n, latents)`` float32.

    Raises:
        InputError: A move without its direction, or a latent that there is not.
    """
    return edited(moved(drawn(pair, seed, n), moves, directions), edits or {})


def one(
    pair: Pair,
    seed: int,
    index: int,
    moves: Sequence[float] = (),
    directions: Array | None = None,
    row: Mapping[int, float] | None = None,
) -> Array:
    """The latents ``(latents,)`` of one sample of a sheet; see ``sheet``."""  # fmt: skip
    found: Array = sheet(pair, seed, index + 1, moves, directions, {index: row or {}})[index]
    return found


def moved(latents: Array, moves: Sequence[float], directions: Array | None) -> Array:
    """All samples ``(n, latents)``, the same way along each direction: ``z + sum_k moves_k direction_k``."""
    along = np.asarray(moves, np.float32)
    if not along.any():
        return latents
    known = 0 if directions is None else len(directions)
    if directions is None or len(along) > known:
        raise InputError(f"{len(along)} directions are moved along; of this generator {known} are known.")
    return np.asarray(latents + along @ directions[: len(along)], np.float32)


def edited(latents: Array, edits: Mapping[int, Mapping[int, float]]) -> Array:
    """The samples ``(n, latents)`` with single numbers set by hand."""
    found = latents.copy()
    for index, row in edits.items():
        for number, value in row.items():
            if not 0 <= number < found.shape[1]:
                raise InputError(
                    f"There is no latent {number}; a sample of this generator has {found.shape[1]}, counted from 0."
                )
            if not math.isfinite(value):
                raise InputError(f"Latent {number} is {value}; it must be a finite number.")
            if index < len(found):
                found[index, number] = value
    return found


def typed(text: str, count: int, highest: float) -> list[float]:
    """A row of latents as somebody typed or pasted it: numbers with commas, semicolons or space between, brackets allowed.

    Raises:
        InputError: One of them is no number or too far from zero, or there are not so many: which one, and what is allowed.
    """
    words = [word for word in re.split(r"[\s,;]+", text.strip().strip("[]()")) if word]
    many = f" A sample of this generator is made from {count}; {len(words)} were given." if len(words) != count else ""
    values = []
    for place, word in enumerate(words):
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise InputError(f"Number {place + 1} of the row, '{word[:40]}', is not a number.{many}")
        if abs(value) > highest:
            raise InputError(
                f"Number {place + 1} of the row is {word[:40]}; {-highest:g} to {highest:g} is allowed (chance rarely goes beyond 4).{many}"
            )
        values.append(value)
    if many:
        raise InputError(f"{len(words)} numbers were given; a sample of this generator is made from {count}.")
    return values
