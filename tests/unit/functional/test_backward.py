"""One step written out, against autograd: every sum, every gradient, every new weight, for all activations and losses."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import TrainingStep, one_step
from playground.functional.depth import gradient_through_depth
from playground.functional.initial import INITIALISERS
from playground.functional.losses import LOSSES

OUTPUTS = {"binary": 1, "classes": 3, "regression": 1}
PAIRS = [(name, task) for name, entry in LOSSES.items() for task in sorted(entry.tasks)]


class _Defined(torch.autograd.Function):
    """A definition as one node of autograd; its derivative was compared with torch's in its own test."""

    @staticmethod
    def forward(ctx, z, function, derivative):  # type: ignore[no-untyped-def]
        ctx.save_for_backward(torch.from_numpy(np.asarray(derivative(z.detach().numpy()))))
        return torch.from_numpy(np.asarray(function(z.detach().numpy())))

    @staticmethod
    def backward(ctx, *grad):  # type: ignore[no-untyped-def]
        (slope,) = ctx.saved_tensors
        return grad[0] * slope, None, None


def network(
    task: str, sizes: tuple[int, ...] = (2, 3)
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    whole = (*sizes, OUTPUTS[task])
    weights = [rng.normal(0, 0.9, (b, a)) for a, b in itertools.pairwise(whole)]
    biases = [rng.normal(0, 0.4, b) for b in whole[1:]]
    x = rng.normal(0, 1, (5, whole[0]))
    if task == "classes":
        return weights, biases, x, np.eye(3)[rng.integers(0, 3, 5)]
    t = rng.integers(0, 2, (5, 1)).astype(float) if task == "binary" else rng.normal(0, 1, (5, 1))
    return weights, biases, x, t


def check(activation: str, loss: str, task: str, sizes: tuple[int, ...] = (2, 3)) -> TrainingStep:
    """Compare a whole step with torch's autograd and torch's SGD."""
    weights, biases, x, t = network(task, sizes)
    step = one_step(weights, biases, x, t, activation=activation, loss=loss, lr=0.3)
    leaves = [torch.from_numpy(array.copy()).requires_grad_() for array in (*weights, *biases)]
    ws, bs = leaves[: len(weights)], leaves[len(weights) :]
    chosen, entry = ACTIVATIONS[activation], LOSSES[loss]
    h, sums = torch.from_numpy(x), []
    for layer, (w, b) in enumerate(zip(ws, bs, strict=True)):
        z = h @ w.T + b
        z.retain_grad()
        sums.append(z)
        h = _Defined.apply(z, chosen.function, chosen.derivative) if layer + 1 < len(ws) else z
    target = t
    each = _Defined.apply(
        h, lambda z: entry.value(z, target)[:, None] * np.ones_like(z) / z.shape[1], lambda z: entry.gradient(z, target)
    )
    value = each.sum() / len(x)
    value.backward()
    assert step.loss == pytest.approx(value.item(), rel=1e-12)
    assert step.losses.mean() == pytest.approx(step.loss)
    optimizer = torch.optim.SGD(leaves, lr=0.3)
    optimizer.step()
    for layer, found in enumerate(step.layers):
        np.testing.assert_allclose(found.sums, sums[layer].detach().numpy(), rtol=1e-12)
        np.testing.assert_allclose(found.sum_gradients, sums[layer].grad.numpy(), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(found.weight_gradients, ws[layer].grad.numpy(), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(found.bias_gradients, bs[layer].grad.numpy(), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(found.new_weights, ws[layer].detach().numpy(), rtol=1e-12)
        np.testing.assert_allclose(found.new_biases, bs[layer].detach().numpy(), rtol=1e-12)
    return step


@pytest.mark.parametrize(("loss", "task"), PAIRS)
def test_every_loss_sends_back_what_autograd_does(loss: str, task: str) -> None:
    check("tanh", loss, task)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_sends_back_what_autograd_does(activation: str) -> None:
    check(activation, "cross_entropy", "binary", sizes=(2, 4, 3))


def test_against_torch_alone() -> None:
    """A whole network in torch's own functions, so that no definition of ours is its own witness."""
    weights, biases, x, t = network("binary")
    step = one_step(weights, biases, x, t, activation="sigmoid", loss="cross_entropy", lr=0.3)
    ws = [torch.from_numpy(w.copy()).requires_grad_() for w in weights]
    bs = [torch.from_numpy(b.copy()).requires_grad_() for b in biases]
    z = torch.sigmoid(torch.from_numpy(x) @ ws[0].T + bs[0]) @ ws[1].T + bs[1]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.from_numpy(t))
    loss.backward()
    assert step.loss == pytest.approx(loss.item(), rel=1e-12)
    for layer in range(2):
        np.testing.assert_allclose(step.layers[layer].weight_gradients, ws[layer].grad.numpy(), rtol=1e-10)
        np.testing.assert_allclose(step.layers[layer].bias_gradients, bs[layer].grad.numpy(), rtol=1e-10)


def test_the_products_add_up_to_the_sums_and_the_links_to_the_gradients() -> None:
    step = check("tanh", "cross_entropy", "classes", sizes=(2, 4, 3))
    for layer, found in enumerate(step.layers):
        np.testing.assert_allclose(found.products.sum(axis=2) + found.biases, found.sums, rtol=1e-12)
        np.testing.assert_allclose(found.shares.sum(axis=0), found.weight_gradients, rtol=1e-12)
        np.testing.assert_allclose(found.output_gradients * found.slopes, found.sum_gradients)
        np.testing.assert_allclose(found.weights - step.lr * found.weight_gradients, found.new_weights)
        if layer + 1 < len(step.layers):
            above = step.layers[layer + 1]
            assert found.returned.shape == (5, above.weights.shape[0], found.weights.shape[0])
            np.testing.assert_allclose(found.returned.sum(axis=1), found.output_gradients, rtol=1e-12)
            np.testing.assert_array_equal(found.outputs, above.inputs)
        else:
            assert found.returned.shape[1] == 0


def test_the_chain_rule_in_numbers_is_the_gradient() -> None:
    step = check("sigmoid", "mse", "regression")
    for layer, found in enumerate(step.layers):
        for to, source in itertools.product(range(found.weights.shape[0]), [None, *range(found.weights.shape[1])]):
            chains = [step.chain(layer, to, source, sample) for sample in range(5)]
            assert sum(chain.share for chain in chains) == pytest.approx(chains[0].gradient, rel=1e-9, abs=1e-15)
            wanted = found.bias_gradients[to] if source is None else found.weight_gradients[to, source]
            assert chains[0].gradient == pytest.approx(wanted)
            assert chains[0].new == pytest.approx(chains[0].old - 0.3 * wanted)
            assert chains[0].by_output * chains[0].by_sum * chains[0].by_weight == chains[0].share
            assert chains[0].formula.count("{") == chains[0].formula.count("}")
    with pytest.raises(IndexError):
        step.chain(0, 9, 0)


def test_which_products_a_weight_reaches() -> None:
    step = check("tanh", "mse", "regression", sizes=(2, 4, 3))
    reached = step.reached(0, 2)
    assert [mask.sum() for mask in reached] == [2, 3, 3]
    assert reached[0][2].all() and reached[1][:, 2].all() and reached[2].all()
    # True to the numbers: another weight into that unit changes nothing else.
    weights, biases, x, t = network("regression", (2, 4, 3))
    weights[0][2] += 0.5
    other = one_step(weights, biases, x, t, activation="tanh", loss="mse", lr=0.3)
    for mask, one, two in zip(reached, step.layers, other.layers, strict=True):
        np.testing.assert_array_equal((one.products != two.products).any(axis=0), mask)


def test_a_small_step_lowers_the_loss() -> None:
    weights, biases, x, t = network("binary")
    step = one_step(weights, biases, x, t, activation="tanh", loss="cross_entropy", lr=0.01)
    squared = sum((layer.weight_gradients**2).sum() + (layer.bias_gradients**2).sum() for layer in step.layers)
    assert step.loss - step.new_loss == pytest.approx(0.01 * squared, rel=0.05), "as much as the slope promises"


def test_another_rule_may_make_the_new_weights() -> None:
    weights, biases, x, t = network("binary")
    plain = one_step(weights, biases, x, t, activation="tanh", loss="cross_entropy", lr=0.3)
    assert plain.rule == "sgd"
    moved = [w + 0.5 for w in weights], [b - 0.5 for b in biases]
    step = one_step(weights, biases, x, t, activation="tanh", loss="cross_entropy", lr=0.3, updated=moved, rule="adam")
    assert step.rule == "adam"
    for layer, found in enumerate(step.layers):
        np.testing.assert_array_equal(found.new_weights, moved[0][layer])
        np.testing.assert_array_equal(found.new_biases, moved[1][layer])
        np.testing.assert_array_equal(found.weight_gradients, plain.layers[layer].weight_gradients)
    after = one_step(*moved, x, t, activation="tanh", loss="cross_entropy", lr=0.3)
    assert step.new_loss == pytest.approx(after.loss, rel=1e-12)
    assert step.new_loss != plain.new_loss
    assert step.chain(0, 1, 0).new == moved[0][0][1, 0]


def test_a_wide_network_keeps_no_number_for_each_sample_and_link() -> None:
    """A batch of 64 on layers of 256 would take 34 MB each for what is the product of two small arrays."""
    weights, biases, x, t = network("binary", (2, 256, 256))
    step = one_step(weights, biases, x, t, activation="tanh", loss="cross_entropy", lr=0.3)
    kept = max(array.size for array in vars(step.layers[1]).values() if isinstance(array, np.ndarray))
    assert kept == 256 * 256


@pytest.mark.parametrize("init", INITIALISERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_depth_is_measured_without_a_warning(activation: str, init: str) -> None:
    depth = gradient_through_depth(activation, init, 6, 16, 1)
    for array in (depth.signals, depth.gradients, depth.weight_gradients, depth.slopes, depth.stretch):
        assert array.shape == (6,)
        assert np.isfinite(array).all()
    assert depth.words.endswith(".")


def test_depth_is_measured_on_the_network_that_autograd_sees() -> None:
    layers, width = 5, 12
    depth = gradient_through_depth("tanh", "glorot_normal", layers, width, 3, samples=32)
    from playground.core.seed import Stream, generator

    h = torch.from_numpy(generator(3, Stream.DATA).normal(0.0, 1.0, (32, width)))
    sums = []
    for layer in range(layers):
        w = INITIALISERS["glorot_normal"].draw(width, width, generator(3, Stream.WEIGHTS, layer))
        z = h @ torch.from_numpy(w).T
        z.requires_grad_(not sums) if not sums else None
        z.retain_grad()
        sums.append(z)
        h = torch.tanh(z)
    back = torch.from_numpy(generator(3, Stream.NOISE).normal(0.0, 1.0, (32, width)) / 32)
    h.backward(back)
    wanted = [float(torch.sqrt((z.grad**2).mean())) for z in sums]
    np.testing.assert_allclose(depth.gradients, wanted, rtol=1e-10)


def test_what_is_known_about_depth_shows() -> None:
    """Sigmoids make it vanish, wide weights explode, He suits the ReLU, and equal weights stay equal."""
    vanishing = gradient_through_depth("sigmoid", "glorot_uniform", 20, 64, 1)
    assert vanishing.gradients[0] < 1e-8 * vanishing.gradients[-1]
    assert "vanishes" in vanishing.words
    assert vanishing.factor < 0.3
    exploding = gradient_through_depth("relu", "uniform", 20, 200, 1)
    assert exploding.gradients[0] > 1e4 * exploding.gradients[-1]
    assert "explodes" in exploding.words
    suited = gradient_through_depth("relu", "he_normal", 20, 200, 1)
    assert 0.2 < suited.gradients[0] / suited.gradients[-1] < 5
    assert "about as strong" in suited.words
    zeros = gradient_through_depth("tanh", "zeros", 5, 10, 1)
    assert zeros.distinct.tolist() == [1] * 5
    assert "stay equal" in zeros.words
    assert zeros.gradients[0] == 0
    assert gradient_through_depth("relu", "he_normal", 4, 10, 1).distinct.tolist() == [10] * 4
    again = gradient_through_depth("relu", "he_normal", 20, 200, 1)
    np.testing.assert_array_equal(again.gradients, suited.gradients)
    other = gradient_through_depth("relu", "he_normal", 20, 200, 2)
    assert not np.array_equal(other.gradients, suited.gradients)
