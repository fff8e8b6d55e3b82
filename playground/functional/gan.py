"""Generators and discriminators as lists of layers: what comes out of each, and what it holds.

A network is a list of layers; a generator is given latents (with the one-hot class behind them, where it has classes) and ends
in a picture from -1 to 1; a discriminator is given such a picture and ends in one number. ``gan_forward`` computes them,
``gan_card`` reads and writes them. Arrays lie under the layer's index,
named and shaped as torch does: ``0.weight``, ``1.running_mean``::

    linear      weight (outputs, inputs), bias (outputs,)
    up          weight (inputs, outputs, k, k), bias (outputs,)         a transposed convolution
    conv        weight (outputs, inputs, k, k), bias (outputs,)
    norm        weight, bias, running_mean, running_var (outputs,)      batch normalisation, as measured
    projection  weight (1, inputs), bias (1,), classes (k, inputs)      one number: a linear layer, and a vector for each class

Source: I. Goodfellow et al.: Generative adversarial nets, 2014; A. Radford, L. Metz, S. Chintala: Unsupervised representation
learning with deep convolutional generative adversarial networks, 2015; M. Mirza, S. Osindero: Conditional generative
adversarial nets, 2014; T. Miyato, M. Koyama: cGANs with projection discriminator, 2018.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import InputError
from playground.core.seed import Stream, generator

Array: TypeAlias = NDArray[np.float32]
Shape: TypeAlias = tuple[int, ...]
Kind: TypeAlias = Literal["linear", "up", "conv", "norm", "act", "reshape", "flatten", "enlarge", "projection"]
Act: TypeAlias = Literal["relu", "leaky_relu", "elu", "tanh", "sigmoid", "identity"]

LAYERS, WIDTH, KERNEL, STRIDE, SIDE, CLASSES = 64, 8192, 16, 8, 256, 1000
"""The most of each: layers of a network, channels or units, a kernel's side, a stride, a picture's side, classes."""
FLATTENED = 65_536
"""A flat row between two layers has at most so many numbers."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One step of a network; what does not belong to its kind stays as it is here.

    Attributes:
        kind: See the module's words; besides ``act``, ``reshape`` (a flat row to maps), ``flatten`` and ``enlarge`` (each pixel
            becomes ``scale`` x ``scale`` of the same).
        inputs: Channels or units that go in; of what is learnt alone.
        outputs: The same of what comes out; of ``norm`` the only one that is said.
        kernel: Side of the window.
        stride: Steps from window to window.
        padding: Rows and columns of zeros around; of ``up`` so many are cut off.
        extra: Rows and columns that ``up`` adds at the far side.
        bias: Whether numbers are added.
        name: Of ``act``.
        slope: Of a leaky ReLU.
        shape: Of ``reshape``: ``(channels, height, width)``.
        scale: Of ``enlarge``.
    """

    kind: Kind
    inputs: int = 0
    outputs: int = 0
    kernel: int = 0
    stride: int = 1
    padding: int = 0
    extra: int = 0
    bias: bool = True
    name: Act = "identity"
    slope: float = 0.2
    shape: Shape = ()
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Network:
    """A generator or a discriminator.

    Attributes:
        given: Shape of one thing that goes in: ``(latents + classes,)``, or ``(channels, height, width)``.
        layers: First to last.
        classes: So many numbers of what goes in name the class (a generator), or so many vectors the projection has.
    """

    given: Shape
    layers: tuple[Layer, ...]
    classes: int = 0

    def shapes(self) -> list[Shape]:
        """Shape after each layer.

        Raises:
            InputError: Two layers do not fit each other, or a number is out of bounds.
        """
        found, shape = list[Shape](), self.given
        for index, layer in enumerate(self.layers):
            shape = _after(index, layer, shape)
            found.append(shape)
        return found

    def tensors(self) -> dict[str, Shape]:
        """Name and shape of every array that the network holds, first layer to last."""
        return {
            f"{index}.{name}": shape
            for index, layer in enumerate(self.layers)
            for name, shape in held(layer, self.classes)
        }

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        return sum(prod(shape) for name, shape in self.tensors().items() if ".running_" not in name)


@dataclass(frozen=True, slots=True)
class Pair:
    """A generator, and the discriminator that it learnt against where that was kept.

    Attributes:
        generator: Its ``given`` are ``latents`` numbers and one more for each class.
        discriminator: None where only the generator is known.
        latents: How many numbers a picture is made from.
        noise: How they are drawn: standard normal, or evenly from -1 to 1.
        classes: Names of the classes that can be asked for; none of most generators.
        critic: The discriminator's number is a critic's score of no fixed scale (Wasserstein), not the logit of a probability.
        span: What the generator's last layer gives: -1 to 1 (``tanh``), or 0 to 1 (``sigmoid``).
    """

    generator: Network
    discriminator: Network | None
    latents: int
    noise: Literal["normal", "uniform"] = "normal"
    classes: tuple[str, ...] = ()
    critic: bool = False
    span: Literal["tanh", "sigmoid"] = "tanh"

    @property
    def picture(self) -> tuple[int, int, int]:
        """Channels, height and width of what is drawn."""
        channels, high, wide = self.generator.shapes()[-1]
        return channels, high, wide


def drawn(pair: Pair, seed: int, n: int) -> Array:
    """Latents of ``n`` pictures, ``(n, latents)``: the first ones of a seed are the same however many are drawn."""
    rng = generator(seed, Stream.NOISE)
    shape = (n, pair.latents)
    values = rng.standard_normal(shape) if pair.noise == "normal" else rng.uniform(-1, 1, shape)
    return values.astype(np.float32)


def given(pair: Pair, latents: Array, classes: NDArray[np.integer] | None = None) -> Array:
    """What the generator is given: latents ``(n, latents)``, and the one-hot class ``(n,)`` behind them where it has classes."""
    if not pair.classes:
        return latents
    if classes is None:
        raise InputError(f"Say which of the {len(pair.classes)} classes to draw: {', '.join(pair.classes)}.")
    return np.concatenate([latents, np.eye(len(pair.classes), dtype=np.float32)[classes]], axis=1)


def pixels(pair: Pair, pictures: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The generator's pictures ``(n, c, h, w)`` as ``(n, h, w, c)`` from 0 to 255."""
    ink = pictures if pair.span == "sigmoid" else (pictures + 1) / 2
    return np.round(np.clip(np.nan_to_num(ink), 0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)


def held(layer: Layer, classes: int) -> Iterator[tuple[str, Shape]]:
    """Name and shape of each array of a layer; ``classes`` of its network matter to a projection alone."""
    match layer.kind:
        case "linear":
            yield "weight", (layer.outputs, layer.inputs)
        case "up":
            yield "weight", (layer.inputs, layer.outputs, layer.kernel, layer.kernel)
        case "conv":
            yield "weight", (layer.outputs, layer.inputs, layer.kernel, layer.kernel)
        case "norm":
            for name in ("weight", "bias", "running_mean", "running_var"):
                yield name, (layer.outputs,)
            return
        case "projection":
            yield "weight", (1, layer.inputs)
            yield "bias", (1,)
            if classes:
                yield "classes", (classes, layer.inputs)
            return
        case _:
            return
    if layer.bias:
        yield "bias", (layer.outputs,)


def _after(index: int, layer: Layer, given: Shape) -> Shape:
    """Shape of what a layer makes of something of a shape."""
    flat = len(given) == 1
    match layer.kind:
        case "linear" | "projection" if flat and layer.inputs == given[0]:
            return (layer.outputs if layer.kind == "linear" else 1,)
        case "norm" if layer.outputs == given[0]:
            return given
        case "act":
            return given
        case "reshape" if flat and len(layer.shape) == 3 and prod(layer.shape) == given[0]:
            return layer.shape
        case "flatten" if prod(given) <= FLATTENED:
            return (prod(given),)
        case "up" | "conv" if not flat and layer.inputs == given[0]:
            k, s, p = layer.kernel, layer.stride, layer.padding
            sides = [
                (n - 1) * s + k - 2 * p + layer.extra if layer.kind == "up" else (n + 2 * p - k) // s + 1
                for n in given[1:]
            ]
            if all(1 <= side <= SIDE for side in sides):
                return (layer.outputs, *sides)
        case "enlarge" if not flat and max(given[1:]) * layer.scale <= SIDE:
            return (given[0], given[1] * layer.scale, given[2] * layer.scale)
    raise InputError(
        f"Layer {index + 1} ({layer.kind}) cannot follow on {given}: its numbers do not fit, or its maps would be too large."
    )
