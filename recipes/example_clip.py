"""Draw the example clip of the page on object detection: digits and shapes that wander over paper, as a camera above would film them.

    python recipes/example_clip.py            writes playground/data/samples/clips/shapes.mp4

Drawn from numbers alone, so it is ours to give away. Six objects, each of its own class: some are there from the start, some
come and go, and two pass each other, so that counting needs to follow them.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFilter, ImageFont

OUT = Path(__file__).parent.parent / "playground/data/samples/clips/shapes.mp4"
WIDE, HIGH, RATE, SECONDS, FINE, SEED = 480, 320, 20, 6.0, 3, 7


class Wanderer(NamedTuple):
    """Something that moves in a straight line.

    Attributes:
        sign: A digit, or the name of a shape.
        high: Pixels.
        colour: Of its ink.
        start: Where its middle is at second 0.
        speed: Pixels a second.
        turn: Degrees a second.
    """

    sign: str
    high: float
    colour: tuple[int, int, int]
    start: tuple[float, float]
    speed: tuple[float, float]
    turn: float = 0.0


WANDERERS = (
    Wanderer("circle", 62, (196, 58, 70), (80, 266), (30, -2)),
    Wanderer("3", 72, (28, 44, 88), (70, 84), (44, 4)),
    Wanderer("star", 74, (176, 118, 8), (400, 98), (-40, -2), 6.0),
    Wanderer("heart", 68, (168, 36, 110), (330, 250), (16, 3), 3.0),
    Wanderer("7", 70, (20, 92, 66), (-90, 182), (62, 0)),
    Wanderer("square", 58, (72, 66, 150), (560, 178), (-52, 4)),
)


def paper(rng: np.random.Generator) -> Image.Image:
    """A sheet, a little uneven, lit from the upper left."""
    y, x = np.mgrid[0:HIGH, 0:WIDE].astype(np.float32)
    light = 232 - 26 * (x / WIDE) - 18 * (y / HIGH)
    blots = Image.fromarray(rng.integers(0, 256, (9, 13), dtype=np.uint8)).resize((WIDE, HIGH), Image.Resampling.BICUBIC)
    light = light + (np.asarray(blots, np.float32) - 128) * 0.05
    tint = np.array([1.0, 0.985, 0.94], np.float32)
    return Image.fromarray((light[..., None] * tint).clip(0, 255).astype(np.uint8))


def ink(one: Wanderer) -> Image.Image:
    """How much ink each pixel of something has, ``FINE`` times as large, on a square with room to turn."""
    side = round(one.high * 1.6 * FINE)
    mask = Image.new("L", (side, side))
    pen, middle, half = ImageDraw.Draw(mask), side / 2, one.high * FINE / 2
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    if one.sign == "circle":
        pen.ellipse((middle - half, middle - half, middle + half, middle + half), fill=255)
    elif one.sign == "square":
        pen.rectangle((middle - half, middle - half, middle + half, middle + half), fill=255)
    elif one.sign == "star":
        tips = np.arange(10) * np.pi / 5 - np.pi / 2
        points = np.stack([np.cos(tips), np.sin(tips)], 1) * np.where(np.arange(10) % 2, 0.45, 1.0)[:, None]
        pen.polygon([tuple(point) for point in points * half + middle], fill=255)
    elif one.sign == "heart":
        x, y = 16 * np.sin(angles) ** 3, 13 * np.cos(angles) - 5 * np.cos(2 * angles) - 2 * np.cos(3 * angles) - np.cos(4 * angles)
        points = np.stack([x, -y - 2], 1) / 16
        pen.polygon([tuple(point) for point in points * half + middle], fill=255)
    else:
        pen.text((middle, middle), one.sign, 255, ImageFont.load_default(one.high * FINE / 0.72), anchor="mm", stroke_width=FINE)
    return mask


def picture(ground: Image.Image, inks: list[Image.Image], seconds: float) -> Image.Image:
    """One frame, drawn ``FINE`` times as large and made smaller."""
    large = ground.resize((WIDE * FINE, HIGH * FINE), Image.Resampling.BICUBIC)
    for one, mask in zip(WANDERERS, inks, strict=True):
        turned = mask.rotate(-one.turn * (seconds - SECONDS / 2), Image.Resampling.BICUBIC)
        corner = tuple(round((one.start[axis] + one.speed[axis] * seconds) * FINE - mask.width / 2) for axis in (0, 1))
        shade = turned.filter(ImageFilter.GaussianBlur(3 * FINE)).point(lambda value: round(value * 0.28))
        large.paste((60, 52, 44), (corner[0] + 3 * FINE, corner[1] + 4 * FINE), shade)
        large.paste(one.colour, corner, turned)
    return large.resize((WIDE, HIGH), Image.Resampling.LANCZOS)


def main() -> None:
    """Draw and encode all frames."""
    rng = np.random.default_rng(SEED)
    ground, inks = paper(rng), [ink(one) for one in WANDERERS]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(OUT), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "slow", "crf": "24", "threads": "1", "g": "40"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(round(SECONDS * RATE)):
            frame = VideoFrame.from_ndarray(np.asarray(picture(ground, inks, number / RATE)), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    print(f"{OUT.name}: {OUT.stat().st_size / 1e3:.0f} kB, {SECONDS:g} s")


if __name__ == "__main__":
    main()
