"""Generators as cards (JSON) describe them: written, and read with care, since anybody may have written one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args

from playground.core.errors import InputError
from playground.core.quoting import harmless
from playground.functional.gan import (
    CLASSES,
    FLATTENED,
    KERNEL,
    LAYERS,
    SIDE,
    STRIDE,
    WIDTH,
    Act,
    Kind,
    Layer,
    Network,
    Pair,
)

_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "linear": ("inputs", "outputs", "bias"),
    "up": ("inputs", "outputs", "kernel", "stride", "padding", "extra", "bias"),
    "conv": ("inputs", "outputs", "kernel", "stride", "padding", "bias"),
    "norm": ("outputs",),
    "act": ("name", "slope"),
    "reshape": ("shape",),
    "flatten": (),
    "enlarge": ("scale",),
    "projection": ("inputs",),
}
_BOUNDS = {
    "inputs": (1, FLATTENED),
    "outputs": (1, FLATTENED),
    "kernel": (1, KERNEL),
    "stride": (1, STRIDE),
    "padding": (0, KERNEL),
    "extra": (0, STRIDE),
    "scale": (1, 8),
}


def to_json(pair: Pair) -> dict[str, Any]:
    """A pair as a card says it; ``from_json`` reads it."""
    return {
        "format": "playground-gan", "version": 1, "latents": pair.latents, "noise": pair.noise, "classes": list(pair.classes),
        "critic": pair.critic, "span": pair.span, "generator": _written(pair.generator),
        "discriminator": None if pair.discriminator is None else _written(pair.discriminator),
    }  # fmt: skip


def from_json(card: Mapping[str, Any]) -> Pair:
    """The pair that a card describes.

    Raises:
        InputError: It describes none: what is wrong is said.
    """
    try:
        theirs = card.get("discriminator")
        pair = Pair(
            _read(card["generator"]), None if theirs is None else _read(theirs), _whole(card["latents"], 1, WIDTH, "latents"),
            card.get("noise", "normal"), tuple(harmless(str(name)) or "unnamed" for name in card.get("classes", ())),
            bool(card.get("critic", False)), card.get("span", "tanh"),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = (
            f"{harmless(str(error))} is missing"
            if isinstance(error, KeyError)
            else "a part of it is not of the kind that belongs there"
        )
        raise InputError(f"The card does not describe a generator: {what}.") from None
    if pair.noise not in ("normal", "uniform") or pair.span not in ("tanh", "sigmoid"):
        raise InputError('A generator\'s "noise" is "normal" or "uniform", its "span" is "tanh" or "sigmoid".')
    if len(pair.classes) != pair.generator.classes or pair.generator.given != (pair.latents + len(pair.classes),):
        raise InputError(
            f"The generator is given {pair.generator.given[0]} numbers; {pair.latents} latents and {len(pair.classes)} classes were said."
        )
    last = pair.generator.shapes()[-1]
    if len(last) != 3 or last[0] not in (1, 3) or not 4 <= last[1] <= SIDE or not 4 <= last[2] <= SIDE:
        raise InputError(
            f"The generator ends in {last}; a picture has 1 or 3 channels and sides of 4 to {SIDE} pixels."
        )
    if pair.discriminator is not None and (pair.discriminator.given != last or pair.discriminator.shapes()[-1] != (1,)):
        raise InputError("The discriminator must be given the generator's pictures, and end in one number.")
    return pair


def _written(network: Network) -> dict[str, Any]:
    layers = [{"kind": one.kind} | {name: getattr(one, name) for name in _FIELDS[one.kind]} for one in network.layers]
    return {"given": list(network.given), "classes": network.classes, "layers": layers}


def _read(words: Mapping[str, Any]) -> Network:
    layers = words["layers"]
    if not isinstance(layers, list) or not 1 <= len(layers) <= LAYERS:
        raise InputError(f"A network has 1 to {LAYERS} layers.")
    shape = tuple(_whole(n, 1, WIDTH, "given") for n in words["given"])
    network = Network(
        shape,
        tuple(_layer(index, one) for index, one in enumerate(layers)),
        _whole(words.get("classes", 0), 0, CLASSES, "classes"),
    )
    network.shapes()
    return network


def _layer(index: int, words: Mapping[str, Any]) -> Layer:
    kind: Any = words.get("kind")
    if kind not in get_args(Kind):
        raise InputError(f"Layer {index + 1} is of no known kind; there are {', '.join(get_args(Kind))}.")
    fields: dict[str, Any] = {}
    for name in _FIELDS[kind]:
        if name not in words:
            continue
        value = words[name]
        if name in _BOUNDS:
            value = _whole(value, *_BOUNDS[name], f"{name} of layer {index + 1}")
        elif name == "shape":
            value = tuple(_whole(n, 1, WIDTH, f"shape of layer {index + 1}") for n in value)
        elif name == "name" and value not in get_args(Act):
            raise InputError(f"Layer {index + 1} names no known activation; there are {', '.join(get_args(Act))}.")
        elif name == "slope":
            value = float(value)
        elif name == "bias":
            value = bool(value)
        fields[name] = value
    return dataclasses.replace(Layer(kind), **fields)


def _whole(value: Any, low: int, high: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name}: a whole number from {low} to {high} is needed.")
    return value
