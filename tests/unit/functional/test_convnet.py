"""Initial weights of convolutional networks, and what one is in NumPy; that the values are torch's is tested with the engine."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from playground.data.image_registry import IMAGE_SETS
from playground.functional.blocks import plan
from playground.functional.convnet import RUNNING, forward, shapes, start
from playground.specs.cnn import PRESETS, CNNSpec


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", IMAGE_SETS)
def test_every_preset_starts_on_every_set_with_as_many_numbers_as_it_says_and_no_favourite(
    preset: str, dataset: str
) -> None:
    spec = CNNSpec(dataset=dataset, preset=preset).checked("public")
    made = spec.plan()
    weights = start(made, 1, "relu")
    assert {name: array.shape for name, array in weights.items()} == shapes(made)
    assert sum(array.size for name, array in weights.items() if not name.endswith(RUNNING)) == made.parameters
    picture = np.random.default_rng(0).normal(size=made.given).astype(np.float32)
    found = forward(made, weights, "relu", picture)
    assert [one.shape for one in found] == [stage.shape for stage in made.stages]
    assert softmax(found[-1]).max() < 0.7


def test_the_same_seed_starts_alike_and_blocks_differ() -> None:
    made = plan(("conv:4:3", "conv:4:3", "res:4"), (4, 8, 8), 3)
    one, same, other = (start(made, seed, "tanh") for seed in (1, 1, 2))
    assert all((one[name] == same[name]).all() for name in one)
    assert (one["0.conv.weight"] != other["0.conv.weight"]).any()
    assert (one["0.conv.weight"] != one["1.conv.weight"]).any()
    assert (one["2.norm1.weight"] == 1).all() and (one["2.norm1.var"] == 1).all() and (one["0.conv.bias"] == 0).all()


def test_several_pictures_are_each_taken_alone() -> None:
    made = plan(("conv:4:3:2:1:bn", "drop:50", "avg:2", "dense:5"), (1, 9, 9), 3)
    weights = start(made, 1, "gelu")
    pictures = np.random.default_rng(0).normal(size=(3, 1, 9, 9)).astype(np.float32)
    together = forward(made, weights, "gelu", pictures)
    for number, picture in enumerate(pictures):
        for one, all_of in zip(forward(made, weights, "gelu", picture), together, strict=True):
            np.testing.assert_allclose(one, all_of[number], atol=1e-6)
