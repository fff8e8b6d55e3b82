"""Which latents are drawn again and again while a generator learns, and how they lie on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.functional.gan import Array, Pair, drawn

MOST, BYTES = 64, 112_000
"""So many pictures at most, and so many bytes: 64 grey ones of 28 x 28 pixels, 36 colour ones of 32 x 32."""
_ACROSS = (5, 16)  # so few or many classes get a column each
_SIDE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Some latents in rows and columns.

    Attributes:
        columns: How many.
        rows: How many.
        latents: ``(columns * rows, latents)``, row by row.
        classes: Number of the class of each, ``(columns * rows,)``; ``None`` for a generator without classes.
    """

    columns: int
    rows: int
    latents: Array
    classes: NDArray[np.int64] | None = None

    def cells(self) -> list[int]:
        """The class of each picture; -1 where there are none."""
        return [-1] * len(self.latents) if self.classes is None else [int(number) for number in self.classes]


def grid(pair: Pair, seed: int) -> Grid:
    """As many latents as are drawn at once; the same for the same seed.

    With 5 to 16 classes each has a column, and a row shows what one and the same latent is as each of them; with fewer each
    has rows of its own. Of more than there is room for, some are left out, evenly.
    """
    channels, high, wide = pair.picture
    room = max(1, min(MOST, BYTES // (channels * high * wide)))
    side, count = min(_SIDE, math.isqrt(room)), len(pair.classes)
    if not count:
        return Grid(side, side, drawn(pair, seed, side * side))
    if _ACROSS[0] <= count <= _ACROSS[1] and count <= room:
        rows = max(1, min(6, room // count))
        latents = np.repeat(drawn(pair, seed, rows), count, axis=0)
        return Grid(count, rows, latents, np.tile(np.arange(count), rows))
    if count < side:
        rows = side // count * count
        of_class = np.repeat(np.arange(rows) % count, side)
        # The same latents for each class, so that only the class makes the difference.
        own = drawn(pair, seed, rows // count * side).reshape(rows // count, 1, side, pair.latents)
        return Grid(side, rows, np.repeat(own, count, axis=1).reshape(rows * side, pair.latents), of_class)
    cells = side * side
    return Grid(
        side,
        side,
        drawn(pair, seed, cells),
        np.arange(cells) * count // cells if count > cells else np.arange(cells) % count,
    )


def of_class(pair: Pair, seed: int, like: Grid, number: int) -> Grid:
    """A grid of the same form, every picture of one class and of another latent."""
    cells = like.columns * like.rows
    return Grid(like.columns, like.rows, drawn(pair, seed, cells), np.full(cells, number, np.int64))
