"""The starter detector: its files fit together, and it finds what it should in pictures that its recipe did not draw."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import torch
import yaml
from PIL import Image, ImageDraw, ImageFont

from playground.catalog.listing import Catalog
from playground.core import paths
from playground.core.detection import Detect, Detected, Thing, Thresholds
from playground.core.vision import Photo
from playground.functional.things import things
from playground.hub import opening
from playground.hub.desk import Desk
from playground.hub.detect import detect
from tests.looking import quiet

PLACE = paths.PACKAGE / "hub" / "starters" / "scenes"


def found(image: Image.Image) -> tuple[Thing, ...]:
    """What it sees, at the page's own thresholds."""
    held = io.BytesIO()
    image.save(held, "PNG")
    folder = Path("nowhere")
    desk = Desk(folder, budget=10**9, megabytes=20, megapixels=50)
    (answer,) = detect(desk, Catalog.read(folder)["starter_scenes"], [Detect(Photo(held.getvalue(), "drawn"))], quiet)
    desk.close()
    assert isinstance(answer, Detected)
    return things(answer, Thresholds(agnostic=True))


def test_it_is_small_and_opens_as_weights_alone() -> None:
    assert sum(path.stat().st_size for path in PLACE.iterdir()) < 6_000_000
    held = opening.weights(PLACE / "model.safetensors")
    assert {one.dtype for one in held.values() if one.is_floating_point()} == {torch.float16}
    assert all(bool(torch.isfinite(one).all()) for one in held.values())
    said = yaml.safe_load((PLACE / "model.yaml").read_text(encoding="utf-8"))
    assert said["nc"] == len(said["names"]) == 18 and said["names"][:10] == list("0123456789")


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#1d3557", "#f1faee")])
def test_it_reads_a_number_on_a_plain_ground(ground: str, ink: str) -> None:
    page = Image.new("RGB", (640, 480), ground)
    ImageDraw.Draw(page).text((60, 150), "27 4 85", fill=ink, font=ImageFont.load_default(size=130))
    read = [one for one in found(page) if one.label in "0123456789"]
    assert "".join(one.label for one in sorted(read, key=lambda one: one.box[0])) == "27485"


def test_it_finds_shapes_where_they_are() -> None:
    page = Image.new("RGB", (640, 480), "#e8e4da")
    pen = ImageDraw.Draw(page)
    pen.ellipse((60, 60, 180, 180), fill="#7b2d8b")
    pen.rectangle((380, 80, 500, 200), fill="#2a7f62")
    pen.polygon([(120, 420), (190, 290), (260, 420)], fill="#b5402a")
    seen = {one.label: one.box for one in found(page)}
    for label, box in {
        "circle": (60, 60, 180, 180), "square": (380, 80, 500, 200), "triangle": (120, 290, 260, 420),
    }.items():  # fmt: skip
        assert label in seen and max(abs(a - b) for a, b in zip(seen[label], box, strict=True)) < 12, (label, seen)
