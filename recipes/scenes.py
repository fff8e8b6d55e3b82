"""Scenes of digits and shapes, each with its box: what the starter detector learns from and is measured on.

``scene(rng, side)`` draws one; ``many(count, seed, given)`` draws thousands, the same ones for the same seed. With ``held`` the
type comes from fonts that no scene without it uses; with ``fresh`` MNIST's digits come from its test set.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
from numpy.random import Generator
from scene_grounds import Picture, cloud, clutter, colour, ground
from scene_signs import SHAPES, Glyph, Stock, digits, penned, shaped, stock

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz" * 2
ALONE = "ABCDEFGHJKLMNPQRSTUVWYabdefghkmnprtuvwy&?!%$#@€§"  # letters that alone are no digit and no shape
KINDS = {"scatter": 0.32, "page": 0.30, "crowd": 0.14, "big": 0.10, "paper": 0.09, "empty": 0.05}
LEAST = 8  # pixels a digit or shape is high at 320: what is smaller is not drawn
NOTHING = Stock(None, None)


def number(rng: Generator) -> str:
    """Digits alone or several, sometimes as a price, a time, a date, a share, or with letters before or behind."""
    some = "".join(str(d) for d in rng.integers(0, 10, int(rng.choice([1, 2, 3, 4, 5, 8], p=(0.35, 0.22, 0.17, 0.14, 0.08, 0.04)))))
    word = "".join(rng.choice(list(LETTERS), int(rng.integers(1, 6))))
    two = [f"{rng.integers(0, 60):02d}" for _ in range(3)]
    forms = (some, f"{some}.{two[0]}", f"{two[0]}:{two[1]}", f"${some}", f"{some}%", f"{word} {some}", f"{some} {word}",
             f"{word}-{some}", f"{some},{two[1]}", f"{two[0]}/{two[1]}", f"{some} €", f"={some}", f"-{some}", f"#{some}", f"({some})")  # fmt: skip
    return forms[rng.choice(len(forms), p=(0.62, 0.05, 0.04, 0.03, 0.03, 0.05, 0.04, 0.02, 0.03, 0.02, 0.01, 0.01, 0.02, 0.02, 0.01))]


def words(rng: Generator) -> str:
    """Letters that say nothing."""
    made = ["".join(rng.choice(list(LETTERS), int(rng.integers(1, 10)))) for _ in range(int(rng.integers(1, 6)))]
    joined = " ".join(made)
    return joined.upper() if rng.random() < 0.2 else joined.title() if rng.random() < 0.3 else joined


class Canvas:
    """A picture that fills, and which of its pixels belong to what: 0 to nothing, else to ``names[id - 1]``."""

    def __init__(self, picture: Picture) -> None:
        self.picture, self.side = picture.astype(np.float32), len(picture)
        self.ids, self.names, self.areas = np.zeros((self.side, self.side), np.int32), [], [0]

    def place(self, rng: Generator, glyphs: list[Glyph], at: tuple[float, float], matrix: np.ndarray, cover: float, style: str) -> bool:
        """Draw what fits: all of it within the picture but for a little, over no more than ``cover`` of what is there."""
        left, top = min(g.x for g in glyphs), min(g.y for g in glyphs)
        right, bottom = max(g.x + g.ink.shape[1] for g in glyphs), max(g.y + g.ink.shape[0] for g in glyphs)
        middle, put = np.array([(left + right) / 2, (top + bottom) / 2]), []
        for glyph in glyphs:
            h, w = glyph.ink.shape
            corners = (np.array([(0, 0), (w, 0), (w, h), (0, h)]) + (glyph.x, glyph.y) - middle) @ matrix.T + at
            low, high = np.floor(corners.min(0)).astype(int) - 1, np.ceil(corners.max(0)).astype(int) + 2
            shift = matrix @ (np.array([glyph.x, glyph.y]) - middle) + at - low
            size = high - low
            if size.max() > 4 * self.side:
                return False
            ink = cv2.warpAffine(glyph.ink, np.hstack([matrix, shift[:, None]]).astype(np.float32), (int(size[0]), int(size[1])))
            a, b = np.maximum(low, 0), np.minimum(high, self.side)
            part = ink[a[1] - low[1] : b[1] - low[1], a[0] - low[0] : b[0] - low[0]] if (b > a).all() else ink[:0, :0]
            whole = int((ink > 110).sum())
            if glyph.name >= 0 and (whole < 6 or (part > 110).sum() < 0.75 * whole):
                return False
            if part.size:
                put.append((part, a, b, glyph.name, whole))
        over = np.zeros(len(self.areas), np.int64)
        for part, a, b, _, _ in put:
            over += np.bincount(self.ids[a[1] : b[1], a[0] : b[0]][part > 110], minlength=len(self.areas))
        for one in np.nonzero(over[1:])[0] + 1:
            if over[one] + self.areas[one][0] - self.seen(one) > cover * self.areas[one][0]:
                return False
        if put:
            self.paint(rng, put, style)
        return True

    def seen(self, one: int) -> int:
        x, y, w, h = self.areas[one][1]
        return int((self.ids[y : y + h, x : x + w] == one).sum())

    def paint(self, rng: Generator, put: list[tuple], style: str) -> None:
        """Colour that differs from what is behind: plain, shaded or rough; with a rim, a shadow or only a rim."""
        low, high = np.min([a for _, a, *_ in put], 0), np.max([b for _, _, b, *_ in put], 0)
        behind = self.picture[low[1] : high[1], low[0] : high[0]].reshape(-1, 3)
        light, need = behind @ np.array([0.3, 0.59, 0.11], np.float32), rng.choice([35, 60, 90], p=(0.15, 0.45, 0.4))
        tone = float(light.mean())
        if style != "page" and (float(light.std()) > 45 and rng.random() < 0.5 or rng.random() < 0.12):  # a plate to read it on
            pad, (wide, tall) = rng.uniform(0.08, 0.35) * (high - low).min(), high - low
            more = max(0.0, rng.uniform(1.45, 2.5) * (tall + 2 * pad) - wide) / 2 + rng.uniform(0, 2) * pad  # no square: that is a shape
            p, q = np.maximum(low - (more, pad), 0).astype(int), (high + (more, pad)).astype(int)
            free = self.ids[p[1] : q[1], p[0] : q[0]] == 0
            plate = colour(rng)
            self.picture[p[1] : q[1], p[0] : q[0]][free] = plate
            tone = float(plate @ np.array([0.3, 0.59, 0.11]))
        grey = style == "page" and rng.random() < 0.6
        for _ in range(20):
            ink = np.full(3, rng.integers(0, 256), np.float32) if grey else colour(rng)
            if abs(float(ink @ np.array([0.3, 0.59, 0.11])) - tone) > need:
                break
        else:
            ink = np.full(3, 10.0 if tone > 128 else 245.0, np.float32)
        height = float((high - low).min())
        effect = rng.random() if style != "page" else 0.5 + rng.random() / 2
        rim, wide = np.full(3, 0.0 if float(ink.mean()) > 120 else 255.0, np.float32), int(max(1, height * rng.uniform(0.02, 0.07)))
        shade = ink + (colour(rng) - ink) * rng.uniform(0.1, 0.4) if rng.random() < 0.3 else None
        rough = rng.random() < 0.12
        for part, a, b, name, whole in put:
            here = self.picture[a[1] : b[1], a[0] : b[0]]
            alpha = part.astype(np.float32)[:, :, None] / 255
            if effect < 0.12 and height > 14:  # a rim around it
                wider = cv2.dilate(part, np.ones((2 * wide + 1,) * 2, np.uint8)).astype(np.float32)[:, :, None] / 255
                here += (rim - here) * wider
            elif effect < 0.2 and height > 14:  # a shadow below it
                moved = cv2.GaussianBlur(np.roll(part, (wide, wide), (0, 1)), (0, 0), 1 + wide / 2).astype(np.float32)[:, :, None]
                here *= 1 - moved / 255 * 0.6
            elif effect < 0.27 and height > 40:  # hollow
                inner = cv2.erode(part, np.ones((2 * wide + 1,) * 2, np.uint8)).astype(np.float32)[:, :, None] / 255
                alpha = np.clip(alpha - inner, 0, 1)
            fill = ink
            if shade is not None:
                fill = ink + (shade - ink) * np.linspace(0, 1, part.shape[0], dtype=np.float32)[:, None, None]
            if rough and height > 20:
                fill = fill * (0.7 + 0.6 * cloud(rng, max(part.shape), 8, 4, 0.8)[: part.shape[0], : part.shape[1], None])
            here += (fill - here) * alpha
            self.names.append(name)
            self.ids[a[1] : b[1], a[0] : b[0]][part > 110] = len(self.names)
            self.areas.append((whole, (a[0], a[1], b[0] - a[0], b[1] - a[1])))

    def boxes(self, behind: int = 0) -> np.ndarray:
        """Class and corners of what is still seen well enough, ``(n, 5)``, without the first ``behind``."""
        found = []
        for one, name in enumerate(self.names, 1):
            if name >= 0 and one > behind:
                mask = (self.ids == one).astype(np.uint8)
                x, y, w, h = cv2.boundingRect(mask)
                if w >= 2 and h >= 4:
                    found.append((name, x, y, x + w, y + h))
        return np.array(found, np.float32).reshape(-1, 5)


def turned(rng: Generator, degrees: float, mild: float = 1.0) -> np.ndarray:
    """A turn with some slant, and narrower or wider."""
    angle, slant, squeeze = np.deg2rad(degrees), rng.normal(0, 0.12) * mild, float(np.exp(rng.normal(0, 0.13) * mild))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.array([[squeeze, -slant], [0, 1]])


def scene(rng: Generator, side: int = 320, held: bool = False, given: Stock = NOTHING, kind: str = "", least: float = LEAST) -> tuple[Picture, np.ndarray]:
    """A picture of bytes ``(side, side, 3)``, and class and corners of every digit and shape in it, ``(n, 5)`` in pixels."""
    kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
    flat_too = {"empty": 0.4, "big": 0.5}.get(kind, 0.0)
    back = kind if kind in ("page", "paper") else str(rng.choice(["page", "paper"])) if rng.random() < flat_too else "photo"
    base = ground(rng, side, back, given.photos)
    if kind != "page" or rng.random() < 0.2:
        clutter(rng, base)
    canvas, unit, flat = Canvas(base), side / 320, kind in ("page", "paper")
    count = {"scatter": (3, 13), "page": (3, 12), "crowd": (18, 45), "big": (1, 4), "paper": (2, 10), "empty": (0, 1)}[kind]
    low, high = {"scatter": (10, 130), "page": (8, 90), "crowd": (14, 64), "big": (110, 270), "paper": (12, 110)}.get(kind, (10, 60))
    one_family = kind == "page" and rng.random() < 0.3
    cover = 0.5 if kind == "crowd" else 0.25 if rng.random() < 0.5 else 0.02
    style = "page" if kind == "page" else ""

    def anywhere() -> tuple[float, float]:
        return (rng.uniform(0, side), rng.uniform(0, side))

    def height() -> float:
        return max(least, float(np.exp(rng.uniform(np.log(low), np.log(high))))) * unit

    for _ in range(int(rng.integers(*count))):
        drawn, tall = rng.random(), height()
        for _ in range(6):
            tall = max(least * unit, tall * 0.85)
            if drawn < (0.18 if flat else 0.42):
                glyphs, turn = shaped(rng, SHAPES[rng.integers(len(SHAPES))], tall), turned(rng, rng.uniform(0, 360) if not flat or rng.random() < 0.3 else 0, 0.35)
            elif drawn < 0.9:
                text = number(rng) if tall < side / 4 else str(rng.integers(0, 10))
                hand = {"paper": 0.75, "page": 0.04, "big": 0.5}.get(kind, 0.28)
                glyphs = digits(rng, tall, text, held, given, hand)
                turn = turned(rng, 0, 0.4 if not one_family else 0) if flat and rng.random() < 0.75 else turned(rng, np.clip(rng.normal(0, 11), -25, 25))
            else:
                glyphs, turn = digits(rng, tall, str(rng.choice(list(ALONE))), held, given, 0), turned(rng, rng.normal(0, 11))
            if glyphs and canvas.place(rng, glyphs, anywhere(), turn, cover, style):
                break
    lines = int(rng.integers(0, 16)) if back == "page" else int(rng.integers(0, 5)) if rng.random() < 0.35 else 0
    for _ in range(lines):
        glyphs = digits(rng, float(np.exp(rng.uniform(np.log(5), np.log(26)))) * unit, words(rng), held, given, 0)
        if glyphs:
            canvas.place(rng, glyphs, anywhere(), turned(rng, 0 if flat else rng.normal(0, 10), 0.3), 0.02, style)
    if kind in ("crowd", "scatter") and rng.random() < 0.3:  # twigs and wires before everything
        for _ in range(int(rng.integers(1, 4))):
            p, q = (tuple(int(v) for v in anywhere()) for _ in range(2))
            ink, wide = colour(rng).tolist(), int(rng.integers(1, 5))
            cv2.line(canvas.picture, p, q, ink, wide, cv2.LINE_AA)
            cv2.line(canvas.ids, p, q, 0, wide)
    return photographed(rng, canvas, flat)


def photographed(rng: Generator, canvas: Canvas, flat: bool) -> tuple[Picture, np.ndarray]:
    """As a camera or a screen gives it: askew, lit from a side, shaded, blurred, noisy, compressed."""
    side, picture = canvas.side, canvas.picture
    if rng.random() < (0.15 if flat else 0.35):
        corners = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
        moved = (corners + rng.normal(0, 0.035, (4, 2)) * side).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(corners, moved)
        picture = cv2.warpPerspective(picture, matrix, (side, side), borderMode=cv2.BORDER_REFLECT)
        canvas.ids = cv2.warpPerspective(canvas.ids.astype(np.float32), matrix, (side, side), flags=cv2.INTER_NEAREST).astype(np.int32)
        outside = cv2.warpPerspective(np.ones((side, side), np.uint8), matrix, (side, side), flags=cv2.INTER_NEAREST) == 0
        picture[outside] = picture[outside].mean() if outside.any() else 0
    if rng.random() < (0.15 if flat else 0.5):
        picture = picture * (1 + (cloud(rng, side, 2, 2)[:, :, None] - 0.5) * rng.uniform(0, 0.9))
    if rng.random() < (0.05 if flat else 0.15):
        dark = np.ones((side, side), np.float32)
        cv2.fillPoly(dark, [rng.integers(-side // 2, side + side // 2, (4, 2)).astype(np.int32)], float(rng.uniform(0.4, 0.8)))
        picture = picture * cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.5, 8))[:, :, None]
    if rng.random() < 0.35:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.1) * side / 320)
    if rng.random() < (0.15 if flat else 0.5):
        picture = picture + rng.normal(0, rng.uniform(1, 14), picture.shape)
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        _, packed = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
        picture = cv2.imdecode(packed, cv2.IMREAD_COLOR)[:, :, ::-1]
    return np.ascontiguousarray(picture), canvas.boxes()


def strewn(rng: Generator, picture: Picture, boxes: np.ndarray) -> tuple[Picture, np.ndarray]:
    """A drawn scene with up to five more shapes where nothing is, so that no two are alike however often it is shown."""
    canvas = Canvas(picture)
    for at, (name, left, top, right, bottom) in enumerate(boxes.astype(int), 1):
        canvas.ids[top:bottom, left:right] = at
        canvas.names.append(int(name))
        canvas.areas.append(((right - left) * (bottom - top), (left, top, right - left, bottom - top)))
    for _ in range(int(rng.integers(1, 6))):
        name, height = SHAPES[rng.integers(len(SHAPES))], float(np.exp(rng.uniform(np.log(11), np.log(110))))
        glyphs = shaped(rng, name, height)
        for _ in range(3):
            if canvas.place(rng, glyphs, tuple(rng.uniform(0, canvas.side, 2)), turned(rng, rng.uniform(0, 360), 0.35), 0.0, "page" if rng.random() < 0.5 else ""):
                break
    more = canvas.boxes(len(boxes))
    soft = cv2.GaussianBlur(canvas.picture, (0, 0), rng.uniform(0.3, 0.8)) if rng.random() < 0.4 else canvas.picture
    return np.clip(soft, 0, 255).astype(np.uint8), np.concatenate([boxes, more])


def tiny(rng: Generator, given: Stock) -> tuple[Picture, np.ndarray]:
    """A picture of 24 to 90 pixels with one digit written by hand, or typed, enlarged to 320."""
    small, sign = int(np.exp(rng.uniform(np.log(24), np.log(90)))), str(rng.integers(0, 10))
    light = colour(rng) if rng.random() < 0.4 else np.full(3, rng.choice([0, 0, 255, rng.integers(0, 256)]), np.float32)
    ink = colour(rng) if rng.random() < 0.4 else 255 - light
    if np.abs(ink - light).max() < 70:
        ink = np.where(light.mean() < 128, 255, 0) * np.ones(3, np.float32)
    tall = small * rng.uniform(0.45, 0.85)
    glyph = (penned(rng, sign, tall, int(rng.integers(1, 4)) / tall) if rng.random() < 0.6 else digits(rng, tall, sign, False, given, 0.4))[0]
    alpha = np.zeros((small, small), np.uint8)
    ys, xs = np.nonzero(glyph.ink > 60)
    part = glyph.ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1][:small, :small]
    y, x = rng.integers(0, small - part.shape[0] + 1), rng.integers(0, small - part.shape[1] + 1)
    alpha[y : y + part.shape[0], x : x + part.shape[1]] = part
    if rng.random() < 0.4:
        alpha = (alpha > 100).astype(np.uint8) * 255
    picture = light + (ink - light) * (alpha[:, :, None] / 255.0)
    if rng.random() < 0.3:
        picture = picture + rng.normal(0, rng.uniform(2, 15), picture.shape)
    how = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[rng.integers(4)]
    box = np.array([[int(sign), x, y, x + part.shape[1], y + part.shape[0]]], np.float32)
    box[:, 1:] *= 320 / small
    return cv2.resize(np.clip(picture, 0, 255).astype(np.uint8), (320, 320), interpolation=how), box


def _part(task: tuple[int, int, int, bool, bool, float, str, str]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Scenes ``first`` to ``last`` of a seed."""
    seed, first, last, fresh, held, least, mnist, photos = task
    cv2.setNumThreads(1)
    drawn = [scene(np.random.default_rng((seed, at)), 320, held, stock(mnist, photos, fresh), least=least) for at in range(first, last)]
    return np.stack([picture for picture, _ in drawn]), [boxes for _, boxes in drawn]


def many(
    count: int, seed: int, given: tuple[str, str], fresh: bool = False, held: bool = False, least: float = LEAST
) -> tuple[np.ndarray, list[np.ndarray]]:
    """``count`` scenes: bytes ``(count, 320, 320, 3)``, and the boxes of each. ``given``: where MNIST and CIFAR-10 lie."""
    step = 50
    tasks = [(seed, at, min(at + step, count), fresh, held, least, *given) for at in range(0, count, step)]
    pictures, boxes = np.empty((count, 320, 320, 3), np.uint8), []
    with ProcessPoolExecutor(2) as pool:
        for task, (some, theirs) in zip(tasks, pool.map(_part, tasks), strict=True):
            pictures[task[1] : task[2]] = some
            boxes += theirs
    return pictures, boxes
