"""What was written, apart from what it was written on: paper under uneven light, a blackboard, a dark screen.

The ground is what a soft look across the picture sees where nothing is written. Since that is not known at first, it is
estimated three times, each time without what the last estimate took for ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.functional.resample import Grey, blurred

FAINTEST = 0.1
"""Ink differs from its ground by at least this share of the way to black, or on a dark ground to white."""
FEWEST = 4e-4
"""A smaller share of the picture is dust."""
MOST = 40
"""So many pieces, the largest, are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """What was found.

    Attributes:
        amount: 0 ground to 1 full ink, ``(h, w)``.
        dark: Whether it is darker than its ground.
        pieces: What belongs together has one number from 1; 0 is ground.
    """

    amount: Grey
    dark: bool
    pieces: NDArray[np.int32]


def found(grey: Grey, dark: bool | None = None) -> Ink | None:
    """The ink in a grey picture.

    Args:
        grey: 0 black to 1 white, ``(h, w)``, about 160 pixels a side.
        dark: Whether it is darker than its ground; decided here where ``None``: ink is the rarer of the two.

    Returns:
        ``None`` where nothing stands out from the ground.
    """
    rest = grey - _plane(grey)
    if dark is None:
        rim = np.concatenate([rest[0], rest[-1], rest[:, 0], rest[:, -1]])
        dark = bool(_skew(rest) < 0) if abs(_skew(rest)) > 0.15 else bool(np.median(rim) > np.median(rest))
    away = _away(rest, dark)
    taken = away > max(3 * _spread(rest), 0.05)
    low, full = np.zeros_like(away), 1.0
    for _ in range(3):
        ground = _ground(grey, taken)
        scale = np.maximum(ground if dark else 1 - ground, 0.1)
        off = _away(grey - ground, dark)
        noise = (_spread(off[~taken]) if (~taken).any() else 0.0) / scale  # in a shadow it counts for more
        away = np.asarray(off / scale, np.float32)
        some = away[away > np.maximum(FAINTEST, 4 * noise)]
        if some.size < FEWEST * away.size:
            return None
        full = float(np.quantile(some, 0.85))
        low = np.asarray(np.maximum(0.3 * full, 2.5 * noise), np.float32)
        taken = away > low
    amount = np.clip((away - low) / np.maximum(0.75 * full - low, 0.05), 0, 1).astype(np.float32)
    return Ink(amount, dark, pieces(amount > 0.3))


def pieces(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Numbers pixels that touch, also at corners, alike: from 1; 0 where the mask is not."""
    parents = [0]

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = one = parents[parents[one]]
        return one

    labels = np.zeros(mask.shape, dtype=np.int32)
    above: list[tuple[int, int, int]] = []
    for y, row in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
        runs = []
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            name = 0
            for left, right, other in above:
                if left <= end and right >= start:  # corners touch, too
                    if name == 0:
                        name = root(other)
                    else:
                        parents[root(other)] = root(name)
            if name == 0:
                name = len(parents)
                parents.append(name)
            labels[y, start:end] = name
            runs.append((start, end, name))
        above = runs
    roots = np.array([root(one) for one in range(len(parents))])
    _, flat = np.unique(np.concatenate([[0], roots[labels].ravel()]), return_inverse=True)
    return np.asarray(flat[1:].reshape(mask.shape), dtype=np.int32)


def sign(ink: Ink) -> NDArray[np.bool_] | None:
    """Which pixels are the sign that was written: the main piece and what lies close to it, without specks and rims.

    Returns:
        ``(h, w)``; ``None`` where there is none.
    """
    count = int(ink.pieces.max())
    if count == 0:
        return None
    areas = np.bincount(ink.pieces.ravel(), minlength=count + 1).astype(float)
    areas[0] = 0
    largest = np.argsort(-areas)[: min(count, MOST)].tolist()
    along = {one: _along(ink.pieces, one) for one in largest}
    peaks = {one: float(ink.amount[ink.pieces == one].max()) for one in largest}

    def weight(one: int) -> float:  # what lies along an edge is a shadow, or the table
        inner = 0.1 if along[one] > 0.4 else 0.7 if along[one] > 0 else 1.0
        return float(areas[one]) * peaks[one] * inner

    main = max(largest, key=weight)
    if areas[main] < FEWEST * ink.amount.size:
        return None
    home = _box(ink.pieces == main)
    reach = 0.3 * max(home[2] - home[0], home[3] - home[1])
    kept = [
        one
        for one in largest
        if one == main
        or (areas[one] >= 0.04 * areas[main] and peaks[one] >= 0.6 and along[one] <= 0.1
            and _gap(home, _box(ink.pieces == one)) <= reach)
    ]  # fmt: skip
    return np.isin(ink.pieces, kept)


def _along(numbers: NDArray[np.int32], one: int) -> float:
    """How far a piece goes along one edge of the picture without a break, as a share of that edge."""
    longest = 0.0
    for edge in (numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]):
        ends = np.flatnonzero(np.diff(np.concatenate([[False], edge == one, [False]]).astype(np.int8)))
        if ends.size:
            longest = max(longest, float((ends[1::2] - ends[::2]).max()) / edge.size)
    return longest


def _box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _gap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    across = max(0, max(one[0], other[0]) - min(one[2], other[2]))
    down = max(0, max(one[1], other[1]) - min(one[3], other[3]))
    return float(np.hypot(across, down))


def _away(rest: Grey, dark: bool) -> Grey:
    return -rest if dark else rest


def _plane(grey: Grey) -> Grey:
    """A ground that is a curved surface of the second degree: five fits, each believing less in what lies far off the last."""
    high, wide = grey.shape
    y, x = np.meshgrid(np.linspace(-1, 1, high), np.linspace(-1, 1, wide), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1).reshape(-1, 6)
    values, trust = grey.reshape(-1), np.ones(grey.size)
    fit = np.full(grey.size, float(np.median(grey)))
    for _ in range(5):
        off = np.abs(values - fit)
        trust = 1 / (1 + (off / max(2 * float(np.median(off)), 0.02)) ** 2)
        weighted = terms * trust[:, None]
        fit = terms @ np.linalg.solve(weighted.T @ terms + 1e-6 * np.eye(6), weighted.T @ values)
    return np.asarray(fit.reshape(high, wide), dtype=np.float32)


def _ground(grey: Grey, taken: NDArray[np.bool_]) -> Grey:
    """A soft look across what is not taken for ink; where there is none of that nearby, a softer one."""
    bare = 1 - np.minimum(1, blurred(taken.astype(np.float32), 1.0) * 3)  # its soft edge is no ground, either
    side = max(grey.shape)
    made = np.full_like(grey, float(np.median(grey[~taken])) if (~taken).any() else 0.5)
    for sigma in (side / 3, side / 12):
        much = blurred(bare, sigma)
        local = blurred(grey * bare, sigma) / np.maximum(much, 1e-6)
        trust = np.clip(much / 0.1, 0, 1)
        made = trust * local + (1 - trust) * made
    return np.asarray(made, dtype=np.float32)


def _skew(rest: Grey) -> float:
    centred = rest - np.median(rest)
    return float((centred**3).mean() / max(float((centred**2).mean()) ** 1.5, 1e-9))


def _spread(values: Grey) -> float:
    """What the standard deviation of noise would be, whatever else there is (by the median of the distances)."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))
