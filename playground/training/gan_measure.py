"""How good a generator's pictures are, measured in pieces so that a worker can look up in between."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from playground.core.seed import Stream, generator
from playground.data.image_set import Pictures
from playground.engine.gan import GANEngine
from playground.functional.frechet import Cloud, distance
from playground.functional.gan import Array
from playground.functional.gan_plans import products
from playground.hub.picture_features import features
from playground.specs.gan import GANSpec, step_products
from playground.training.gan_data import Prepared
from playground.training.gan_standing import FIRST_LOOKS

PIECE = 2_000_000_000
"""Multiplications that are measured at a time, about a tenth of a second of one core."""
MADE = {1: 1000, 3: 512}
"""So many pictures are made for one measurement, by their channels."""
EVERY, SHARE = 300, 12
"""So many steps lie between two measurements at least, and so many times the multiplications of one."""
READ = frozenset({"digits", "mnist"})
"""Sets of pictures in which a reader of digits has something to read."""
SEEN = 0.2
"""A digit counts as covered from this part of its even share on."""
_REAL, _LATENTS = 903, 2  # sub-streams of random numbers


class Measure:
    """Measures one generator against the training pictures.

    Attributes:
        seconds: Time spent.
        doing: What is measured just now, in words; empty while nothing is.
    """

    def __init__(self, spec: GANSpec, prepared: Prepared, engine: GANEngine) -> None:
        self._engine, self._pair = engine, prepared.pair
        self._reads = spec.dataset in READ
        channels = prepared.pair.picture[0]
        self._count = MADE[channels]
        rows = generator(spec.seed, Stream.DATA, _REAL).permutation(len(prepared.data.train.y))[: 2 * self._count]
        self._real: Pictures = prepared.data.train.x[np.sort(rows)]
        rng = generator(spec.seed, Stream.NOISE, _LATENTS)
        self._latents = rng.standard_normal((self._count, prepared.pair.latents), np.float32)
        k = len(prepared.pair.classes)
        self._classes = np.arange(self._count) % k if k else None
        self._features = features(channels)
        self._cloud: Cloud | None = None
        self._floor = self._apart = 0.0
        self._pieces: Iterator[None] | None = None
        self._found: dict[str, float] = {}
        self.seconds, self.doing = 0.0, ""
        self._drawn_products = products(prepared.pair.generator)
        self._step_products = spec.batch_size * step_products(prepared.pair)

    @property
    def every(self) -> int:
        """Steps between two measurements: seldom enough that they are a small part of the work."""
        each = self._features.products + self._drawn_products
        return max(EVERY, -(-SHARE * self._count * each // self._step_products // 100) * 100)

    def after(self, step: int) -> int:
        """The step at which samples are to be looked at next, the last time having been at ``step``."""
        return min([step + self.every, *(first for first in FIRST_LOOKS if first > step)])

    def go_on(self) -> dict[str, float] | None:
        """A piece of a measurement; with the last one what was found.

        Returns:
            ``frechet``; ``frechet_real``, the same between two halves of the training pictures; ``variety``, the distance of each
            made picture from the next one like it, of real ones (1 is as varied; near 0 all are alike); and where there are digits
            ``confidence`` of the reader, ``coverage`` (share of the ten digits that turn up), ``asked`` (share that is read as
            the class asked for). ``None`` while there is more to do.
        """
        began = time.perf_counter()
        if self._pieces is None:
            self._pieces = self._measured()
        done = next(self._pieces, self) is self
        if done:
            self._pieces, self.doing = None, ""
        self.seconds += time.perf_counter() - began
        return self._found if done else None

    def at_once(self) -> dict[str, float]:
        """All pieces."""
        self.stop()
        while (found := self.go_on()) is None:
            pass
        return found

    def stop(self) -> None:
        """Forget what is half measured."""
        self._pieces, self.doing = None, ""

    def _measured(self) -> Iterator[None]:
        if self._cloud is None:
            self.doing = "Looking at the real pictures"
            yield from self._know_real()
        self.doing = "Measuring the samples"
        size = self._size()
        parts, read = list[Array](), list[Array]()
        for begin in range(0, self._count, size):
            part = slice(begin, begin + size)
            drawn = self._engine.draw(self._latents[part], None if self._classes is None else self._classes[part])
            found, sure = self._features.of(drawn)
            parts.append(found)
            if sure is not None:
                read.append(sure)
            yield
        points = np.concatenate(parts)
        assert self._cloud is not None
        self._found = {
            "frechet": distance(Cloud.of(points), self._cloud),
            "frechet_real": self._floor,
            "variety": apart(points) / max(self._apart, 1e-9),
        }
        if self._reads:
            self._found.update(self._said(np.concatenate(read)))

    def _know_real(self) -> Iterator[None]:
        size, parts = self._size(), list[Array]()
        for begin in range(0, len(self._real), size):
            parts.append(self._features.of(self._real[begin : begin + size])[0])
            yield
        points = np.concatenate(parts)
        self._cloud = Cloud.of(points)
        half = len(points) // 2
        self._floor = distance(Cloud.of(points[::2][:half]), Cloud.of(points[1::2][:half]))
        self._apart = apart(points[: self._count])

    def _said(self, sure: Array) -> dict[str, float]:
        """What the reader of digits said."""
        digits = sure.argmax(axis=1)
        shares = np.bincount(digits, minlength=10) / len(digits)
        found = {"confidence": float(sure.max(axis=1).mean()), "coverage": float((shares >= SEEN / 10).mean())}
        if self._classes is not None:
            found["asked"] = float((digits == self._classes).mean())
        return found

    def _size(self) -> int:
        return int(np.clip(PIECE // (self._features.products + self._drawn_products), 8, 250))


def apart(points: Array) -> float:
    """Mean distance of each point from the one nearest to it."""
    x = points.astype(np.float64)
    squares = (x**2).sum(axis=1)
    between = squares[:, None] + squares[None] - 2 * x @ x.T
    np.fill_diagonal(between, np.inf)
    return float(np.sqrt(between.min(axis=1).clip(0)).mean())
