"""Objects drawn into pictures and cut out of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from playground.core import palette
from playground.core.detection import Cut, Cuttings, Draw, Drawn, Thing
from playground.core.errors import InputError
from playground.core.vision import Photo
from playground.hub import drawing
from playground.hub.desk import Desk
from tests.timm_folder import drawn, png

quiet: Callable[[str], None] = lambda words: None  # noqa: E731


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, budget=10**9, megabytes=20, megapixels=50)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_objects_are_drawn_at_the_pictures_own_size_in_their_colours(desk: Desk) -> None:
    photo = Photo(png(Image.new("RGB", (400, 300), (90, 90, 90))), "grey.png")
    body = tuple((60.0 + 10 * n, 150.0, 0.9 if n < 9 else 0.1) for n in range(17))
    things = (
        Thing("cat", 0, 0.9, (50, 60, 150, 200), mask=((60, 70), (140, 70), (140, 190), (60, 190))),
        Thing("dog", 1, 0.8, (200.4, 60.2, 399.9, 299.9), keypoints=body),
    )
    plain, named = (
        answer for labels in (False, True) for answer in drawing.draw(desk, None, [Draw(photo, things, labels)], quiet)
    )
    assert isinstance(plain, Drawn) and isinstance(named, Drawn)
    picture, words = opened(plain.png), opened(named.png)
    assert picture.format == "PNG" and picture.size == (400, 300)
    pixels = picture.convert("RGB")
    assert pixels.getpixel((50, 130)) == palette.parts(palette.tint(0).colour)
    assert pixels.getpixel((399, 250)) == palette.parts(palette.tint(1).colour)
    assert pixels.getpixel((20, 20)) == (90, 90, 90) != pixels.getpixel((100, 130))  # a mask is tinted
    assert np.any(np.asarray(words) != np.asarray(picture)) and np.all(np.asarray(words)[100:130, 5:40] == 90)
    assert desk.picture(photo).image.getpixel((50, 130)) == (90, 90, 90)  # the remembered one stays as it is


def test_letters_grow_with_what_is_asked_for() -> None:
    things = (Thing("dog", 1, 0.8, (40, 200, 399, 299)),)
    rows = []
    for size in (0, 40):
        picture = Image.new("RGB", (400, 300), (90, 90, 90))
        drawing.into(picture, things, type_size=size)
        rows.append(int((np.asarray(picture)[:200] != 90).any(axis=(1, 2)).sum()))
    assert rows[1] > 2 * rows[0] > 0


def test_pieces_come_in_order_whole_pixels_and_no_larger_than_asked(desk: Desk) -> None:
    image = drawn(0, (200, 100))
    boxes = ((10.2, 20.7, 60.1, 50.0), (-5.0, -5.0, 500.0, 500.0), (199.6, 99.7, 199.9, 99.9))
    for side, sizes in ((0, [(51, 30), (200, 100), (1, 1)]), (50, [(50, 29), (50, 25), (1, 1)])):
        (found,) = drawing.cut(desk, None, [Cut(Photo(png(image), "a.png"), boxes, side)], quiet)
        assert isinstance(found, Cuttings)
        assert [opened(jpeg).size for jpeg in found.jpegs] == sizes
        assert all(opened(jpeg).format == "JPEG" for jpeg in found.jpegs)
    whole = np.asarray(
        opened(drawing.cut(desk, None, [Cut(Photo(png(image), "a"), boxes[:1])], quiet)[0].jpegs[0]), float
    )  # type: ignore[union-attr]
    assert np.abs(whole - np.asarray(image, float)[20:50, 10:61]).mean() < 6


def test_what_cannot_be_drawn_or_cut_is_said(desk: Desk) -> None:
    photo, many = Photo(png(drawn(0)), "a.png"), Thing("cat", 0, 0.5, (0, 0, 9, 9))
    large = Photo(png(Image.new("RGB", (3000, 3000))), "large.png")
    for found, words in (
        (drawing.draw(desk, None, [Draw(Photo(b"", "x.png"), ())], quiet), "x.png is empty"),
        (drawing.draw(desk, None, [Draw(photo, (many,) * 301)], quiet), "301 objects were to be drawn; at most 300"),
        (drawing.cut(desk, None, [Cut(photo, (many.box,) * 301)], quiet), "301 pieces"),
        (drawing.cut(desk, None, [Cut(photo, (many.box,), -1)], quiet), "-1 pixels"),
        (drawing.cut(desk, None, [Cut(large, ((0, 0, 3000, 3000),) * 50)], quiet), "450 million pixels together"),
    ):
        assert isinstance(found[0], InputError) and words in str(found[0]), found


def test_what_is_written_on_a_colour_can_be_read() -> None:
    def light(colour: str) -> float:
        parts = [part / 255 for part in palette.parts(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for tint in palette.TINTS:
        low, high = sorted((light(tint.colour), light(tint.ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, tint
    assert palette.tint(20) == palette.tint(0) and len(set(palette.TINTS)) == 20
