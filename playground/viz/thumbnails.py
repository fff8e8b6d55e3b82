"""Small pictures, as SVG: data sets by their points, coloured and shaped by what they are; functions by their curves."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from playground.core.vision import Box
from playground.data.dataset import Dataset
from playground.viz.theme import LIGHT

_SIZE = 40
Bytes = NDArray[np.uint8]
_MARKS = {
    0: "<circle cx='{x:.1f}' cy='{y:.1f}' r='1.5'/>",
    1: "<rect x='{l:.1f}' y='{t:.1f}' width='2.7' height='2.7'/>",
    2: "<path d='M{x:.1f} {t:.1f}l1.8 3.1h-3.6z'/>",
}


def points(data: Dataset, most: int = 90) -> str:
    """A data set of two inputs as an SVG drawing of at most ``most`` points, taken at random (always the same).

    Classes differ by colour and shape (circle, square, triangle); a number is shown from orange (low) to blue (high).
    """
    return _svg(_marks(data, most))


def learned(
    data: Dataset,
    extent: NDArray[np.float64],
    output: Bytes | None,
    winner: Bytes | None = None,
    sure: Bytes | None = None,
    *,
    axes: tuple[int, int] = (0, 1),
) -> str:
    """What a network learnt, under the points it learnt from.

    Args:
        data: The points.
        extent: ``(2, 2)``, the plane's lowest and highest value across and upwards.
        output: ``(r, r)``, 0 (class 0, lowest value) to 255; or ``None`` for several classes.
        winner: ``(r, r)``, the number of the winning class.
        sure: ``(r, r)``, its probability, 0 to 255.
        axes: Which two inputs span the plane.
    """
    if output is not None:
        rgb = np.array([_channels(blend(share / 255)) for share in range(256)])[output]
    else:
        assert winner is not None
        assert sure is not None
        hues = np.array([_channels(hue) for hue in LIGHT.series])[winner % len(LIGHT.series)]
        rgb = 255 - (255 - hues) * (0.75 * sure[..., None] / 255)
    encoded = base64.b64encode(png(rgb.round().astype(np.uint8))).decode()
    place = f"width='{_SIZE}' height='{_SIZE}' preserveAspectRatio='none'"
    picture = f"<image href='data:image/png;base64,{encoded}' {place}/>"
    return _svg(f"{picture}<g stroke='#fff' stroke-width='0.35'>{_marks(data, 130, extent, axes)}</g>")


def mosaic(pictures: Bytes) -> str:
    """Four small pictures ``(4, h, w, 3)`` as one, two by two, every pixel to be seen."""
    (high, wide), gap = pictures.shape[1:3], 1
    sheet = np.zeros((2 * high + gap, 2 * wide + gap, 4), np.uint8)  # what lies between is transparent
    for at, one in enumerate(pictures[:4]):
        row, column = (at // 2) * (high + gap), (at % 2) * (wide + gap)
        sheet[row : row + high, column : column + wide] = np.dstack([one, np.full((high, wide), 255, np.uint8)])
    encoded = base64.b64encode(png(sheet)).decode()
    place = f"width='{_SIZE}' height='{_SIZE}' style='image-rendering:pixelated'"
    return _svg(f"<image href='data:image/png;base64,{encoded}' {place}/>")


def lines(texts: Sequence[str], labels: Sequence[int]) -> str:
    """Some texts as lines of their length, each with a tag in the colour of its class."""
    longest, high = max(map(len, texts), default=1), (_SIZE - 4) / max(1, len(texts))
    drawn = ""
    for row, (text, label) in enumerate(zip(texts, labels, strict=True)):
        place = f"y='{2 + row * high + high * 0.2:.1f}' height='{high * 0.6:.1f}' rx='1'"
        tag = LIGHT.series[label % len(LIGHT.series)]
        drawn += f"<rect x='2' width='3.6' {place} fill='{tag}'/>"
        drawn += f"<rect x='7.5' width='{6 + 25 * len(text) / longest:.1f}' {place} fill='#808890'/>"
    return _svg(drawn)


def curve(x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]], reach: float) -> str:
    """A function over both axes, each from ``-reach`` to ``reach``, in the colour of the text around it.

    It breaks where the function jumps.
    """
    px, py = (_SIZE / 2 * (1 + sign * values / reach) for sign, values in ((1, x), (-1, y)))
    pieces = np.split(np.stack([px, py], axis=1), np.flatnonzero(np.abs(np.diff(py)) > _SIZE / 10) + 1)
    lines = "".join(
        f"<polyline points='{' '.join(f'{a:.1f},{b:.1f}' for a, b in piece)}' stroke-width='2.2'/>" for piece in pieces
    )
    middle = _SIZE / 2
    axes = f"<path d='M0 {middle}H{_SIZE}M{middle} 0V{_SIZE}' stroke-width='0.8' opacity='0.35'/>"
    return _svg(f"<g fill='none' stroke='currentColor' stroke-linejoin='round'>{axes}{lines}</g>")


def _svg(content: str) -> str:
    return f"<svg viewBox='0 0 {_SIZE} {_SIZE}' xmlns='http://www.w3.org/2000/svg'>{content}</svg>"


def _marks(data: Dataset, most: int, extent: NDArray[np.float64] | None = None, axes: tuple[int, int] = (0, 1)) -> str:
    taken = np.random.default_rng(0).permutation(len(data.y))[:most]
    x, y = data.x[taken][:, axes], data.y[taken]
    edge = 3 if extent is None else 0
    low, high = (x.min(axis=0), x.max(axis=0)) if extent is None else extent.T
    place = edge + (x - low) / np.maximum(high - low, 1e-12) * (_SIZE - 2 * edge)
    place[:, 1] = _SIZE - place[:, 1]
    return "".join(
        f"<g fill='{colour}'>{_mark(kind, px, py)}</g>"
        for (px, py), colour, kind in zip(place, _colours(data, y), _kinds(data, y), strict=True)
    )


def png(rgb: Bytes) -> bytes:
    """``(h, w, 3)`` bytes as a PNG file; with a fourth channel, how opaque each pixel is."""
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "PNG", optimize=True)
    return file.getvalue()


def square(photo: bytes, side: int) -> bytes:
    """The middle of a picture's file as a square JPEG of ``side`` pixels."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        ImageOps.fit(image.convert("RGB"), (side, side)).save(file, "JPEG", quality=88)
    return file.getvalue()


def four(photos: Sequence[bytes], side: int) -> bytes:
    """The middles of four pictures' files, two by two, as one square JPEG of ``side`` pixels."""
    file, half, sheet = io.BytesIO(), (side - 4) // 2, Image.new("RGB", (side, side), "white")
    for at, photo in enumerate(photos[:4]):
        with Image.open(io.BytesIO(photo)) as image:
            cut = ImageOps.fit(image.convert("RGB"), (half, half))
        sheet.paste(cut, (at % 2 * (side - half), at // 2 * (side - half)))
    sheet.save(file, "JPEG", quality=88)
    return file.getvalue()


def boxed(photo: bytes, side: int, boxes: Sequence[tuple[str, Box]]) -> bytes:
    """The same with boxes: each a colour, and where it stands on the whole picture."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        drawn = image.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    thick = max(2, round(0.022 * min(drawn.size)))
    for colour, box in boxes:
        x, y = (box.left * drawn.width, box.right * drawn.width), (box.top * drawn.height, box.bottom * drawn.height)
        pen.rectangle((x[0], y[0], x[1], y[1]), outline=colour, width=thick)
    ImageOps.fit(drawn, (side, side)).save(file, "JPEG", quality=88)
    return file.getvalue()


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mark(kind: int, x: float, y: float) -> str:
    return _MARKS[kind % 3].format(x=x, y=y, l=x - 1.35, t=y - 1.6)


def _kinds(data: Dataset, y: NDArray[np.float64]) -> list[int]:
    return [int(value) for value in y] if data.classes else [0] * len(y)


def _colours(data: Dataset, y: NDArray[np.float64]) -> list[str]:
    if data.task == "binary":
        return [LIGHT.positive if value else LIGHT.negative for value in y]
    if data.task == "classes":
        return [LIGHT.series[int(value) % len(LIGHT.series)] for value in y]
    low, high = float(y.min()), float(y.max())
    return [blend((value - low) / max(high - low, 1e-12)) for value in y]


def blend(share: float) -> str:
    """The diverging map at a share from 0 (orange) over 0.5 (neutral) to 1 (blue), as ``#rrggbb``."""
    ends = (LIGHT.negative, LIGHT.neutral, LIGHT.positive)
    start, end = ends[:2] if share < 0.5 else ends[1:]
    part = share * 2 if share < 0.5 else share * 2 - 1
    mixed = (round(a * (1 - part) + b * part) for a, b in zip(_channels(start), _channels(end), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def table() -> str:
    """A table of measurements, one column of which (blue) is to be predicted from the others."""

    def cell(row: int, column: int) -> str:
        colour = LIGHT.positive if column == 3 else LIGHT.series[4]
        strength = 0.95 if row == 0 else 0.35 + 0.1 * ((row * 3 + column) % 4)
        place = f"x='{4 + column * 8.2:.1f}' y='{5 + row * 5:.1f}' width='7' height='3.6' rx='0.8'"
        return f"<rect {place} fill='{colour}' opacity='{strength:.2f}'/>"

    cells = [cell(row, column) for row in range(6) for column in range(4)]
    return f"<svg viewBox='0 0 {_SIZE} {_SIZE}' xmlns='http://www.w3.org/2000/svg'>{''.join(cells)}</svg>"
