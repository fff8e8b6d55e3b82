"""Maps of evidence over a photo: their colours, the photo with the map on it as pixels, and what can be said of them in numbers.

The browser lays the same colours over the photo in the same way (``ui/live/shot.js``), so that a download is what was seen.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.vision import Box
from playground.viz.theme import LIGHT, Theme

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""How bright red, green and blue are to the eye (Rec. 709), as browsers turn pictures grey."""


def colours(*, signed: bool, theme: Theme = LIGHT) -> Bytes:
    """The 256 colours of a map, ``(256, 3)``.

    Unsigned: viridis, whose lightness grows evenly (Smith and van der Walt 2015). Signed: from orange over neutral to blue.
    """
    stops = (theme.negative, theme.neutral, theme.positive) if signed else _VIRIDIS
    levels = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in stops], np.float64)
    place = np.linspace(0, 255, len(stops))
    mixed = [np.interp(np.arange(256), place, levels[:, channel]) for channel in range(3)]
    return np.stack(mixed, axis=1).round().astype(np.uint8)


def levels(heat: Floats, *, signed: bool) -> Bytes:
    """A map as numbers of colours, the same shape: 0 (or -1 where signed) is the first colour, 1 the last."""
    known = np.nan_to_num(heat)
    share = (known + 1) / 2 if signed else known
    return (np.clip(share, 0, 1) * 255).round().astype(np.uint8)


def overlay(photo: Bytes, heat: Floats, seen: Box, opacity: float, *, signed: bool, theme: Theme = LIGHT) -> Bytes:
    """The photo with the map over the part that the network saw.

    The photo loses its own colours as the map gains strength: else nobody could tell whose green a green is.

    Args:
        photo: ``(height, width, 3)``.
        heat: ``(h, w)``, 0 to 1 or, signed, -1 to 1.
        seen: The part of the photo that the map covers.
        opacity: 0 is the photo alone, 1 the map alone.
        signed: Which colours it gets.
        theme: Their palette.

    Returns:
        ``(height, width, 3)``.
    """
    height, width, _ = photo.shape
    greyness = min(1.0, 2 * opacity)
    grey = (photo @ _LUMINANCE)[..., None]
    mixed = photo * (1 - greyness) + grey * greyness
    left, right = (min(width, max(0, round(at * width))) for at in (seen.left, seen.right))
    top, bottom = (min(height, max(0, round(at * height))) for at in (seen.top, seen.bottom))
    if right > left and bottom > top:
        painted = Image.fromarray(colours(signed=signed, theme=theme)[levels(heat, signed=signed)])
        veil = np.asarray(painted.resize((right - left, bottom - top), Image.Resampling.BILINEAR), np.float64)
        part = mixed[top:bottom, left:right]
        mixed[top:bottom, left:right] = part * (1 - opacity) + veil * opacity
    found: Bytes = mixed.round().astype(np.uint8)
    return found


def agreement(one: Floats, other: Floats) -> float | None:
    """Spearman's rank correlation of two maps, -1 to 1; ``None`` where one of them is the same everywhere.

    Ranks, because only the order of places is compared, not how strongly a method colours them (Adebayo et al. 2018).

    Raises:
        ValueError: They differ in shape.
    """
    if one.shape != other.shape:
        raise ValueError(f"maps of shapes {one.shape} and {other.shape} cannot be compared")
    first, second = (rank - rank.mean() for rank in (_ranks(one), _ranks(other)))
    spread = math.sqrt(float(first @ first) * float(second @ second))
    return None if spread == 0 else float(first @ second) / spread


def concentration(heat: Floats) -> float | None:
    """Which share of a map's area holds half of its evidence for the class; ``None`` where there is none."""
    positive = np.sort(np.clip(heat, 0, None), axis=None)[::-1].cumsum(dtype=np.float64)
    if not positive.size or positive[-1] <= 0:
        return None
    return (int(np.searchsorted(positive, positive[-1] / 2)) + 1) / positive.size


def _ranks(heat: Floats) -> NDArray[np.float64]:
    """The place of each value in their order; equal values share the mean of their places."""
    _, which, count = np.unique(heat, return_inverse=True, return_counts=True)
    last = count.cumsum()
    return (last - (count - 1) / 2)[which.ravel()]
