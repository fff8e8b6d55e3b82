"""Figures and small pictures: right colours, right shapes, bounded size, words beside them."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from playground.core import paths
from playground.data.registry import DATASETS
from playground.functional.activations import ACTIVATIONS
from playground.viz import curves, thumbnails
from playground.viz.theme import DARK, LIGHT, Theme


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_python_and_canvas_share_their_palette(theme: Theme) -> None:
    script = (paths.PACKAGE / "ui" / "live" / "colours.js").read_text().upper()
    for colour in (theme.negative, theme.positive, theme.neutral, *theme.series):
        assert colour.upper() in script, colour


def test_text_on_both_backgrounds_can_be_read() -> None:
    config = (paths.PACKAGE / "ui" / ".streamlit" / "config.toml").read_text()
    for mode in ("light", "dark"):
        section = config.split(f"[theme.{mode}]")[1].split("\n\n")[0]
        colours = dict(re.findall(r'(\w+) = "(#\w+)"', section))
        for ink in ("textColor", "primaryColor", "linkColor"):
            for ground in ("backgroundColor", "secondaryBackgroundColor"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (mode, ink, ground)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [name for name, entry in DATASETS.items() if entry.drawn])
def test_a_thumbnail_shows_every_class_in_its_own_shape_and_colour(name: str) -> None:
    data = DATASETS[name].make(240, 5, 3)
    drawn = ElementTree.fromstring(thumbnails.points(data))
    groups = list(drawn)
    assert 30 <= len(groups) <= 90
    shapes = {group[0].tag.split("}")[1] for group in groups}
    assert len(shapes) == max(1, len(data.classes))
    if data.classes:
        assert len({group.get("fill") for group in groups}) == len(data.classes)


def test_a_learned_surface_is_orange_where_class_0_is_sure() -> None:
    output = np.zeros((4, 4), dtype=np.uint8)
    data, extent = DATASETS["circle"].make(60, 0, 1), np.array([[-6.0, 6.0], [-6.0, 6.0]])
    drawn = thumbnails.learned(data, extent, output)
    href = ElementTree.fromstring(drawn)[0].get("href") or ""
    picture = Image.open(io.BytesIO(base64.b64decode(href.split(",")[1])))
    assert picture.size == (4, 4)
    assert picture.getpixel((0, 0)) == tuple(int(LIGHT.negative[at : at + 2], 16) for at in (1, 3, 5))
    assert drawn != thumbnails.learned(data, extent, output + 255)


@pytest.mark.parametrize(("share", "colour"), [(0, LIGHT.negative), (0.5, LIGHT.neutral), (1, LIGHT.positive)])
def test_the_diverging_map_meets_its_ends_and_middle(share: float, colour: str) -> None:
    assert thumbnails.blend(share) == colour.lower()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_drawn_within_the_budget_and_in_words(name: str) -> None:
    entry = ACTIVATIONS[name]
    picture = curves.activation(entry.title, entry.function, entry.derivative, DARK)
    assert len(picture.figure.to_json()) < 300_000
    assert entry.title in picture.alt
    slope = np.asarray(picture.figure.data[1].y, dtype=float)
    assert f"{slope.max():.2f}" in picture.alt
