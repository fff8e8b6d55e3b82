"""Which training pictures are a generator's most like: does it copy?

The measure is the root mean square over pixels. By itself such a distance says nothing; beside it stands how far test pictures lie
from their nearest training pictures, and those nobody can have copied. Pictures of some classes are easy to be near (a 1 of one stroke):
where the class of a sample is known, test pictures of that class are what it is held against.

Source: M. Heusel et al.: GANs trained by a two time-scale update rule, 2017; R. Webster et al.: Detecting overfitting of deep
generative networks via latent recovery, 2019.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core.errors import InputError, PlaygroundError
from playground.core.generating import Nearest, Neighbours
from playground.core.paths import pictures_folder
from playground.core.settings import Settings
from playground.data import neighbour_sample
from playground.data.image_registry import IMAGE_SETS, ImageSetEntry
from playground.data.image_set import Labelled, Pictures
from playground.data.neighbour_sample import Percentiles
from playground.functional.resample import resized
from playground.hub.desk import Desk

MOST = 64
"""So many pictures may be asked about in one go."""
BLOCK = 4_000_000
"""Numbers of training pictures that are turned into fractions at a time."""
TESTED, FEWEST = 1000, 20
"""So many test pictures are looked at where their usual distances were not measured beforehand; of one class at least."""
STEP = 500
"""So many are compared at a time."""
KEPT_SECONDS = 600.0
"""A set that nobody asks about for so long is let go."""
SHARES = (1, 25, 50, 75, 99)
_HUNDREDTHS = np.arange(1, 100)


@dataclass(frozen=True, eq=False)
class Crowd:
    """Training pictures to look among.

    Attributes:
        pictures: ``(n, h, w, c)``.
        squares: Sum of each one's squared pixels from 0 to 1, ``(n,)``.
        rows: Number of each among all of the set.
        usual: How far test pictures lie from the nearest of these, of all classes and of each.
        every: These are all that the set has.
        words: What they are.
    """

    pictures: Pictures
    squares: NDArray[np.float32]
    rows: NDArray[np.int64]
    usual: Percentiles
    every: bool
    words: str


class Kept:
    """The crowd that was asked about last, for as long as it is asked about: one at a time, 160 MB at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._crowd: Crowd | None = None
        self._timer: threading.Timer | None = None

    def get(self, key: object, make: Callable[[], Crowd]) -> Crowd:
        """The crowd under a key, made where another one is kept; that goes first, so that both are never held."""
        with self._lock:
            if self._key != key or self._crowd is None:
                self._crowd = None
                self._crowd = make()
                self._key = key
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(KEPT_SECONDS, self.forget)
            self._timer.daemon = True
            self._timer.start()
            return self._crowd

    def forget(self) -> None:
        """Let go of it."""
        with self._lock:
            self._crowd = None


_kept = Kept()


def nearest(
    desk: Desk, card: Card | None, questions: Sequence[Nearest], say: Callable[[str], None]
) -> list[Neighbours | PlaygroundError]:
    """The nearest training picture of each picture; a question that makes no sense gets its error in words."""
    found: list[Neighbours | PlaygroundError] = []
    for question in questions:
        try:
            found.append(_nearest(question, say))
        except PlaygroundError as error:
            found.append(error)
    return found


def _nearest(question: Nearest, say: Callable[[str], None]) -> Neighbours:
    asked = np.asarray(question.pictures)
    if asked.ndim != 4 or asked.dtype != np.uint8 or asked.shape[3] not in (1, 3):
        raise InputError(f"Pictures are bytes, (n, height, width, 1 or 3); given was {asked.dtype} {asked.shape}.")
    if not 1 <= len(asked) <= MOST:
        raise InputError(
            f"The neighbours of {len(asked)} pictures were asked for; 1 to {MOST} can be looked for in one go."
        )
    if not all(4 <= side <= 256 for side in asked.shape[1:3]):
        raise InputError(
            f"Pictures of {asked.shape[2]} x {asked.shape[1]} pixels were given; 4 to 256 a side are taken."
        )
    entry = IMAGE_SETS[question.dataset]
    classes = _classes(question.classes, len(asked), entry)
    folder = pictures_folder(Settings.from_environment())
    shape = asked.shape[1:]
    crowd = _kept.get((entry.name, str(folder), entry.here(folder), shape), lambda: _crowd(entry, shape, say))
    where, distances = closest(asked, crowd.pictures, crowd.squares)
    usual, ranks, kinds = beside(distances, crowd.usual, classes)
    return Neighbours(
        crowd.rows[where],
        crowd.pictures[where],
        distances,
        usual,
        ranks,
        kinds,
        len(crowd.pictures),
        crowd.every,
        crowd.words,
    )


def _classes(given: NDArray[np.int64] | None, n: int, entry: ImageSetEntry) -> NDArray[np.int64] | None:
    if given is None:
        return None
    found, most = np.asarray(given), len(entry.classes)
    if found.shape != (n,) or found.dtype.kind not in "iu":
        raise InputError(f"{n} pictures need {n} whole numbers of classes; given was {found.dtype} {found.shape}.")
    if found.min() < 0 or found.max() >= most:
        raise InputError(
            f"Class {int(found.min()) if found.min() < 0 else int(found.max())} was given; {entry.title} has 0 to {most - 1}."
        )
    return found.astype(np.int64)


def beside(
    distances: NDArray[np.float32], usual: Percentiles, classes: NDArray[np.int64] | None
) -> tuple[tuple[float, float, float, float, float], NDArray[np.float32], int]:
    """How usual distances are, each among those of test pictures of its class: ``usual``, ``ranks`` and ``kinds`` of ``Neighbours``.

    Args:
        distances: ``(n,)``.
        usual: Of test pictures.
        classes: Of each, ``(n,)``; None where they are not known.
    """
    kinds = 0 if classes is None or np.isnan(usual[1 + classes]).any() else len(np.unique(classes))
    rows = usual[1 + classes] if classes is not None and kinds else np.broadcast_to(usual[0], (len(distances), 99))
    ranks = [
        np.interp(distance, row, _HUNDREDTHS / 100, left=0, right=1)
        for distance, row in zip(distances, rows, strict=True)
    ]
    first, low, middle, high, last = (float(one) for one in np.percentile(rows, SHARES, method="weibull"))
    return (first, low, middle, high, last), np.array(ranks, np.float32), kinds


def closest(
    asked: Pictures, among: Pictures, squares: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which of many pictures is the nearest of each, and the root mean square over pixels from 0 to 1.

    The square of a difference is that of the one and of the other without twice their product, and the products of all with all are
    one multiplication of matrices. The nearest of each block is found so; between these, and for the distance, the differences
    themselves are taken: a copy has the distance 0.

    Args:
        asked: ``(n, h, w, c)``.
        among: ``(m, h, w, c)``.
        squares: Sum of squared pixels of each of these, ``(m,)``.
    """
    pixels = asked[0].size
    rows = _fractions(asked)
    step = max(1, BLOCK // pixels)
    best = np.zeros(len(asked), np.int64)
    least = np.full(len(asked), np.inf)
    for start in range(0, len(among), step):
        block = _fractions(among[start : start + step])
        near = (squares[start : start + step] - 2 * (rows @ block.T)).argmin(1)
        exact = ((rows.astype(np.float64) - block[near]) ** 2).sum(1)
        closer = exact < least
        best[closer], least[closer] = start + near[closer], exact[closer]
    return best, np.sqrt(least / pixels).astype(np.float32)


def squares_of(pictures: Pictures) -> NDArray[np.float32]:
    """Sum of each picture's squared pixels from 0 to 1, ``(n,)``."""
    step = max(1, BLOCK // pictures[0].size)
    parts = [
        np.einsum("ij,ij->i", block, block)
        for block in (_fractions(pictures[start : start + step]) for start in range(0, len(pictures), step))
    ]
    return np.concatenate(parts)


def spread(asked: Labelled, among: Pictures, squares: NDArray[np.float32], classes: int) -> Percentiles:
    """Percentiles of how far pictures lie from their nearest among others: of all of them, and of each of so many classes."""
    far = np.concatenate([closest(asked.x[at : at + STEP], among, squares)[1] for at in range(0, len(asked.x), STEP)])
    table = np.full((1 + classes, 99), np.nan, np.float32)
    table[0] = np.percentile(far, _HUNDREDTHS)
    for k in range(classes):
        if (asked.y == k).sum() >= FEWEST:
            table[1 + k] = np.percentile(far[asked.y == k], _HUNDREDTHS)
    return table


def _crowd(entry: ImageSetEntry, shape: tuple[int, ...], say: Callable[[str], None]) -> Crowd:
    folder = pictures_folder(Settings.from_environment())
    if not entry.here(folder):
        return _bundled(entry, shape)
    say(f"Reading {entry.title}")
    data = entry.load(folder)
    train = _sized(data.train.x, shape)
    squares = squares_of(train)
    usual = neighbour_sample.usual(entry.name, len(train)) if data.train.x.shape[1:] == shape else None
    if usual is None:
        say(f"Looking how far test pictures of {entry.title} lie from it")
        some = np.linspace(0, len(data.test.x) - 1, min(TESTED, len(data.test.x))).astype(np.int64)
        usual = spread(Labelled(_sized(data.test.x[some], shape), data.test.y[some]), train, squares, len(data.classes))
    words = f"All {len(train):,} training pictures of {entry.title}{_changed(data.train.x, shape)}."
    return Crowd(train, squares, np.arange(len(train)), usual, True, words)


def _bundled(entry: ImageSetEntry, shape: tuple[int, ...]) -> Crowd:
    if entry.name not in neighbour_sample.TAKEN:
        raise InputError(
            f"{entry.title} is not on this server, so there are no training pictures to look among. Get it with: playground "
            f"datasets pull {entry.name}."
        )
    pictures = neighbour_sample.sample(entry.name)
    usual = neighbour_sample.usual(entry.name, len(pictures))
    if pictures.shape[1:] != shape or usual is None:
        raise InputError(
            f"{entry.title} is not on this server, and the part of it that comes with the playground is of 28 x 28 grey pixels, "
            f"unlike these pictures. Get all of it with: playground datasets pull {entry.name}."
        )
    some, every = neighbour_sample.TAKEN[entry.name]
    words = (
        f"{some:,} of the {every:,} training pictures of {entry.title}, which come with the playground: a copy of another one would "
        f"not be found. To look among all: playground datasets pull {entry.name}."
    )
    return Crowd(pictures, squares_of(pictures), neighbour_sample.rows(entry.name), usual, False, words)


def _sized(pictures: Pictures, shape: tuple[int, ...]) -> Pictures:
    """Pictures of a shape ``(h, w, c)``: each new pixel is the mean of those it covers, grey is said three times, colours become grey."""
    if pictures.shape[1:] == shape:
        return np.ascontiguousarray(pictures)
    (high, wide, channels), (_, old_high, old_wide, old) = shape, pictures.shape
    down, across = _weights(old_high, high), _weights(old_wide, wide)
    made = np.empty((len(pictures), *shape), np.uint8)
    step = max(1, BLOCK // max(pictures[0].size, high * wide * channels))
    for start in range(0, len(pictures), step):
        maps = pictures[start : start + step].transpose(0, 3, 1, 2).astype(np.float32)
        if channels < old:
            maps = maps.mean(1, keepdims=True, dtype=np.float32)
        brought = np.round((down @ maps @ across.T).clip(0, 255))
        made[start : start + step] = brought.transpose(0, 2, 3, 1)  # grey spreads over three channels
    return made


def _weights(given: int, wanted: int) -> NDArray[np.float32]:
    """What each of ``wanted`` new pixels takes of ``given`` old ones, ``(wanted, given)``: what becomes of pictures of one pixel."""
    return resized(np.eye(given, dtype=np.float32), wanted, given)


def _changed(pictures: Pictures, shape: tuple[int, ...]) -> str:
    if pictures.shape[1:] == shape:
        return ""
    return f", brought to {shape[1]} x {shape[0]} pixels{' in grey' if shape[2] < pictures.shape[3] else ''}"


def _fractions(pictures: Pictures) -> NDArray[np.float32]:
    """A row of numbers from 0 to 1 for each picture."""
    return pictures.reshape(len(pictures), -1).astype(np.float32) / np.float32(255)
