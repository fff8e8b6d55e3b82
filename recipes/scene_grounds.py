"""What stands behind the digits and shapes in ``scenes.py``: grounds that look like photographs, pages and plain colours.

Every function takes numpy's generator and a side in pixels, and gives a picture ``(side, side, 3)`` of bytes.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from playground.core import paths

Picture = np.ndarray


def colour(rng: Generator) -> np.ndarray:
    """Any colour: grey, dull or bright, dark or light."""
    hsv = np.array([[[rng.integers(0, 180), 255 * rng.random() ** rng.choice([0.5, 1.0, 3.0]), rng.integers(0, 256)]]])
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)


def cloud(rng: Generator, side: int, first: int = 2, octaves: int = 5, fade: float = 0.55, stretch: float = 1.0) -> np.ndarray:
    """Noise of several octaves between 0 and 1, ``(side, side)``; ``stretch`` pulls it along."""
    total = np.zeros((side, side), np.float32)
    for octave in range(octaves):
        grid = min(side, first * 2**octave)
        coarse = rng.random((max(2, int(grid / stretch)), grid), np.float32)
        total += fade**octave * cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    total -= total.min()
    return total / max(1e-6, float(total.max()))


def ramp(rng: Generator, values: np.ndarray, stops: int = 3) -> Picture:
    """Numbers between 0 and 1 as colours, by a row of random ones."""
    colours = np.stack([colour(rng) for _ in range(stops)])
    at = np.linspace(0, 1, stops)
    return np.stack([np.interp(values, at, colours[:, c]) for c in range(3)], 2).astype(np.uint8)


def gradient(rng: Generator, side: int) -> Picture:
    """A colour that turns into another along some direction, or none."""
    if rng.random() < 0.4:
        return np.full((side, side, 3), colour(rng)).astype(np.uint8)
    angle = rng.random() * 6.28
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    return ramp(rng, np.clip(x * np.cos(angle) + y * np.sin(angle) + 0.5, 0, 1), int(rng.integers(2, 4)))


def clouds(rng: Generator, side: int) -> Picture:
    """Marble, stone, moss, water, fur: noise in colours."""
    fade = rng.uniform(0.35, 0.8)
    return ramp(rng, cloud(rng, side, int(rng.integers(1, 9)), 6, fade, rng.choice([1, 1, 1, 3, 8])), int(rng.integers(2, 6)))


def land(rng: Generator, side: int) -> Picture:
    """A sky over some ground, with hills or walls between them."""
    picture = ramp(rng, np.linspace(0, 1, side)[:, None].repeat(side, 1), 2)
    for height in sorted(rng.uniform(0.2, 0.9, rng.integers(1, 4))):
        rough = cv2.resize(rng.random((1, int(rng.integers(2, 30))), np.float32), (side, 1), interpolation=cv2.INTER_CUBIC)[0]
        top = (height + (rough - 0.5) * rng.uniform(0, 0.3)) * side
        below = np.arange(side)[:, None] > top[None]
        picture[below] = ramp(rng, cloud(rng, side, int(rng.integers(3, 20)), 4, 0.7), 3)[below]
    return picture


def blobs(rng: Generator, side: int) -> Picture:
    """Leaves, pebbles, bokeh: many soft ellipses, shaded, one over the other."""
    picture, light = clouds(rng, side), rng.random() < 0.4
    for _ in range(int(rng.integers(15, 120))):
        x, y, a = rng.integers(0, side), rng.integers(0, side), rng.uniform(0.01, 0.12) * side
        axes, turn = (int(a) + 1, int(a * rng.uniform(0.15, 0.75)) + 1), float(rng.uniform(0, 360))
        ink = colour(rng) * 0.6 + picture[y, x] * 0.4
        layer = picture.copy()
        cv2.ellipse(layer, (int(x), int(y)), axes, turn, 0, 360, ink.tolist(), -1, cv2.LINE_AA)
        if not light:
            cv2.ellipse(layer, (int(x - a / 5), int(y - a / 5)), (axes[0] // 2, axes[1] // 2), turn, 0, 360, (ink * 1.25).clip(0, 255).tolist(), -1, cv2.LINE_AA)
        weight = rng.uniform(0.15, 0.5) if light else 1.0
        picture = cv2.addWeighted(layer, weight, picture, 1 - weight, 0)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 5 if light else 2))


def weave(rng: Generator, side: int) -> Picture:
    """Cloth, boards, bricks, blinds: what repeats."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    bend = (cloud(rng, side, 3, 3) - 0.5) * rng.uniform(0, 40)
    angle, step, other = rng.uniform(0, 3.2), rng.uniform(3, 60), rng.uniform(3, 60)
    u, v = x * np.cos(angle) + y * np.sin(angle) + bend, y * np.cos(angle) - x * np.sin(angle) + bend
    match rng.integers(0, 3):
        case 0:
            values = np.sin(u * 6.28 / step) * (0.5 + 0.5 * np.sin(v * 6.28 / other))
        case 1:
            values = np.sin(u * 6.28 / step + 3 * cloud(rng, side, 4, 3, 0.5, 6))
        case _:
            row = np.floor(v / other)
            values = ((v % other > 2) & ((u + row * step) % (2 * step) > 2)) + 0.4 * np.sin(row * 7 + np.floor((u + row * step) / (2 * step)) * 3)
    values = (values - values.min()) / max(1e-6, float(np.ptp(values)))
    return ramp(rng, np.clip(values + (cloud(rng, side, 16, 4, 0.8) - 0.5) * rng.uniform(0, 0.6), 0, 1), 3)


@cache
def photographs() -> list[Picture]:
    """The pictures that the playground, ultralytics, matplotlib and scikit-learn bring with them."""
    def of(package: str, inside: str) -> list[Path]:
        found = importlib.util.find_spec(package)
        return sorted((Path(found.origin).parent / inside).glob("*.jpg")) if found and found.origin else []

    files = sorted((paths.SAMPLES / "photos").glob("*.jpg")) + of("ultralytics", "assets")
    files += of("matplotlib", "mpl-data/sample_data") + of("sklearn", "datasets/images")
    read = [cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB) for file in files]
    return [cv2.resize(one, None, fx=900 / max(one.shape), fy=900 / max(one.shape), interpolation=cv2.INTER_AREA) for one in read]


def photograph(rng: Generator, side: int, small: np.ndarray | None = None) -> Picture:
    """A piece of one of the photographs in other colours; or of ``small`` ones (CIFAR-10), blown up, side by side."""
    if small is not None and rng.random() < 0.45:
        n = int(rng.choice([1, 1, 2, 2, 3, 4]))
        part = side // n + 1
        rows = [np.hstack([cv2.resize(small[rng.integers(len(small))], (part, part), interpolation=cv2.INTER_CUBIC) for _ in range(n)]) for _ in range(n)]
        piece = np.vstack(rows)[:side, :side]
        noise = (cloud(rng, side, 32, 4, 0.9)[:, :, None] - 0.5) * rng.uniform(0, 60)
        return np.clip(piece + noise, 0, 255).astype(np.uint8)
    whole = photographs()[rng.integers(len(photographs()))]
    least = min(whole.shape[:2])
    cut = int(rng.uniform(0.25, 1.0) * least)
    y, x = rng.integers(0, whole.shape[0] - cut + 1), rng.integers(0, whole.shape[1] - cut + 1)
    piece = cv2.resize(whole[y : y + cut, x : x + cut], (side, side), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        piece = piece[:, ::-1]
    if rng.random() < 0.5:
        hsv = cv2.cvtColor(np.ascontiguousarray(piece), cv2.COLOR_RGB2HSV).astype(np.int32)
        hsv[..., 0] = (hsv[..., 0] + rng.integers(-40, 40)) % 180
        piece = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB)
    return np.ascontiguousarray(piece)


def page(rng: Generator, side: int) -> Picture:
    """A screenshot without its text: a ground, bars, panels, buttons and rules, mostly wider than high."""
    dark = rng.random() < 0.35
    def tone(low: int, high: int) -> list[float]:
        grey = rng.integers(low, high)
        return (np.full(3, 255 - grey if dark else grey) + rng.normal(0, 4, 3)).clip(0, 255).tolist()

    picture = np.full((side, side, 3), tone(225, 256)).astype(np.uint8)
    if rng.random() < 0.2:
        picture[:] = gradient(rng, side)
    for _ in range(int(rng.integers(0, 7))):
        w, h = int(rng.uniform(0.15, 1.0) * side), int(rng.uniform(0.04, 0.4) * side)
        if 0.7 < w / h < 1.4:
            w = int(h * rng.uniform(1.5, 3))
        x, y = int(rng.uniform(-0.1, 0.9) * side), int(rng.uniform(-0.1, 0.95) * side)
        ink = colour(rng).tolist() if rng.random() < 0.35 else tone(200, 256)
        if rng.random() < 0.7:
            cv2.rectangle(picture, (x, y), (x + w, y + h), ink, -1)
        if rng.random() < 0.5:
            cv2.rectangle(picture, (x, y), (x + w, y + h), tone(80, 220), int(rng.integers(1, 3)))
    for _ in range(int(rng.integers(0, 4))):
        at, ink = int(rng.integers(0, side)), tone(120, 230)
        cv2.line(picture, *(((0, at), (side, at)) if rng.random() < 0.7 else ((at, 0), (at, side))), ink, int(rng.integers(1, 3)))
    return picture


def paper(rng: Generator, side: int) -> Picture:
    """Paper to write on: white, yellow, grey or a blackboard, plain, ruled or squared."""
    tint = colour(rng) * 0.12 + 225 if rng.random() < 0.8 else colour(rng) * 0.25
    picture = tint + (cloud(rng, side, 6, 5, 0.8)[:, :, None] - 0.5) * rng.uniform(0, 25)
    step, ink = rng.uniform(0.03, 0.12) * side, colour(rng)
    if rng.random() < 0.35:
        rules = np.arange(side) % step < 1
        picture[rules] = picture[rules] * 0.6 + ink * 0.4
        if rng.random() < 0.4:
            picture[:, rules] = picture[:, rules] * 0.6 + ink * 0.4
    return np.clip(picture, 0, 255).astype(np.uint8)


def ground(rng: Generator, side: int, kind: str, small: np.ndarray | None = None) -> Picture:
    """A ``page``, ``paper`` or what looks like a photograph; a sixth of these have a part out of another."""
    if kind == "page":
        return page(rng, side)
    if kind == "paper":
        return paper(rng, side)
    if rng.random() < 0.4:
        return photograph(rng, side, small)
    makers = (gradient, clouds, land, blobs, weave, photograph)
    picture = makers[rng.choice(6, p=(0.14, 0.24, 0.16, 0.14, 0.14, 0.18))](rng, side)
    if rng.random() < 0.17:
        mask = cv2.GaussianBlur((cloud(rng, side, 2, 3) > rng.uniform(0.4, 0.6)).astype(np.float32), (0, 0), rng.uniform(0.6, 6))[:, :, None]
        picture = (picture * mask + makers[rng.integers(6)](rng, side) * (1 - mask)).astype(np.uint8)
    return picture


def clutter(rng: Generator, picture: Picture) -> None:
    """Things that are none of the shapes: long rectangles, flat ellipses, lines, arcs, many-sided scraps."""
    side = len(picture)
    for _ in range(int(rng.integers(0, 9))):
        at, size, turn = rng.uniform(0, side, 2), np.exp(rng.uniform(np.log(0.03), np.log(0.5))) * side, rng.uniform(0, 360)
        ink, wide = colour(rng).tolist(), int(rng.integers(1, 5))
        corner = (int(at[0]), int(at[1]))
        flat = (int(size), max(1, int(size * rng.uniform(0.1, 0.55))))
        match rng.integers(0, 5):
            case 0:
                box = cv2.boxPoints(((float(at[0]), float(at[1])), (float(flat[0]), float(flat[1])), turn)).astype(np.int32)
                cv2.fillPoly(picture, [box], ink, cv2.LINE_AA) if rng.random() < 0.5 else cv2.polylines(picture, [box], True, ink, wide, cv2.LINE_AA)
            case 1:
                cv2.ellipse(picture, corner, flat, turn, 0, 360, ink, -1 if rng.random() < 0.5 else wide, cv2.LINE_AA)
            case 2:
                cv2.line(picture, corner, tuple(int(v) for v in rng.integers(0, side, 2)), ink, wide, cv2.LINE_AA)
            case 3:
                cv2.ellipse(picture, corner, (int(size), int(size * rng.uniform(0.4, 1))), turn, 0, float(rng.uniform(30, 200)), ink, wide, cv2.LINE_AA)
            case _:
                points = (at + rng.normal(0, size / 2, (int(rng.integers(5, 9)), 2))).astype(np.int32)
                cv2.fillPoly(picture, [points], ink, cv2.LINE_AA)
