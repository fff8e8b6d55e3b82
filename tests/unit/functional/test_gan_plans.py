"""Generators and discriminators by the side of their pictures: what fits, what is refused, what an untrained one draws."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.functional import gan_plans
from playground.functional.gan import drawn, given
from playground.functional.gan_card import from_json, to_json
from playground.functional.gan_file import checked, part
from playground.functional.gan_forward import forward


@pytest.mark.parametrize("side", range(16, 65, 4))
@pytest.mark.parametrize("classes", [(), ("a", "b", "c")])
def test_every_side_that_may_be_chosen_has_networks_that_a_card_can_describe(
    side: int, classes: tuple[str, ...]
) -> None:
    pair = gan_plans.pair((3, side, side), 8, 8, classes)
    assert pair.picture == (3, side, side) and pair.discriminator is not None
    assert pair.discriminator.given == (3, side, side) and pair.discriminator.shapes()[-1] == (1,)
    assert from_json(to_json(pair)) == pair


def test_sides_that_cannot_be_doubled_to_are_refused_in_words() -> None:
    for shape in ((1, 30, 28), (1, 27, 27), (1, 34, 34)):
        with pytest.raises(InputError, match="pixels"):
            gan_plans.pair(shape, 8, 8)


def test_an_untrained_generator_draws_noise_of_a_contrast_and_not_the_same_twice() -> None:
    pair = gan_plans.pair((1, 28, 28), 16, 8, ("a", "b"))
    start = gan_plans.start(pair, 3)
    assert set(checked(pair, start)) == set(start)
    x = given(pair, drawn(pair, 5, 32), np.arange(32) % 2)
    pictures = forward(pair.generator, part(start, "generator"), x)
    assert 0.2 < pictures.std() < 0.6 and abs(pictures.mean()) < 0.2
    assert np.std(pictures, axis=0).mean() > 0.1  # from picture to picture
    again, other = gan_plans.start(pair, 3), gan_plans.start(pair, 4)
    assert all(np.array_equal(start[name], again[name]) for name in start)
    assert not np.array_equal(start["generator.0.weight"], other["generator.0.weight"])


def test_products_are_those_of_the_windows() -> None:
    pair = gan_plans.pair((1, 16, 16), 10, 8)
    assert pair.discriminator is not None
    maps = 8 * 16 * 64 + 8 * 16 * 16 * 16  # 1 to 8 maps of 8 x 8, 8 to 16 maps of 4 x 4, windows of 4 x 4
    assert gan_plans.products(pair.discriminator) == maps + 16 * 4 * 4 * gan_plans.HIDDEN + gan_plans.HIDDEN
    assert gan_plans.products(pair.generator) == 10 * 16 * 16 + 16 * 8 * 16 * 16 + 8 * 16 * 64
