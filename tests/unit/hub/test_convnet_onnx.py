"""A network written as ONNX gives what the network gives."""

from __future__ import annotations

import numpy as np
import pytest

from playground.core.errors import InputError
from playground.functional.activations import ACTIVATIONS
from playground.functional.blocks import plan
from playground.functional.convnet import forward, start
from playground.functional.losses import probabilities
from playground.hub.convnet_onnx import answered, written

MEAN, STD = np.array([0.4, 0.5, 0.6], np.float32), np.array([0.2, 0.3, 0.1], np.float32)
EVERY = ("conv:4:3:2:1", "avg:2:1", "res:4", "drop:50", "res:6:2", "conv:5:2:1:0:bn", "max:2:1", "gap", "dense:7")
FLAT = ("conv:3:3:1:0", "dense:5")


def apart(words: tuple[str, ...], activation: str, order: np.ndarray | None = None) -> float:
    """The largest difference of probabilities between the file and the definition."""
    made = plan(words, (3, 14, 14), 4)
    random = np.random.default_rng(1)
    weights = {
        name: one + np.abs(random.normal(0, 0.03, one.shape)).astype(np.float32)
        for name, one in start(made, 3, activation).items()
    }
    last = f"{len(made.stages) - 1}.dense.weight"
    weights[last] = np.asarray(0.2 * random.normal(size=weights[last].shape), np.float32)
    pictures = random.random((3, 3, 14, 14), dtype=np.float32)
    seen = pictures if order is None else pictures.reshape(3, 3, -1)[:, :, order].reshape(pictures.shape)
    x = (seen - MEAN[:, None, None]) / STD[:, None, None]
    wanted = probabilities(forward(made, weights, activation, x)[-1])
    assert 0.3 < wanted.max() < 0.9999, "sure of all or of nothing, networks are alike"
    found = answered(written(made, weights, activation, MEAN, STD, order), pictures)
    return float(np.abs(found - wanted).max())


def test_every_block_is_written() -> None:
    assert apart(EVERY, "relu") < 1e-5
    assert apart(EVERY, "relu", np.random.default_rng(0).permutation(196)) < 1e-5


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if entry.trainable])
def test_every_activation_is_written(activation: str) -> None:
    assert apart(FLAT, activation) < 1e-5


def test_an_activation_that_onnx_has_not_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="'step' cannot be written as ONNX"):
        written(plan(FLAT, (3, 14, 14), 4), start(plan(FLAT, (3, 14, 14), 4), 0, "relu"), "step", MEAN, STD)
