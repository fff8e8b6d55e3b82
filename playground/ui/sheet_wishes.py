"""What a browser wants to see of a generator, read and checked; the questions that answer it; the answer as a frame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog.card import Card
from playground.core import frames
from playground.core.errors import InputError
from playground.core.generating import Draw, Drawn, Whose
from playground.functional import gan_latents
from playground.functional.gan import Array, Pair
from playground.specs.gan_sampler import MOST_DIRECTIONS, MOST_SAMPLES, GANSamplerSpec
from playground.ui import provider

SIZE = 3_000_000
"""A sheet's pictures have so many bytes at most."""
END = 4.0
"""The pictures at the ends of a direction stand for so far along it."""
_FIELDS = ("seed", "n", "of_class", "moves", "edits", "pins", "chosen")


@dataclass(frozen=True, eq=False)
class Subject:
    """What sheets are drawn of.

    Attributes:
        card: The model of the registry; None for a visitor's own.
        whose: Which generator, beyond its card.
        pair: Its layers.
        directions: Principal directions, ``(k, latents)``; None while they are not known.
    """

    card: Card | None
    whose: Whose
    pair: Pair
    directions: Array | None = None


@dataclass(frozen=True)
class Wish:
    """What one message of a browser asks for.

    Attributes:
        number: Its number, which the answer bears.
        spec: The sheet.
        rest: The hand rests: opinions, pins and the ends of each direction are wanted, too.
    """

    number: int
    spec: GANSamplerSpec
    rest: bool


def wish(text: str, subject: Subject) -> Wish:
    """A message read; raises ``PlaygroundError`` where a setting is not allowed, ``ValueError`` where it is no message."""
    message = json.loads(text)
    if not isinstance(message, dict) or message.get("cmd") != "paint" or type(message.get("id")) is not int:
        raise ValueError("no message of ours")
    values = {name: message[name] for name in _FIELDS if name in message}
    spec = GANSamplerSpec(**values).checked(provider.settings().mode)
    if spec.n > most(subject.pair):
        raise InputError(f"{spec.n} samples are too many of this size; choose at most {most(subject.pair)}.")
    return Wish(message["id"], spec, message.get("rest") is True)


def most(pair: Pair) -> int:
    """So many samples fit on a sheet."""
    channels, high, wide = pair.picture
    return max(1, min(MOST_SAMPLES, SIZE // (channels * high * wide)))


def question(spec: GANSamplerSpec, subject: Subject, opinion: bool) -> Draw:
    """The question that a sheet's pictures answer; raises ``InputError``."""
    latents = gan_latents.sheet(subject.pair, spec.seed, spec.n, spec.moves, subject.directions, spec.edited())
    asks = opinion and subject.pair.discriminator is not None
    return Draw(latents, gan_latents.classes(subject.pair, spec.n, spec.of_class), asks, subject.whose)


def beside(spec: GANSamplerSpec, subject: Subject) -> tuple[Draw | None, int, int]:
    """The question for what stands beside a sheet: the pins, and the chosen sample at both ends of each direction.

    Returns:
        It (None where there is nothing to ask), how many pins come first, and how many directions follow, two pictures each.
    """
    pair, rows, labels = subject.pair, list[Array](), list[int]()
    pins = spec.pinned()
    for pin in pins:
        rows.append(gan_latents.one(pair, pin.seed, pin.index, pin.moves, subject.directions, dict(pin.edits)))
        labels.append(max(0, pin.label))
    along = 0
    if 0 <= spec.chosen < spec.n and subject.directions is not None:
        sheet = question(spec, subject, False)
        along = min(len(subject.directions), MOST_DIRECTIONS)
        for number in range(along):
            here = spec.moves[number] if number < len(spec.moves) else 0.0
            for end in (-END, END):
                rows.append(sheet.latents[spec.chosen] + np.float32(end - here) * subject.directions[number])
                labels.append(0 if sheet.classes is None else int(sheet.classes[spec.chosen]))
    if not rows:
        return None, 0, 0
    classes = np.array(labels, np.int64) if pair.classes else None
    if classes is not None and classes.max() >= len(pair.classes):
        raise InputError(f"A pin is of class {classes.max()}; this generator's are 0 to {len(pair.classes) - 1}.")
    return Draw(np.stack(rows), classes, False, subject.whose), len(pins), along


def frame(
    number: int, spec: GANSamplerSpec, drawn: Drawn, latents: Array, more: Mapping[str, NDArray[Any]] | None = None
) -> bytes:
    """A sheet as the browser paints it, with the latents of its chosen sample and what stands beside it."""
    header = {
        "id": number, "seed": spec.seed, "of_class": spec.of_class, "n": len(drawn.pictures), "chosen": spec.chosen,
        "critic": drawn.critic, "seconds": drawn.seconds, "device": drawn.device, "engine": drawn.engine,
    }  # fmt: skip
    blocks: dict[str, NDArray[Any]] = {"pictures": drawn.pictures, **(more or {})}
    if 0 <= spec.chosen < len(latents):
        blocks["row"] = latents[spec.chosen]
    if drawn.opinions is not None:
        blocks["opinions"] = drawn.opinions
    return frames.pack("gan_sampler.drawn", header, blocks)


def number_of(text: str) -> int:
    """The number of a message that may be anything else than one; 0 where it has none."""
    try:
        number = json.loads(text).get("id")
    except (ValueError, AttributeError):
        return 0
    return number if type(number) is int else 0
