"""The engine for convolutional networks: equal to the definitions in NumPy and to a plain loop in torch, and to itself later."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import nn

from playground.core.errors import InputError
from playground.data.image_set import ImageSet, Labelled
from playground.engine.convnet import ConvEngine
from playground.engine.convnet_contract import ConvBlueprint
from playground.engine.images import augmented
from playground.functional.blocks import plan
from playground.functional.convnet import RUNNING, forward, start
from playground.optim.rules import RULES
from playground.specs.cnn import AUGMENTATIONS

SMALL = ("conv:4:3", "max:2", "conv:6:3:1:1:bn", "res:8:2", "gap", "dense:5")


def pictures(count: int = 24, channels: int = 3, side: int = 12, seed: int = 0) -> ImageSet:
    rng = np.random.default_rng(seed)

    def share(n: int) -> Labelled:
        return Labelled(rng.integers(0, 256, (n, side, side, channels), dtype=np.uint8), rng.integers(0, 3, n))

    return ImageSet(share(count), share(10), share(0), ("a", "b", "c"))


DATA = pictures()


def blueprint(
    words: Sequence[str] = SMALL, data: ImageSet = DATA, activation: str = "relu", **changes: Any
) -> ConvBlueprint:
    made = plan(words, data.shape, len(data.classes))
    weights = start(made, 3, activation)
    rng = np.random.default_rng(5)
    for name in weights:
        if name.endswith(RUNNING):  # as if something had been measured
            weights[name] = rng.uniform(0.5, 2, weights[name].shape).astype(np.float32)
    channels = data.shape[0]
    return ConvBlueprint(
        made,
        activation,
        weights,
        np.full(channels, 0.4, np.float32),
        np.full(channels, 0.3, np.float32),
        **{"lr": 0.01, **changes},
    )


def engine(*args: Any, data: ImageSet = DATA, **changes: Any) -> ConvEngine:
    return ConvEngine(blueprint(*args, data=data, **changes), data)


conv = st.builds(
    lambda f, k, s, p, norm: f"conv:{f}:{k}:{s}:{p}{':bn' if norm else ''}",
    st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.integers(0, 3), st.booleans(),
)  # fmt: skip
maps = st.one_of(
    conv,
    st.builds("res:{}:{}".format, st.integers(1, 4), st.integers(1, 3)),
    st.builds("{}:{}:{}".format, st.sampled_from(["max", "avg"]), st.integers(1, 3), st.integers(1, 3)),
)
networks = st.tuples(st.lists(maps, max_size=4), st.lists(st.sampled_from(["gap", "drop:30", "dense:4"]), max_size=2))


@settings(max_examples=25, deadline=None)
@given(networks, st.sampled_from(["relu", "tanh", "identity", "gelu"]))
def test_every_stage_has_the_shape_of_the_plan_and_the_values_of_the_definition(
    words: tuple[list[str], list[str]], activation: str
) -> None:
    try:
        made = blueprint([*words[0], *words[1]], activation=activation)
    except InputError:  # this list of blocks is impossible, which other tests are about
        return
    x = DATA.val.x[:3]
    theirs = ConvEngine(made, DATA).stages(x)
    ours = forward(made.plan, made.start, activation, ((x / 255 - 0.4) / 0.3).astype(np.float32).transpose(0, 3, 1, 2))
    for stage, one, other in zip(made.plan.stages, theirs, ours, strict=True):
        assert one.shape[1:] == stage.shape
        np.testing.assert_allclose(one, other, atol=2e-4, rtol=2e-4)


class _Plain(nn.Module):
    """``SMALL`` as one writes it in torch."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1)
        self.b, self.bn = nn.Conv2d(4, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.r1, self.rn1 = nn.Conv2d(6, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8)
        self.r2, self.rn2 = nn.Conv2d(8, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8)
        self.p, self.pn = nn.Conv2d(6, 8, 1, 2, bias=False), nn.BatchNorm2d(8)
        self.d, self.o = nn.Linear(8, 5), nn.Linear(5, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.bn(self.b(nn.functional.max_pool2d(torch.relu(self.a(x)), 2))))
        y = self.rn2(self.r2(torch.relu(self.rn1(self.r1(x)))))
        x = torch.relu(y + self.pn(self.p(x)))
        return self.o(torch.relu(self.d(x.mean((2, 3)))))


NAMES = {
    "a": "0.conv", "b": "2.conv", "bn": "2.norm", "r1": "3.conv1", "rn1": "3.norm1", "r2": "3.conv2", "rn2": "3.norm2",
    "p": "3.past", "pn": "3.pastnorm", "d": "5.dense", "o": "6.dense",
}  # fmt: skip
PARTS = {"running_mean": "mean", "running_var": "var"}


def ours_by_theirs(module: nn.Module) -> dict[str, str]:
    names = [name for name in module.state_dict() if not name.endswith("num_batches_tracked")]
    return {name: f"{NAMES[name.split('.')[0]]}.{PARTS.get(name.split('.')[1], name.split('.')[1])}" for name in names}


def test_three_steps_are_those_of_a_plain_loop_with_decay_on_weights_alone() -> None:
    made = blueprint(rule="momentum", lr=0.1, weight_decay=0.05, label_smoothing=0.1)
    module, ours = _Plain(), ConvEngine(made, DATA)
    names = ours_by_theirs(module)
    assert set(names.values()) == set(made.start)
    module.load_state_dict({name: torch.from_numpy(made.start[other]) for name, other in names.items()}, strict=False)
    matrices = [one for one in module.parameters() if one.ndim > 1]
    rest = [one for one in module.parameters() if one.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": rest}]
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9)
    for number in range(3):
        rows = np.arange(8) + 8 * number
        x = torch.from_numpy((DATA.train.x[rows] / 255 - 0.4) / 0.3).float().permute(0, 3, 1, 2)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(x), torch.from_numpy(DATA.train.y[rows]), label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        assert ours.step(rows, number)
        assert ours.loss == pytest.approx(loss.item(), abs=1e-4)
    found, gradients = ours.weights(), ours.gradients()
    for name, other in names.items():
        np.testing.assert_allclose(found[other], module.state_dict()[name].numpy(), atol=2e-4, err_msg=other)
    slopes = {names[name]: one.grad.numpy() for name, one in module.named_parameters() if one.grad is not None}
    assert set(gradients) == set(slopes)
    for name, slope in slopes.items():
        np.testing.assert_allclose(gradients[name], slope, atol=2e-4, err_msg=name)


@pytest.mark.parametrize("rule", RULES)
def test_a_state_goes_on_to_the_very_same_weights(rule: str) -> None:
    settings = {"rule": rule, "augment": ("shift", "turn"), "weight_decay": 0.01}
    words = ("conv:3:3:1:1:bn", "drop:40", "dense:4")
    one, other = engine(words, **settings), engine(words, **settings)
    rows = np.arange(8)
    one.step(rows, 0)
    state = one.state()
    other.step(rows + 8, 0)
    other.load(state)
    for number in (1, 2):
        one.step(rows, number)
        other.step(rows, number)
    for name, array in one.weights().items():
        np.testing.assert_array_equal(array, other.weights()[name], err_msg=name)


def harmed(state: Mapping[str, NDArray[Any]], harm: str) -> dict[str, NDArray[Any]]:
    name = next(name for name in state if name.startswith("rule." if "rule" in harm else "weights."))
    if "gone" in harm:
        return {key: value for key, value in state.items() if key != name}
    return {**state, name: np.zeros((1, 2), np.float32)}


@pytest.mark.parametrize("harm", ["weight gone", "weight shape", "rule gone", "rule shape"])
def test_a_broken_state_is_refused_in_words_and_changes_nothing(harm: str) -> None:
    one = engine()
    one.step(np.arange(8), 0)
    before, state = one.weights(), harmed(one.state(), harm)
    with pytest.raises(InputError, match="does not fit"):
        one.load(state)
    for name, array in one.weights().items():
        np.testing.assert_array_equal(array, before[name])


def test_measuring_is_the_definition_wherever_the_pictures_are_moved_and_their_pixels_changed_places() -> None:
    order = np.random.default_rng(1).permutation(144)
    made = blueprint(permutation=order)
    rows = np.array([7, 2, 2])
    loss, probabilities = ConvEngine(made, DATA).evaluate("val", rows, shift=2)
    moved = np.zeros_like(DATA.val.x[rows])
    moved[:, 2:, 2:] = DATA.val.x[rows][:, :-2, :-2]
    given = moved.reshape(3, 144, 3)[:, order].reshape(moved.shape)
    z = forward(made.plan, made.start, "relu", ((given / 255 - 0.4) / 0.3).astype(np.float32).transpose(0, 3, 1, 2))[-1]
    expected = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-4)
    assert loss == pytest.approx(-np.log(expected[np.arange(3), DATA.val.y[rows]]).mean(), abs=1e-4)
    assert np.isnan(engine().evaluate("test")[0])


def test_saliency_is_the_slope_of_one_output_and_leaves_the_gradients_alone() -> None:
    one = engine(activation="tanh")
    one.step(np.arange(8), 0)
    before = one.gradients()
    x, classes = DATA.val.x[:2], np.array([2, 0])
    found = one.saliency(x, classes)
    assert found.shape == (2, 12, 12)
    weights, made = one.weights(), blueprint(activation="tanh").plan

    def output(picture: NDArray[Any], number: int) -> float:
        return float(forward(made, weights, "tanh", picture)[-1][number])

    place = np.unravel_index(found[1].argmax(), (12, 12))
    normal = ((x[1] / 255 - 0.4) / 0.3).astype(np.float32).transpose(2, 0, 1)
    slopes = []
    for channel in range(3):
        up, down = normal.copy(), normal.copy()
        up[(channel, *place)] += 0.05
        down[(channel, *place)] -= 0.05
        slopes.append(abs(output(up, 0) - output(down, 0)) / 0.1)
    assert found[1].max() == pytest.approx(max(slopes), rel=0.05)
    for name, array in one.gradients().items():
        np.testing.assert_array_equal(array, before[name])


def test_augmentation_moves_mirrors_and_erases_as_it_says_and_is_the_same_for_the_same_step() -> None:
    x = torch.from_numpy(pictures(40, 1, 20).train.x)
    rows = np.arange(40)

    def draw(*names: str, number: int = 4) -> NDArray[Any]:
        return augmented(x, rows, names, 9, number).float().numpy()[..., 0]

    plain = x.numpy()[..., 0].astype(np.float32)
    np.testing.assert_array_equal(draw(), plain)
    middle = plain[:, 2:-2, 2:-2]
    moved = draw("shift")
    places = [
        [
            (down, across)
            for down in range(5)
            for across in range(5)
            if (one[down : down + 16, across : across + 16] == inner).all()
        ]
        for one, inner in zip(moved, middle, strict=True)
    ]
    assert all(len(found) == 1 for found in places)
    assert len({found[0] for found in places}) > 10
    same = (draw("flip") == plain).all(axis=(1, 2))
    mirrored = (draw("flip") == plain[:, :, ::-1]).all(axis=(1, 2))
    assert (same ^ mirrored).all() and 8 < same.sum() < 32
    assert ((draw("erase") != plain).sum(axis=(1, 2)) <= 25).all() and (
        (draw("erase") == 128).sum(axis=(1, 2)) >= 25
    ).all()
    for names in [(name,) for name in AUGMENTATIONS] + [tuple(AUGMENTATIONS)]:
        one = draw(*names)
        assert one.shape == plain.shape and one.min() >= 0 and one.max() <= 255
        np.testing.assert_array_equal(one, draw(*names))
        assert (one != draw(*names, number=5)).any() and (one != plain).any()
    turned = augmented(torch.full((3, 20, 20, 1), 77, dtype=torch.uint8), np.arange(3), ("turn", "scale"), 1, 1)
    np.testing.assert_allclose(turned.numpy(), 77, atol=1e-3)


def test_a_batch_of_one_picture_and_settings_that_change_are_taken() -> None:
    one = engine(("conv:4:3:1:1:bn", "gap", "dense:4"))
    tiny = engine(("max:4", "conv:4:3:1:0:bn"))
    assert one.step(np.array([3]), 0) and tiny.step(np.array([3]), 0)
    before = one.weights()
    one.change({"lr": 0.0, "weight_decay": 0.0, "label_smoothing": 0.2})
    assert one.step(np.arange(8), 1)
    for name, array in one.weights().items():
        assert name.endswith(RUNNING) or (array == before[name]).all()
    with pytest.raises(KeyError, match="'momentum'"):
        one.change({"momentum": 0.5})
    wild = engine(activation="identity", rule="sgd", lr=1e20)
    assert not all(wild.step(np.arange(8), number) for number in range(4))


def test_a_missing_device_is_said() -> None:
    with pytest.raises(InputError, match="no device 'cuda'"):
        ConvEngine(dataclasses.replace(blueprint(), device="cuda"), DATA)
