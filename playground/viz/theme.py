"""Colours of everything that is drawn from Python; the canvas has the same ones in ``ui/live/colours.js``.

One role, one colour (a test holds the two files together): sign is orange (negative, class 0) and blue (positive, class 1)
over a neutral middle; series and further classes have a hue of their own from a set without those two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """The palette on one background.

    Attributes:
        negative: Class 0, negative values. Never text.
        positive: Class 1, positive values. Never text.
        neutral: Zero, undecided.
        ink: Text, axes, curves of training and validation.
        faint: Grid lines.
        series: Fixed hues, in order, for classes beyond two and for runs side by side.
    """

    negative: str
    positive: str
    neutral: str
    ink: str
    faint: str
    series: tuple[str, ...]


LIGHT = Theme(
    negative="#F59322",
    positive="#0877BD",
    neutral="#E8EAEB",
    ink="#1B1F24",
    faint="#E3E6E9",
    series=("#7B4FB0", "#1B8A5A", "#B8437B", "#8A6D1F", "#5B6B7A", "#3C8D93"),
)
DARK = Theme(
    negative="#FFB35C",
    positive="#4FB3F0",
    neutral="#2A2E33",
    ink="#E9ECEF",
    faint="#33393F",
    series=("#B48CE6", "#55C596", "#EC86B4", "#D3B45A", "#A3B1BF", "#74C6CC"),
)
