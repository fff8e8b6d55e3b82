"""Generators opened from disk: those that say what they are, and files of weights that only their shapes tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from playground.catalog import folder as on_disk
from playground.catalog import settings_file
from playground.catalog.card import Card, Local
from playground.catalog.cards_gan import FOREIGN, GENERATE, OURS
from playground.catalog.tensor_files import flat, told
from playground.core.errors import InputError, ModelUnavailable
from playground.functional import gan_file, gan_guess
from playground.functional.gan import Array, drawn, given
from playground.functional.gan_guess import Reading
from playground.hub import opening
from playground.hub.cache import Loaded
from playground.hub.generator import Generator

YOURS = Card(
    name="yours", title="Your generator", summary="What a run of yours has learnt.", task=GENERATE, source=Local("", ()),
    architecture=OURS,
)  # fmt: skip
"""The card of a visitor's own generator."""


def load(card: Card, folder: Path, device: str = "cpu") -> Loaded[Generator]:
    """Open a generator that is on disk, and have it draw once.

    Args:
        card: A model of task ``generate``.
        folder: The models folder.
        device: Where it is to run.

    Raises:
        ModelUnavailable: Its files are missing, broken, hold no generator, or what comes out is no picture.
    """
    made = (_foreign if card.architecture == FOREIGN else _ours)(card, folder, device)
    _tried(made, card.title)
    return Loaded(made, made.bytes, shared=True)


def own(packed: bytes, device: str = "cpu") -> Generator:
    """What a visitor's own run has learnt, of the bytes that it was packed in; raises ``ModelUnavailable``."""
    try:
        pair, weights, facts = gan_file.unpack(packed)
    except InputError as error:
        raise ModelUnavailable(f"Your generator cannot be used: {error}") from None
    made = Generator(pair, weights, facts=facts, card=YOURS, device=device)
    _tried(made, "Your generator")
    return made


def _ours(card: Card, folder: Path, device: str) -> Generator:
    place = on_disk.place(card, folder)
    *configs, weights = (place / name for name in card.source.files)
    try:
        if weights.stat().st_size > gan_file.LARGEST:
            raise InputError(f"{weights.name} is larger than {gan_file.LARGEST / 1e6:.0f} MB.")
        said = _said(configs[0]) if configs else None
        pair, arrays, facts = gan_file.unpack(weights.read_bytes(), said)
    except InputError as error:
        raise ModelUnavailable(f"{card.title} cannot be used: {error}") from None
    except (OSError, ValueError, RecursionError) as error:
        words = (error.strerror or "the disk refuses it") if isinstance(error, OSError) else str(error)[:120]
        raise ModelUnavailable(f"{card.title}: its files cannot be read ({words}).") from None
    return Generator(pair, arrays, facts=facts, card=card, device=device)


def _foreign(card: Card, folder: Path, device: str) -> Generator:
    """A file of weights, read in the likeliest way; the others are made where they are asked for."""
    place = on_disk.place(card, folder)
    *cards, path = (place / name for name in card.source.files)
    try:
        claims = told(path)  # first: whatever it claims is held against its size, and nothing of it built
        said = _said(cards[0]) if cards else None
        found = gan_guess.readings(claims.shapes, said, sure=path.suffix != ".safetensors")
        held = opening.load_safetensors(path) if path.suffix == ".safetensors" else opening.checkpoint(path)
        arrays = {name: _numbers(name, one) for name, one in flat(held, torch.Tensor) if one.is_floating_point()}
    except InputError as error:
        raise ModelUnavailable(f"{card.title}: {error}") from None
    except (OSError, ValueError, RecursionError) as error:
        words = (error.strerror or "the disk refuses it") if isinstance(error, OSError) else str(error)[:120]
        raise ModelUnavailable(f"{card.title}: its files cannot be read ({words}).") from None
    names = tuple(one.name for one in found)

    def made(reading: Reading, others: bool) -> Generator:
        try:
            weights = reading.weights(arrays)
        except (InputError, KeyError) as error:
            raise ModelUnavailable(f"{card.title}: {error}") from None
        notes = [f"Read from its shapes: {reading.words}"] if said is None else []
        several = (
            "How it is to be read is a guess: if no pictures come out, choose another way, or put a card beside it "
            f'({path.stem}.json: {{"strides": [...], "paddings": [...], "activation": "relu", "out": "tanh"}}).'
        )
        generator = Generator(
            reading.pair, weights, card=card, readings=names if others else (reading.name,), device=device,
            others=other if others and len(names) > 1 else None, notes=[*notes, *([several] if len(names) > 1 else [])],
        )  # fmt: skip
        _tried(generator, card.title)
        return generator

    def other(name: str) -> Generator:
        return made(next(one for one in found if one.name == name), False)

    return made(found[0], True)


def _said(config: Path) -> dict[str, Any]:
    said = settings_file.read(config)
    if not isinstance(said, dict):
        raise InputError(f"{config.name} holds no settings: it should be a JSON object.")
    return said


def _numbers(name: str, tensor: torch.Tensor) -> Array:
    found = np.ascontiguousarray(tensor.detach().float().numpy())
    if not np.isfinite(found).all():
        raise InputError(f"The weights '{name[:60]}' hold numbers that are not finite; nothing can be drawn with them.")
    if name.endswith("running_var") and found.size and found.min() < 0:
        raise InputError(f"The weights '{name[:60]}' hold a negative variance; there is none.")
    return found


def _tried(made: Generator, title: str) -> None:
    """Draw two pictures: the first call of a network is its slowest, and what is broken shows."""
    pair = made.pair
    classes = np.zeros(2, np.int64) if pair.classes else None
    with np.errstate(all="ignore"):
        pictures = made.draw(given(pair, drawn(pair, 0, 2), classes))
    if not np.isfinite(pictures).all():
        raise ModelUnavailable(
            f"{title} draws what is no picture: numbers that are not finite. Its weights are broken; choose another model."
        )
