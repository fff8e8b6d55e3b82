"""Draw the two classes that the page "Your own pictures" begins with, and what was learnt from them beforehand.

Run as ``python recipes/own_pictures.py``; seed 7; half a minute on one core. Buses and dogs stand before the same meadows, skies
and hills, large and small, near and far, in colours of any hue, behind the same grass and posts: nothing but the shape tells them
apart. Writes ``playground/data/samples/own_pictures.npz`` (the pictures, and the answers of the tasks ``learn`` by last layer and
from scratch with the page's defaults) and ``playground/ui/live/own_pictures.jpg`` (the same pictures, small, in one sheet).
"""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from playground.catalog.listing import Catalog
from playground.core.transfer import Learn, Learnt, Lesson, Manner
from playground.data.own_example import PATH, SHEET_SIDE
from playground.hub.desk import Desk
from playground.training import transfer
from playground.training.held_out import held_out, sizes_of

SHEET = Path(__file__).resolve().parents[1] / "playground" / "ui" / "live" / "own_pictures.jpg"
MODEL = "starter_cifar10"
NAMES = ("Bus", "Dog")
EACH, SIDE = 68, 96
_LARGER = 2  # drawn so many times as large, then made smaller: edges become smooth
_SEED = 7

Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw
Draw = Callable[[Pen, np.random.Generator, float, float, float], None]


def drawn_things() -> tuple[tuple[bytes, ...], ...]:
    """The pictures of each kind in the order of ``NAMES``, as JPEG of ``SIDE`` x ``SIDE`` pixels."""
    random = np.random.default_rng(_SEED)
    return tuple(tuple(_drawn(draw, random) for _ in range(EACH)) for draw in (_bus, _dog))


def _drawn(thing: Draw, random: np.random.Generator) -> bytes:
    size = SIDE * _LARGER
    horizon = random.uniform(0.3, 0.7)
    image = Image.fromarray(_ground(random, size, horizon))
    pen = ImageDraw.Draw(image)
    for _ in range(int(random.integers(0, 4))):  # trees and bushes behind
        x, r = random.uniform(0, size), size * random.uniform(0.05, 0.16)
        y = horizon * size
        pen.rectangle((x - r / 6, y - r, x + r / 6, y + r / 3), _colour(random, 0.07, 0.5, 0.35))
        pen.ellipse((x - r, y - 2.4 * r, x + r, y - 0.4 * r), _colour(random, 0.3, 0.55, random.uniform(0.3, 0.6)))
    scale = size * random.uniform(0.2, 0.4)
    foot = min(size * random.uniform(horizon + 0.1, 0.95), 0.96 * size)
    thing(pen, random, random.uniform(0.3, 0.7) * size, foot, scale)
    if random.random() < 0.5:
        x, w = random.uniform(0, size), size * random.uniform(0.01, 0.03)
        pen.rectangle(
            (x - w, size * random.uniform(0.2, 0.6), x + w, size), _colour(random, 0.08, 0.4, random.uniform(0.3, 0.6))
        )
    for _ in range(int(random.integers(20, 60))):  # grass before it
        x, y, h = random.uniform(0, size), random.uniform(foot - 0.02 * size, size), size * random.uniform(0.03, 0.08)
        pen.line((x, y, x + random.normal(0, 0.3) * h, y - h), _colour(random, 0.27, 0.6, random.uniform(0.3, 0.7)), 2)
    if random.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    light = random.uniform(0.65, 1.15) * np.asarray(small) + random.normal(0, 7, (SIDE, SIDE, 3))
    held = io.BytesIO()
    Image.fromarray(light.round().clip(0, 255).astype(np.uint8)).save(held, "JPEG", quality=88)
    return held.getvalue()


def _ground(random: np.random.Generator, size: int, horizon: float) -> np.ndarray:
    """Sky above a meadow, a road or sand, both uneven as such things are: ``(size, size, 3)`` uint8."""
    uneven = np.zeros((size, size))
    for cells in (3, 6, 12, 24, 48):
        patch = Image.fromarray(random.random((cells, cells)).astype(np.float32))
        uneven += (np.asarray(patch.resize((size, size), Image.Resampling.BICUBIC)) - 0.5) * 1.6 / cells**0.5
    sky = np.asarray(_colour(random, 0.57, random.uniform(0.05, 0.55), random.uniform(0.7, 1.0)), float)
    hue, strong, light = [(0.27, 0.55, 0.55), (0.1, 0.4, 0.7), (0.6, 0.05, 0.5)][int(random.integers(3))]
    soil = np.asarray(_colour(random, hue, strong, light), float)
    line = horizon + 0.08 * np.sin(np.linspace(0, random.uniform(2, 9), size) + random.uniform(0, 6)) * random.random()
    below = np.linspace(0, 1, size)[:, None] > line[None, :]
    base = np.where(below[..., None], soil, sky)
    return np.asarray((base + 55 * uneven[..., None]).clip(0, 255).astype(np.uint8))


def _bus(pen: Pen, random: np.random.Generator, x: float, y: float, scale: float) -> None:
    """A long box with windows and wheels; ``(x, y)`` is the middle of its foot."""
    half, tall, wheel = (
        scale * random.uniform(0.95, 1.2),
        scale * random.uniform(0.75, 1.0),
        scale * random.uniform(0.14, 0.19),
    )
    paint, glass = _any(random), _colour(random, 0.56, random.uniform(0.1, 0.4), random.uniform(0.25, 0.9))
    pen.rounded_rectangle((x - half, y - tall, x + half, y - 0.7 * wheel), 0.12 * scale, paint)
    count, top = int(random.integers(3, 6)), y - 0.88 * tall
    wide = 2 * half * 0.9 / count
    for at in range(count):
        left = x - 0.9 * half + at * wide
        pen.rectangle((left, top, left + 0.8 * wide, top + 0.36 * tall), glass)
    if random.random() < 0.6:
        pen.rectangle((x - half, y - 0.42 * tall, x + half, y - 0.34 * tall), _any(random, pale=True))
    for at in (-0.62, 0.6):
        pen.ellipse((x + at * half - wheel, y - 2 * wheel, x + at * half + wheel, y), _colour(random, 0.6, 0.1, 0.15))
        pen.ellipse(
            (x + at * half - wheel / 2, y - 1.5 * wheel, x + at * half + wheel / 2, y - wheel / 2),
            _colour(random, 0.6, 0.05, 0.6),
        )


def _dog(pen: Pen, random: np.random.Generator, x: float, y: float, scale: float) -> None:
    """A body on four legs with a head, ears and a tail; ``(x, y)`` is the middle of its foot."""
    fur = (
        _colour(random, random.uniform(0.03, 0.12), random.uniform(0.05, 0.65), random.uniform(0.15, 0.95))
        if random.random() < 0.7
        else _any(random)
    )
    dark = (fur[0] * 3 // 5, fur[1] * 3 // 5, fur[2] * 3 // 5)
    half, leg, thick = (
        scale * random.uniform(0.6, 0.8),
        scale * random.uniform(0.3, 0.5),
        scale * random.uniform(0.2, 0.28),
    )
    back = y - leg - thick
    for at, shade in ((-0.75, dark), (0.62, dark), (-0.55, fur), (0.82, fur)):
        step = random.normal(0, 0.06) * scale
        pen.line(
            (x + at * half, back + 0.4 * thick, x + at * half + step, y),
            shade,
            max(3, int(scale * random.uniform(0.1, 0.14))),
        )
    pen.line(
        (x - half, back - 0.3 * thick, x - half - 0.4 * scale, back - scale * random.uniform(-0.1, 0.55)),
        fur,
        max(3, int(0.09 * scale)),
    )
    pen.ellipse((x - half * 1.1, back - thick, x + half * 1.1, back + thick), fur)
    head, hx, hy = scale * random.uniform(0.22, 0.28), x + half * 1.15, back - scale * random.uniform(0.2, 0.5)
    pen.line((x + 0.75 * half, back - 0.2 * thick, hx, hy), fur, max(4, int(0.24 * scale)))
    pen.ellipse((hx - head, hy - head, hx + head, hy + head), fur)
    pen.ellipse((hx + 0.3 * head, hy - 0.2 * head, hx + 1.9 * head, hy + 0.7 * head), fur)
    pen.ellipse((hx + 1.55 * head, hy - 0.1 * head, hx + 1.95 * head, hy + 0.25 * head), (25, 22, 22))
    pen.ellipse((hx + 0.2 * head, hy - 0.45 * head, hx + 0.45 * head, hy - 0.2 * head), (20, 18, 18))
    pen.polygon(
        [
            (hx - 0.8 * head, hy - 0.8 * head),
            (hx - 0.1 * head, hy - 0.9 * head),
            (hx - 0.6 * head, hy + random.uniform(-1.6, 0.6) * head),
        ],
        dark,
    )


def _any(random: np.random.Generator, *, pale: bool = False) -> Colour:
    """A colour of any hue."""
    if pale:
        return _colour(random, random.uniform(0, 1), random.uniform(0.05, 0.35), 0.9)
    return _colour(random, random.uniform(0, 1), random.uniform(0.2, 0.9), random.uniform(0.3, 0.9))


def _colour(random: np.random.Generator, hue: float, saturation: float, value: float) -> Colour:
    """A colour near the one that is named by hue, saturation and value, each 0 to 1."""
    h = (hue + random.normal(0, 0.02)) % 1 * 6
    v = float(np.clip(value + random.normal(0, 0.06), 0, 1))
    parts = [v - v * saturation * max(0.0, min(k, 4 - k, 1.0)) for k in ((5 + h) % 6, (3 + h) % 6, (1 + h) % 6)]
    red, green, blue = (round(255 * part) for part in parts)
    return red, green, blue


def learnt(pictures: tuple[tuple[bytes, ...], ...]) -> dict[str, Learnt]:
    """What the page's defaults learn from them."""
    labels = tuple(number for number, kind in enumerate(pictures) for _ in kind)
    held = held_out(labels)
    lesson = Lesson(tuple(one for kind in pictures for one in kind), labels, held, NAMES)
    desk = Desk(Path("no models folder"), budget=10**9, megabytes=20, megapixels=50)
    card, found = Catalog.read(desk.folder)[MODEL], {}
    for way in ("last", "scratch"):
        question = Learn(way, lesson, Manner(), sizes_of(labels, held))
        (found[way],) = transfer.learn(desk, card, [question], print)
    return found


def main() -> None:
    """Write both files."""
    pictures = drawn_things()
    PATH.parent.mkdir(exist_ok=True)
    rows = [one for kind in pictures for one in kind]
    sheet = Image.new("RGB", (SHEET_SIDE * EACH, SHEET_SIDE * len(NAMES)))
    for at, content in enumerate(rows):
        small = Image.open(io.BytesIO(content)).resize((SHEET_SIDE, SHEET_SIDE), Image.Resampling.LANCZOS)
        sheet.paste(small, (SHEET_SIDE * (at % EACH), SHEET_SIDE * (at // EACH)))
    sheet.save(SHEET, "JPEG", quality=80, optimize=True)
    said, blocks = (
        {"names": NAMES, "each": EACH, "manner": dataclasses.asdict(Manner()), "model": MODEL, "learnt": {}},
        {},
    )
    for way, one in learnt(pictures).items():
        print(way, one.measured, f"{one.seconds:.1f} s")
        said["learnt"][way] = {
            **{name: getattr(one, name) for name in ("trained", "whole", "seconds", "model", "notes")},
            "measured": [dataclasses.asdict(each) for each in one.measured],
        }
        blocks |= {f"{way}.held": one.held, f"{way}.packed": np.frombuffer(one.packed, np.uint8)}
    np.savez(
        PATH,
        said=np.frombuffer(json.dumps(said).encode(), np.uint8),
        pictures=np.frombuffer(b"".join(rows), np.uint8),
        ends=np.cumsum([len(one) for one in rows]),
        **blocks,
    )
    print(f"{PATH.stat().st_size:,} and {SHEET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
