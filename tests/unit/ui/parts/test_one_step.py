"""The frame of a step: the browser multiplies two of its numbers and gets what the step has, and it stays small."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from playground.core.frames import unpack
from playground.functional.backward import TrainingStep, one_step
from playground.specs.backpropagation import BackpropagationSpec
from playground.ui.parts.one_step import UNITS, Check, StepNames, difference, link_name, scene, unit_name

LIMIT = 150_000


def made(sizes: tuple[int, ...], n: int, loss: str = "cross_entropy", **more: Any) -> TrainingStep:
    rng = np.random.default_rng(3)
    weights = [rng.normal(0, 0.5, (b, a)) for a, b in itertools.pairwise(sizes)]
    biases = [rng.normal(0, 0.5, b) for b in sizes[1:]]
    targets = np.eye(sizes[-1])[rng.integers(0, sizes[-1], n)] if sizes[-1] > 1 else rng.integers(0, 2, (n, 1))
    return one_step(
        weights, biases, rng.normal(0, 1, (n, sizes[0])), targets, activation="tanh", loss=loss, lr=0.1, **more
    )


def named(step: TrainingStep) -> StepNames:
    return StepNames(
        tuple(f"x{k}" for k in range(step.layers[0].inputs.shape[1])),
        tuple(f"y{k}" for k in range(step.targets.shape[1])),
        tuple(f"sample {k}" for k in range(len(step.losses))),
    )


def agreeing(step: TrainingStep) -> Check:
    layers = step.layers
    return Check("Mine", tuple(one.weight_gradients for one in layers), tuple(one.bias_gradients for one in layers))


def unflattened(header: dict[str, Any], flat: np.ndarray) -> list[np.ndarray]:
    parts, start = [], 0
    for sources, units in itertools.pairwise(header["shown"]):
        parts.append(flat[start : start + len(sources) * len(units)].reshape(len(units), len(sources)))
        start += len(sources) * len(units)
    assert start == len(flat)
    return parts


def test_the_frame_holds_every_number_of_a_small_step() -> None:
    step = made((2, 4, 3, 2), 5)
    header, blocks = unpack(scene(step, named(step)))
    assert header["counts"] == [2, 4, 3, 2] and len(header["samples"]) == 5
    assert header["loss"] == pytest.approx(step.loss) and header["new_loss"] == pytest.approx(step.new_loss)
    assert header["losses"] == pytest.approx(step.losses.tolist())
    assert header["parameters"] == 8 + 4 + 12 + 3 + 6 + 2
    starts = np.cumsum([0, 2, 4, 3, 2])
    weights, gradients = (unflattened(header, blocks[name]) for name in ("weights", "gradients"))
    for layer, found in enumerate(step.layers):
        below, above = slice(starts[layer], starts[layer + 1]), slice(starts[layer + 1], starts[layer + 2])
        values, back = blocks["values"][:5], blocks["sum_gradients"][:5]
        np.testing.assert_allclose(weights[layer][None] * values[:, None, below], found.products, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(back[:, above, None] * values[:, None, below], found.shares, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(gradients[layer], found.weight_gradients, rtol=1e-6)
        chained = blocks["output_gradients"][:5, above] * blocks["slopes"][:5, above]
        np.testing.assert_allclose(chained, found.sum_gradients, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(blocks["sum_gradients"][5, above], found.bias_gradients, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(blocks["values"][5, above], found.outputs.mean(axis=0), rtol=1e-5)


def test_probabilities_are_there_where_the_loss_reads_them() -> None:
    step = made((2, 3, 3), 4)
    header, _ = unpack(scene(step, named(step)))
    np.testing.assert_allclose(np.sum(header["answers"], axis=1), 1, rtol=1e-5)
    assert unpack(scene(BackpropagationSpec().step(), named(BackpropagationSpec().step())))[0]["answers"] == []


@pytest.mark.parametrize(("sizes", "n"), [((6, *[8] * 6, 3), 64), ((64, *[128] * 3, 10), 64), ((2, 16, 16, 16, 1), 64)])
def test_a_large_step_stays_small_to_send(sizes: tuple[int, ...], n: int) -> None:
    step = made(sizes, n)
    frame = scene(step, named(step), agreeing(step))
    header, blocks = unpack(frame)
    assert len(frame) < LIMIT
    assert all(len(column) == min(UNITS, count) for column, count in zip(header["shown"], sizes, strict=True))
    assert header["n"] == n and len(header["losses"]) == len(header["samples"]) == len(blocks["values"]) - 1
    last = step.layers[-1]
    np.testing.assert_allclose(blocks["values"][-1][-sizes[-1] :], last.outputs.mean(axis=0), rtol=1e-4, atol=1e-6)
    gradients = unflattened(header, blocks["gradients"])
    for layer, (sources, units) in enumerate(itertools.pairwise(header["shown"])):
        wanted = step.layers[layer].weight_gradients[np.ix_(units, sources)]
        np.testing.assert_allclose(gradients[layer], wanted, rtol=1e-5, atol=1e-9)


def test_the_whole_mlp_batch_of_64_can_be_looked_at() -> None:
    step = made((6, *[8] * 6, 3), 64)
    assert len(unpack(scene(step, named(step)))[0]["samples"]) == 64


def test_the_difference_is_found_where_it_is() -> None:
    step = made((2, 3, 1), 4)
    names, right = named(step), agreeing(step)
    assert difference(step, right).largest == 0
    matrices = [array.copy() for array in right.gradients_weights]
    matrices[1][0, 2] += 0.25
    found = difference(step, Check("Other", tuple(matrices), right.gradients_biases))
    assert found.largest == pytest.approx(0.25) and (found.layer, found.to, found.source) == (1, 0, 2)
    vectors = [array.copy() for array in right.gradients_biases]
    vectors[0][1] -= 0.5
    other = Check("Other", right.gradients_weights, tuple(vectors))
    found = difference(step, other)
    assert found.largest == pytest.approx(0.5) and (found.layer, found.to, found.source) == (0, 1, None)
    header, blocks = unpack(scene(step, names, other))
    assert header["check"]["where"] == "bias of h₂" and header["check"]["library"] == "Other"
    np.testing.assert_allclose(blocks["checked_biases"][1], vectors[0][1], rtol=1e-6)
    assert unpack(scene(step, names))[0]["check"] is None


def test_names_say_the_layer_where_there_are_several() -> None:
    names = StepNames(("x₁", "x₂"), ("ŷ",), ("sample 1",))
    assert unit_name(names, [2, 3, 1], 1, 0) == "h₁"
    assert unit_name(names, [2, 12, 4, 1], 1, 11) == "h₁.₁₂"
    assert link_name(names, [2, 3, 1], 0, 1, 0) == "x₁ → h₂"
    assert link_name(names, [2, 3, 1], 1, 0, None) == "bias of ŷ"


def test_another_rule_is_named() -> None:
    step = made((2, 3, 1), 4)
    moved = [layer.weights + 1 for layer in step.layers], [layer.biases - 1 for layer in step.layers]
    step = made((2, 3, 1), 4, updated=moved, rule="adam")
    header, blocks = unpack(scene(step, named(step)))
    assert header["rule_title"] == "Adam"
    np.testing.assert_allclose(blocks["new_weights"], blocks["weights"] + 1, rtol=1e-5)
