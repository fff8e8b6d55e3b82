"""Small pictures for the home page's cards, as SVG: computed like the pages' own, never drawn by hand."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.viz.theme import LIGHT, Theme
from playground.viz.thumbnails import png

SIZE = 40
Floats: TypeAlias = NDArray[np.floating[Any]]
Line: TypeAlias = tuple[Floats, Floats, str, str]
"""Places along x and y, a colour, and a dash pattern as SVG has it (empty: solid)."""


def curves(lines: Sequence[Line], x: tuple[float, float], y: tuple[float, float], theme: Theme = LIGHT) -> str:
    """Lines over one axis, the first one boldest, with both axes through zero where they cross the picture."""
    drawn = []
    if y[0] < 0 < y[1]:
        drawn.append(_path(np.array(x), np.zeros(2), x, y, theme.faint, 0.6, ""))
    if x[0] < 0 < x[1]:
        drawn.append(_path(np.zeros(2), np.array(y), x, y, theme.faint, 0.6, ""))
    for number, (along, up, colour, dash) in enumerate(lines):
        drawn.append(_path(along, up, x, y, colour, 1.7 if number == 0 else 1.2, dash))
    return _svg("".join(drawn))


def landscape(
    shares: Floats, x: tuple[float, float], y: tuple[float, float], lines: Sequence[Line], marks: Iterable[Any] = ()
) -> str:
    """A surface from above, dark where it is low, with paths on it.

    Args:
        shares: Heights from 0 to 1, ``(rows, columns)``, the lowest y first.
        x: The domain across.
        y: And upwards.
        lines: Paths.
        marks: Places worth a mark, ``(x, y)`` each.
    """
    low, high = np.array([70.0, 82.0, 102.0]), np.array([244.0, 246.0, 248.0])
    stepped = np.round(np.clip(shares, 0, 1) * 11) / 11  # bands: contour lines without drawing any
    rgb = low + (high - low) * stepped[::-1, :, None]
    encoded = base64.b64encode(png(rgb.round().astype(np.uint8))).decode()
    place = f"width='{SIZE}' height='{SIZE}' preserveAspectRatio='none'"
    drawn = [f"<image href='data:image/png;base64,{encoded}' {place}/>"]
    for along, up, colour, dash in lines:
        drawn += [_path(along, up, x, y, "#fff", 2.2, ""), _path(along, up, x, y, colour, 1.3, dash)]
    for a, b in marks:
        px, py = _place(np.array([a]), np.array([b]), x, y)
        drawn.append(f"<circle cx='{px[0]:.1f}' cy='{py[0]:.1f}' r='1.9' fill='#fff' stroke='{LIGHT.ink}'/>")
    return _svg("".join(drawn))


def bars(shares: Sequence[float], theme: Theme = LIGHT) -> str:
    """Lengths from 0 to 1 as bars below each other, the first on top."""
    height = SIZE / len(shares)
    return _svg(
        "".join(
            f"<rect x='0' y='{height * (row + 0.2):.2f}' width='{SIZE * share:.2f}' height='{0.6 * height:.2f}' "
            f"rx='0.6' fill='{theme.series[0] if row == 0 else theme.ink}'/>"
            for row, share in enumerate(shares)
        )
    )


def tower(shares: Sequence[float], frozen: int, theme: Theme = LIGHT) -> str:
    """Layers on top of each other, the first at the bottom, each with a share from 0 to 1; the lowest ones may be frozen."""
    high, drawn = (SIZE - 4) / len(shares), []
    for row, share in enumerate(shares):
        y, tall = SIZE - 2 - (row + 0.9) * high, 0.8 * high
        place = f"x='4' y='{y:.2f}' height='{tall:.2f}' rx='1.2'"
        if row < frozen:
            hatch = "".join(f"M{x} {y + tall:.2f}l{tall:.2f} {-tall:.2f}" for x in range(5, 32, 3))
            drawn.append(f"<path d='{hatch}' stroke='{theme.faint}' stroke-width='.8'/>")
        else:
            drawn.append(f"<rect {place} width='{32 * share:.1f}' fill='{theme.series[0]}' opacity='.75'/>")
        drawn.append(f"<rect {place} width='32' fill='none' stroke='{theme.ink}' stroke-width='.9'/>")
    return _svg("".join(drawn))


def network(weights: Sequence[Floats], theme: Theme = LIGHT) -> str:
    """A small network: link widths for the sizes of its numbers, blue and solid above zero, orange and dashed below."""
    sizes = [weights[0].shape[1], *(len(matrix) for matrix in weights)]
    spots = [
        [(5 + 30 * layer / (len(sizes) - 1), SIZE * (unit + 1) / (count + 1)) for unit in range(count)]
        for layer, count in enumerate(sizes)
    ]
    most = max(float(np.abs(matrix).max()) for matrix in weights)
    drawn = []
    for layer, matrix in enumerate(weights):
        for (to, source), value in np.ndenumerate(matrix):
            (x0, y0), (x1, y1) = spots[layer][source], spots[layer + 1][to]
            colour, dash = (theme.positive, "") if value >= 0 else (theme.negative, "2 1.2")
            width = 0.5 + 2.2 * abs(float(value)) / most
            drawn.append(
                f"<line x1='{x0:.1f}' y1='{y0:.1f}' x2='{x1:.1f}' y2='{y1:.1f}' stroke='{colour}' "
                f"stroke-width='{width:.2f}' stroke-dasharray='{dash}'/>"
            )
    for column in spots:
        drawn += [
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3.2' fill='{theme.neutral}' stroke='{theme.ink}'/>"
            for x, y in column
        ]
    return _svg("".join(drawn))


def words(pulls: Sequence[tuple[int, float]], balance: float, theme: Theme = LIGHT) -> str:
    """A text as blocks tinted by what each word added, above a bar that leans to the side that won.

    Args:
        pulls: Letters of each word, and its pull from -1 to 1.
        balance: The share of the positive side, 0 to 1.
        theme: Colours.
    """
    drawn, x, y = [], 0.0, 2.0
    for letters, pull in pulls:
        width = 1.75 * letters
        if x + width > SIZE:
            x, y = 0.0, y + 6.6
        colour = theme.positive if pull > 0 else theme.negative
        drawn.append(f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='4.4' rx='1' fill='{theme.neutral}'/>")
        drawn.append(
            f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='4.4' rx='1' fill='{colour}' opacity='{abs(pull):.2f}'/>"
        )
        x += width + 1.4
    left, half, top = SIZE / 2 * balance, SIZE / 2, SIZE - 8.5
    drawn.append(f"<rect x='0' y='{top}' width='{SIZE}' height='7' rx='1.5' fill='{theme.neutral}'/>")
    drawn.append(
        f"<rect x='{left:.1f}' y='{top + 1}' width='{half * (1 - balance):.1f}' height='5' fill='{theme.negative}'/>"
    )
    drawn.append(f"<rect x='{half}' y='{top + 1}' width='{half * balance:.1f}' height='5' fill='{theme.positive}'/>")
    return _svg("".join(drawn))


def _svg(content: str) -> str:
    return f"<svg viewBox='0 0 {SIZE} {SIZE}' xmlns='http://www.w3.org/2000/svg'>{content}</svg>"


def _place(along: Floats, up: Floats, x: tuple[float, float], y: tuple[float, float]) -> tuple[Floats, Floats]:
    """From values to the picture's own units."""
    return (along - x[0]) / (x[1] - x[0]) * SIZE, SIZE - (up - y[0]) / (y[1] - y[0]) * SIZE


def _path(
    along: Floats, up: Floats, x: tuple[float, float], y: tuple[float, float], colour: str, width: float, dash: str
) -> str:
    px, py = _place(along, up, x, y)
    inside = np.isfinite(px) & np.isfinite(py)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(px[inside], np.clip(py[inside], -SIZE, 2 * SIZE), strict=True))
    return (
        f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='{width}' stroke-linejoin='round' "
        f"stroke-dasharray='{dash}'/>"
    )
