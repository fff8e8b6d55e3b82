"""Points drawn on the plane [-6, 6]^2: patterns simple enough to see, hard enough to need a network.

Most follow TensorFlow Playground's generators (Smilkov, Carter, Sculley, Viégas and Wattenberg, 2017): the same
shapes, and noise that acts as it does there. Three things differ. Positions and noise come from separate streams, so
that more noise moves or relabels the same points; classes hold equally many points at noise 0, whatever the seed; and
a point that noise would carry off the plane is folded back at the edge.

Every function takes ``n`` (how many points), ``noise`` (percent, 0 to 50) and ``seed``, and returns ``x (n, 2)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.seed import Stream, generator
from playground.data.dataset import Dataset, Task
from playground.data.entry import dataset

Floats = NDArray[np.float64]

EDGE = 6.0
SMILKOV = (
    "Smilkov et al., Direct-Manipulation Visualization of Deep Networks (2017), dataset.ts of TensorFlow Playground"
)
PEDREGOSA = "Pedregosa et al., Scikit-learn: Machine Learning in Python (2011)"


@dataset("circle", title="Circle", task="binary", source=SMILKOV)
def circle(n: int, noise: float, seed: int) -> Dataset:
    """A disc inside a ring: no straight line separates them.

    Disc of radius 2.5, ring from 3.5 to 5. Noise jitters a point by up to ``5 * noise`` on each axis before its
    distance decides its class: the picture keeps its shape, and labels near the border become wrong.
    """
    draw = generator(seed, Stream.DATA)
    side = np.arange(n) % 2
    radius = np.where(side == 1, 2.5 * draw.random(n), 3.5 + 1.5 * draw.random(n))
    angle = 2 * np.pi * draw.random(n)
    x = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    moved = x + _jitter(n, seed, 5 * noise / 100)
    return _plane(x, np.hypot(moved[:, 0], moved[:, 1]) < 2.5, "binary", ("ring", "disc"))


@dataset("xor", title="Exclusive or", task="binary", source=SMILKOV)
def xor(n: int, noise: float, seed: int) -> Dataset:
    """Four squares, opposite ones alike: neither input alone says anything about the class.

    Each square spans 0.3 to 5.3. Noise jitters a point by up to ``5 * noise`` on each axis before the signs of its
    coordinates decide its class. Points visit the four squares in turn, so that each holds a quarter of them.
    """
    draw = generator(seed, Stream.DATA)
    first, second = np.array([1, 1, -1, -1]), np.array([1, -1, -1, 1])
    quarter = np.arange(n) % 4
    x = (0.3 + 5 * draw.random((n, 2))) * np.column_stack([first[quarter], second[quarter]])
    moved = x + _jitter(n, seed, 5 * noise / 100)
    return _plane(x, moved[:, 0] * moved[:, 1] >= 0, "binary", ("unlike signs", "like signs"))


@dataset("gauss", title="Two Gaussians", task="binary", source=SMILKOV)
def gauss(n: int, noise: float, seed: int) -> Dataset:
    """Two round clouds: one straight line is enough.

    Centres (2, 2) and (-2, -2); the variance of each axis grows from 0.5 without noise to 4 at 50 %.
    """
    centres = np.array([[-2.0, -2.0], [2.0, 2.0]])
    return _clouds(n, noise, seed, centres, "binary", ("lower left", "upper right"))


@dataset("spiral", title="Spiral", task="binary", source=SMILKOV)
def spiral(n: int, noise: float, seed: int) -> Dataset:
    """Two arms wound around each other: the hardest of the plane patterns.

    Each arm winds 1.75 times and ends at radius 5. Points are evenly spaced along it, so without noise the seed only
    changes the split; noise moves them by up to ``noise`` on each axis (half a unit at 50 %).
    """
    side = np.arange(n) % 2
    # Half a step off the centre: at radius 0 the two arms would claim the same point.
    share = (np.arange(n) // 2 + 0.5) / ((n + 1 - side) // 2)
    angle = 1.75 * 2 * np.pi * share + np.pi * (1 - side)
    x = 5 * share[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return _plane(x + _jitter(n, seed, noise / 100), side == 1, "binary", ("second arm", "first arm"))


@dataset("moons", title="Moons", task="binary", source=f"{PEDREGOSA}, make_moons")
def moons(n: int, noise: float, seed: int) -> Dataset:
    """Two half rings that reach into each other: a gentle curve separates them.

    Radius 3.2. Noise is normal with a standard deviation of ``noise`` times the radius: 10 % is what scikit-learn calls
    ``noise=0.1``.
    """
    radius = 3.2
    side = np.arange(n) % 2
    angle = np.pi * generator(seed, Stream.DATA).random(n)
    x = np.column_stack([np.cos(angle), np.sin(angle)]) * np.where(side == 1, 1, -1)[:, None]
    x = radius * (x + np.where(side[:, None] == 1, [-0.5, -0.25], [0.5, 0.25]))
    x += radius * noise / 100 * generator(seed, Stream.NOISE).standard_normal((n, 2))
    return _plane(x, side == 1, "binary", ("lower moon", "upper moon"))


@dataset("blobs", title="Three blobs", task="classes", source=f"{PEDREGOSA}, make_blobs")
def blobs(n: int, noise: float, seed: int) -> Dataset:
    """Three round clouds: each class has its own corner.

    Centres at the corners of a triangle 3 from the middle; the variance of each axis grows from 0.5 without noise to 4
    at 50 %, as for the two Gaussians.
    """
    angle = np.pi * np.array([1 / 2, 7 / 6, 11 / 6])
    centres = 3 * np.column_stack([np.cos(angle), np.sin(angle)])
    return _clouds(n, noise, seed, centres, "classes", ("top", "left", "right"))


@dataset("plane", title="Plane", task="regression", source=SMILKOV)
def plane(n: int, noise: float, seed: int) -> Dataset:
    """A value that rises evenly from one corner to the other: a single linear unit fits it.

    The value is (x₁ + x₂) / 12 (there: / 10), so that it spans [-1, 1]. Noise jitters the point by up to ``6 * noise``
    on each axis before its value is read; values beyond [-1, 1] are cut off.
    """
    x = EDGE * (2 * generator(seed, Stream.DATA).random((n, 2)) - 1)
    moved = x + _jitter(n, seed, EDGE * noise / 100)
    return _plane(x, np.clip(moved.sum(axis=1) / (2 * EDGE), -1, 1), "regression", ())


@dataset("multi_gauss", title="Hills and hollows", task="regression", source=SMILKOV)
def multi_gauss(n: int, noise: float, seed: int) -> Dataset:
    """Six alternating hills and hollows: a value that must be bent six times.

    Cones of radius 2 at (-4, 0, 4) x (2.5, -2.5), +1 or -1 at their tips and 0 between them. Noise jitters the point by
    up to ``6 * noise`` on each axis before its value is read.
    """
    x = EDGE * (2 * generator(seed, Stream.DATA).random((n, 2)) - 1)
    moved = x + _jitter(n, seed, EDGE * noise / 100)
    tips = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    signs = np.array([1, -1, 1, -1, 1, -1])
    heights = signs * np.clip(1 - np.linalg.norm(moved[:, None] - tips, axis=2) / 2, 0, 1)  # (n, 6)
    strongest = np.abs(heights).argmax(axis=1)
    return _plane(x, heights[np.arange(n), strongest], "regression", ())


def _plane(
    x: Floats, y: NDArray[np.bool_] | NDArray[np.int_] | Floats, task: Task, classes: tuple[str, ...]
) -> Dataset:
    """A drawn data set; points beyond the edge are folded back, as in a mirror."""
    folded = np.where(np.abs(x) > EDGE, EDGE - np.abs((x + EDGE) % (4 * EDGE) - 2 * EDGE), x)
    target = "value" if task == "regression" else "class"
    return Dataset(folded, y.astype(np.float64), task, ("x₁", "x₂"), target, classes, drawn=True)


def _clouds(n: int, noise: float, seed: int, centres: Floats, task: Task, classes: tuple[str, ...]) -> Dataset:
    """Equally many points around each centre; a point keeps its direction from the centre as noise grows."""
    number = np.arange(n) % len(centres)
    spread = np.sqrt(0.5 + 3.5 * noise / 50)
    x = centres[number] + spread * generator(seed, Stream.DATA).standard_normal((n, 2))
    return _plane(x, number, task, classes)


def _jitter(n: int, seed: int, reach: float) -> Floats:
    """Uniform in a square of half width ``reach``, from the stream of noise, ``(n, 2)``."""
    return reach * (2 * generator(seed, Stream.NOISE).random((n, 2)) - 1)
