"""Feature maps and small pictures as PNG files: every value one square, through the scale of the live canvas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.viz.thumbnails import png

Bytes = NDArray[np.uint8]

STOPS = (
    (0, 0, 0),
    (9, 28, 66),
    (50, 68, 108),
    (97, 101, 113),
    (141, 136, 119),
    (190, 173, 104),
    (238, 212, 79),
    (255, 246, 190),
)
"""Cividis, begun at black: the same colours as ``ui/live/cnn_paint.js``."""


def glow() -> Bytes:
    """The colour of each value, ``(256, 3)``; black is zero."""
    at = np.linspace(0, len(STOPS) - 1, 256)
    channels = np.array(STOPS, dtype=float).T
    return np.stack([np.interp(at, np.arange(len(STOPS)), one) for one in channels], axis=1).round().astype(np.uint8)


def strip(maps: Bytes, side: int = 56) -> bytes:
    """Maps ``(m, h, w)`` side by side, each about ``side`` pixels wide, as a PNG file; what lies between is transparent."""
    times = max(1, side // max(maps.shape[1:]))
    tiles = [_opaque(glow()[one]).repeat(times, 0).repeat(times, 1) for one in maps]
    gap = np.zeros((tiles[0].shape[0], 4, 4), np.uint8)
    parts = [part for tile in tiles for part in (tile, gap)][:-1]
    return png(np.concatenate(parts, axis=1))


def mosaic(picture: Bytes, found: NDArray[np.floating], side: int = 108) -> bytes:
    """A grey picture ``(h, w, 1)`` and its first three maps ``(m, h, w)``, two by two, as a PNG file."""
    brightest = np.argsort(-found.max(axis=(1, 2)))[:3]
    scaled = [
        np.clip(255 * found[one] / max(1e-9, float(found[one].max())), 0, 255).astype(np.uint8) for one in brightest
    ]
    tiles = [_opaque(np.repeat(picture, 3, axis=2)), *(_opaque(glow()[one]) for one in scaled)]
    times = max(1, side // picture.shape[0])
    tiles = [tile.repeat(times, 0).repeat(times, 1) for tile in tiles]
    high, wide = tiles[0].shape[:2]
    sheet = np.zeros((2 * high + 6, 2 * wide + 6, 4), np.uint8)
    for at, tile in enumerate(tiles):
        row, column = (at // 2) * (high + 6), (at % 2) * (wide + 6)
        sheet[row : row + high, column : column + wide] = tile
    return png(sheet)


def enlarged(picture: Bytes, side: int = 140) -> bytes:
    """A small picture ``(h, w, c)`` or ``(h, w)`` as a PNG file, every pixel a square."""
    if picture.ndim == 2 or picture.shape[2] == 1:
        picture = np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    times = max(1, side // max(picture.shape[:2]))
    return png(picture.repeat(times, 0).repeat(times, 1))


def _opaque(rgb: Bytes) -> Bytes:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
