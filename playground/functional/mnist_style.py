"""A digit on a pad, in a file or on a photograph, prepared as those of MNIST were, with every step to be seen.

MNIST's digits were cut out, scaled into 20 x 20 pixels with their proportions kept, and laid into 28 x 28 so that their
centre of mass is in the middle; light ink on a dark ground (Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten
digits, 1998). A network that learnt from them reads only what looks like them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from playground.functional import ink as inks
from playground.functional.resample import Grey, blurred, fitted, resized, squared, widened

SIDE, BOX = 28, 20
WORK = 160
"""So many pixels a side are looked at while ink is told from ground."""
FINE = 80
"""Longest side of a digit while the width of its strokes is measured."""
THIN = 6.0
"""Thinner strokes than this, at ``FINE``, would fade when made small: they are drawn as wide as this (1.5 of 20 pixels)."""

TITLES = (
    "Grey",
    "Light ink on a dark ground",
    "Cut out, 20 pixels high or wide",
    "Centre of mass in the middle of 28 × 28",
)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What became of a picture.

    Attributes:
        digit: As a network is given it, ``(28, 28)`` bytes, 0 ground to 255 ink; all 0 where nothing was found.
        empty: Whether nothing was found.
        dark: Whether the ink was darker than its ground, and so was turned round.
        thickened: Whether its strokes were so thin that they were widened.
        box: Where on the picture it was cut out: left, top, right, bottom as shares of its width and height.
        notes: What was done, a sentence a step, in the order of ``TITLES``.
    """

    digit: NDArray[np.uint8]
    empty: bool
    dark: bool
    thickened: bool
    box: tuple[float, float, float, float]
    notes: tuple[str, ...]
    _stages: tuple[Grey, ...] = field(repr=False)

    def shown(self, side: int = SIDE) -> NDArray[np.uint8]:
        """The four steps as square pictures ``(4, side, side)``, 0 black to 255 white; a pad's ink is dark on white at first."""
        return np.stack([_bytes(resized(one, side, side)) for one in self._stages])


def steps(picture: NDArray[np.uint8], *, pad: bool = False) -> Steps:
    """Prepare a picture with one digit on it.

    Args:
        picture: Grey ``(h, w)``, or colours ``(h, w, 3)``; 0 black to 255 white.
        pad: It is a pad's ink: 0 is untouched and 255 full ink, so nothing has to be told from a ground.
    """
    grey = _grey(picture)
    stage = squared(fitted(1 - grey if pad else grey, WORK), WORK)
    made = (_drawn(grey) if pad else _written(grey)) if min(grey.shape) >= 2 else None
    if made is None:
        blank = np.zeros((WORK, WORK), np.float32)
        empty = np.zeros((SIDE, SIDE), np.uint8)
        said = (
            "The pad, with no ink on it." if pad else "The picture in grey.",
            "Nothing stands out from the ground.",
            "Nothing to cut out.",
            "An empty picture.",
        )
        return Steps(empty, True, False, False, (0.0, 0.0, 1.0, 1.0), said, (stage, blank, blank, blank))
    whole, amount, box, dark = made
    small, thickened = _boxed(amount)
    digit, moved = _centred(small)
    middle = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    middle[top : top + small.shape[0], left : left + small.shape[1]] = small
    said = (
        "The pad, as ink on paper." if pad else "The picture in grey.",
        "Dark ink on a light ground: turned round, the ground taken off."
        if dark
        else "Turned round: the ink is white now."
        if pad
        else "Light ink already; the ground is taken off.",
        f"Cut out and scaled to {small.shape[1]} × {small.shape[0]} pixels"
        + (", its thin strokes widened." if thickened else "."),
        _moves(*moved),
    )
    return Steps(_bytes(digit), False, dark, thickened, box, said, (stage, whole, middle, digit))


def _grey(picture: NDArray[np.uint8]) -> Grey:
    """Luminance from 0 to 1 (Rec. 601 weights); so much of a large picture as is ever looked at."""
    values = np.asarray(picture, dtype=np.float32) / 255
    if values.ndim == 3:
        values = values[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(values, dtype=np.float32)


_Made = tuple[Grey, Grey, tuple[float, float, float, float], bool]


def _drawn(grey: Grey) -> _Made | None:
    """The ink of a pad: the whole, what is cut out, and where."""
    if grey.max(initial=0) < 0.2:
        return None
    box = _box(grey > 0.1)
    high, wide = grey.shape
    left, top, right, bottom = box
    return (
        squared(grey, WORK, 0.0),
        grey[top:bottom, left:right],
        (left / wide, top / high, right / wide, bottom / high),
        False,
    )


def _written(grey: Grey) -> _Made | None:
    """The ink of a picture; looked at once more from close by where it is a small part of it."""
    high, wide = grey.shape
    seen = _seen(grey, (0, 0, wide, high), None)
    if seen is None:
        return None
    ink, mask, (left, top, right, bottom) = seen
    size = max(right - left, bottom - top)
    if 10 <= size < 0.5 * max(high, wide):
        room = round(0.4 * size)
        frame = (max(0, left - room), max(0, top - room), min(wide, right + room), min(high, bottom + room))
        ink, mask, (left, top, right, bottom) = _seen(grey, frame, ink.dark) or seen
    amount = ink.amount * np.minimum(1, 4 * blurred(mask.astype(np.float32), 1.0))  # its soft edges belong to it
    if not (amount > 0.1).any():
        return None
    first, above, last, below = _box(amount > 0.1)
    place = (left / wide, top / high, right / wide, bottom / high)
    return squared(amount, WORK, 0.0), amount[above:below, first:last], place, ink.dark


def _seen(
    grey: Grey, frame: tuple[int, int, int, int], dark: bool | None
) -> tuple[inks.Ink, NDArray[np.bool_], tuple[int, int, int, int]] | None:
    """The ink inside a frame (left, top, right, bottom in pixels), which of it is the sign, and where that is."""
    left, top, right, bottom = frame
    view = fitted(grey[top:bottom, left:right], WORK)
    noise = float(np.median(np.abs(view - blurred(view, 1.0))))
    view = blurred(view, 0.4 + min(1.2, 40 * noise))
    ink = inks.found(view, dark)
    mask = None if ink is None else inks.sign(ink)
    if ink is None or mask is None:
        return None
    per = (right - left) / view.shape[1]
    first, above, last, below = (round(per * edge) for edge in _box(mask))
    return ink, mask, (left + first, top + above, left + last, top + below)


def _boxed(amount: Grey) -> tuple[Grey, bool]:
    """Scaled so that the longer side has 20 pixels; strokes that would fade are widened before."""
    fine = np.pad(fitted(amount, FINE), 4)
    inside = fine > 0.5
    bare = ~(inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:])
    rim = int((inside[1:-1, 1:-1] & bare).sum())
    width = 2 * int(inside.sum()) / max(rim, 1)
    thin = width < THIN
    if thin:
        fine = widened(fine, (THIN - width) / 2 + 0.5)
    left, top, right, bottom = _box(fine > 0.1)
    small = fitted(fine[top:bottom, left:right], BOX)
    return np.asarray(np.clip(small / max(float(np.quantile(small, 0.98)), 0.5), 0, 1), np.float32), thin


def _centred(small: Grey) -> tuple[Grey, tuple[int, int]]:
    """Laid into 28 x 28 so that its centre of mass is in the middle, as far as it stays inside; and how far that moved it."""
    high, wide = small.shape
    total = max(float(small.sum()), 1e-6)
    down = float(((np.arange(high) + 0.5) @ small).sum()) / total
    across = float((small @ (np.arange(wide) + 0.5)).sum()) / total
    top = min(max(round(SIDE / 2 - down), 0), SIDE - high)
    left = min(max(round(SIDE / 2 - across), 0), SIDE - wide)
    digit = np.zeros((SIDE, SIDE), np.float32)
    digit[top : top + high, left : left + wide] = small
    return digit, (left - (SIDE - wide) // 2, top - (SIDE - high) // 2)


def _moves(across: int, down: int) -> str:
    said = [f"{abs(n)} to the {'right' if n > 0 else 'left'}" for n in (across,) if n]
    said += [f"{abs(n)} {'down' if n > 0 else 'up'}" for n in (down,) if n]
    return (
        f"Moved {' and '.join(said)}, its centre of mass is in the middle."
        if said
        else "Its centre of mass is in the middle."
    )


def _box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _bytes(picture: Grey) -> NDArray[np.uint8]:
    return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), dtype=np.uint8)
