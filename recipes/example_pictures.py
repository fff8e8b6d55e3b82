"""Draw the example pictures of the pretrained pages: solids lit by a sun under a sky, as a camera would see them.

Run as ``python recipes/example_pictures.py [NAME ...]``; seed 1; about a minute a picture on one core. Each scene is a set of
signed distance functions, rendered by sphere tracing (J. C. Hart: Sphere tracing, 1996) with soft shadows, ambient
occlusion, one mirror bounce where there is water or lacquer, haze, depth of field and grain. Writes
``playground/data/samples/photos/<name>.jpg``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

OUT = Path(__file__).resolve().parents[1] / "playground" / "data" / "samples" / "photos"
SIZE, FINER, SEED = (640, 426), 1.5, 1
FAR = 400.0

A = NDArray[np.float64]
Distance = Callable[[A], A]
Colour = Callable[[A], A]


# -- noise -------------------------------------------------------------------------------------------------------------

_TABLE = np.random.default_rng(SEED).random((256, 256))


def noise(u: A, v: A) -> A:
    """Smooth noise on the plane, 0 to 1."""
    i, j = np.floor(u).astype(int), np.floor(v).astype(int)
    f, g = u - i, v - j
    f, g = f * f * (3 - 2 * f), g * g * (3 - 2 * g)
    a, b, c, d = (_TABLE[(i + x) & 255, (j + y) & 255] for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)))
    return (a * (1 - f) + b * f) * (1 - g) + (c * (1 - f) + d * f) * g


def clouds(u: A, v: A, octaves: int = 6) -> A:
    """The same at several scales, each half as strong as the one before: 0 to 1."""
    total = sum(noise(u * 2.03**k + 17 * k, v * 2.03**k - 31 * k) / 2**k for k in range(octaves))
    return np.asarray(total) / (2 - 2.0 ** (1 - octaves))


# -- solids ------------------------------------------------------------------------------------------------------------


def length(p: A) -> A:
    return np.sqrt((p * p).sum(-1))


def unit(p: A) -> A:
    return p / np.maximum(length(p), 1e-9)[..., None]


def ellipsoid(p: A, centre: tuple, radii: tuple) -> A:
    q = p - np.array(centre)
    k = length(q / np.array(radii))
    return k * (k - 1) / np.maximum(length(q / np.array(radii) ** 2), 1e-9)


def bone(p: A, a: tuple, b: tuple, thick: float, thin: float) -> A:
    """A rod with round ends that tapers from ``a`` to ``b``."""
    a_, d = np.array(a), np.array(b) - np.array(a)
    h = np.clip(((p - a_) @ d) / (d @ d), 0, 1)
    return length(p - a_ - h[:, None] * d) - (thick + (thin - thick) * h)


def box(p: A, centre: tuple, half: tuple, round_: float = 0.02) -> A:
    q = np.abs(p - np.array(centre)) - np.array(half) + round_
    return length(np.maximum(q, 0)) + np.minimum(q.max(-1), 0) - round_


def wheel(p: A, centre: tuple, radius: float, half: float, round_: float = 0.04) -> A:
    """A disc whose axle lies along z."""
    q = p - np.array(centre)
    d = np.stack([np.hypot(q[:, 0], q[:, 1]) - radius + round_, np.abs(q[:, 2]) - half + round_], -1)
    return length(np.maximum(d, 0)) + np.minimum(d.max(-1), 0) - round_


def outline(u: A, v: A, corners: A) -> A:
    """Signed distance to a polygon in the plane (Inigo Quilez' method: nearest edge, sign by crossings)."""
    best, sign = np.full(len(u), np.inf), np.ones(len(u))
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, 1, 0)):
        ex, ey, wx, wy = bx - ax, by - ay, u - ax, v - ay
        h = np.clip((wx * ex + wy * ey) / max(ex * ex + ey * ey, 1e-12), 0, 1)
        best = np.minimum(best, (wx - ex * h) ** 2 + (wy - ey * h) ** 2)
        up, down, left = v >= ay, v < by, ex * wy > ey * wx
        sign = np.where((up & down & left) | (~up & ~down & ~left), -sign, sign)
    return sign * np.sqrt(best)


def slab(flat: A, across: A, half: float, round_: float = 0.03) -> A:
    """An outline of some thickness, its edges rounded."""
    d = np.stack([flat + round_, np.abs(across) - half + round_], -1)
    return length(np.maximum(d, 0)) + np.minimum(d.max(-1), 0) - round_


def rounded(*corners: tuple[float, float], times: int = 2) -> A:
    """A polygon with its corners cut ``times`` times (Chaikin's curve)."""
    points = np.array(corners, float)
    for _ in range(times):
        after = np.roll(points, -1, 0)
        points = np.stack([0.78 * points + 0.22 * after, 0.22 * points + 0.78 * after], 1).reshape(-1, 2)
    return points


def blend(a: A, b: A, soft: float) -> A:
    """Two solids grown into each other."""
    h = np.clip(0.5 + 0.5 * (b - a) / soft, 0, 1)
    return b * (1 - h) + a * h - soft * h * (1 - h)


def blended(soft: float, *parts: A) -> A:
    whole = parts[0]
    for part in parts[1:]:
        whole = blend(whole, part, soft)
    return whole


# -- the camera --------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    """A solid and what it is made of: its colour by place, how it shines, how much it mirrors."""

    distance: Distance
    colour: Colour
    shine: float = 0.2
    mirror: float = 0.0


@dataclass
class Scene:
    parts: list[Part]
    eye: tuple[float, float, float]
    at: tuple[float, float, float]
    zoom: float = 1.6
    sun: tuple[float, float, float] = (0.5, 0.75, 0.45)
    sky: Colour = field(default=lambda d: day(d))
    ground: Colour | None = None
    water: bool = False
    haze: float = 0.004
    warm: float = 1.0
    blur: float = 0.0
    """How far out of focus what lies behind is, in pixels."""
    height: Callable[[A], A] | None = None


def day(d: A, cover: float = 0.52) -> A:
    """A blue sky, paler towards the horizon, with clouds."""
    up = np.clip(d[:, 1], 0, 1)[:, None]
    blue = np.array((0.80, 0.88, 0.95)) * (1 - up) ** 3 + np.array((0.16, 0.36, 0.72)) * (1 - (1 - up) ** 3)
    u, v = d[:, 0] / (np.abs(d[:, 1]) + 0.12), d[:, 2] / (np.abs(d[:, 1]) + 0.12)
    thick = np.clip((clouds(u * 1.7 + 5, v * 1.7) - cover) * 3.4, 0, 1)[:, None]
    lit = 0.80 + 0.2 * clouds(u * 4 + 9, v * 4)[:, None]
    return blue * (1 - 0.85 * thick) + np.array((0.98, 0.98, 1.0)) * lit * 0.85 * thick


def nearest(scene: Scene, p: A) -> A:
    return np.min([part.distance(p) for part in scene.parts], 0)


def trace(scene: Scene, origin: A, d: A, most: float = 60.0, steps: int = 110) -> A:
    """How far each ray goes until it meets a solid; ``inf`` where it meets none."""
    t, live, hit = np.full(len(d), 0.02), np.arange(len(d)), np.full(len(d), np.inf)
    for _ in range(steps):
        if not len(live):
            break
        gap = nearest(scene, origin[live] + t[live, None] * d[live])
        met = gap < 0.0012 * np.maximum(1, t[live] * 0.3)
        hit[live[met]] = t[live[met]]
        t[live] += np.maximum(gap, 0.001) * 0.85
        live = live[~met & (t[live] < most)]
    return hit


def slope(scene: Scene, p: A) -> A:
    e = 0.002
    corners = np.array(((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)))
    return unit(sum(k * nearest(scene, p + e * k)[:, None] for k in corners))


def sunlit(scene: Scene, p: A, sun: A) -> A:
    """How much of the sun's disc is to be seen from a place, 0 to 1."""
    t, seen = np.full(len(p), 0.03), np.ones(len(p))
    for _ in range(38):
        gap = nearest(scene, p + t[:, None] * sun)
        seen = np.minimum(seen, np.clip(0.5 + 14 * gap / t, 0, 1))
        t += np.clip(gap, 0.02, 0.6)
    return seen


def open_(scene: Scene, p: A, n: A) -> A:
    """How open a place lies to the sky, 0 to 1."""
    shut = sum((0.06 * k - nearest(scene, p + 0.06 * k * n)) / 2**k for k in range(1, 6))
    return np.clip(1 - 2.2 * np.asarray(shut), 0.15, 1)


def light(scene: Scene, p: A, n: A, d: A, colour: A, shine: A, bounce: bool = True) -> A:
    """What a place sends back along a ray."""
    sun = unit(np.array(scene.sun)[None])[0]
    straight = np.clip(n @ sun, 0, 1) * sunlit(scene, p + 0.01 * n, sun)
    ambient = open_(scene, p, n)
    glow = np.array((1.0, 0.93, 0.82)) * scene.warm
    sky = np.array((0.42, 0.52, 0.66)) * (0.55 + 0.45 * n[:, 1:2])
    ground = np.array((0.22, 0.2, 0.16)) * np.clip(-n[:, 1:2] * 0.8 + 0.3, 0, 1)
    half = unit(sun - d)
    gloss = np.clip((n * half).sum(-1), 0, 1) ** 60 * straight
    return colour * (1.25 * glow * straight[:, None] + (sky + ground) * ambient[:, None]) + (shine * gloss)[:, None]


def solid(scene: Scene, p: A, d: A, deep: bool) -> A:
    """The colour of solids where rays meet them."""
    which, n = np.argmin([part.distance(p) for part in scene.parts], 0), slope(scene, p)
    colour, shine, mirror = np.zeros_like(p), np.zeros(len(p)), np.zeros(len(p))
    for k, part in enumerate(scene.parts):
        mine = which == k
        colour[mine], shine[mine], mirror[mine] = part.colour(p[mine]), part.shine, part.mirror
    seen = light(scene, p, n, d, colour, shine)
    if deep and mirror.any():
        back = d - 2 * (d * n).sum(-1)[:, None] * n
        edge = (mirror * (0.12 + 0.88 * np.clip(1 + (d * n).sum(-1), 0, 1) ** 4))[:, None]
        around = scene.sky(np.where(back[:, 1:2] < 0, back * (1, -1, 1), back))
        around = np.where(back[:, 1:2] < 0, around * 0.35, around)
        seen = seen * (1 - edge) + around * edge
    return seen


def plane(scene: Scene, p: A, d: A, t: A) -> A:
    """The colour of the ground (or the sea) where rays meet it."""
    n = np.zeros_like(p)
    n[:, 1] = 1
    if scene.water:
        calm = 1 / (1 + t / 14)
        for k, strong in ((0.55, 0.16), (1.6, 0.10), (4.2, 0.07), (11.0, 0.045)):
            u, v, e = p[:, 0] * k + 3, p[:, 2] * k * 1.6, 0.05
            n[:, 0] -= strong * calm * (noise(u + e, v) - noise(u - e, v)) / (2 * e)
            n[:, 2] -= strong * calm * (noise(u, v + e) - noise(u, v - e)) / (2 * e)
        n = unit(n)
        back = d - 2 * (d * n).sum(-1)[:, None] * n
        back[:, 1] = np.abs(back[:, 1])
        back = unit(back)
        mirrored, met = scene.sky(back), trace(scene, p + 0.02 * n, back, 30, 60)
        on = np.isfinite(met)
        if on.any():
            mirrored[on] = solid(scene, p[on] + met[on, None] * back[on], back[on], False)
        edge = 0.04 + 0.96 * np.clip(1 + (d * n).sum(-1), 0, 1)[:, None] ** 4
        deep = np.array((0.02, 0.11, 0.17)) * (0.7 + 0.6 * noise(p[:, 0] * 0.15, p[:, 2] * 0.15)[:, None])
        sun = unit(np.array(scene.sun)[None])[0]
        glint = np.clip((back @ sun), 0, 1)[:, None] ** 180
        return deep * (1 - edge) + mirrored * edge * 0.92 + 0.9 * glint
    assert scene.ground is not None
    return light(scene, p, n, d, scene.ground(p), np.zeros(len(p)))


def render(scene: Scene, seed: int) -> Image.Image:
    """The scene as a camera sees it."""
    w, h = int(SIZE[0] * FINER), int(SIZE[1] * FINER)
    x, y = np.meshgrid((np.arange(w) + 0.5 - w / 2) / (h / 2), -(np.arange(h) + 0.5 - h / 2) / (h / 2))
    eye = np.array(scene.eye, float)
    ahead = unit((np.array(scene.at) - eye)[None])[0]
    right = unit(np.cross(ahead, (0, 1, 0))[None])[0]
    d = unit(x.reshape(-1, 1) * right + y.reshape(-1, 1) * np.cross(right, ahead) + scene.zoom * ahead)
    origin = np.broadcast_to(eye, d.shape)
    picture, depth = scene.sky(np.where(d[:, 1:2] < 0.0, d * (1, 0, 1), d)), np.full(len(d), FAR)
    if scene.ground is not None or scene.water:
        t = np.where(d[:, 1] < -1e-4, -eye[1] / np.minimum(d[:, 1], -1e-4), np.inf)
        down = t < FAR
        picture[down] = plane(scene, eye + t[down, None] * d[down], d[down], t[down])
        depth = np.minimum(depth, t)
    met = trace(scene, origin, d)
    front = met < depth
    picture[front], depth[front] = solid(scene, eye + met[front, None] * d[front], d[front], True), met[front]
    fog = 1 - np.exp(-scene.haze * np.where(depth < FAR, depth, 0))[:, None]
    picture = picture * (1 - fog) + np.array((0.78, 0.85, 0.92)) * fog
    picture *= 1 - 0.16 * ((x / 1.5) ** 2 + y**2).reshape(-1, 1) * 0.5
    picture = np.clip(1 - np.exp(-1.55 * np.maximum(picture, 0)), 0, 1) / (1 - np.exp(-1.55 * 1.12))
    picture = np.clip(picture, 0, 1) ** (1 / 1.25)
    image = Image.fromarray((picture.reshape(h, w, 3) * 255).astype(np.uint8))
    if scene.blur:
        focus = np.median(depth[front])
        soft = np.clip((np.abs(depth - focus) - 1.2) / 4, 0, 1).reshape(h, w)
        veil = Image.fromarray((soft * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2))
        image = Image.composite(image.filter(ImageFilter.GaussianBlur(scene.blur)), image, veil)
    image = image.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.5))
    rng = np.random.default_rng(seed)
    grain = rng.normal(0, 2.6, (SIZE[1], SIZE[0], 1)) + rng.normal(0, 1.2, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


# -- the scenes --------------------------------------------------------------------------------------------------------


def paint(*rgb: float) -> Colour:
    return lambda p: np.broadcast_to(np.array(rgb), p.shape).copy()


def moved(distance: Distance, by: tuple, turn: float = 0.0, scale: float = 1.0) -> Distance:
    """A solid elsewhere, turned about the upright axis."""
    return lambda p: distance(local(p, by, turn, scale)) * scale


def local(p: A, by: tuple, turn: float = 0.0, scale: float = 1.0) -> A:
    q, c, s = (p - np.array(by)) / scale, np.cos(turn), np.sin(turn)
    return np.stack([c * q[:, 0] - s * q[:, 2], q[:, 1], s * q[:, 0] + c * q[:, 2]], -1)


def placed(parts: list[Part], by: tuple, turn: float = 0.0, scale: float = 1.0) -> list[Part]:
    return [
        Part(moved(one.distance, by, turn, scale), lambda p, one=one: one.colour(local(p, by, turn, scale)), one.shine, one.mirror)
        for one in parts
    ]


def airliner() -> list[Part]:
    """Nose towards +x."""
    wing = np.array(((0.9, 0.3), (-0.75, 3.9), (-1.25, 3.9), (-0.75, 0.3)))
    tail = np.array(((-2.55, 0.15), (-3.25, 1.35), (-3.6, 1.35), (-3.3, 0.15)))
    fin = rounded((-2.3, 0.25), (-3.25, 1.55), (-3.75, 1.55), (-3.4, 0.2), times=1)

    def fuselage(p: A) -> A:
        q = p.copy()
        q[:, 1] -= 0.22 * np.clip((-p[:, 0] - 1.8) / 2, 0, 1)
        return blended(0.25, bone(q, (-1.6, 0, 0), (2.6, 0, 0), 0.40, 0.40), bone(q, (-1.6, 0, 0), (-3.6, 0.0, 0), 0.40, 0.1),
                       ellipsoid(q, (2.6, -0.03, 0), (0.85, 0.37, 0.38)))

    def wings(p: A) -> A:
        z, y = np.abs(p[:, 2]), p[:, 1] + 0.2 - 0.09 * np.abs(p[:, 2])
        thin = 0.075 - 0.012 * np.clip(z, 0, 4)
        main = slab(outline(p[:, 0], z, wing), y, 0.5, 0.02)
        main = np.maximum(main, np.abs(y) - thin)
        back = np.maximum(outline(p[:, 0], z, tail), np.abs(p[:, 1] - 0.25) - 0.035)
        return np.minimum(main, back) * 0.8

    def engines(p: A) -> A:
        q = np.stack([p[:, 0], p[:, 1], np.abs(p[:, 2])], -1)
        tube = bone(q, (0.75, -0.45, 1.35), (0.0, -0.42, 1.35), 0.24, 0.17)
        mouth = bone(q, (0.95, -0.45, 1.35), (0.75, -0.45, 1.35), 0.18, 0.18)
        return np.maximum(tube, -mouth)

    def skin(p: A) -> A:
        colour = paint(0.93, 0.94, 0.96)(p)
        low = p[:, 1] < -0.12
        colour[low] = (0.60, 0.63, 0.68)
        side = (np.abs(p[:, 1] - 0.07) < 0.035) & (p[:, 0] > -2.4) & (p[:, 0] < 2.5) & ((p[:, 0] * 6.5) % 1 < 0.42)
        colour[side] = (0.08, 0.1, 0.14)
        colour[(p[:, 0] > 2.95) & (p[:, 1] > 0.07) & (p[:, 1] < 0.2)] = (0.06, 0.07, 0.1)
        return colour

    return [
        Part(fuselage, skin, 0.5, 0.25),
        Part(wings, paint(0.72, 0.75, 0.8), 0.3, 0.2),
        Part(lambda p: slab(outline(p[:, 0], p[:, 1], fin), p[:, 2], 0.045, 0.02), paint(0.06, 0.17, 0.45), 0.4, 0.2),
        Part(engines, paint(0.5, 0.53, 0.58), 0.5, 0.2),
    ]


def container_ship() -> list[Part]:
    """Bow towards +x; the water line is y = 0."""
    plan = rounded((5.4, 0.0), (3.9, 0.82), (-4.6, 0.86), (-5.0, 0.6), (-5.0, -0.6), (-4.6, -0.86), (3.9, -0.82), times=1)
    boxes = np.random.default_rng(SEED + 3)
    hues = np.array(((0.55, 0.13, 0.09), (0.10, 0.25, 0.48), (0.78, 0.77, 0.72), (0.14, 0.36, 0.24), (0.72, 0.42, 0.10), (0.35, 0.36, 0.4)))
    drawn = hues[boxes.integers(0, len(hues), (40, 20, 8))]

    def hull(p: A) -> A:
        rise = 0.35 * np.clip((p[:, 0] - 3.3) / 2, 0, 1)
        flare = 1 + 0.10 * np.clip(p[:, 1], 0, 1.3) * np.clip((p[:, 0] - 1) / 4, 0, 1)
        flat = outline(p[:, 0] / flare, p[:, 2] / flare, plan)
        return np.maximum(np.maximum(flat, p[:, 1] - 1.05 - rise), -0.6 - p[:, 1]) * 0.85

    def cargo(p: A) -> A:
        bays = [box(p, (x, 1.05 + hi / 2, 0), (0.60, hi / 2, 0.80), 0.01) for x, hi in
                ((3.05, 0.62), (1.75, 0.95), (0.45, 0.95), (-0.85, 0.95), (-2.15, 0.62))]
        return np.min(bays, 0)

    def cargo_skin(p: A) -> A:
        i, j, k = np.floor((p[:, 0] + 10) / 0.65).astype(int), np.floor((p[:, 1] - 1.05) / 0.315).astype(int), np.floor((p[:, 2] + 2) / 0.27).astype(int)
        colour = drawn[i % 40, np.clip(j, 0, 19), k % 8]
        seam = ((p[:, 1] - 1.05) / 0.315 % 1 < 0.06) | ((p[:, 0] + 10) / 0.65 % 1 < 0.03) | ((p[:, 2] + 2) / 0.27 % 1 < 0.05)
        rib = 0.9 + 0.1 * np.sign(np.sin(p[:, 0] * 70))
        return np.where(seam[:, None], 0.06, colour * rib[:, None])

    def hull_skin(p: A) -> A:
        rust = 0.8 + 0.3 * clouds(p[:, 0] * 2, p[:, 1] * 7)[:, None]
        colour = np.where(p[:, 1:2] < 0.24, np.array((0.42, 0.08, 0.06)), np.array((0.07, 0.13, 0.24))) * rust
        return np.where((np.abs(p[:, 1:2] - 1.0) < 0.045) & (p[:, 0:1] < 3.4), np.array((0.75, 0.76, 0.76)), colour)

    def bridge(p: A) -> A:
        return np.min([box(p, (-3.75, 1.75, 0), (0.42, 0.8, 0.78)), box(p, (-3.72, 2.62, 0), (0.36, 0.16, 0.98)),
                       bone(p, (-3.8, 2.7, 0), (-3.8, 3.5, 0), 0.05, 0.03), bone(p, (4.5, 1.3, 0), (4.5, 2.2, 0), 0.05, 0.03)], 0)

    def bridge_skin(p: A) -> A:
        colour = paint(0.9, 0.9, 0.88)(p)
        rows = ((p[:, 1] * 3.4) % 1 < 0.35) & (((p[:, 2] + p[:, 0]) * 5) % 1 < 0.6) & (p[:, 1] < 2.4)
        colour[rows | (np.abs(p[:, 1] - 2.64) < 0.06)] = (0.07, 0.1, 0.13)
        return colour

    return [Part(hull, hull_skin, 0.25, 0.1), Part(cargo, cargo_skin, 0.1), Part(bridge, bridge_skin, 0.2),
            Part(lambda p: box(p, (-4.45, 1.75, 0), (0.2, 0.62, 0.3), 0.08), lambda p: np.where(p[:, 1:2] > 2.05, np.array((0.05, 0.05, 0.06)), np.array((0.7, 0.28, 0.06))), 0.2)]


def wheels(places: list[tuple[float, float]], radius: float, half: float) -> list[Part]:
    def tyres(p: A) -> A:
        return np.min([wheel(p, (x, radius, side * z), radius, half) for x, z in places for side in (-1, 1)], 0)

    def rubber(p: A) -> A:
        r = np.min([np.hypot(p[:, 0] - x, p[:, 1] - radius) for x, _ in places], 0)
        angle = np.min([np.abs(np.arctan2(p[:, 1] - radius, p[:, 0] - x)) + 9 * (np.abs(p[:, 0] - x) > radius) for x, _ in places], 0)
        rim = (r < 0.66 * radius)[:, None]
        spoke = (np.cos(angle * 5) > -0.35)[:, None] | (r < 0.2 * radius)[:, None] | (r > 0.58 * radius)[:, None]
        return np.where(rim, np.where(spoke, np.array((0.62, 0.63, 0.66)), np.array((0.05, 0.05, 0.055))), np.array((0.028, 0.028, 0.03)))

    return [Part(tyres, rubber, 0.2, 0.05)]


def car() -> list[Part]:
    """A saloon, nose towards +x, wheels on y = 0."""
    low = rounded((2.25, 0.36), (2.2, 0.72), (1.95, 0.86), (0.95, 0.98), (-1.75, 1.02), (-2.2, 0.94), (-2.28, 0.62), (-2.2, 0.34))
    top = rounded((1.25, 0.86), (0.42, 1.43), (-0.9, 1.47), (-1.85, 0.94), times=2)
    glass = rounded((0.86, 0.99), (0.32, 1.36), (-0.85, 1.39), (-1.42, 1.01), times=1)
    axles = (1.38, -1.36)

    def body(p: A) -> A:
        lean = 1 - 0.22 * np.clip((p[:, 1] - 0.9) / 0.6, 0, 1)
        narrow = 1 - 0.09 * np.clip((np.abs(p[:, 0]) - 1.5) / 0.8, 0, 1) ** 2
        shell = slab(outline(p[:, 0], p[:, 1], low), p[:, 2] / narrow, 0.88, 0.13)
        cabin = slab(outline(p[:, 0], p[:, 1], top), p[:, 2] / lean, 0.82, 0.10)
        arches = np.min([np.hypot(p[:, 0] - x, p[:, 1] - 0.33) - 0.40 for x in axles], 0)
        return np.maximum(blend(shell, cabin, 0.06), -np.maximum(arches, 0.5 - np.abs(p[:, 2]))) * 0.8

    def skin(p: A) -> A:
        colour = paint(0.62, 0.03, 0.03)(p)
        side, x, y = np.abs(p[:, 2]), p[:, 0], p[:, 1]
        pane = outline(x, y, glass) < 0
        pillar = (np.abs(x + 0.28 - 0.05 * y) < 0.045) | (np.abs(x + 1.12) < 0.03)
        front = ((y > 0.99) & (y < 1.39) & (side < 0.63) & ((x > 0.45 + (1.39 - y) * 0.6) | (x < -0.95)))
        colour[(pane & ~pillar & (side > 0.55)) | front] = (0.025, 0.035, 0.045)
        door = (y > 0.42) & (y < 0.98) & (side > 0.8) & ((np.abs(x + 0.28) < 0.012) | (np.abs(x - 0.78) < 0.012) | (np.abs(x + 1.1) < 0.012))
        colour[door | ((y < 0.44) & (side > 0.6))] = (0.04, 0.02, 0.02)
        colour[(x > 1.98) & (y > 0.62) & (y < 0.8) & (side > 0.42)] = (0.92, 0.93, 0.95)
        colour[(x > 2.05) & (y > 0.42) & (y < 0.58) & (side < 0.42)] = (0.04, 0.04, 0.045)
        colour[(x < -2.1) & (y > 0.72) & (y < 0.88) & (side > 0.4)] = (0.5, 0.02, 0.02)
        colour[(np.abs(x + 0.45) < 0.09) & (np.abs(y - 0.86) < 0.02) & (side > 0.8)] = (0.5, 0.5, 0.52)
        return colour

    return [Part(body, skin, 0.9, 0.55), *wheels([(x, 0.76) for x in axles], 0.335, 0.13)]


def lorry() -> list[Part]:
    """A cab with a long box, nose towards +x, wheels on y = 0."""
    cab = rounded((3.55, 0.45), (3.5, 1.5), (3.25, 2.65), (2.9, 2.85), (1.75, 2.85), (1.75, 0.45), times=1)

    def head(p: A) -> A:
        arch = np.maximum(np.hypot(p[:, 0] - 2.9, p[:, 1] - 0.48) - 0.6, 0.75 - np.abs(p[:, 2]))
        return np.maximum(slab(outline(p[:, 0], p[:, 1], cab), p[:, 2], 1.12, 0.09), -arch)

    def head_skin(p: A) -> A:
        x, y, side = p[:, 0], p[:, 1], np.abs(p[:, 2])
        colour = paint(0.72, 0.30, 0.02)(p)
        colour[(x > 2.95) & (y > 1.62) & (y < 2.4) & (side < 1.0)] = (0.03, 0.04, 0.055)
        colour[(side > 1.05) & (y > 1.62) & (y < 2.3) & (x > 2.45) & (x < 3.2)] = (0.03, 0.04, 0.055)
        colour[(x > 3.4) & (y > 0.85) & (y < 1.4) & (side < 0.75) & ((y * 11) % 1 < 0.6)] = (0.05, 0.05, 0.055)
        colour[(x > 3.35) & (y > 0.6) & (y < 0.82) & (side > 0.7)] = (0.95, 0.95, 0.9)
        colour[(side > 1.05) & (np.abs(x - 2.3) < 0.012) | (y < 0.55)] = (0.05, 0.05, 0.05)
        return colour

    def load_skin(p: A) -> A:
        colour = paint(0.86, 0.87, 0.88)(p) * (0.93 + 0.07 * np.sign(np.sin(p[:, 0] * 9)))[:, None]
        colour[(np.abs(p[:, 2]) > 1.1) & (np.abs(p[:, 1] - 1.75) < 0.28)] = (0.10, 0.28, 0.42)
        colour[p[:, 1] < 1.02] = (0.3, 0.31, 0.33)
        return colour

    return [
        Part(head, head_skin, 0.6, 0.35),
        Part(lambda p: box(p, (-1.85, 2.05, 0), (3.35, 1.1, 1.16), 0.05), load_skin, 0.2, 0.08),
        Part(lambda p: np.minimum(box(p, (-0.9, 0.78, 0), (4.2, 0.12, 0.5)), box(p, (-0.6, 0.62, 0), (1.3, 0.22, 1.0))), paint(0.05, 0.05, 0.055)),
        Part(lambda p: np.minimum(box(p, (3.2, 2.0, 1.25), (0.06, 0.22, 0.1)), box(p, (3.2, 2.0, -1.25), (0.06, 0.22, 0.1))), paint(0.04, 0.04, 0.045)),
        *wheels([(2.9, 0.95), (0.95, 0.95), (-3.2, 0.95), (-4.2, 0.95)], 0.48, 0.17),
    ]


def frog() -> list[Part]:
    """Sits, looks towards +x."""

    def body(p: A) -> A:
        q = np.stack([p[:, 0], p[:, 1], np.abs(p[:, 2])], -1)
        trunk = blended(0.22, bone(q, (-0.75, 0.42, 0), (0.2, 0.72, 0), 0.44, 0.46), ellipsoid(q, (0.62, 0.86, 0), (0.56, 0.34, 0.50)))
        eyes = ellipsoid(q, (0.62, 1.16, 0.31), (0.20, 0.19, 0.17))
        hind = blended(0.1, bone(q, (-0.8, 0.38, 0.42), (0.15, 0.46, 0.72), 0.27, 0.2), bone(q, (0.1, 0.4, 0.74), (-0.6, 0.1, 0.80), 0.15, 0.1),
                       bone(q, (-0.6, 0.08, 0.80), (0.25, 0.05, 0.98), 0.09, 0.05))
        fore = blended(0.08, bone(q, (0.42, 0.52, 0.4), (0.62, 0.3, 0.62), 0.16, 0.11), bone(q, (0.62, 0.3, 0.62), (0.72, 0.06, 0.55), 0.1, 0.08))
        toes = [bone(q, (0.72, 0.05, 0.55), (0.72 + 0.3 * np.cos(a), 0.03, 0.55 + 0.3 * np.sin(a)), 0.05, 0.045) for a in (-0.5, 0.2, 0.9)]
        more = [bone(q, (0.25, 0.05, 0.98), (0.25 + 0.32 * np.cos(a), 0.03, 0.98 + 0.32 * np.sin(a)), 0.05, 0.045) for a in (-0.3, 0.35, 1.0)]
        bumps = 0.008 * (noise(p[:, 0] * 14, p[:, 2] * 14 + p[:, 1] * 9) - 0.5)
        return blended(0.07, trunk, eyes, hind, fore, *toes, *more) * 0.85 + bumps

    def skin(p: A) -> A:
        spots = np.clip((clouds(p[:, 0] * 3.2 + 3, p[:, 2] * 3.2 + p[:, 1] * 2) - 0.56) * 9, 0, 1)[:, None]
        back = np.array((0.20, 0.44, 0.06)) * (0.75 + 0.5 * clouds(p[:, 0] * 6, p[:, 2] * 6)[:, None])
        colour = back * (1 - spots) + np.array((0.10, 0.17, 0.03)) * spots
        belly = np.clip((0.62 - p[:, 1]) * 3.2, 0, 1)[:, None] * np.clip((p[:, 0:1] + 0.2) * 2, 0, 1)
        colour = colour * (1 - 0.8 * belly) + np.array((0.72, 0.74, 0.45)) * 0.8 * belly
        mouth = (np.abs(p[:, 1] - 0.80 + 0.05 * (p[:, 0] - 0.6)) < 0.013) & (p[:, 0] > 0.5)
        colour[mouth] = (0.05, 0.08, 0.02)
        nose = (np.hypot(p[:, 1] - 1.0, np.abs(p[:, 2]) - 0.1) < 0.025) & (p[:, 0] > 0.95)
        colour[nose] = (0.03, 0.04, 0.02)
        return colour

    def eye(p: A) -> A:
        q = np.stack([p[:, 0], p[:, 1], np.abs(p[:, 2])], -1)
        return ellipsoid(q, (0.69, 1.19, 0.37), (0.155, 0.15, 0.13))

    def iris(p: A) -> A:
        q = np.stack([p[:, 0] - 0.69, p[:, 1] - 1.19, np.abs(p[:, 2]) - 0.37], -1)
        look = unit(q) @ unit(np.array((0.55, 0.1, 0.8))[None])[0]
        return np.where((look > 0.86)[:, None], np.array((0.01, 0.01, 0.01)), np.array((0.72, 0.48, 0.05)))

    return [Part(body, skin, 0.35, 0.06), Part(eye, iris, 1.2, 0.5)]


def horse() -> list[Part]:
    """Stands, looks towards +x."""

    def coat(p: A) -> A:
        q = np.stack([p[:, 0], p[:, 1], np.abs(p[:, 2])], -1)
        trunk = blended(0.3, ellipsoid(p, (-0.74, 1.72, 0), (0.60, 0.54, 0.46)), ellipsoid(p, (0.0, 1.60, 0), (0.85, 0.50, 0.46)),
                        ellipsoid(p, (0.66, 1.66, 0), (0.55, 0.56, 0.40)))
        neck = blended(0.2, bone(p, (0.80, 1.80, 0), (1.45, 2.58, 0), 0.42, 0.22), bone(p, (0.55, 2.02, 0), (1.30, 2.70, 0), 0.2, 0.12))
        head = blended(0.1, ellipsoid(p, (1.60, 2.58, 0), (0.27, 0.25, 0.16)), bone(p, (1.62, 2.58, 0), (2.16, 1.98, 0), 0.19, 0.125),
                       ellipsoid(p, (2.17, 1.96, 0), (0.14, 0.13, 0.12)))
        ears = bone(q, (1.42, 2.80, 0.09), (1.46, 3.04, 0.11), 0.07, 0.015)
        legs = []
        for x, z, lean in ((0.80, 0.2, 0.05), (0.62, -0.22, -0.22), (-0.95, 0.2, -0.08), (-0.78, -0.22, 0.14)):
            knee, foot = (x + lean * 0.8, 0.78, z), (x + lean * (0.9 if x > 0 else 1.6), 0.12, z)
            upper = bone(p, (x, 1.45, z), knee, 0.25 if x < 0 else 0.2, 0.10)
            legs.append(blended(0.06, upper, bone(p, knee, foot, 0.085, 0.062)))
        muscle = 0.05 * (clouds(p[:, 0] * 1.6 + 4, p[:, 1] * 1.6 + p[:, 2], 3) - 0.5)
        hairs = 0.006 * (noise(p[:, 0] * 30, p[:, 1] * 12 + p[:, 2] * 20) - 0.5)
        return blended(0.12, blended(0.2, trunk, neck), head, *legs, ears) * 0.85 + muscle + hairs

    def coat_skin(p: A) -> A:
        colour = np.array((0.30, 0.125, 0.045)) * (0.65 + 0.7 * clouds(p[:, 0] * 3, p[:, 1] * 3 + p[:, 2])[:, None])
        dark = np.clip((0.75 - p[:, 1]) * 2.5, 0, 1)[:, None]
        colour = colour * (1 - 0.75 * dark)
        muzzle = np.clip((p[:, 0:1] - 1.98) * 7, 0, 1)
        colour = colour * (1 - 0.6 * muzzle)
        nostril = (np.hypot(p[:, 0] - 2.24, p[:, 1] - 2.0) < 0.035) | ((np.abs(p[:, 1] - 1.9) < 0.01) & (p[:, 0] > 2.08))
        colour[nostril] = (0.02, 0.01, 0.01)
        blaze = (np.abs(p[:, 2]) < 0.05) & (p[:, 0] > 1.62) & (p[:, 0] + p[:, 1] > 4.29)
        colour[blaze] = (0.8, 0.78, 0.72)
        eye = (np.hypot(p[:, 0] - 1.70, p[:, 1] - 2.60) < 0.045) & (np.abs(p[:, 2]) > 0.08)
        colour[eye] = (0.01, 0.01, 0.01)
        colour[p[:, 1] < 0.14] = (0.05, 0.04, 0.035)
        return colour

    def hair(p: A) -> A:
        strands = 0.02 * np.sin(p[:, 0] * 40 + p[:, 1] * 18)
        tail = blended(0.12, bone(p, (-1.28, 1.88, 0), (-1.52, 1.5, 0), 0.08, 0.13), bone(p, (-1.52, 1.5, 0), (-1.58, 0.7, 0), 0.14, 0.05))
        crest = bone(p, (0.62, 2.20, 0.0), (1.40, 2.86, 0.0), 0.10, 0.09)
        mane = np.min([crest, *(bone(p, (0.62 + 0.098 * k, 2.22 + 0.082 * k, 0.03), (0.68 + 0.1 * k, 1.86 + 0.088 * k, 0.33 - 0.016 * k), 0.11, 0.05)
                                for k in range(9))], 0)
        lock = bone(p, (1.42, 2.84, 0), (1.72, 2.66, 0.03), 0.08, 0.03)
        return (blended(0.06, tail, mane, lock) + strands) * 0.7

    return [Part(coat, coat_skin, 0.12), Part(hair, paint(0.045, 0.03, 0.025), 0.2)]


def meadow(p: A) -> A:
    """Grass: blades as noise drawn out towards the eye, light and dark tufts, a few flowers."""
    u, v = p[:, 0], p[:, 2]
    tufts, blades = clouds(u * 0.7, v * 0.7), clouds(u * 16, v * 3.5, 4)
    colour = np.array((0.15, 0.29, 0.05)) * (0.45 + 0.7 * tufts + 0.75 * (blades - 0.4))[:, None]
    dry = np.clip((clouds(u * 1.9 + 40, v * 1.9) - 0.55) * 5, 0, 1)[:, None] * 0.45
    return colour * (1 - dry) + np.array((0.36, 0.33, 0.12)) * dry


def road(p: A) -> A:
    """Asphalt along x with a dashed line, grass beyond its edges."""
    grain = 0.85 + 0.3 * noise(p[:, 0] * 22, p[:, 2] * 22)
    colour = np.array((0.17, 0.17, 0.18)) * (grain * (0.85 + 0.3 * clouds(p[:, 0] * 0.5, p[:, 2] * 2)))[:, None]
    line = (np.abs(p[:, 2] + 2.6) < 0.08) & (p[:, 0] % 6 < 3.2) | (np.abs(p[:, 2] - 2.5) < 0.08) | (np.abs(p[:, 2] + 7.6) < 0.08)
    colour[line] = (0.75, 0.75, 0.72)
    return np.where(((p[:, 2] > 3.2) | (p[:, 2] < -8.3))[:, None], meadow(p), colour)


def hills(d: A) -> A:
    """The sky with wooded hills along the horizon."""
    sky, angle = day(d), np.arctan2(d[:, 0], -d[:, 2])
    for k, (high, colour) in enumerate(((0.10, (0.42, 0.52, 0.56)), (0.055, (0.20, 0.30, 0.20)))):
        ridge = high * (0.35 + clouds(angle * (3 + 6 * k) + 9 * k, np.full(len(d), 2.0)))
        edge = np.clip((ridge - d[:, 1]) * 400, 0, 1)[:, None]
        leaf = 0.75 + 0.5 * clouds(angle * 90, d[:, 1] * 120)[:, None] if k else 1.0
        sky = sky * (1 - edge) + np.array(colour) * leaf * edge
    return sky


def leaves(d: A) -> A:
    """Green out of focus."""
    a, b = np.arctan2(d[:, 0], -d[:, 2]), d[:, 1]
    spots = clouds(a * 7, b * 7 + 3, 3)[:, None]
    return np.array((0.10, 0.22, 0.06)) * (0.4 + 1.2 * spots) + np.array((0.35, 0.42, 0.12)) * np.clip((spots - 0.6) * 4, 0, 1)


def moss(p: A) -> A:
    tufts = clouds(p[:, 0] * 5, p[:, 2] * 5)
    return np.array((0.20, 0.30, 0.06)) * (0.35 + 1.1 * tufts)[:, None] + np.array((0.10, 0.05, 0.02)) * (1 - tufts)[:, None]


SCENES: dict[str, Callable[[], Scene]] = {
    "airliner": lambda: Scene(placed(airliner(), (0, 6, 0), 0.5), (3.2, 2.2, 8.6), (0.0, 6.1, 0), 2.35, (0.35, 0.6, 0.8), lambda d: day(d, 0.56)),
    "ship": lambda: Scene(placed(container_ship(), (0, 0, 0), 0.42), (5.2, 2.6, 12.0), (0.15, 0.85, 0), 2.85, (0.2, 0.6, 0.75), water=True, haze=0.006),
    "car": lambda: Scene(car(), (3.3, 1.35, 5.9), (0.02, 0.7, 0), 2.95, (0.35, 0.75, 0.6), hills, road),
    "lorry": lambda: Scene(lorry(), (7.6, 2.2, 9.6), (-0.5, 1.5, 0), 2.6, (0.45, 0.7, 0.6), hills, road),
    "frog": lambda: Scene(frog(), (2.9, 1.35, 2.9), (0.05, 0.55, 0), 2.65, (0.35, 0.8, 0.55), leaves, moss, haze=0.0, blur=6),
    "horse": lambda: Scene(horse(), (2.4, 1.75, 6.3), (0.3, 1.5, 0), 2.5, (0.35, 0.7, 0.65), hills, meadow),
    "two": lambda: Scene([*placed(car(), (3.0, 0, 1.3), 0.2), *placed(lorry(), (-1.6, 0, -3.4), 0.0)],
                         (6.4, 2.0, 8.6), (0.5, 1.2, -1.0), 2.6, (0.45, 0.7, 0.6), hills, road),
}


def main() -> None:
    """Draw the scenes that are named, or all."""
    out = Path(OUT)
    for name in sys.argv[1:] or SCENES:
        render(SCENES[name](), SEED).save(out / f"{name}.jpg", quality=86, optimize=True, progressive=True)
        print(f"{name}: {(out / f'{name}.jpg').stat().st_size / 1e3:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
