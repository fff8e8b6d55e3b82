"""The home page's cards: one for each page, and experiments that open with their settings made."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from playground.core import paths
from playground.core.palette import tint
from playground.data.digit_examples import DIGIT_EXAMPLES
from playground.data.examples import EXAMPLES, OBJECTS
from playground.data.image_registry import IMAGE_SETS
from playground.data.own_example import own_example
from playground.data.registry import DATASETS
from playground.data.sentence_examples import SENTENCES
from playground.data.small_pictures import SMALL_PICTURES
from playground.data.true_boxes import true_boxes
from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import one_step
from playground.functional.convnet import forward, start
from playground.functional.convolution import convolve
from playground.functional.kernels import KERNELS
from playground.functional.losses import LOSSES
from playground.optim.quadratic import phase
from playground.specs.cnn import CNNSpec
from playground.specs.descent import DescentSpec
from playground.specs.finetune import FinetuneSpec
from playground.specs.mlp import OWN, MLPSpec
from playground.ui import nav, page, provider
from playground.ui.parts import fine_tune
from playground.ui.theme import current_theme
from playground.viz import cards as card_pictures
from playground.viz import maps as map_pictures
from playground.viz import thumbnails
from playground.viz.theme import LIGHT, Theme


@dataclass(frozen=True)
class Experiment:
    """A multilayer perceptron worth opening: what it shows, in a sentence, its settings; which two inputs its card shows."""

    title: str
    sentence: str
    spec: MLPSpec
    look: tuple[int, int] | None = None


EXPERIMENTS = (
    Experiment("A ring around a disc", "Six units close a boundary round the middle within seconds.", MLPSpec()),
    Experiment(
        "Why a line is not enough",
        "Without an activation the network stays one straight line; choose tanh and it bends.",
        MLPSpec(dataset="xor", activation="identity", hidden=(4, 4)),
    ),
    Experiment(
        "The spiral",
        "Two arms wound into each other: three layers of eight tanh units unwind them.",
        MLPSpec(dataset="spiral", noise=0, hidden=(8, 8, 8)),
    ),
    Experiment(
        "Three classes",
        "One output for each class; softmax makes them probabilities, and the surest one wins.",
        MLPSpec(dataset="blobs", activation="relu", hidden=(6,)),
    ),
    Experiment(
        "A number to predict",
        "Regression: the surface is the value itself, hills and hollows fitted by squared error.",
        MLPSpec(dataset="multi_gauss", hidden=(8, 4)),
    ),
    Experiment(
        "Real flowers",
        "Fisher's irises: four measurements, three species, seen on the plane of any two.",
        MLPSpec(dataset="iris", activation="relu", hidden=(8,)),
        look=(2, 3),
    ),
    Experiment(
        "Your own spreadsheet",
        "Upload a CSV file, pick a column to predict, and train on it. Only you see it.",
        MLPSpec(dataset=OWN, activation="relu", hidden=(8, 4)),
    ),
)


def cards() -> None:
    """Draw the cards, by section of the menu; the trainer's page is there as several experiments."""
    pages = nav.discover()
    for section in dict.fromkeys(header.section for header in pages if header.section != "Home"):
        st.markdown(f"## {section}")
        with st.container(key=f"cards-{section.lower()}", horizontal=True, gap="small"):
            for header in pages:
                if header.section == section and header.name == "mlp":
                    for number, experiment in enumerate(EXPERIMENTS):
                        _experiment(number, experiment)
                elif header.section == section:
                    _page(header)


def _experiment(number: int, experiment: Experiment) -> None:
    with st.container(key=f"card-{number}", border=True, width=292):
        st.image(_picture(experiment), width=110, alt=f"The data: {experiment.title}")
        st.markdown(f"### {experiment.title}")
        st.markdown(experiment.sentence)
        # `visit` makes the page read the link even where this session has been there before.
        query = {**experiment.spec.to_query(), "visit": secrets.token_hex(3)}
        st.page_link(page.page_object("mlp"), label="Open", icon=":material/play_arrow:", query_params=query)


def _page(header: nav.PageHeader) -> None:
    with st.container(key=f"card-{header.name}", border=True, width=292):
        if header.name in _DRAWN:
            st.image(_DRAWN[header.name](current_theme()), width=110, alt=f"A picture of the page {header.title}")
        st.markdown(f"### {header.title}" if header.name in _DRAWN else f"### {header.icon} {header.title}")
        st.markdown(header.summary)
        st.page_link(page.page_object(header.name), label="Open", icon=":material/play_arrow:")


@functools.cache
def _picture(experiment: Experiment) -> str:
    """What the card's network learnt (``recipes/home_cards.py``), under its data."""
    name = experiment.spec.dataset
    if name not in DATASETS:
        return thumbnails.table()
    with np.load(paths.SAMPLES / "home_cards.npz") as kept:
        surfaces = [kept.get(f"{name}.{part}") for part in ("output", "winner", "sure")]
        extent = kept[f"{name}.extent"]
    return thumbnails.learned(DATASETS[name].make(400, 5, 3), extent, *surfaces, axes=experiment.look or (0, 1))


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


def _models(theme: Theme) -> str:
    """How many weights the models have, on a logarithmic scale, the smallest on top."""
    sizes = sorted(card.parameters for card in provider.catalog().cards.values() if card.parameters)
    return card_pictures.bars([float(np.log2(size / 5e5) / np.log2(sizes[-1] / 5e5)) for size in sizes[:12]], theme)


@functools.cache
def _sentiment(theme: Theme) -> str:
    """The words of an example with what each of them added, as the starter has it."""
    pulls = {"wonderful": 1.0, "gorgeous": 0.4, "but": -0.2, "battery": -0.25, "dies": -0.6, "lunch": -0.2}
    spelt = SENTENCES["mixed"].text.replace(",", "").rstrip(".").split()
    return card_pictures.words([(len(word), pulls.get(word, 0.06)) for word in spelt], 0.72, theme)


_DRAWN: Mapping[str, Callable[[Theme], str | bytes]] = {
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
    "detection": _detection,
    "draw_digit": _draw_digit,
    "sentiment": _sentiment,
    "inside_bert": _inside_bert,
    "models": _models,
}


def where_it_runs() -> str:
    """One line on the machine behind the page."""
    health = provider.manager().health()
    device = health.get("device") or "worker processes that are just starting"
    return (
        f"Networks train with PyTorch on this server: {device}. Runs training now: "
        f"{health['training']} of at most {health['places']}. Nothing you upload is shown to anyone else, and nothing is tracked."
    )
