"""Pictures to slide a kernel over: drawn digits, plain test figures, and photographs made small. Grey, 0 to 1.

The digits are drawn here by a few strokes each, white on black as MNIST has them.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from playground.core.registry import Named, Registry
from playground.data.examples import EXAMPLES
from playground.data.pictures import FORMATS

Floats = NDArray[np.float64]

PEN = 0.052
"""Half the width of a stroke, as a share of the side."""


@dataclass(frozen=True, kw_only=True)
class SmallPicture(Named):
    """A picture that can be had at any small size.

    Attributes:
        source: Who drew or photographed it.
        make: Its side in pixels to ``(side, side)``, 0 black to 1 white.
    """

    source: str
    make: Callable[[int], Floats]


SMALL_PICTURES: Registry[SmallPicture] = Registry("picture")

# Points of each stroke, left to right and top to bottom in hundredths of the side.
_STROKES: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "0": (((52, 18), (37, 24), (30, 42), (31, 62), (40, 79), (54, 80), (66, 66), (69, 45), (63, 25), (52, 18)),),
    "1": (((38, 32), (52, 18), (50, 50), (48, 82)),),
    "2": (((31, 34), (38, 20), (55, 18), (66, 29), (60, 47), (44, 64), (30, 80)), ((30, 80), (50, 77), (70, 80))),
    "3": (((33, 22), (50, 17), (64, 26), (60, 41), (46, 48)), ((46, 48), (63, 54), (67, 68), (56, 80), (40, 82), (30, 74))),
    "4": (((56, 18), (42, 38), (29, 58), (50, 59), (72, 57)), ((60, 40), (58, 62), (56, 84))),
    "5": (((67, 19), (50, 19), (37, 20), (34, 46)), ((34, 46), (50, 42), (64, 51), (66, 67), (53, 80), (32, 79))),
    "6": (((60, 17), (46, 28), (36, 46), (32, 64), (40, 79), (55, 80), (66, 69), (62, 56), (48, 53), (34, 62)),),
    "7": (((29, 22), (50, 20), (69, 20), (58, 45), (45, 82)), ((38, 52), (50, 50), (63, 50))),
    "8": (((50, 48), (36, 38), (38, 22), (52, 17), (64, 26), (60, 40), (46, 52), (34, 66), (40, 80), (56, 82), (66, 70),
           (60, 56), (50, 48)),),
    "9": (((65, 34), (54, 46), (38, 43), (34, 28), (46, 18), (60, 21), (66, 36)), ((66, 36), (63, 58), (54, 83))),
}  # fmt: skip


def _smooth(points: tuple[tuple[int, int], ...]) -> Floats:
    """A curve through the points (Catmull and Rom), ``(n, 2)`` in shares of the side."""
    p = np.array(points, dtype=np.float64) / 100
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*pieces, p[-2:-1]])


def _digit(digit: str, side: int) -> Floats:
    """Ink where a pen of soft edge went along the strokes."""
    fine = 3
    places = (np.arange(side * fine) + 0.5) / (side * fine)
    spot = np.stack(np.meshgrid(places, places), axis=-1)[:, :, None]  # y, x, 1, (x, y)
    nearest = np.full((side * fine,) * 2, np.inf)
    for stroke in _STROKES[digit]:
        line = _smooth(stroke)
        a, b = line[:-1], line[1:]
        along = np.clip(((spot - a) * (b - a)).sum(-1) / np.maximum(((b - a) ** 2).sum(-1), 1e-12), 0, 1)
        off = np.linalg.norm(spot - (a + along[..., None] * (b - a)), axis=-1)
        nearest = np.minimum(nearest, off.min(axis=-1))
    soft = 0.5 / 28
    ink = np.clip((PEN + soft - nearest) / (2 * soft), 0, 1)
    small: Floats = ink.reshape(side, fine, side, fine).mean(axis=(1, 3))
    return small


def _photo(name: str, side: int) -> Floats:
    """One of the bundled photographs, its middle square, in grey."""
    with Image.open(io.BytesIO(EXAMPLES[name].photo().content), formats=FORMATS) as image:
        return square(image.convert("L"), side)


def square(image: Image.Image, side: int) -> Floats:
    """The middle square of a grey picture at so many pixels, with its lightest and darkest part as white and black."""
    small = ImageOps.autocontrast(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS), cutoff=1)
    return np.asarray(small, dtype=np.float64) / 255


def _dot(side: int) -> Floats:
    found = np.zeros((side, side))
    found[side // 2, side // 2] = 1.0
    return found


def _step(side: int) -> Floats:
    found = np.zeros((side, side))
    found[:, side // 2 :] = 1.0
    return found


def _box(side: int) -> Floats:
    found, edge = np.zeros((side, side)), max(1, side // 4)
    found[edge : side - edge, edge : side - edge] = 1.0
    return found


def _stripes(side: int) -> Floats:
    down, across = np.mgrid[:side, :side]
    return np.asarray(((down + across) // max(1, side // 8) % 2).astype(np.float64))


def _add(name: str, title: str, summary: str, source: str, make: Callable[[int], Floats]) -> None:
    SMALL_PICTURES.add(
        SmallPicture(name=name, title=title, summary=summary, source=source, make=functools.lru_cache(64)(make))
    )


_OURS = "Drawn for this playground, 2026"
for _name in ("3", "8"):
    _add(_name, _name, f"A {_name}, white on black.", _OURS, functools.partial(_digit, _name))
for _name in ("cat", "car"):
    _add(
        _name, EXAMPLES[_name].title, EXAMPLES[_name].summary, EXAMPLES[_name].source, functools.partial(_photo, _name)
    )
_add("dot", "One dot", "One white pixel: what comes out is the kernel itself.", _OURS, _dot)
_add("step", "A step", "Black, then white.", _OURS, _step)
_add("box", "A box", "A white square with four edges.", _OURS, _box)
_add("stripes", "Stripes", "Slanted stripes of one width.", _OURS, _stripes)
for _name in "01245679":
    _add(_name, _name, f"A {_name}, white on black.", _OURS, functools.partial(_digit, _name))
for _name in ("coffee", "horse"):
    _add(
        _name, EXAMPLES[_name].title, EXAMPLES[_name].summary, EXAMPLES[_name].source, functools.partial(_photo, _name)
    )
