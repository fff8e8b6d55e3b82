"""Generators opened and asked: starters, kept folders, visitors' own, foreign files; ONNX Runtime against PyTorch and NumPy."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from playground.catalog.cards import CARDS
from playground.catalog.cards_gan import GENERATE
from playground.catalog.listing import Catalog
from playground.core.errors import ModelUnavailable
from playground.core.generating import Whose
from playground.functional import digit_readers, gan_file
from playground.functional.gan import Array, Layer, Network, Pair, drawn, given, pixels
from playground.functional.gan_forward import forward
from playground.hub import gan_opening, generator
from playground.hub.desk import Desk
from playground.hub.generator import Generator
from playground.hub.owned import Owned

SHARED = Path(os.environ.get("PLAYGROUND_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no test data in {SHARED}")
STARTERS = [card for card in CARDS.values() if card.task == GENERATE]

GENERATOR = Network(
    (11,),
    (
        Layer("reshape", shape=(11, 1, 1)), Layer("up", 11, 6, kernel=4), Layer("norm", outputs=6), Layer("act", name="elu"),
        Layer("up", 6, 5, kernel=3, stride=2, padding=1, extra=1, bias=False), Layer("act", name="leaky_relu"),
        Layer("norm", outputs=5), Layer("enlarge", scale=2), Layer("conv", 5, 3, kernel=5, padding=2), Layer("act", name="tanh"),
    ),
    classes=3,
)  # fmt: skip
DISCRIMINATOR = Network(
    (3, 16, 16),
    (
        Layer("conv", 3, 4, kernel=4, stride=2, padding=1), Layer("act", name="leaky_relu"), Layer("flatten"),
        Layer("linear", 256, 20), Layer("norm", outputs=20), Layer("act", name="relu"), Layer("projection", 20),
    ),
    classes=3,
)  # fmt: skip
PAIR = Pair(GENERATOR, DISCRIMINATOR, 8, classes=("a", "b", "c"))


def weights_of(pair: Pair, seed: int = 0) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    made = {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in gan_file.tensors(pair).items()}
    return {name: np.abs(one) + np.float32(0.5) if name.endswith("running_var") else one for name, one in made.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, budget=300_000_000, megabytes=5, megapixels=5)
    yield made
    made.close()


def test_both_engines_draw_and_judge_as_the_definition_does(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = weights_of(PAIR)
    ours = Generator(PAIR, weights, card=gan_opening.YOURS)
    assert ours.engine == "ONNX Runtime" and ours.parameters == GENERATOR.parameters
    classes = np.arange(9) % 3
    x = given(PAIR, drawn(PAIR, 1, 9), classes)
    wanted = forward(GENERATOR, gan_file.part(weights, "generator"), x)
    logits = forward(DISCRIMINATOR, gan_file.part(weights, "discriminator"), wanted, classes)[:, 0]
    monkeypatch.setattr(generator, "EQUAL", -1.0)  # nothing is equal enough: PyTorch
    by_torch = Generator(PAIR, weights, card=gan_opening.YOURS)
    assert by_torch.engine == "PyTorch"
    monkeypatch.setattr(generator, "NUMBERS", 2000)  # in parts
    in_parts = Generator(PAIR, weights, card=gan_opening.YOURS)
    for one in (ours, by_torch, in_parts):
        pictures = one.draw(x)
        assert pictures.shape == (9, 3, 16, 16) and np.abs(pictures - wanted).max() < 1e-5
        assert np.abs(one.opinions(pictures, classes) - 1 / (1 + np.exp(-logits))).max() < 1e-5


def test_a_critics_opinion_is_its_score_and_without_a_discriminator_there_is_none() -> None:
    weights, classes = weights_of(PAIR), np.zeros(4, np.int64)
    pictures = np.zeros((4, 3, 16, 16), np.float32)
    logit = forward(DISCRIMINATOR, gan_file.part(weights, "discriminator"), pictures, classes)[:, 0]
    critic = Generator(
        Pair(GENERATOR, DISCRIMINATOR, 8, classes=("a", "b", "c"), critic=True), weights, card=gan_opening.YOURS
    )
    assert np.abs(critic.opinions(pictures, classes) - logit).max() < 1e-5
    alone = Generator(Pair(GENERATOR, None, 8, classes=("a", "b", "c")), weights, card=gan_opening.YOURS)
    with pytest.raises(ModelUnavailable, match="without its discriminator"):
        alone.opinions(pictures, classes)


@pytest.mark.parametrize("card", STARTERS, ids=lambda card: card.name)
def test_starters_open_and_are_quick(card: Any, desk: Desk) -> None:
    with desk.generator(Catalog.read(desk.folder)[card.name]) as found:
        assert found.engine == "ONNX Runtime" and found.pair.discriminator is not None and found.readings == ("",)
        classes = np.arange(64) % 10 if found.pair.classes else None
        latents = drawn(found.pair, 0, 64)
        pictures = found.draw(given(found.pair, latents, classes))
        ours = forward(
            found.pair.generator, gan_file.part(found.weights, "generator"), given(found.pair, latents, classes)
        )
        assert np.abs(pictures - ours).max() < 1e-5 and pixels(found.pair, pictures).std() > 40
        opinions = found.opinions(pictures, classes)
        assert opinions.shape == (64,) and (found.pair.critic or (0 <= opinions.min() < opinions.max() <= 1))
    assert desk.improve() is False  # a copy of its own is made while it is opened
    (standing,) = desk.standing()
    assert standing.engine == "ONNX Runtime" and standing.bytes > 1_000_000


def test_a_visitors_own_and_a_kept_folder_draw_the_same(desk: Desk) -> None:
    weights = weights_of(PAIR)
    packed = gan_file.pack(PAIR, weights, {"title": "mine", "seed": 7})
    kept = desk.folder / "kept"
    kept.mkdir()
    (kept / "model.safetensors").write_bytes(packed)
    (kept / "config.json").write_text(json.dumps(gan_file.card(PAIR, {"title": "mine", "seed": 7})))
    (desk.folder / "single.safetensors").write_bytes(packed)  # says what it is by itself
    x = given(PAIR, drawn(PAIR, 1, 4), np.zeros(4, np.int64))
    catalog, found = Catalog.read(desk.folder), list[Array]()
    for name, whose in (("kept", None), ("single", None), ("gan_digits", Whose(packed)), ("gan_digits", Whose(packed))):
        with desk.generator(catalog[name], whose=whose) as one:
            assert one.facts == {"title": "mine", "seed": 7}
            found.append(one.draw(x))
    assert all((one == found[0]).all() for one in found)
    with (
        pytest.raises(ModelUnavailable, match="Your generator cannot be used"),
        desk.generator(None, whose=Whose(packed[:-9])),
    ):
        pass
    with pytest.raises(ModelUnavailable, match="draws no pictures"), desk.generator(CARDS["starter_cifar10"]):
        pass


def test_own_generators_are_kept_within_a_budget() -> None:
    packed = [gan_file.pack(PAIR, weights_of(PAIR, seed), {}) for seed in range(3)]
    one = gan_opening.own(packed[0]).bytes
    owned = Owned("cpu", budget=2 * one)
    first, second = owned.generator(packed[0]), owned.generator(packed[1])
    assert owned.generator(packed[0]) is first
    owned.generator(packed[2])
    assert owned.generator(packed[0]) is first and owned.generator(packed[1]) is not second
    with pytest.raises(ModelUnavailable, match="are the most"):
        Owned("cpu", budget=one - 1).generator(packed[0])


def test_a_foreign_file_is_read_in_the_way_that_is_asked_for(desk: Desk) -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(20, 30), torch.nn.LeakyReLU(0.2), torch.nn.Linear(30, 64), torch.nn.Tanh()
    )
    torch.save(network.state_dict(), desk.folder / "mine.pth")
    card = Catalog.read(desk.folder)["mine"]
    with desk.generator(card) as first:
        assert len(first.readings) > 3 and any("guess" in note for note in first.notes)
        name = next(one for one in first.readings if "leaky ReLU 0.2, tanh" in one)
        z = drawn(first.pair, 0, 6)
    with desk.generator(card, whose=Whose(reading=name)) as found, torch.no_grad():
        assert found.readings == (name,) and found is first.read(name)
        assert np.abs(found.draw(z).reshape(6, 64) - network(torch.from_numpy(z)).numpy()).max() < 1e-5
        assert np.abs(found.draw(z) - first.draw(z)).max() > 0.01
    with (
        pytest.raises(ModelUnavailable, match="The ways are: 8 x 8, ReLU, tanh;"),
        desk.generator(card, whose=Whose(reading="other")),
    ):
        pass
    (desk.folder / "mine.json").write_text('{"activation": "leaky_relu", "slope": 0.2, "out": "tanh"}')
    with desk.generator(Catalog.read(desk.folder)["mine"]) as told:
        assert told.readings == (name,) and np.abs(told.draw(z) - found.draw(z)).max() < 1e-6


def test_broken_weights_are_said_in_words(desk: Desk) -> None:
    good = {"0.weight": torch.zeros(64, 20), "0.bias": torch.zeros(64)}
    states: dict[str, tuple[dict[str, torch.Tensor], str]] = {
        "nan": (good | {"0.bias": torch.full((64,), torch.nan)}, "not finite"),
        "chain": (good | {"2.weight": torch.zeros(64, 63)}, "no plain chain"),
        "negative": (good | {"1.weight": torch.ones(64), "1.bias": torch.ones(64), "1.running_mean": torch.ones(64),
                             "1.running_var": -torch.ones(64)}, "negative variance"),
        "costly": (
            {f"{index}.weight": torch.zeros(64, 64 if index < 4 else 1, 9, 9) for index in range(5)}, "multiplications",
        ),
    }  # fmt: skip
    (desk.folder / "costly.json").write_text('{"strides": [1, 8, 3, 1, 1], "paddings": [0, 0, 0, 4, 4]}')
    for name, (state, words) in states.items():
        torch.save(state, desk.folder / f"{name}.pth")
        with pytest.raises(ModelUnavailable, match=words), desk.generator(Catalog.read(desk.folder)[name]):
            pass


@shared
@pytest.mark.parametrize("name", ["dcgan_mnist_generator", "mlp_gan_mnist_G"])
def test_foreign_generators_draw_digits_without_a_card(name: str, desk: Desk) -> None:
    for path in (SHARED / "weights" / "gan").glob(f"{name}.*"):
        shutil.copy(path, desk.folder)
    with desk.generator(Catalog.read(desk.folder)[name]) as found:
        shown = pixels(found.pair, found.draw(drawn(found.pair, 0, 500)))
    sure = digit_readers.starter("cnn").read(shown[..., 0]).max(1)
    assert shown.shape == (500, 28, 28, 1) and sure.mean() > 0.85
