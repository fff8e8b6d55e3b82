"""Generators as bytes: one safetensors file that holds the weights and, in its metadata, the card that says what they are.

So a generator travels from a run to whatever draws with it. A folder or a zip holds the same in two files: ``config.json`` and
``model.safetensors``. Weights are called ``generator.<layer>.<name>`` and ``discriminator.<layer>.<name>``, as ``functional.gan``
names them. Anybody may have written such a file: nothing in it is run, and everything in it is checked.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from playground.core.errors import InputError
from playground.functional.gan import Array, Pair, Shape
from playground.functional.gan_card import from_json, to_json

CONFIG, WEIGHTS = "config.json", "model.safetensors"
"""Names of the two files in a folder or a zip."""
LARGEST = 64_000_000
"""A file has at most so many bytes."""
LARGEST_HEADER = 1_000_000
"""Of these the header, which holds the card, at most so many."""
_CARD = "card"
_KINDS = "f"  # of numbers: single, half or double precision


def pack(pair: Pair, weights: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> bytes:
    """A generator as one file; ``unpack`` reads it. The same generator always gives the same bytes.

    Args:
        pair: Its layers, and those of its discriminator where that is kept.
        weights: Under the module's names; others are left out.
        facts: What else is known of it, JSON-ready: ``title``, ``data`` {"name": of the picture set or ""}, ``seed``, ``steps`` ...

    Raises:
        InputError: A weight is missing, has another shape or is not finite; or all are too large.
    """
    said = json.dumps(card(pair, facts), ensure_ascii=False, sort_keys=True)
    content = save(checked(pair, weights), {_CARD: said})
    if len(content) > LARGEST:
        raise InputError(f"This generator takes {len(content):,} bytes; {LARGEST:,} are the most.")
    return content


def unpack(content: bytes, config: Mapping[str, Any] | None = None) -> tuple[Pair, dict[str, Array], dict[str, Any]]:
    """The generator in a file: its layers, its weights (float32), its facts.

    Args:
        content: What ``pack`` wrote, or a ``model.safetensors``.
        config: The card where it lies beside the file, in ``config.json``; else it is taken from the file's metadata.

    Raises:
        InputError: It is no such file, too large, cut short; the card describes no generator; or weights are missing, have other
            shapes or are not finite.
    """
    if len(content) > LARGEST:
        raise InputError(
            f"A file of {len(content):,} bytes is no generator of this playground: {LARGEST:,} are the most."
        )
    said = _card_of(_header(content)) if config is None else config
    pair = from_json(said)
    try:
        arrays = load(content)
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError, OverflowError, MemoryError) as error:
        words = " ".join(str(error).split())[:120]
        raise InputError(f"The weights cannot be read: {words or type(error).__name__}.") from None
    return pair, checked(pair, arrays), {name: value for name, value in said.items() if name not in to_json(pair)}


def card(pair: Pair, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in ``config.json``: the layers, and the facts beside them; a fact cannot take a layer's place."""
    return {**facts, **to_json(pair)}


def tensors(pair: Pair) -> dict[str, Shape]:
    """Name and shape of every array in the file."""
    return dict(_tensors(pair))


def checked(pair: Pair, weights: Mapping[str, NDArray[Any]]) -> dict[str, Array]:
    """The weights of a pair, float32, none but those; raises ``InputError`` where one is missing, misshapen or not finite."""
    found: dict[str, Array] = {}
    for name, shape in _tensors(pair):
        array = weights.get(name)
        if array is None:
            raise InputError(f"The weights '{name}' are missing: its layer needs {shape}.")
        if array.shape != shape or array.dtype.kind not in _KINDS:
            raise InputError(f"The weights '{name}' are {array.dtype} {array.shape}; its layer needs float32 {shape}.")
        with np.errstate(over="ignore"):  # what single precision cannot hold is not finite, and said below
            found[name] = np.ascontiguousarray(array, np.float32)
        if not np.isfinite(found[name]).all():
            raise InputError(f"The weights '{name}' hold numbers that are not finite; nothing can be drawn with them.")
        if name.endswith("running_var") and found[name].min() < 0:
            raise InputError(f"The weights '{name}' hold a negative variance; there is none.")
    return found


def part(weights: Mapping[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    """The weights of one network, ``"generator"`` or ``"discriminator"``, as ``gan_forward.forward`` takes them."""
    return {key.removeprefix(f"{name}."): one for key, one in weights.items() if key.startswith(f"{name}.")}


def _tensors(pair: Pair) -> Iterator[tuple[str, Shape]]:
    for name, network in (("generator", pair.generator), ("discriminator", pair.discriminator)):
        for key, shape in network.tensors().items() if network is not None else ():
            yield f"{name}.{key}", shape


def _header(content: bytes) -> Mapping[str, Any]:
    """The header of a safetensors file; raises ``InputError`` where there is none, or its arrays would lie outside the file."""
    length = struct.unpack_from("<Q", content)[0] if len(content) >= 8 else 0
    if not 2 <= length <= min(LARGEST_HEADER, len(content) - 8):
        raise InputError("This is not a generator: the file is no safetensors file, or it is cut short.")
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise InputError("This is not a generator: the file has no readable safetensors header.")
    return header


def _card_of(header: Mapping[str, Any]) -> Mapping[str, Any]:
    told = header.get("__metadata__")
    text = told.get(_CARD) if isinstance(told, dict) else None
    try:
        said = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise InputError(
            f"This file says nothing of what it holds: its metadata has no '{_CARD}'. Give its {CONFIG} with it."
        )
    return said
