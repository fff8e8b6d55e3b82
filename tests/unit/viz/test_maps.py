"""Maps as PNG files: the canvas's own colours, one square a value."""

from __future__ import annotations

import io
import json
import re

import numpy as np
from PIL import Image

from playground.ui.assets import LIVE
from playground.viz import maps


def test_the_scale_is_the_canvas_s_own_and_black_at_zero() -> None:
    (stops,) = re.findall(r"STOPS = .*?\((\[\[.*\]\])\);", (LIVE / "cnn_paint.js").read_text(encoding="utf-8"))
    assert json.loads(stops) == [list(one) for one in maps.STOPS]
    glow = maps.glow().astype(float)
    light = glow @ [0.2126, 0.7152, 0.0722]
    assert glow[0].tolist() == [0, 0, 0]
    assert (np.diff(light) >= -0.5).all(), "the scale never gets darker"


def test_a_strip_has_each_value_as_a_square_and_gaps_between() -> None:
    found = np.array([[[0, 255], [128, 0]], [[255, 255], [0, 0]]], np.uint8)
    with Image.open(io.BytesIO(maps.strip(found, 8))) as image:
        picture = np.array(image)
    assert picture.shape == (8, 8 + 4 + 8, 4)
    assert picture[0, 7, :3].tolist() == list(maps.STOPS[-1])
    assert (picture[:, 8:12, 3] == 0).all()
    assert (picture[:4, 12:, :3] == picture[0, 12, :3]).all()
