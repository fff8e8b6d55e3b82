"""Readers of digits: a network's blocks and weights from two files, asked in NumPy alone, so that a page can do it.

A reader is a file of weights (safetensors, under the names of ``playground.functional.convnet``) with a card beside it
(JSON: ``blocks``, ``activation``, ``shape``, ``classes``, ``mean``, ``std``, and ``temperature`` where it has one).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from playground.core import paths
from playground.core.errors import InputError, ModelUnavailable
from playground.functional.activations import ACTIVATIONS
from playground.functional.blocks import Plan, plan
from playground.functional.convnet import forward, shapes
from playground.functional.resample import resized

Kind: TypeAlias = Literal["cnn", "mlp"]
STARTERS = paths.PACKAGE / "hub" / "starters" / "digits"
DIGITS = tuple("0123456789")
_WEIGHTS, _CARD = "model.safetensors", "card.json"
LARGEST = 100_000_000
"""A file of weights has at most so many bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A network that reads digits. Several threads may use it at once.

    Attributes:
        plan: Its blocks.
        weights: float32, by name.
        activation: Name in ``ACTIVATIONS``.
        mean: Taken off each channel, in 0 to 1.
        std: What it is then divided by.
        temperature: The raw outputs are divided by it, so that it is as sure as it is right.
    """

    plan: Plan
    weights: Mapping[str, NDArray[np.float32]]
    activation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    temperature: float = 1.0

    def stages(self, digits: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """What each block makes of prepared digits ``(n, 28, 28)``: ``(n, ...)`` each, the raw outputs last."""
        channels, high, wide = self.plan.given
        ink = np.asarray(digits, np.float32) / 255
        if ink.shape[1:] != (high, wide):
            ink = np.stack([resized(one, high, wide) for one in ink])
        x = np.repeat(ink[:, None], channels, axis=1)
        mean, std = (np.asarray(one, np.float32)[:, None, None] for one in (self.mean, self.std))
        return forward(self.plan, self.weights, self.activation, np.asarray((x - mean) / std, np.float32))

    def sure(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """How sure it is of each digit, ``(n, 10)``, from the raw outputs."""
        z = outputs / np.float32(self.temperature)
        raised = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)

    def read(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How sure it is of each digit, ``(n, 10)``, for prepared digits ``(n, 28, 28)``."""
        return self.sure(self.stages(digits)[-1])


@lru_cache(maxsize=2)
def starter(kind: Kind) -> Reader:
    """One of the two that come with the playground."""
    return opened(STARTERS / f"{kind}.safetensors", STARTERS / f"{kind}.json")


def located(place: Path) -> tuple[Path, Path]:
    """Weights and card of a reader: from a folder, one of its files, or a zip as the playground hands them out (twice then).

    Raises:
        InputError: They are not there; says what was looked for.
    """
    if place.is_dir():
        if (place / _WEIGHTS).is_file() and (place / _CARD).is_file():
            return place / _WEIGHTS, place / _CARD
        raise InputError(f"'{place}' holds no {_WEIGHTS} with a {_CARD} beside it.")
    if place.suffix == ".zip" and place.is_file():
        return place, place
    if place.suffix != ".safetensors" or not place.is_file():
        raise InputError(f"'{place}' is no reader: name a folder or a zip with {_WEIGHTS} and {_CARD}, or such a file.")
    for card in (f"{place.stem}.json", _CARD):
        if (place.parent / card).is_file():
            return place, place.parent / card
    raise InputError(f"'{place}' has no card beside it ({place.stem}.json or {_CARD}), so its blocks are not known.")


def opened(weights: Path, card: Path) -> Reader:
    """Read a reader's two files; nothing in them is run.

    Raises:
        ModelUnavailable: One is missing or broken, or they do not belong together.
        InputError: It reads something other than the ten digits, or its blocks are impossible; says what.
    """
    try:
        held = _content(weights, _WEIGHTS)
        said = json.loads(_content(card, _CARD))
        arrays = load(held)
        order = arrays.pop("permutation", None)
        classes = tuple(str(one) for one in said["classes"])
        made = _made(said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError, zipfile.BadZipFile) as error:
        words = " ".join(str(error).split())[:160]
        raise ModelUnavailable(f"{weights} with {card.name} cannot be read: {words or type(error).__name__}") from None
    if classes != DIGITS:
        raise InputError(
            f"{weights} knows {', '.join(classes[:6]) or 'nothing'}; a reader of digits knows 0 to 9, in this order."
        )
    if order is not None:
        raise InputError(f"{weights} learnt with shuffled pixels; a reader of digits sees them where they are.")
    wrong = [name for name, shape in shapes(made["plan"]).items() if name not in arrays or arrays[name].shape != shape]
    if wrong:
        raise ModelUnavailable(
            f"{weights} does not fit the blocks in {card.name}: {', '.join(wrong[:3])} missing or of another shape."
        )
    return Reader(weights={name: np.asarray(one, np.float32) for name, one in arrays.items()}, **made)


def _content(path: Path, name: str) -> bytes:
    """A file, or what a zip holds under a name; raises ``ModelUnavailable`` where it is too large."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as held:
            size = held.getinfo(name).file_size
            found = held.read(name) if size <= LARGEST else b""
    else:
        size = path.stat().st_size
        found = path.read_bytes() if size <= LARGEST else b""
    if size > LARGEST:
        raise ModelUnavailable(f"{path} has more than {LARGEST // 1_000_000} MB; no reader of digits has.")
    return found


def _activation(name: str) -> str:
    """Our name of an activation that a card names as we do or as PyTorch does."""
    for known, entry in ACTIVATIONS.items():
        if name in (known, entry.torch):
            return known
    raise ValueError(f"unknown activation {name[:40]!r}")


def _made(said: Mapping[str, Any]) -> dict[str, Any]:
    channels, high, wide = (int(one) for one in said["shape"])
    if channels not in (1, 3) or not (4 <= high <= 256 and 4 <= wide <= 256):
        raise ValueError(f"pictures of {channels} x {high} x {wide}")
    mean, std = (tuple(float(one) for one in said[name]) for name in ("mean", "std"))
    if len(mean) != channels or len(std) != channels or min(std) <= 0:
        raise ValueError("mean and std need a number for each channel, std above 0")
    temperature = float(said.get("temperature", 1.0))
    if not temperature > 0:
        raise ValueError("temperature must be above 0")
    words = [str(one) for one in said["blocks"]]
    return {
        "plan": plan(words, (channels, high, wide), len(said["classes"])), "activation": _activation(str(said["activation"])),
        "mean": mean, "std": std, "temperature": temperature,
    }  # fmt: skip
