"""Generators and discriminators for pictures of a size: convolutions alone, sides doubled and halved, and where they begin.

A generator makes small maps of its latents and doubles their sides until they are as large as a picture; a discriminator halves
the sides of a picture and ends in one number. The rules are the DCGAN's: strides in place of pooling, batch normalisation and ReLU
in the generator, leaky ReLU in the discriminator, tanh at the end. Two are not: the discriminator has a small dense layer before
its last one, and no batch normalisation: it is held by a penalty on its gradient or by spectral normalisation, which look at each
picture alone.

Source: A. Radford, L. Metz, S. Chintala: Unsupervised representation learning with deep convolutional generative adversarial
networks, 2015; with classes, M. Mirza, S. Osindero: Conditional generative adversarial nets, 2014 (generator), and T. Miyato,
M. Koyama: cGANs with projection discriminator, 2018 (discriminator).
"""

from __future__ import annotations

from itertools import pairwise
from math import prod, sqrt

import numpy as np

from playground.core.errors import InputError
from playground.core.seed import Stream, generator
from playground.functional.gan import Array, Layer, Network, Pair, Shape, given
from playground.functional.gan_forward import forward

KERNEL, STRIDE, PADDING = 4, 2, 1
"""Of every convolution: sides are doubled or halved, and each pixel is touched by equally many windows."""
SLOPE = 0.2
HIDDEN = 64
"""Numbers that a discriminator makes of a picture before the last one: small generators learn more from it than without them."""
SMALLEST, LARGEST_STEM = 4, 15
"""Sides of the small maps that a generator begins with."""
GENERATOR_SPREAD, STEM_SPREAD = 0.02, 0.05
"""Standard deviations of a generator's initial weights: its convolutions (as in the paper), and the layer behind the latents."""
CONTRAST = 0.4
"""Standard deviation of the pixels that a generator begins with, of -1 to 1 before they are bent."""
MEASURED = 128
"""Latents that the means and variances of an untrained generator are taken from."""


def doublings(side: int) -> int:
    """How often a small map is doubled to become a picture of this side; raises ``InputError`` where that does not work out."""
    times = 0
    while side % 2 == 0 and side // 2 >= SMALLEST:
        side, times = side // 2, times + 1
    if not times or side > LARGEST_STEM:
        raise InputError(
            f"Pictures of {side * 2**times} pixels cannot be had by doubling a small side; take 16, 28, 32 or 64."
        )
    return times


def pair(shape: Shape, latents: int, width: int, classes: tuple[str, ...] = (), critic: bool = False) -> Pair:
    """A generator and a discriminator for pictures of a shape ``(channels, side, side)``.

    Args:
        shape: Channels, height and width.
        latents: How many numbers a picture is made from.
        width: Maps at half the picture's side; twice as many at each halving.
        classes: Names of what can be asked for; none makes neither of the two know of classes.
        critic: The discriminator's number is a score, not the logit of a probability.

    Raises:
        InputError: There are none for such pictures.
    """
    channels, high, wide = shape
    if high != wide:
        raise InputError(f"Pictures must be square; these are {wide} x {high} pixels.")
    times = doublings(high)
    stem, maps = high // 2**times, [width * 2**n for n in range(times)]
    return Pair(
        _generator(channels, stem, maps[::-1], latents, len(classes)),
        _discriminator(shape, stem, maps, len(classes)),
        latents,
        classes=classes,
        critic=critic,
    )


def start(of: Pair, seed: int) -> dict[str, Array]:
    """The initial weights of both, under ``generator.<layer>.<name>`` and ``discriminator.<layer>.<name>``.

    Normal numbers: of a small spread in the generator, whose normalisations make up for it; in the discriminator as He et al.
    (2015) have it for leaky ReLUs, since nothing there would. The generator's means and variances are measured once, so that its
    first pictures are what it would learn from.
    """
    found = dict[str, Array]()
    both = [("generator", of.generator)]
    both += [] if of.discriminator is None else [("discriminator", of.discriminator)]
    for number, (name, network) in enumerate(both):
        for index, (key, shape) in enumerate(network.tensors().items()):
            spread = (
                _spread(network.layers[int(key.split(".")[0])], name, shape)
                if key.endswith(("weight", "classes"))
                else 0.0
            )
            if len(shape) == 1:
                value = np.full(shape, 1.0 if key.endswith(("weight", "running_var")) else 0.0, np.float32)
            else:
                normal = generator(seed, Stream.WEIGHTS, number, index).standard_normal(shape)
                value = (normal * spread).astype(np.float32)
            found[f"{name}.{key}"] = value
    _measure(of, found, generator(seed, Stream.WEIGHTS, 2))
    return found


def products(network: Network) -> int:
    """Multiplications for one picture, forwards."""
    total, before = 0, network.given
    for layer, after in zip(network.layers, network.shapes(), strict=True):
        if layer.kind in ("linear", "projection"):
            total += layer.inputs * (layer.outputs or 1)
        elif layer.kind in ("up", "conv"):
            places = before if layer.kind == "up" else after
            total += layer.inputs * layer.outputs * layer.kernel**2 * places[1] * places[2]
        before = after
    return total


def _generator(channels: int, stem: int, maps: list[int], latents: int, classes: int) -> Network:
    inside = maps[0] * stem * stem
    layers = [
        Layer("linear", latents + classes, inside, bias=False),
        Layer("reshape", shape=(maps[0], stem, stem)),
        Layer("norm", outputs=maps[0]),
        Layer("act", name="relu"),
    ]
    for before, after in pairwise(maps):
        layers += [
            Layer("up", before, after, KERNEL, STRIDE, PADDING, bias=False),
            Layer("norm", outputs=after),
            Layer("act", name="relu"),
        ]
    layers += [Layer("up", maps[-1], channels, KERNEL, STRIDE, PADDING), Layer("act", name="tanh")]
    return Network((latents + classes,), tuple(layers), classes)


def _discriminator(shape: Shape, stem: int, maps: list[int], classes: int) -> Network:
    layers = list[Layer]()
    for before, after in pairwise([shape[0], *maps]):
        layers += [
            Layer("conv", before, after, KERNEL, STRIDE, PADDING),
            Layer("act", name="leaky_relu", slope=SLOPE),
        ]
    inside = maps[-1] * stem * stem
    layers.append(Layer("flatten"))
    layers += [Layer("linear", inside, HIDDEN), Layer("act", name="leaky_relu", slope=SLOPE)]
    layers.append(Layer("projection", HIDDEN) if classes else Layer("linear", HIDDEN, 1))
    return Network(shape, tuple(layers), classes)


def _measure(of: Pair, found: dict[str, Array], rng: np.random.Generator) -> None:
    """Take the means and variances of an untrained generator from some latents, layer by layer, in place."""
    classes = rng.integers(0, len(of.classes), MEASURED) if of.classes else None
    x = given(of, rng.standard_normal((MEASURED, of.latents)).astype(np.float32), classes)
    for index, layer in enumerate(of.generator.layers[:-2]):
        if layer.kind == "norm":
            over = (0,) if x.ndim == 2 else (0, 2, 3)
            found[f"generator.{index}.running_mean"] = x.mean(over, dtype=np.float32)
            found[f"generator.{index}.running_var"] = x.var(over, dtype=np.float32)
        weights = {
            name.replace(f"generator.{index}.", "0."): one
            for name, one in found.items()
            if name.startswith(f"generator.{index}.")
        }
        x = forward(Network(x.shape[1:], (layer,)), weights, x)


def _spread(layer: Layer, name: str, shape: Shape) -> float:
    """Standard deviation of a layer's initial weights."""
    if name == "generator" and layer.kind == "up" and layer.bias:
        # The last one: four windows touch each pixel, and half of what was bent is left.
        return CONTRAST / sqrt(layer.inputs * (KERNEL / STRIDE) ** 2 / 2)
    if name == "generator":
        return STEM_SPREAD if layer.kind == "linear" else GENERATOR_SPREAD
    return sqrt(2 / ((1 + SLOPE**2) * prod(shape[1:])))
