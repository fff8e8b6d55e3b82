"""The pictures on the home page's cards: each page's own, drawn from what the page computes; no model runs for them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from playground.core import paths
from playground.core.palette import tint
from playground.data.digit_examples import DIGIT_EXAMPLES
from playground.data.examples import EXAMPLES, OBJECTS
from playground.data.image_registry import IMAGE_SETS
from playground.data.own_example import own_example
from playground.data.sentence_examples import SENTENCES
from playground.data.small_pictures import SMALL_PICTURES
from playground.data.true_boxes import true_boxes
from playground.functional import gan_latents, gan_plans
from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import one_step
from playground.functional.convnet import forward, start
from playground.functional.convolution import convolve
from playground.functional.gan import drawn, given, pixels
from playground.functional.gan_file import part
from playground.functional.gan_forward import forward as generated
from playground.functional.kernels import KERNELS
from playground.functional.losses import LOSSES
from playground.optim.quadratic import phase
from playground.specs.cnn import CNNSpec
from playground.specs.descent import DescentSpec
from playground.specs.finetune import FinetuneSpec
from playground.specs.gan import GANSpec
from playground.ui import provider
from playground.ui.parts import fine_tune, gan_sampler_first
from playground.viz import cards as card_pictures
from playground.viz import maps as map_pictures
from playground.viz import thumbnails
from playground.viz.theme import LIGHT, Theme


@functools.cache
def _activations(theme: Theme) -> str:
    """Two activations and the derivative of one."""
    x = np.linspace(-4, 4, 81)
    tanh, relu = ACTIVATIONS["tanh"], ACTIVATIONS["relu"]
    lines = [(x, tanh.function(x), theme.ink, ""), (x, tanh.derivative(x), theme.ink, "2 1.5")]
    return card_pictures.curves([*lines, (x, relu.function(x), theme.series[0], "")], (-4, 4), (-1.4, 2.2), theme)


@functools.cache
def _losses(theme: Theme) -> str:
    """Three losses over the residual."""
    z = np.linspace(-2.5, 2.5, 81)
    hues = {"mse": theme.ink, "huber": theme.series[0], "mae": theme.series[1]}
    lines = [(z, LOSSES[name].value(z[:, None], 0 * z[:, None]), hue, "") for name, hue in hues.items()]
    return card_pictures.curves(lines, (-2.5, 2.5), (-0.3, 3.5), theme)


@functools.cache
def _backpropagation(theme: Theme) -> str:
    """The gradients of a small network after one backward pass."""
    drawn = np.random.default_rng(4)
    weights = [drawn.normal(size=(3, 2)), drawn.normal(size=(1, 3))]
    step = one_step(
        weights, [np.zeros(3), np.zeros(1)], [[0.8, -0.5], [-0.3, 0.9]], [[1.0], [0.0]],
        activation="tanh", loss="mse", lr=0.1,
    )  # fmt: skip
    return card_pictures.network([layer.weight_gradients for layer in step.layers], theme)


@functools.cache
def _gradient_descent(theme: Theme) -> str:
    """Two optimizers on their way down the Rosenbrock function."""
    spec = DescentSpec()
    paths, surface = spec.paths(), spec.landscape()
    (x, y), (side, up) = surface.domain, np.meshgrid(*(np.linspace(*ends, 60) for ends in surface.domain))
    height = np.log1p(surface.function(side, up))
    lines = [(run[:, 0], run[:, 1], LIGHT.series[i], "") for i, run in enumerate(paths.positions)]
    return card_pictures.landscape(height / height.max(), x, y, lines, surface.minima)


@functools.cache
def _momentum(theme: Theme) -> str:
    """How fast momentum converges, over learning rate and momentum, and where it is fastest."""
    found = phase((1.0, 10.0), np.linspace(0.002, 0.42, 60), np.linspace(0.0, 0.99, 60))
    rate, momentum, _ = found.optimum
    return card_pictures.landscape(
        np.clip(found.factors, 0, 1) ** 3, (0.002, 0.42), (0.0, 0.99), [], [(rate, momentum)]
    )


@functools.cache
def _convolution(theme: Theme) -> bytes:
    """A photograph on the left, and what a Sobel kernel makes of it on the right."""
    picture = SMALL_PICTURES["cat"].make(56)
    edges = convolve(picture[None], KERNELS["sobel_x"].weights(3, 0.0, 0)[None, None], padding=(1, 1))[0]
    shown = np.where(np.arange(56) < 28, picture, np.clip(0.5 + edges / 5, 0, 1))
    grey = np.rint(255 * shown).astype(np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    return thumbnails.png(np.stack([grey] * 3, axis=-1))


@functools.cache
def _classification(theme: Theme) -> bytes:
    """One of the photographs that come with the page."""
    return thumbnails.square(EXAMPLES["cat"].photo().content, 220)


@functools.cache
def _detection(theme: Theme) -> bytes:
    """A picture that comes with the page, and what is to be found in it."""
    name, example = next(iter(OBJECTS.items()))
    boxes = true_boxes(name)
    kinds = list(dict.fromkeys(label for label, _ in boxes))
    return thumbnails.boxed(
        example.photo().content, 220, [(tint(kinds.index(label)).colour, box) for label, box in boxes]
    )


@functools.cache
def _cnn(theme: Theme) -> bytes:
    """A picture, and three of the maps that a first convolution makes of it."""
    spec = CNNSpec()
    plan = spec.plan()
    some = IMAGE_SETS[spec.dataset].some(paths.SAMPLES, 9)
    picture = some.x[int(np.flatnonzero(some.y == some.y.max())[0])]
    found = forward(
        plan,
        start(plan, spec.seed, spec.activation),
        spec.activation,
        (picture.transpose(2, 0, 1)[None] / 255 - 0.3) / 0.25,
    )
    return map_pictures.mosaic(picture, found[0][0])


@functools.cache
def _own_pictures(theme: Theme) -> bytes:
    """Two pictures of each of the first two classes that come with the page."""
    return thumbnails.four([one for kind in own_example().pictures[:2] for one in kind[:2]], 220)


@functools.cache
def _gan(theme: Theme) -> bytes:
    """What a generator makes before it has learnt anything, and real digits to the right of it."""
    spec = GANSpec()
    pair = spec.pair()
    weights = part(gan_plans.start(pair, spec.seed), "generator")
    made = pixels(pair, generated(pair.generator, weights, given(pair, drawn(pair, spec.seed, 8))))
    real = IMAGE_SETS[spec.dataset].some(paths.SAMPLES, 8).x
    apart = [np.pad(one, ((0, 0), (1, 1), (1, 1), (0, 0))) for one in (made, real)]
    sheet = np.concatenate([one.reshape(4, 2, 18, 18).swapaxes(1, 2).reshape(72, 36, 1) for one in apart], axis=1)
    return map_pictures.enlarged(sheet, 216)


@functools.cache
def _fine_tune(theme: Theme) -> str:
    """The parts of the network that comes along, by how many numbers they have (logarithmic); the lowest two frozen."""
    known = fine_tune.known(FinetuneSpec().base)
    sizes = np.log10([max(10, part.parameters) for part in known.parts] if known else [1e6] * 5)
    return card_pictures.tower(list(sizes / sizes.max()), 2, theme)


@functools.cache
def _draw_digit(theme: Theme) -> bytes:
    """One of the photographed digits that come with the page."""
    return thumbnails.square(DIGIT_EXAMPLES["board"].photo().content, 220)


@functools.cache
def _inside_bert(theme: Theme) -> str:
    """One piece of a text on the left, and how much it takes from each on the right."""
    along = np.linspace(0, 1, 33)
    bend = 3 * along**2 - 2 * along**3
    shares = (0.5, 0.08, 0.9, 0.2, 0.35)
    order = sorted(range(len(shares)), key=lambda to: -shares[to])
    taken = [(1 + along, 3 + (to - 2) * bend, theme.series[0], "" if shares[to] > 0.3 else "2 1.5") for to in order]
    ends = [(np.array([x, x + 0.05]), np.full(2, y + 1.0), theme.ink, "") for x in (0.93, 2.02) for y in range(5)]
    return card_pictures.curves([*taken, *ends], (0.9, 2.1), (0.5, 5.5), theme)


@functools.cache
def _gan_sampler(theme: Theme) -> str | bytes:
    """Four pictures that the starter draws when it is asked for a digit."""
    card = provider.catalog().cards["gan_digits_by_class"]
    pair, _ = gan_sampler_first.told(card)
    found = None
    if pair is not None:
        found = gan_sampler_first.pictures(card, gan_latents.sheet(pair, 1, 4), gan_latents.classes(pair, 4))
    if found is None:  # somebody put another model of that name into the models folder
        return card_pictures.bars([0.4, 0.7, 1.0], theme)
    return thumbnails.mosaic(np.repeat(found, 3, axis=3))


def _models(theme: Theme) -> str:
    """How many weights the models have, on a logarithmic scale, the smallest on top."""
    sizes = sorted(card.parameters for card in provider.catalog().cards.values() if card.parameters)
    lengths = np.log2(np.array(sizes) / 2.5e5) / np.log2(sizes[-1] / 2.5e5)
    return card_pictures.bars([float(one) for one in np.clip(lengths[:12], 0.05, 1)], theme)


@functools.cache
def _sentiment(theme: Theme) -> str:
    """The words of an example with what each of them added, as the starter has it."""
    pulls = {"wonderful": 1.0, "gorgeous": 0.4, "but": -0.2, "battery": -0.25, "dies": -0.6, "lunch": -0.2}
    spelt = SENTENCES["mixed"].text.replace(",", "").rstrip(".").split()
    return card_pictures.words([(len(word), pulls.get(word, 0.06)) for word in spelt], 0.72, theme)


DRAWN: Mapping[str, Callable[[Theme], str | bytes]] = {
    "activations": _activations,
    "losses": _losses,
    "backpropagation": _backpropagation,
    "gradient_descent": _gradient_descent,
    "momentum": _momentum,
    "convolution": _convolution,
    "classification": _classification,
    "cnn": _cnn,
    "own_pictures": _own_pictures,
    "fine_tune": _fine_tune,
    "gan": _gan,
    "detection": _detection,
    "draw_digit": _draw_digit,
    "sentiment": _sentiment,
    "inside_bert": _inside_bert,
    "gan_sampler": _gan_sampler,
    "models": _models,
}
