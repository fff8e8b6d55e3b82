"""Generators and discriminators as lists of layers: shapes, the NumPy forward pass against torch's, cards good and bad."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.errors import InputError
from playground.functional.gan import Array, Layer, Network, Pair, drawn, given, pixels
from playground.functional.gan_card import from_json, to_json
from playground.functional.gan_forward import forward

GENERATOR = Network(
    (11,),
    (
        Layer("linear", 11, 6 * 4 * 4, bias=False),
        Layer("norm", outputs=96),
        Layer("act", name="relu"),
        Layer("reshape", shape=(6, 4, 4)),
        Layer("up", 6, 5, kernel=4, stride=2, padding=1),
        Layer("norm", outputs=5),
        Layer("act", name="leaky_relu", slope=0.1),
        Layer("up", 5, 4, kernel=3, stride=2, padding=1, extra=1, bias=False),
        Layer("act", name="elu"),
        Layer("enlarge", scale=2),
        Layer("conv", 4, 3, kernel=5, padding=2),
        Layer("act", name="tanh"),
    ),
    classes=3,
)
DISCRIMINATOR = Network(
    (3, 32, 32),
    (
        Layer("conv", 3, 4, kernel=4, stride=2, padding=1),
        Layer("act", name="leaky_relu"),
        Layer("conv", 4, 5, kernel=3, stride=3, bias=False),
        Layer("act", name="sigmoid"),
        Layer("flatten"),
        Layer("projection", 125),
    ),
    classes=3,
)
PAIR = Pair(GENERATOR, DISCRIMINATOR, 8, classes=("a", "b", "c"))


def weights_of(network: Network, seed: int) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    made = {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in network.tensors().items()}
    return {name: np.abs(one) + np.float32(0.5) if name.endswith("running_var") else one for name, one in made.items()}


def in_torch(network: Network, weights: dict[str, Array], x: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """The same by torch's own layers."""
    for index, layer in enumerate(network.layers):
        w = {name.split(".")[1]: torch.from_numpy(one) for name, one in weights.items() if name.startswith(f"{index}.")}
        match layer.kind:
            case "linear":
                x = nn.functional.linear(x, w["weight"], w.get("bias"))
            case "up":
                x = nn.functional.conv_transpose2d(
                    x, w["weight"], w.get("bias"), layer.stride, layer.padding, layer.extra
                )
            case "conv":
                x = nn.functional.conv2d(x, w["weight"], w.get("bias"), layer.stride, layer.padding)
            case "norm":
                x = nn.functional.batch_norm(x, w["running_mean"], w["running_var"], w["weight"], w["bias"])
            case "act":
                named: dict[str, nn.Module] = {
                    "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(layer.slope), "elu": nn.ELU(), "tanh": nn.Tanh(),
                    "sigmoid": nn.Sigmoid(),
                }  # fmt: skip
                x = named[layer.name](x)
            case "reshape":
                x = x.reshape(-1, *layer.shape)
            case "flatten":
                x = x.flatten(1)
            case "enlarge":
                x = nn.functional.interpolate(x, scale_factor=layer.scale, mode="nearest")
            case "projection":
                x = nn.functional.linear(x, w["weight"], w["bias"]) + (w["classes"][classes] * x).sum(1, keepdim=True)
    return x


def test_both_networks_are_torchs() -> None:
    classes = np.array([0, 1, 2, 1])
    x = given(PAIR, drawn(PAIR, 1, 4), classes)
    made, judged = weights_of(GENERATOR, 1), weights_of(DISCRIMINATOR, 2)
    pictures = forward(GENERATOR, made, x)
    theirs = in_torch(GENERATOR, made, torch.from_numpy(x), torch.from_numpy(classes))
    assert pictures.shape == (4, 3, 32, 32) and pictures.dtype == np.float32
    assert np.abs(pictures - theirs.numpy()).max() < 1e-5
    told = forward(DISCRIMINATOR, judged, pictures, classes)
    assert np.abs(told - in_torch(DISCRIMINATOR, judged, theirs, torch.from_numpy(classes)).numpy()).max() < 1e-4
    assert forward(DISCRIMINATOR, judged, pictures).shape == (4, 1)


def test_shapes_are_those_of_what_is_computed() -> None:
    assert GENERATOR.shapes()[-1] == (3, 32, 32) and PAIR.picture == (3, 32, 32)
    assert DISCRIMINATOR.shapes()[-1] == (1,)
    learnt = 11 * 96 + 2 * 96 + 6 * 5 * 16 + 5 + 10 + 5 * 4 * 9 + 4 * 3 * 25 + 3
    assert GENERATOR.parameters == learnt


def test_the_first_latents_of_a_seed_stay_what_they_are() -> None:
    assert np.array_equal(drawn(PAIR, 7, 64)[:5], drawn(PAIR, 7, 5))
    assert not np.array_equal(drawn(PAIR, 8, 5), drawn(PAIR, 7, 5))
    even = drawn(Pair(GENERATOR, None, 8, noise="uniform", classes=("a", "b", "c")), 7, 500)
    assert -1 <= even.min() < -0.9 and 0.9 < even.max() <= 1


def test_pixels_span_black_to_white() -> None:
    x = np.array([-1.0, 0.0, 1.0, np.nan], np.float32).reshape(1, 1, 2, 2)
    assert pixels(PAIR, x)[0, :, :, 0].tolist() == [[0, 128], [255, 0]]


def test_a_card_comes_back_as_it_was() -> None:
    assert from_json(json.loads(json.dumps(to_json(PAIR)))) == PAIR


def spoilt(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    card = json.loads(json.dumps(to_json(PAIR)))
    place = card
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return dict(card)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("latents",), 0, "latents: a whole number"),
        (("latents",), True, "latents: a whole number"),
        (("classes",), ["a"], "8 latents and 1 classes"),
        (("noise",), "pink", '"noise" is "normal" or "uniform"'),
        (("generator",), None, "does not describe a generator"),
        (("generator", "layers"), [], "1 to 64 layers"),
        (("generator", "layers"), [{"kind": "act"}] * 65, "1 to 64 layers"),
        (("generator", "layers", 0, "kind"), "eval", "Layer 1 is of no known kind"),
        (("generator", "layers", 0, "outputs"), 10**9, "outputs of layer 1"),
        (("generator", "layers", 4, "stride"), 0, "stride of layer 5"),
        (("generator", "layers", 4, "inputs"), 7, "Layer 5 (up) cannot follow"),
        (("generator", "layers", 9, "scale"), 8, "ends in|Layer 11|must be given"),
        (("generator", "layers", 11, "name"), "relu7", "names no known activation"),
        (("generator", "layers", 10, "outputs"), 2, "1 or 3 channels"),
        (("discriminator", "given"), [3, 16, 16], "discriminator|cannot follow"),
    ],
)
def test_cards_that_are_none(path: tuple[Any, ...], value: Any, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("(", r"\(").replace(")", r"\)")):
        from_json(spoilt(path, value))


def test_a_generator_with_classes_is_told_which() -> None:
    with pytest.raises(InputError, match="Say which of the 3 classes"):
        given(PAIR, drawn(PAIR, 1, 2))
