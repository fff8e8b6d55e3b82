"""Objects from candidates: who is kept, and where their outlines run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from playground.core.detection import Candidates, Detected, Thing, Thresholds
from playground.core.vision import Box
from playground.functional.outlines import area, outline
from playground.functional.things import kept, things

DOWN, ACROSS = np.mgrid[:40, :60].astype(np.float32)
BUMP = 10 - np.hypot(ACROSS - 30, DOWN - 20)
TWO = np.maximum(6 - np.hypot(ACROSS - 15, DOWN - 20), 5 - np.hypot(ACROSS - 45, DOWN - 20))
RING = np.minimum(BUMP, np.hypot(ACROSS - 30, DOWN - 20) - 4)
PROTOTYPES = np.stack([BUMP, TWO, RING, np.full_like(BUMP, -1)])
WHOLE = Box(0, 0, 1, 1)


def detected(end_to_end: bool = False, masks: bool = True) -> Detected:
    """Three boxes, of which the second lies over the first and the third has another class; 480 x 320 pixels."""
    boxes = np.array([[100, 50, 400, 300], [110, 55, 400, 300], [105, 50, 400, 300]], np.float32)
    one = np.eye(4, dtype=np.float32)[[0, 1, 3]]
    candidates = Candidates(
        boxes, np.array([0.9, 0.8, 0.3], np.float32), np.array([1, 1, 0]), np.arange(3), one if masks else None,
        np.full((3, 2, 3), 0.25, np.float32),
    )  # fmt: skip
    return Detected(
        candidates, ("cat", "dog"), end_to_end, (), np.zeros(3, np.float16), (320, 480), WHOLE, 480, 320,
        PROTOTYPES.astype(np.float16) if masks else None, 0.1, "CPU", "PyTorch",
    )  # fmt: skip


def test_the_thresholds_decide_who_is_kept() -> None:
    assert kept(detected(), Thresholds(0.01)) == (0, 2)
    assert kept(detected(), Thresholds(0.5)) == (0,)
    assert kept(detected(), Thresholds(0.01, agnostic=True)) == (0,)
    assert kept(detected(), Thresholds(0.01, iou=1.0)) == (0, 1, 2)
    assert kept(detected(), Thresholds(0.01, classes=(0,))) == (2,)
    assert kept(detected(), Thresholds(0.01, iou=1.0, most=2)) == (0, 1)
    assert kept(detected(end_to_end=True), Thresholds(0.01, agnostic=True)) == (0, 1, 2)


def test_an_object_says_what_and_where_it_is() -> None:
    first, other = things(detected(), Thresholds(0.01))
    assert replace(first, mask=()) == Thing(
        "dog", 1, 0.9, (100.0, 50.0, 400.0, 300.0), keypoints=((0.2, 0.2, 0.25), (0.2, 0.2, 0.25))
    )
    assert abs(area(np.array(first.mask))) == pytest.approx(np.pi * 80**2, rel=0.02)
    assert other.label == "cat" and other.mask == ()  # nothing of it is above 0
    assert things(detected(), Thresholds(0.01), outlined=0.95)[0].mask == ()
    assert things(detected(masks=False), Thresholds(0.01))[0].mask == ()


def filled(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:  # type: ignore[type-arg]
    """Drawn four times as large: Pillow's edges are a pixel too wide."""
    image = Image.new("1", (4 * size[0], 4 * size[1]))
    ImageDraw.Draw(image).polygon([tuple(point) for point in (4 * points - 0.5).tolist()], fill=1)
    return np.asarray(image)[2::4, 2::4]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("box", [(0, 0, 480, 320), (130, 90, 300, 200), (100, 155, 401.5, 170.25)])
def test_an_outline_encloses_what_is_above_zero_within_the_box(which: int, box: tuple[float, ...]) -> None:
    """Measured against every pixel's own value; a hole is filled, parts that lie apart are both there."""
    points = outline(PROTOTYPES, np.eye(4, dtype=np.float32)[which], WHOLE, np.array(box, np.float32), 480, 320)
    y, x = np.mgrid[:320, :480] + 0.5
    at_x, at_y = x / 8 - 0.5, y / 8 - 0.5
    middle = np.hypot(at_x - 30, at_y - 20)
    apart = (np.hypot(at_x - 15, at_y - 20) < 6) | (np.hypot(at_x - 45, at_y - 20) < 5)
    wanted = apart if which == 1 else middle < 10
    if which == 2 and box[3] - box[1] < 20:
        wanted &= middle > 4  # here it is no hole: the box cuts it open
    wanted &= (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])
    drawn = filled(points, (480, 320))
    assert (drawn & wanted).sum() / (drawn | wanted).sum() > 0.95
    assert len(points) < 90
    assert (points.min(0) >= np.array(box[:2]) - 0.1).all() and (points.max(0) <= np.array(box[2:]) + 0.1).all()


def test_what_was_fed_around_the_picture_is_no_part_of_it() -> None:
    """A picture of 400 x 400 in the middle of what was fed: the bump's middle is the picture's."""
    seen = Box(10 / 60, 0, 50 / 60, 1)
    points = outline(PROTOTYPES, np.eye(4, dtype=np.float32)[0], seen, np.array([0, 0, 400, 400], np.float32), 400, 400)
    assert (points.min(0) + points.max(0)) / 2 == pytest.approx(np.array([205, 205]), abs=1)
    assert np.ptp(points, axis=0) == pytest.approx(np.array([200, 200]), abs=3)
    for box in ([10, 10, 10, 50], [500, 500, 600, 600], [0, 0, 20, 20]):
        assert outline(PROTOTYPES, np.eye(4, dtype=np.float32)[0], seen, np.array(box, np.float32), 400, 400).shape == (
            0,
            2,
        )
