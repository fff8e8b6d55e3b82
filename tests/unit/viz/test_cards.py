"""The home page's small pictures: what is drawn is what was computed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from playground.viz import cards
from playground.viz.theme import DARK, LIGHT, Theme

SVG = "{http://www.w3.org/2000/svg}"


def points(line: ElementTree.Element) -> np.ndarray:
    """Of a polyline, ``(n, 2)``."""
    return np.array([[float(number) for number in pair.split(",")] for pair in line.get("points", "").split()])


def test_a_curve_lies_where_its_values_are() -> None:
    x = np.array([0.0, 1.0, 2.0])
    drawn = ElementTree.fromstring(cards.curves([(x, np.array([0.0, 2.0, np.nan]), "#123456", "")], (0, 2), (0, 4)))
    (line,) = [node for node in drawn if node.get("stroke") == "#123456"]
    assert points(line).tolist() == [[0, 40], [20, 20]]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_sign_of_a_link_is_its_colour_and_its_dash(theme: Theme) -> None:
    drawn = ElementTree.fromstring(cards.network([np.array([[2.0, -1.0]])], theme))
    up, down = drawn.iter(f"{SVG}line")
    assert (up.get("stroke"), up.get("stroke-dasharray")) == (theme.positive, "")
    assert down.get("stroke") == theme.negative and down.get("stroke-dasharray")
    assert float(up.get("stroke-width", "0")) > float(down.get("stroke-width", "0"))


def test_a_landscape_has_its_paths_and_marks_upright() -> None:
    path = (np.array([0.0, 1.0]), np.array([0.0, 1.0]), "#123456", "")
    text = cards.landscape(np.zeros((4, 4)), (0, 1), (0, 1), [path], [(1.0, 0.0)])
    drawn = ElementTree.fromstring(text)
    line = next(node for node in drawn if node.get("stroke") == "#123456")
    assert points(line).tolist() == [[0, 40], [40, 0]]
    mark = next(drawn.iter(f"{SVG}circle"))
    assert (mark.get("cx"), mark.get("cy")) == ("40.0", "40.0")
    assert re.search(r"data:image/png;base64,", text)
