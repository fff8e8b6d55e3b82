"""A generator of pictures, ready to draw: opened from a starter, a kept folder, a visitor's own run, or a foreign file.

Whatever the source, it becomes the layers of ``functional.gan``; nothing of a file is ever executed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from playground.catalog.card import Card
from playground.core.errors import ModelUnavailable
from playground.core.quoting import harmless
from playground.engine import gan_network
from playground.functional.gan import Array, Network, Pair
from playground.hub import gan_onnx

EQUAL = 1e-5
"""So far apart may two engines' pictures be at most, where ink goes from -1 to 1."""

NUMBERS = 24_000_000
"""So many numbers of one layer's maps are held at once; a larger batch goes through in parts."""

READ, NAMED = 3, 3
"""So many other readings of a foreign file are kept ready, and so many are named where one is asked for that there is not."""

LARGEST_MAPS, LARGEST_WORK = 16_000_000, 4_000_000_000
"""Of one picture: the most numbers that one layer gives, and the most multiplications of all layers."""


class Generator:
    """A generator and, where it was kept, its discriminator. Several threads may use it at once.

    Attributes:
        pair: What they are.
        weights: ``generator.<i>.<name>`` and ``discriminator.<i>.<name>``, float32.
        facts: What else its file says: title, data, licence, seed, steps.
        card: Its card; a visitor's own has one, too.
        readings: Names of the ways in which a foreign file can be read, the one taken first; one where there is no doubt.
        notes: What has to be said of it, in sentences.
        device: Where it runs.
        engine: What runs it, as a person reads it.
        bytes: Memory that it takes.
    """

    def __init__(
        self,
        pair: Pair,
        weights: Mapping[str, NDArray[Any]],
        *,
        facts: Mapping[str, Any] | None = None,
        card: Card,
        readings: Sequence[str] = ("",),
        others: Callable[[str], Generator] | None = None,
        notes: Sequence[str] = (),
        device: str = "cpu",
    ) -> None:
        self.pair, self.facts, self.card = pair, dict(facts or {}), card
        self.weights = {name: np.ascontiguousarray(one, np.float32) for name, one in weights.items()}
        self.readings, self.notes, self.device = tuple(readings), tuple(notes), torch.device(device)
        self._draw = _Engine(pair.generator, _part(self.weights, "generator."), self.device)
        self._judge: _Engine | None = None
        self._lock = threading.Lock()
        self.fast = self._draw.quick
        self.engine = "PyTorch" if self.fast is None else "ONNX Runtime"
        self._others, self._read = others, OrderedDict[str, Generator]()
        copies = 1 if others is None else 1 + READ
        self.bytes = copies * (3 * sum(one.nbytes for one in self.weights.values()) + 4_000_000)

    def read(self, reading: str) -> Generator:
        """The same file, read in another of its ways (``readings``); empty is as it is.

        Raises:
            ModelUnavailable: There is no such way.
        """
        if reading in ("", self.readings[0]):
            return self
        if self._others is None or reading not in self.readings:
            named = [one for one in self.readings if one]
            more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
            ways = f"The ways are: {'; '.join(named[:NAMED])}{more}." if named else "There is only one way."
            raise ModelUnavailable(
                f"It cannot be read as '{harmless(reading)}'. {ways} Without a name the first is taken."
            )
        with self._lock:
            if reading not in self._read:
                self._read[reading] = self._others(reading)
            self._read.move_to_end(reading)
            while len(self._read) > READ:
                self._read.popitem(last=False)
            return self._read[reading]

    @property
    def parameters(self) -> int:
        """Of the generator."""
        return self.pair.generator.parameters

    def draw(self, x: Array) -> Array:
        """Pictures ``(n, c, h, w)`` of what it is given, ``(n, latents + classes)`` (see ``functional.gan.given``)."""
        return self._draw(x)

    def opinions(self, pictures: Array, classes: NDArray[np.integer] | None = None) -> Array:
        """What the discriminator says of pictures ``(n, c, h, w)``: ``(n,)``, the probability that each is real, or a critic's score.

        Args:
            pictures: As ``draw`` gives them.
            classes: Of each, ``(n,)``, where the discriminator is told them.

        Raises:
            ModelUnavailable: There is no discriminator.
        """
        network = self.pair.discriminator
        if network is None:
            raise ModelUnavailable("This generator came without its discriminator: nobody can be asked for an opinion.")
        with self._lock:
            if self._judge is None:
                self._judge = _Engine(network, _part(self.weights, "discriminator."), self.device)
        logits = self._judge(pictures, classes)[:, 0]
        if self.pair.critic:
            return logits
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), np.float32)


class _Engine:
    """A network, by ONNX Runtime on a CPU where that says the same, else by PyTorch with a pixel's channels side by side."""

    def __init__(self, network: Network, weights: Mapping[str, Array], device: torch.device) -> None:
        self.network, self.device = network, device
        _bounded(network)
        self._at_once = max(1, NUMBERS // max(int(np.prod(shape)) for shape in (network.given, *network.shapes())))
        self._module: nn.Module = gan_network.build(network)
        self._module.load_state_dict({name: torch.from_numpy(one) for name, one in weights.items()})
        self._module.to(device, memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
        self.quick: gan_onnx.Quick | None = None
        if device.type != "cpu":
            return
        quick = gan_onnx.Quick(network, weights)
        rng = np.random.default_rng(0)
        sample = rng.standard_normal((4, *network.given)).astype(np.float32)
        classes = np.arange(4) % network.classes if network.classes else None
        found, wanted = quick(sample, classes), self._torch(sample, classes)
        # What is no number here is said by whoever opened the file.
        with np.errstate(all="ignore"):
            apart = np.abs(found - wanted).max()
        if apart <= EQUAL * max(1.0, float(np.abs(wanted).max())):
            self.quick = quick

    def __call__(self, x: Array, classes: NDArray[np.integer] | None = None) -> Array:
        way = self._torch if self.quick is None else self.quick
        if len(x) <= self._at_once:
            return way(x, classes)
        starts = range(0, len(x), self._at_once)
        parts = [
            way(x[at : at + self._at_once], None if classes is None else classes[at : at + self._at_once])
            for at in starts
        ]
        return np.concatenate(parts)

    def _torch(self, x: Array, classes: NDArray[np.integer] | None = None) -> Array:
        with torch.inference_mode():
            given = [torch.from_numpy(np.ascontiguousarray(x, np.float32)).to(self.device)]
            if self.network.classes and self.network.layers[-1].kind == "projection":
                given.append(torch.from_numpy(np.asarray(classes, np.int64)).to(self.device))
            return np.asarray(self._module(*given).float().cpu().numpy())


def _bounded(network: Network) -> None:
    """Raises ``ModelUnavailable`` where a single picture would take more than this server should give to it."""
    shapes = [network.given, *network.shapes()]
    largest = max(prod(shape) for shape in shapes)
    work = 0
    for layer, given, found in zip(network.layers, shapes[:-1], shapes[1:], strict=True):
        spots = prod((given if layer.kind == "up" else found)[1:])
        work += layer.inputs * max(1, layer.outputs) * max(1, layer.kernel) ** 2 * spots
    if largest > LARGEST_MAPS or work > LARGEST_WORK:
        raise ModelUnavailable(
            f"One picture would take {work:,} multiplications and {largest:,} numbers in one layer; "
            f"{LARGEST_WORK:,} and {LARGEST_MAPS:,} are the most. Choose a smaller generator."
        )


def _part(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): one for name, one in weights.items() if name.startswith(prefix)}
