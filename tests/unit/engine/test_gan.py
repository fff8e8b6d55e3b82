"""Generators and discriminators in torch: the definitions' numbers, the penalties, and that it goes on as if never stopped."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from playground.core.errors import InputError
from playground.data.image_set import Labelled
from playground.engine.gan import GANEngine
from playground.engine.gan_contract import GANBlueprint
from playground.engine.gan_network import build
from playground.engine.gan_scores import slopes
from playground.functional import gan_plans
from playground.functional.gan import drawn, given, pixels
from playground.functional.gan_file import checked, part
from playground.functional.gan_forward import forward

RNG = np.random.default_rng(0)
DATA = Labelled(RNG.integers(0, 256, (40, 16, 16, 1), dtype=np.uint8), RNG.integers(0, 3, 40))
ROWS = np.arange(8)


def engine(classes: tuple[str, ...] = (), **settings: Any) -> GANEngine:
    pair = gan_plans.pair((1, 16, 16), 6, 8, classes, critic=settings.get("loss") == "wasserstein")
    return GANEngine(GANBlueprint(pair, gan_plans.start(pair, 2), device="cpu", **settings), DATA)


@pytest.mark.parametrize("classes", [(), ("a", "b", "c")])
def test_networks_are_those_of_the_definitions(classes: tuple[str, ...]) -> None:
    made = engine(classes, spectral=True, ema=0.5)
    for number in range(3):
        made.step(ROWS, number)
    weights, pair = made.weights(), gan_plans.pair((1, 16, 16), 6, 8, classes)
    assert pair.discriminator is not None
    latents, asked = drawn(pair, 1, 5), np.arange(5) % 3 if classes else None
    pictures = forward(pair.generator, part(checked(pair, weights), "generator"), given(pair, latents, asked))
    drawn_by = made.draw(latents, asked)
    assert np.abs(drawn_by.astype(int) - pixels(pair, pictures)).max() <= 1
    net = build(pair.discriminator)
    own = {name: torch.from_numpy(one) for name, one in part(weights, "discriminator").items()}
    assert {name: tuple(one.shape) for name, one in own.items()} == pair.discriminator.tensors()
    net.load_state_dict(own)
    with torch.inference_mode():
        told = net(torch.from_numpy(pictures), None if asked is None else torch.from_numpy(asked)).numpy()
    expected = forward(pair.discriminator, part(weights, "discriminator"), pictures, asked)
    np.testing.assert_allclose(told, expected, atol=1e-5)
    # Divided by its largest singular value, a layer stretches nothing: what is given away is such a layer.
    last = weights["discriminator.5.weight"]
    assert np.linalg.norm(last.reshape(len(last), -1), 2) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("loss", ["nonsaturating", "hinge", "least_squares", "minimax", "wasserstein"])
def test_it_goes_on_as_if_never_stopped(loss: str) -> None:
    settings: dict[str, Any] = {"loss": loss, "spectral": loss != "wasserstein", "r1": 0.5}
    whole, halves = engine(("a", "b", "c"), **settings), engine(("a", "b", "c"), **settings)
    for number in range(8):
        whole.step(ROWS + number, number, number % 2 == 1)
        halves.step(ROWS + number, number, number % 2 == 1)
        if number == 3:
            state, halves = halves.state(), engine(("a", "b", "c"), **settings)
            halves.load(state)
    expected, found = whole.state(), halves.state()
    assert expected.keys() == found.keys() and all(np.array_equal(expected[name], found[name]) for name in expected)
    told = whole.told()
    assert told == halves.told() and all(math.isfinite(value) for value in told.values())
    assert whole.gradients() == halves.gradients()
    assert all(math.isnan(value) for value in whole.told().values())  # nothing since


def test_what_the_discriminator_said_is_its_own_accuracy_and_a_critic_tells_its_scores() -> None:
    made = engine(lr=1e-9)
    assert [len(side) for side in made.opinions()] == [0, 0]
    for number in range(4):
        made.step(ROWS, number)
    real, fake = made.opinions()
    told = made.told()
    assert (len(real), len(fake)) == (32, 32)
    assert told["d_real"] == pytest.approx((real > 0).mean()) and told["d_fake"] == pytest.approx((fake <= 0).mean())
    critic = engine(loss="wasserstein", spectral=False, penalty=0.0)
    critic.step(ROWS, 0)
    real, fake = critic.opinions()
    told = critic.told()
    assert told["d_real"] == pytest.approx(real.mean(), rel=1e-5) and told["d_fake"] == pytest.approx(
        fake.mean(), rel=1e-5
    )
    assert told["d_loss"] == pytest.approx(fake.mean() - real.mean(), rel=1e-4)


def test_a_penalty_holds_the_slopes() -> None:
    """The squared slope of a linear judge is known; and with the penalty a critic's slopes end up nearer to 1."""
    x = torch.zeros(3, 1, 2, 2)
    assert slopes(lambda pictures: 3 * pictures.sum((1, 2, 3)), x).tolist() == [36.0] * 3  # four pixels of slope 3
    off = {}
    for penalty in (0.0, 10.0):
        critic = engine(loss="wasserstein", spectral=False, penalty=penalty, lr=0.003, seed=1)
        for number in range(40):
            critic.step(ROWS, number, both=False)
        weights = critic.weights()
        pair = gan_plans.pair((1, 16, 16), 6, 8)
        assert pair.discriminator is not None
        net = build(pair.discriminator)
        net.load_state_dict({name: torch.from_numpy(one) for name, one in part(weights, "discriminator").items()})
        between = torch.from_numpy(DATA.x[:8].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1) * 0.5
        off[penalty] = float(
            (slopes(lambda pictures, net=net: net(pictures).squeeze(1), between).detach().sqrt() - 1).abs().mean()
        )
    assert off[10.0] < 0.5 < off[0.0]


def test_the_average_follows_and_bad_states_are_refused() -> None:
    without, with_it = engine(ema=0.0), engine(ema=0.999)
    latents = drawn(gan_plans.pair((1, 16, 16), 6, 8), 1, 6)
    first = with_it.draw(latents)
    for number in range(12):
        without.step(ROWS, number)
        with_it.step(ROWS, number)
    far, near = (np.abs(one.draw(latents).astype(int) - first).mean() for one in (without, with_it))
    assert far > near > 0
    state = without.state()
    with pytest.raises(InputError, match="does not fit"):
        without.load({**state, "generator.0.weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(InputError, match="opinions"):
        without.load({**state, "opinions": np.zeros(3, np.float32)})
    with pytest.raises(KeyError, match="knows"):
        without.change({"width": 3.0})
    assert without.finite()
    state["generator.0.weight"] = np.full_like(state["generator.0.weight"], np.nan)
    without.load(state)
    assert not without.finite()
