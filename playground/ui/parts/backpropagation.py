"""What the backpropagation page needs beyond the one-step view: words about this step, buttons, the same in PyTorch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.functional.activations import ACTIVATIONS
from playground.functional.backward import TrainingStep
from playground.functional.losses import LOSSES
from playground.specs.backpropagation import BackpropagationSpec
from playground.ui import controls, lesson
from playground.ui.parts.one_step import Check, StepNames, difference, link_name

# Drawn on the picture, or not at all.
DRAWN_HERE = ("weights", "batch", "taken")


def names(spec: BackpropagationSpec) -> StepNames:
    """What inputs, output and samples are called."""
    return StepNames(("x₁", "x₂"), ("ŷ",), tuple(f"sample {k + 1}" for k in range(len(spec.targets))))


def begin_anew(spec: BackpropagationSpec, key: str) -> None:
    """The buttons that draw other weights, or go back to those of the seed."""
    told = lesson.current()
    if {"seed", "weights"} & told.hide:
        return
    locked = bool({"seed", "weights"} & told.lock)

    def draw(seed: int) -> None:
        controls.assign(key, weights=(), taken=0, seed=seed)

    st.button(
        "Draw new weights", key=f"{key}-draw", icon=":material/casino:", disabled=locked, width="stretch",
        on_click=draw, args=((spec.seed + 1) % 2**31,),
    )  # fmt: skip
    st.button(
        "Back to the first weights", key=f"{key}-reset", icon=":material/replay:", disabled=locked or not spec.weights,
        width="stretch", on_click=draw, args=(spec.seed,),
    )  # fmt: skip


def what_you_see(spec: BackpropagationSpec, step: TrainingStep) -> str:
    """What this step does, in its own numbers, and a thing to try."""
    layer = step.layers[0]
    strongest = np.unravel_index(np.argmax(np.abs(layer.weight_gradients)), layer.weight_gradients.shape)
    to, source = int(strongest[0]), int(strongest[1])
    where = link_name(names(spec), list(spec.sizes), 0, to, source)
    gradient, old, new = (float(a[to, source]) for a in (layer.weight_gradients, layer.weights, layer.new_weights))
    slope = (
        f"In the first layer the weight {where} has the steepest gradient, {gradient:.3g}: raise it a little, and the loss "
        f"changes by {gradient:.3g} times that. So the update moves it from {old:.3g} to {new:.3g}."
        if gradient
        else "No gradient arrives in the first layer: the slopes on the way are all 0, and its weights stay as they are."
    )
    return (
        "**Backpropagation computes the gradients; the optimizer changes the weights.** The way back is the chain rule read "
        "from the right: each link multiplies what comes back by its weight, each unit by the slope of its activation. "
        f"{slope} {_outcome(step)}"
    )


def _outcome(step: TrainingStep) -> str:
    before, after = step.loss, step.new_loss
    if not np.isfinite(after) or after > before:
        return (
            f"The loss rises from {before:.3g} to {after:.3g}: the gradient only tells the slope here, and at learning rate "
            f"{step.lr:g} the step goes past the valley. Try a smaller one."
        )
    if after == before:
        return f"The loss stays at {before:.3g}."
    squares = sum(float((layer.weight_gradients**2).sum() + (layer.bias_gradients**2).sum()) for layer in step.layers)
    return (
        f"The loss falls from {before:.3g} to {after:.3g}; were the slope the same all the way, it would fall by "
        f"{step.lr * squares:.3g}. Press Next step and go on, or set a weight and see which gradients change."
    )


def agreement(step: TrainingStep, names: StepNames, check: Check) -> str:
    """How well the gradients of this page and those of autograd agree."""
    apart = difference(step, check)
    counts = [step.layers[0].inputs.shape[1], *(layer.weights.shape[0] for layer in step.layers)]
    numbers = sum(layer.weights.size + layer.biases.size for layer in step.layers)
    where = link_name(names, counts, apart.layer, apart.to, apart.source)
    differ = (
        "not at all" if apart.largest == 0 else f"by at most {apart.largest:.1e} ({where}), which is rounding"
        if apart.largest < 1e-9 else f"by up to {apart.largest:.1e} ({where})"
    )  # fmt: skip
    return f"A worker gave the same weights and batch to {check.library}: its {numbers} gradients differ {differ}."


def in_torch(spec: BackpropagationSpec) -> str:
    """A script in PyTorch that computes the same gradients and takes the same step."""
    weights, biases = spec.parameters()
    lines = ["import torch", "", f"x = torch.tensor({_list(spec.inputs)}, dtype=torch.float64)"]
    lines.append(f"t = torch.tensor({_list(spec.targets)}, dtype=torch.float64)")
    for number, (matrix, vector) in enumerate(zip(weights, biases, strict=True), 1):
        lines.append(f"w{number} = torch.tensor({_list(matrix)}, dtype=torch.float64, requires_grad=True)")
        lines.append(f"b{number} = torch.tensor({_list(vector)}, dtype=torch.float64, requires_grad=True)")
    lines += ["", "h = x"]
    torch_name = ACTIVATIONS[spec.activation].torch
    for number in range(1, len(weights) + 1):
        z = f"h @ w{number}.T + b{number}"
        if number == len(weights):
            lines.append(f"y = {z}")
        elif spec.activation == "identity":
            lines.append(f"h = {z}")
        else:
            home = "torch" if torch_name in ("tanh", "sigmoid") else "torch.nn.functional"
            lines.append(f"h = {home}.{torch_name}({z})")
    loss = "binary_cross_entropy_with_logits" if spec.loss == "cross_entropy" else "mse_loss"
    parameters = ", ".join(f"w{number}, b{number}" for number in range(1, len(weights) + 1))
    lines += [
        f"loss = torch.nn.functional.{loss}(y, t)",
        "loss.backward()  # backpropagation: fills in every .grad",
        "print(loss.item(), w1.grad, b1.grad)",
        f"torch.optim.SGD([{parameters}], lr={spec.lr:g}).step()  # the optimizer: changes every weight",
    ]
    return "\n".join(lines)


def formulas(spec: BackpropagationSpec) -> str:
    """The definitions of this page's activation and loss, for KaTeX."""
    activation, loss = ACTIVATIONS[spec.activation], LOSSES[spec.loss]
    return (
        r"\begin{aligned} z_j &= \sum_i w_{ji}\, a_i + b_j \qquad a_j = f(z_j),\quad f(x) = " + activation.formula + r" \\ "
        r"\frac{\partial L}{\partial w_{ji}} &= \frac{\partial L}{\partial a_j} \cdot f'(z_j) \cdot a_i \qquad "
        r"w_{ji} \leftarrow w_{ji} - " + f"{spec.lr:g}" + r" \cdot \frac{\partial L}{\partial w_{ji}} \qquad "
        r"L = \frac{1}{" + str(len(spec.targets)) + r"} \sum " + loss.formula + r" \end{aligned}"
    )  # fmt: skip


def _list(array: np.ndarray) -> str:
    return str([[round(float(x), 6) for x in row] if np.ndim(row) else round(float(row), 6) for row in array])
