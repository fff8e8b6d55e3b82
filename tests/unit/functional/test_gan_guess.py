"""Generators that people have, told by names and shapes: what is read of them draws what torch draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from playground.core.errors import InputError
from playground.functional.gan import Array, Shape, given
from playground.functional.gan_forward import forward
from playground.functional.gan_guess import READINGS, Reading, readings


def up(*sizes: tuple[int, ...], bias: bool = True) -> list[nn.Module]:
    """Transposed convolutions ``(inputs, outputs, kernel, stride, padding, extra)`` with what usually stands between them."""
    found = list[nn.Module]()
    for index, (inputs, outputs, *window) in enumerate(sizes):
        found.append(nn.ConvTranspose2d(inputs, outputs, *window, bias=bias))
        if index < len(sizes) - 1:
            found += [nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*found, nn.Tanh()]


class Named(nn.Module):
    """Parts under their names, one after another."""

    def __init__(self, **parts: nn.Module) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: Tensor) -> Tensor:
        for part in self.children():
            x = part(x)
        return x


class ByClass(nn.Module):
    """Latents behind a table of classes, as one widely copied collection has it."""

    def __init__(self) -> None:
        super().__init__()
        self.label_emb = nn.Embedding(10, 7)
        self.model = nn.Sequential(
            nn.Linear(27, 16), nn.LeakyReLU(0.2), nn.Linear(16, 24), nn.BatchNorm1d(24, 0.8), nn.LeakyReLU(0.2),
            nn.Linear(24, 192), nn.Tanh(), nn.Unflatten(1, (3, 8, 8)),
        )  # fmt: skip

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        found: Tensor = self.model(torch.cat((self.label_emb(classes), z), 1))
        return found


TUTORIAL = (30, 16, 4, 1, 0), (16, 12, 4, 2, 1), (12, 8, 4, 2, 1), (8, 6, 4, 2, 1), (6, 3, 4, 2, 1)
NETWORKS: dict[str, nn.Module] = {
    "a single pixel, 4/1/0 then 4/2/1": Named(main=nn.Sequential(nn.Unflatten(1, (30, 1, 1)), *up(*TUTORIAL, bias=False))),
    "3, 4, 3, 4 to 28": nn.Sequential(
        nn.Unflatten(1, (30, 1, 1)), *up((30, 16, 3, 2), (16, 12, 4, 1), (12, 8, 3, 2), (8, 1, 4, 2))
    ),
    "7, 4, 4": nn.Sequential(nn.Unflatten(1, (30, 1, 1)), *up((30, 16, 7, 1), (16, 12, 4, 2, 1), (12, 1, 4, 2, 1))),
    "a linear stem": Named(
        fc=nn.Sequential(nn.Linear(30, 20), nn.BatchNorm1d(20), nn.ReLU(), nn.Linear(20, 8 * 49), nn.BatchNorm1d(8 * 49), nn.ReLU()),
        deconv=nn.Sequential(nn.Unflatten(1, (8, 7, 7)), *up((8, 6, 4, 2, 1), (6, 1, 4, 2, 1))),
    ),
    "five by five, with extra rows": nn.Sequential(
        nn.Linear(30, 12 * 49, bias=False), nn.BatchNorm1d(12 * 49), nn.ReLU(), nn.Unflatten(1, (12, 7, 7)),
        *up((12, 8, 5, 1, 2), (8, 6, 5, 2, 2, 1), (6, 1, 5, 2, 2, 1), bias=False),
    ),
    "enlarged, then convolved": Named(
        l1=nn.Sequential(nn.Linear(30, 12 * 64), nn.Unflatten(1, (12, 8, 8))),
        conv_blocks=nn.Sequential(
            nn.BatchNorm2d(12), nn.Upsample(scale_factor=2), nn.Conv2d(12, 12, 3, 1, 1), nn.BatchNorm2d(12, 0.8), nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2), nn.Conv2d(12, 6, 3, 1, 1), nn.BatchNorm2d(6, 0.8), nn.LeakyReLU(0.2),
            nn.Conv2d(6, 1, 3, 1, 1), nn.Tanh(),
        ),
    ),
    "linear layers alone": nn.Sequential(
        nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 20), nn.ReLU(), nn.Linear(20, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))
    ),
    "layers by number": Named(
        view=nn.Unflatten(1, (30, 1, 1)), tconv1=nn.ConvTranspose2d(30, 16, 1, bias=False), bn1=nn.BatchNorm2d(16), a=nn.ReLU(),
        tconv2=nn.ConvTranspose2d(16, 8, 7, bias=False), bn2=nn.BatchNorm2d(8), b=nn.ReLU(),
        tconv3=nn.ConvTranspose2d(8, 6, 4, 2, 1, bias=False), bn3=nn.BatchNorm2d(6), c=nn.ReLU(),
        tconv4=nn.ConvTranspose2d(6, 1, 4, 2, 1, bias=False), d=nn.Tanh(),
    ),
}  # fmt: skip


def used(network: nn.Module, *x: Tensor) -> tuple[nn.Module, Array]:
    """The network with other numbers than it began with, and what it draws."""
    torch.manual_seed(1)
    network.train()
    with torch.no_grad():
        for _ in range(2):
            network(*x)
        for one in network.parameters():
            one.add_(torch.randn_like(one) * 0.1)
        return network.eval(), network(*x).numpy()


def drawn(reading: Reading, state: dict[str, Any], z: Array, classes: Any = None) -> Array:
    weights = reading.weights({name: one.numpy() for name, one in state.items()})
    ours = {name.removeprefix("generator."): one for name, one in weights.items()}
    return forward(reading.pair.generator, ours, given(reading.pair, z, classes))


def shapes_of(state: dict[str, Any]) -> dict[str, Shape]:
    return {name: tuple(one.shape) for name, one in state.items()}


@pytest.mark.parametrize("sure", [True, False], ids=["in order", "by name"])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_first_reading_draws_what_torch_draws(name: str, sure: bool) -> None:
    z = torch.randn(5, 30, generator=torch.Generator().manual_seed(0))
    network, wanted = used(NETWORKS[name], z)
    state = network.state_dict()
    tensors = shapes_of(state if sure else dict(sorted(state.items())))
    found = readings(tensors, sure=sure)
    assert len(found) <= READINGS and len({one.name for one in found}) == len(found)
    assert found[0].pair.latents == 30 and np.abs(drawn(found[0], state, z.numpy()) - wanted).max() < 1e-5


def test_a_table_of_classes_becomes_the_one_hot_class_behind_the_latents() -> None:
    z, classes = torch.randn(10, 20, generator=torch.Generator().manual_seed(0)), torch.arange(10)
    network, wanted = used(ByClass(), z, classes)
    state = network.state_dict()
    (first, *_) = readings(shapes_of(state))
    assert first.pair.classes == tuple("0123456789") and (first.pair.latents, first.pair.picture) == (20, (3, 8, 8))
    assert np.abs(drawn(first, state, z.numpy(), classes.numpy()) - wanted).max() < 1e-5


@pytest.mark.parametrize(
    "wrap", ["module.{}", "state_dict.generator.{}", "G.{}", "netG_state_dict.{}", "generator_ema.{}"]
)
def test_the_generator_is_found_among_what_else_a_checkpoint_holds(wrap: str) -> None:
    inside = {"0.weight": (20, 30), "0.bias": (20,), "2.weight": (784, 20), "2.bias": (784,)}
    tensors: dict[str, Shape] = {wrap.format(name): shape for name, shape in inside.items()}
    others: dict[str, Shape] = {"D.0.weight": (16, 1, 4, 4), "optimizer_G.state.exp_avg": (20, 30)}
    (first, *_) = readings(tensors | others)
    assert first.pair.picture == (1, 28, 28) and set(first.renames.values()) >= set(tensors)


def test_a_small_card_decides_what_shapes_leave_open() -> None:
    tensors: dict[str, Shape] = {
        f"{index}.{name}": shape
        for index, (inputs, outputs, k) in enumerate([(64, 16, 3), (16, 8, 4), (8, 4, 3), (4, 1, 4)])
        for name, shape in (("weight", (inputs, outputs, k, k)), ("bias", (outputs,)))
    }
    card = {
        "strides": [2, 2, 2, 2],
        "paddings": [0, 1, 0, 0],
        "activation": "elu",
        "out": "sigmoid",
        "noise": "uniform",
        "classes": 10,
    }
    (only,) = readings(tensors, card)
    layers = [one for one in only.pair.generator.layers if one.kind == "up"]
    assert [(one.stride, one.padding) for one in layers[1:]] == [(2, 1), (2, 0), (2, 0)]
    assert {one.name for one in only.pair.generator.layers if one.kind == "act"} == {"elu", "sigmoid"}
    assert (only.pair.noise, only.pair.span, only.pair.latents, len(only.pair.classes)) == (
        "uniform",
        "sigmoid",
        54,
        10,
    )
    assert {one.pair.picture for one in readings(tensors, {"side": 30})} == {(1, 30, 30)}


def test_a_card_that_says_the_class_comes_first_moves_it_behind() -> None:
    rng = np.random.default_rng(0)
    state = {"weight": rng.normal(size=(64, 5)).astype(np.float32), "bias": np.zeros(64, np.float32)}
    (one, *_) = readings({"weight": (64, 5), "bias": (64,)}, {"latents": 3, "class_first": True})
    found = one.weights(state)["generator.0.weight"]
    assert (found == np.concatenate([state["weight"][:, 2:], state["weight"][:, :2]], 1)).all()


WRONG: dict[str, tuple[dict[str, Shape], dict[str, Any], str]] = {
    "nothing": ({}, {}, "no weights"),
    "a discriminator": ({"0.weight": (8, 3, 4, 4), "2.weight": (16, 8, 4, 4), "4.weight": (1, 16, 4, 4)}, {}, "Pictures go into"),
    "by name": ({"netD.0.weight": (8, 3, 4, 4)}, {}, "a discriminator alone"),
    "a classifier": ({"0.weight": (128, 784), "2.weight": (10, 128)}, {}, "no square picture"),
    "normalised by layer": ({"0.weight": (64, 20), "1.weight": (64,), "1.bias": (64,)}, {}, "without measured means"),
    "split weights": ({"0.weight_orig": (64, 20), "0.weight_u": (64,)}, {}, "spectral or weight normalisation"),
    "no chain": ({"0.weight": (64, 20), "2.weight": (784, 63)}, {}, "no plain chain"),
    "too deep": ({f"{index}.weight": (8, 8) for index in range(65)}, {}, "64 at most"),
    "far too large a picture": (
        {f"{index}.weight": (8, 8 if index < 9 else 3, 8, 8) for index in range(10)}, {"strides": [8] * 10}, "more than 256 pixels",
    ),
    "odd strides": ({"0.weight": (64, 1, 28, 28)}, {"strides": [1, 2]}, "2 numbers are given for the 1"),
    "no list": ({"0.weight": (64, 20)}, {"strides": 2}, "a list of whole numbers"),
    "an activation of its own": ({"0.weight": (64, 20)}, {"activation": "os.system"}, "one of relu"),
    "other latents": ({"0.weight": (64, 20)}, {"latents": 30}, "its first layer leaves 20"),
    "nothing but classes": ({"0.weight": (64, 20)}, {"classes": 20}, "leaves 0"),
    "no number": ({"0.weight": (64, 20)}, {"epsilon": float("nan")}, "a number from 0 to 1"),
    "a card without layers": ({"0.weight": (64, 20)}, {"generator": {"given": [20], "layers": []}, "latents": 20}, "1 to 64 layers"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_generator_is_said_in_words(name: str) -> None:
    tensors, card, words = WRONG[name]
    with pytest.raises(InputError, match=words):
        readings(tensors, card)


def test_a_whole_card_is_taken_at_its_word() -> None:
    card = {
        "latents": 20, "span": "sigmoid",
        "generator": {"given": [20], "layers": [
            {"kind": "linear", "inputs": 20, "outputs": 64}, {"kind": "act", "name": "sigmoid"}, {"kind": "reshape", "shape": [1, 8, 8]},
        ]},
    }  # fmt: skip
    for prefix in ("", "generator.0."):
        (only,) = readings({f"{prefix}weight": (64, 20), f"{prefix}bias": (64,)}, card)
        assert only.pair.span == "sigmoid" and set(only.renames.values()) == {f"{prefix}weight", f"{prefix}bias"}
    with pytest.raises(InputError, match="not of the same shapes"):
        readings({"weight": (49, 20), "bias": (49,)}, card)
