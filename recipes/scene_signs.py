"""The signs of ``scenes.py`` as ink: digits and letters in fonts, digits by pen, of seven bars and from MNIST, and shapes."""

from __future__ import annotations

import glob
import gzip
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import matplotlib
import numpy as np
import streamlit
from numpy.random import Generator
from PIL import Image, ImageFont

SHAPES = ("circle", "square", "triangle", "star", "heart", "cross", "arrow", "crescent")
NAMES = [str(digit) for digit in range(10)] + list(SHAPES)

MPL, WEB = Path(matplotlib.get_data_path()) / "fonts" / "ttf", Path(streamlit.__file__).parent / "static/static/media"
HELD = ("cmtt10", "KaTeX_Typewriter", "STIXGeneralBolIta", "KaTeX_SansSerif-Bold", "SourceSerifVariable-Italic")
FAMILIES = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique", "DejaVuSansMono", "DejaVuSansMono-Bold",
    "DejaVuSansMono-Oblique", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBol",
    "STIXGeneralItalic", "STIXGeneralBolIta", "cmr10", "cmb10", "cmss10", "cmti10", "cmtt10", "cmmi10", "KaTeX_Main-Bold.",
    "KaTeX_SansSerif-Regular", "KaTeX_SansSerif-Italic", "KaTeX_SansSerif-Bold", "KaTeX_Typewriter", "KaTeX_Fraktur-Regular",
    "SourceSansVF-Upright", "SourceSansVF-Italic", "SourceCodeVF-Upright", "SourceSerifVariable-Roman", "SourceSerifVariable-Italic",
    "pillow", "opencv",
)  # fmt: skip
WEIGHT = {"SourceSansVF-Upright": 6.0, "SourceSansVF-Italic": 2.0, "SourceSerifVariable-Roman": 3.0, "pillow": 5.0, "opencv": 4.0,
          "DejaVuSans": 3.0, "DejaVuSans-Bold": 3.0, "KaTeX_Fraktur-Regular": 0.2, "cmmi10": 0.3, "KaTeX_SansSerif-Regular": 2.0}  # fmt: skip

# The ways to write each digit with a pen, as corners of strokes in a box 1 wide and 1 high; curves are rounded later.
PEN = {
    "0": ([[(.5, 0), (.1, .2), (.05, .6), (.3, 1), (.7, .95), (.95, .6), (.9, .2), (.5, 0), (.4, .03)]],),
    "1": ([[(.5, 0), (.5, 1)]], [[(.2, .25), (.5, 0), (.5, 1)]], [[(.2, .25), (.5, 0), (.5, 1)], [(.2, 1), (.8, 1)]]),
    "2": ([[(.08, .25), (.3, 0), (.8, .05), (.9, .35), (.5, .7), (.05, 1), (.05, 1), (.95, .97)]],
          [[(.08, .25), (.4, 0), (.85, .1), (.8, .45), (.3, .95), (.05, .9), (.2, .78), (.5, .95), (.95, .93)]]),
    "3": ([[(.1, .12), (.5, 0), (.9, .2), (.7, .45), (.4, .48), (.8, .55), (.95, .8), (.5, 1), (.05, .85)]],
          [[(.1, 0), (.1, 0), (.9, 0), (.9, 0), (.45, .42), (.8, .5), (.95, .75), (.6, 1), (.05, .88)]]),
    "4": ([[(.6, 0), (.6, 0), (.05, .65), (.05, .65), (.95, .65)], [(.7, .3), (.7, 1)]],
          [[(.15, 0), (.1, .5), (.1, .5), (.9, .5)], [(.8, 0), (.75, 1)]]),
    "5": ([[(.9, 0), (.2, .02), (.2, .02), (.15, .45), (.15, .45), (.6, .36), (.95, .65), (.6, 1), (.05, .88)]],
          [[(.2, .02), (.15, .45), (.15, .45), (.6, .36), (.95, .65), (.6, 1), (.05, .88)], [(.2, .02), (.9, 0)]]),
    "6": ([[(.75, 0), (.3, .25), (.05, .7), (.35, 1), (.85, .95), (.9, .65), (.5, .48), (.1, .7)]],
          [[(.6, 0), (.1, .45), (.1, .9), (.6, 1), (.9, .75), (.6, .5), (.12, .7)]]),
    "7": ([[(.05, .03), (.05, .03), (.95, 0), (.95, 0), (.55, .5), (.4, 1)]],
          [[(.05, .03), (.05, .03), (.95, 0), (.95, 0), (.55, .5), (.4, 1)], [(.25, .5), (.85, .48)]]),
    "8": ([[(.8, .15), (.4, 0), (.12, .22), (.5, .48), (.92, .75), (.5, 1), (.08, .78), (.45, .5), (.88, .25), (.7, .05)]],
          [[(.5, 0), (.15, .2), (.5, .46), (.85, .22), (.5, 0)], [(.5, .46), (.05, .75), (.5, 1), (.95, .75), (.5, .46)]]),
    "9": ([[(.88, .2), (.5, 0), (.1, .25), (.35, .52), (.85, .35), (.9, .1), (.85, .6), (.75, 1)]],
          [[(.9, .25), (.5, 0), (.1, .25), (.4, .5), (.88, .3), (.9, .3), (.85, .75), (.5, 1), (.12, .9)]]),
}  # fmt: skip
SEGMENTS = {"0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
            "8": "abcdefg", "9": "abcdfg"}  # fmt: skip
ENDS = {"a": (0, 0, 1, 0), "b": (1, 0, 1, .5), "c": (1, .5, 1, 1), "d": (0, 1, 1, 1), "e": (0, .5, 0, 1), "f": (0, 0, 0, .5),
        "g": (0, .5, 1, .5)}  # fmt: skip


class Glyph(NamedTuple):
    """A sign as it is drawn: how much ink each pixel has, where its corner lies, and its class or -1."""

    ink: np.ndarray
    x: float
    y: float
    name: int


class Stock(NamedTuple):
    """What may be given from outside: hand-written digits by class, and small photographs."""

    written: list[np.ndarray] | None
    photos: np.ndarray | None


@cache
def stock(mnist: str, photos: str, fresh: bool) -> Stock:
    """MNIST (its test digits where ``fresh``) and every eighth picture of CIFAR-10's training set, where they are given."""
    written, small = None, None
    if mnist:
        part = "t10k" if fresh else "train"
        pixels, labels = (gzip.open(Path(mnist) / f"{part}-{end}-ubyte.gz").read() for end in ("images-idx3", "labels-idx1"))
        digits = np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, 28, 28)
        written = [digits[np.frombuffer(labels, np.uint8, offset=8) == digit] for digit in range(10)]
    if photos:
        with zipfile.ZipFile(photos) as packed:
            names = sorted(name for name in packed.namelist() if name.startswith("train/") and name.endswith(".jpg"))[fresh::8]
            small = np.stack([np.asarray(Image.open(io.BytesIO(packed.read(name))).convert("RGB")) for name in names])
    return Stock(written, small)


@cache
def face(family: str, size: int, weight: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font of matplotlib's, streamlit's or Pillow's at a size; those of variable weight in one of its weights."""
    if family == "pillow":
        return ImageFont.load_default(size=size)
    found = sorted(glob.glob(f"{MPL}/{family}.ttf") or glob.glob(f"{WEB}/{family}*.woff2"))
    font = ImageFont.truetype(found[0], size)
    if "VF" in family or "Variable" in family:
        font.set_variation_by_axes([weight])
    return font


def named(sign: str) -> int:
    """The class of a sign, -1 where it is none."""
    return NAMES.index(sign) if sign in NAMES else -1


def typed(rng: Generator, text: str, height: float, family: str) -> list[Glyph]:
    """A text in a font, its digits ``height`` pixels high, each sign with its corner from the baseline."""
    weight, size = int(rng.integers(2, 10)) * 100, max(8, round(height / 0.71))
    gap = rng.uniform(0.02, 0.25) * height if rng.random() < 0.25 else 0.0
    if family == "opencv":
        thick, scale = int(rng.choice([1, 2, 2])) if height < 40 else int(rng.integers(1, 7)), height / 22
        made, x = [], 0.0
        for sign in text if text.isascii() else "A":
            (w, h), base = cv2.getTextSize(sign, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
            ink = np.zeros((h * 2 + base * 2 + 8, w + h + 8), np.uint8)
            cv2.putText(ink, sign, (h // 2, int(h * 1.5) + 4), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
            made.append(Glyph(ink, x - h // 2, -int(h * 1.5) - 4, named(sign)))
            x += w + gap
    else:
        font, made, x = face(family, size, weight), [], 0.0
        bold = int(rng.integers(1, max(2, size // 18))) if size > 24 and rng.random() < 0.2 else 0
        for sign in text:
            left, top, right, bottom = font.getbbox(sign, anchor="ls", stroke_width=bold)
            ink = font.getmask(sign, "L", stroke_width=bold)
            if sign != " " and ink.size[0] * ink.size[1]:
                made.append(Glyph(np.asarray(ink, np.uint8).reshape(ink.size[::-1]), x + left, top, named(sign)))
            x += font.getlength(sign) + gap + bold
    return made


def inked(strokes: list[np.ndarray], thick: float, height: float, curved: bool) -> np.ndarray:
    """Strokes in a unit box as ink; ``curved`` rounds their corners (Chaikin)."""
    pad, fine = thick + 2, 16
    w = max(stroke[:, 0].max() for stroke in strokes)
    ink = np.zeros((int(height + 2 * pad), int(w + 2 * pad)), np.uint8)
    for line in strokes:
        for _ in range(3 if curved else 0):
            inner = np.stack([line[:-1] * 0.75 + line[1:] * 0.25, line[:-1] * 0.25 + line[1:] * 0.75], 1).reshape(-1, 2)
            line = np.concatenate([line[:1], inner, line[-1:]])
        cv2.polylines(ink, [((line + pad) * fine).astype(np.int32)], False, 255, max(1, round(thick)), cv2.LINE_AA, 4)
    return ink


def penned(rng: Generator, text: str, height: float, pen: float = 0.0) -> list[Glyph]:
    """Digits as a hand writes them: a way to write each, its corners moved, one pen for all."""
    made, x = [], 0.0
    thick, wide, shake = height * rng.uniform(0.04, 0.2), rng.uniform(0.45, 0.85), rng.uniform(0.0, 0.06)
    style, thick = rng.integers(0, 6), pen * height or thick
    for sign in text:
        ways = PEN[sign]
        way, tall = ways[style % len(ways)], height * rng.uniform(0.85, 1.1)
        size = np.array([tall * wide * (0.5 if sign == "1" and len(way) == 1 else 1.0), tall])
        strokes = [np.clip(np.array(stroke) + rng.normal(0, shake, (len(stroke), 2)), -0.1, 1.1) * size for stroke in way]
        strokes = [stroke - np.minimum(0, np.min(np.concatenate(strokes), 0)) for stroke in strokes]
        ink = inked(strokes, thick, tall * 1.2, True)
        made.append(Glyph(ink, x, -tall + rng.normal(0, 0.04) * tall, named(sign)))
        x += ink.shape[1] + height * rng.uniform(-0.05, 0.2)
    return made


def lit(rng: Generator, text: str, height: float) -> list[Glyph]:
    """Digits of seven bars."""
    made, x, wide, thick, gap = [], 0.0, height * rng.uniform(0.45, 0.6), height * rng.uniform(0.07, 0.16), rng.uniform(0.05, 0.12)
    for sign in text:
        strokes = []
        for bar in SEGMENTS[sign]:
            a, b, c, d = ENDS[bar]
            cut = np.array([np.sign(c - a), np.sign(d - b)]) * gap * height
            strokes.append(np.array([(a * wide, b * height) + cut, (c * wide, d * height) - cut]))
        pad = max(0.0, wide - max(stroke[:, 0].max() for stroke in strokes))
        ink = np.pad(inked(strokes, thick, height, False), ((0, 0), (0, int(pad))))
        made.append(Glyph(ink, x, -height, named(sign)))
        x += wide + thick + height * rng.uniform(0.12, 0.25)
    return made


def outline(rng: Generator, name: str) -> np.ndarray:
    """The corners of a shape about 2 wide around (0, 0)."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    match name:
        case "circle":
            points = np.stack([np.cos(turn), np.sin(turn)], 1)
        case "square":
            points = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * 0.9
        case "triangle":
            points = np.array([(rng.uniform(-0.5, 0.5), -1), (1, 0.8), (-1, 0.8)])
        case "star":
            tips = int(rng.choice([5, 5, 5, 6]))
            angles = np.arange(2 * tips) * np.pi / tips - np.pi / 2
            points = np.stack([np.cos(angles), np.sin(angles)], 1) * np.where(np.arange(2 * tips) % 2, rng.uniform(0.36, 0.55), 1)[:, None]
        case "heart":
            x, y = 16 * np.sin(turn) ** 3, 13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)
            points = np.stack([x, -y - 2], 1) / 16
        case "cross":
            a = rng.uniform(0.16, 0.38)
            points = np.array([(-a, -1), (a, -1), (a, -a), (1, -a), (1, a), (a, a), (a, 1), (-a, 1), (-a, a), (-1, a), (-1, -a), (-a, -a)])
        case "arrow":
            a, b, c = rng.uniform(0.12, 0.35), rng.uniform(0.5, 0.9), rng.uniform(-0.2, 0.35)
            points = np.array([(-1, -a), (c, -a), (c, -b), (1, 0), (c, b), (c, a), (-1, a)])
        case _:  # a crescent: a circle's far side, and back along another's
            deep, half = rng.uniform(0.35, 0.75), np.linspace(-1, 1, 40)
            reach = rng.uniform(1.7, 2.5)
            out, back = half * reach, half[::-1]
            end = np.array([np.cos(reach), np.sin(reach)])
            inner = np.stack([end[0] + (1 - back**2) * (deep - end[0]) * 0.95, end[1] * back], 1)
            points = np.concatenate([np.stack([np.cos(out), np.sin(out)], 1), inner])
    return points


def shaped(rng: Generator, name: str, height: float) -> list[Glyph]:
    """A shape, filled or its outline, sometimes with round corners or drawn by an unsteady hand."""
    points, half = outline(rng, name), height / 2
    if rng.random() < 0.25:
        points = points + rng.normal(0, 0.015 if len(points) > 20 else 0.04, points.shape)
    hollow, thick = rng.random() < 0.35, max(1, round(height * rng.uniform(0.03, 0.13)))
    pad = thick + 3
    corners = ((points * half + half * 1.1 + pad) * 16).astype(np.int32)
    ink = np.zeros((int(height * 1.1 + 2 * pad),) * 2, np.uint8)
    if hollow:
        cv2.polylines(ink, [corners], True, 255, thick, cv2.LINE_AA, 4)
    else:
        cv2.fillPoly(ink, [corners], 255, cv2.LINE_AA, 4)
    if not hollow and rng.random() < 0.25:
        soft = cv2.GaussianBlur(ink, (0, 0), height * rng.uniform(0.01, 0.045)).astype(np.int32)
        ink = np.clip((soft - 128) * 4 + 128, 0, 255).astype(np.uint8)
    return [Glyph(ink, 0, 0, named(name))]


def digits(rng: Generator, height: float, text: str, held: bool, given: Stock, hand: float) -> list[Glyph]:
    """A number in a font, or where it has digits only: by hand, from MNIST or of seven bars."""
    plain = text.isdigit()
    if plain and rng.random() < hand:
        if given.written is not None and rng.random() < 0.5:
            made, x, cut = [], 0.0, rng.integers(0, 60)
            for sign in text:
                pool = given.written[int(sign)]
                ink = pool[rng.integers(len(pool))]
                ys, xs = np.nonzero(ink > 40)
                ink = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
                scale = height / ink.shape[0]
                size = (max(2, round(ink.shape[1] * scale)), max(2, round(height)))
                ink = cv2.resize(np.pad(ink, 1), size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
                if scale > 2 and rng.random() < 0.8:  # the steps of a small picture made large are no ink: sharpen them away
                    ink = np.clip((cv2.GaussianBlur(ink, (0, 0), scale / 2).astype(np.float32) - 100) * rng.uniform(1.5, 6) + 100 + cut, 0, 255).astype(np.uint8)
                    ink[ink < 30 + cut] = 0
                made.append(Glyph(ink, x, -height, named(sign)))
                x += size[0] + height * rng.uniform(0.02, 0.25)
            return made
        return penned(rng, text, height)
    if plain and rng.random() < 0.08:
        return lit(rng, text, height)
    families = [one for one in FAMILIES if (one in HELD) == held]
    weights = np.array([WEIGHT.get(one, 1.0) for one in families])
    return typed(rng, text, height, str(rng.choice(families, p=weights / weights.sum())))
