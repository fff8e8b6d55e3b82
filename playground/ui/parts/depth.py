"""The view Depth of the page Activations: what many layers do to a gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.activations import ACTIVATIONS
from playground.functional.depth import Depth, Floats
from playground.functional.initial import INITIALISERS
from playground.specs.depth import DepthSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

_EDITS = ("activation", "init", "gain", "layers", "compare")
_HEIGHT = 470
# Without biases these let a factor of the weights through unchanged: at gain / factor nothing vanishes or explodes.
_PROPORTIONAL = frozenset({"relu", "leaky_relu", "prelu", "identity"})
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TRIES: tuple[tuple[str, str, str, float, str], ...] = (
    ("Sigmoid vanishes", "sigmoid", "glorot_uniform", 1.0, "activations"),
    ("ReLU, weights too large", "relu", "he_normal", 1.6, "suited"),
    ("ReLU with He", "relu", "he_normal", 1.0, "inits"),
    ("Tanh with Glorot", "tanh", "glorot_uniform", 1.0, "inits"),
    ("SELU with LeCun", "selu", "lecun_normal", 1.0, "inits"),
    ("All weights zero", "tanh", "zeros", 1.0, "inits"),
)


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(DepthSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    depth, compared = _measured(spec)
    with picture:
        visual("depth", frame(spec, depth, compared), key=key, height=_HEIGHT, edits=_EDITS)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec, depth)))
    formula, code, papers = st.tabs(["The product", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    with formula:
        for line in product(spec, depth):
            st.latex(line)
        prose(
            "On its way back the gradient in a layer's sums is multiplied by the weights to the layer before, and by the "
            "slopes of the activation there: $\\delta_l = (\\delta_{l+1} W_{l+1}) \\odot f'(z_l)$. Each $\\lVert\\delta\\rVert$ "
            "is a root mean square over 64 samples and all units; the bars are the growth of that length by either factor, "
            "so that their product is exactly the step from one layer to the one before."
        )
    if code.open:
        with code:
            prose("This is what ran: a random network, a batch through it, a random gradient back.")
            show_source("playground.functional.depth:gradient_through_depth")
    with papers:
        references(
            "Hochreiter (1991), *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, TU München.",
            "Glorot and Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS.",
            "He, Zhang, Ren and Sun (2015), *Delving deep into rectifiers*, ICCV.",
            "Klambauer, Unterthiner, Mayr and Hochreiter (2017), *Self-normalizing neural networks*, NeurIPS.",
            "Saxe, McClelland and Ganguli (2014), *Exact solutions to the nonlinear dynamics of learning in deep linear "
            "neural networks*, ICLR.",
        )


@once(32)
def _measured(spec: DepthSpec) -> tuple[Depth, Mapping[str, Depth]]:
    """The network that is asked for, and those beside it."""
    return spec.measured(), spec.compared()


def frame(spec: DepthSpec, depth: Depth, compared: Mapping[str, Depth]) -> bytes:
    """What the browser draws. Sizes and factors travel as logarithms to base 10, so that 1e-60 is still a number."""
    blocks = {
        "gradient": _decades(depth.gradients, depth.gradients[-1]),
        "signal": _decades(depth.signals),
        "passed": _decades(depth.passed),
        "stretch": _decades(depth.stretch),
        "compared": np.array(
            [_decades(other.gradients, other.gradients[-1]) for other in compared.values()], dtype=np.float32
        ).reshape(len(compared), spec.layers),
    }
    passed, stretch = means(depth)
    facts = [
        ["Each layer multiplies the gradient by", f"×{_short(depth.factor)}"],
        ["The slopes alone, by", f"×{_short(passed)}"],
        ["The weights alone, by", f"×{_short(stretch)}"],
        ["Reaching the first layer", f"×{_short(arriving(depth))}"],
        ["Units of a layer that are not alike", f"{int(depth.distinct.min())} of {spec.width}"],
    ]
    header = {
        "layers": spec.layers,
        "gain": spec.gain,
        "factor": round(depth.factor, 4),
        "arrives": f"×{_short(arriving(depth))}",
        "compared": list(compared),
        "facts": facts,
        "words": advice(spec, depth),
        "tries": tries(),
        "alt": f"{_named(spec)}, {spec.layers} layers. {depth.words}",
        "altFactors": f"At each layer the slopes multiply the gradient by {_short(passed)} and the weights by {_short(stretch)}, "
        f"together by {_short(depth.factor)}, in the mean.",
    }
    return pack("depth", header, blocks)


def tries() -> list[dict[str, Any]]:
    """Experiments that are one press away."""
    return [
        {
            "label": label,
            "changes": {"activation": activation, "init": init, "gain": gain, "layers": 20, "compare": compare},
        }
        for label, activation, init, gain, compare in _TRIES
    ]


def means(depth: Depth) -> tuple[float, float]:
    """What slopes and weights multiply a gradient by between two layers, as geometric means; 0 where nothing is left."""
    if len(depth.gradients) == 1:
        return float(depth.passed[0]), float(depth.stretch[0])
    pair = []
    for factors in (depth.passed[:-1], depth.stretch[1:]):
        alive = bool((factors > 0).all() and np.isfinite(factors).all())
        pair.append(float(np.exp(np.log(factors).mean())) if alive else 0.0)
    return pair[0], pair[1]


def arriving(depth: Depth) -> float:
    """The gradient in the first layer as a multiple of that in the last; 0 where there is none in the last."""
    first, last = float(depth.gradients[0]), float(depth.gradients[-1])
    return first / last if last else 0.0


def advice(spec: DepthSpec, depth: Depth) -> str:
    """What becomes of the gradient, and what to try, in two or three sentences."""
    suited = INITIALISERS[spec.suited()].title
    if (depth.distinct == 1).all() and spec.width > 1:
        return (
            f"The {spec.width} units of a layer are equal, get equal gradients and stay equal: they count as one, and "
            f"nothing flows through weights of 0. Draw the weights at random: {suited}."
        )
    if depth.gradients[-1] == 0:
        return (
            f"{ACTIVATIONS[spec.activation].title}: the slope is 0 wherever this batch lies, so no gradient comes back. "
            "Try Tanh or ReLU."
        )
    ratio = arriving(depth)
    if spec.layers == 1:
        return "One layer: there is nothing to multiply yet. Add layers."
    if 0.01 <= ratio <= 100:
        return (
            f"Slopes and weights nearly cancel: ×{_short(depth.factor)} at each layer, so all {spec.layers} layers can learn "
            "with one step size. Try 50 layers, or another gain."
        )
    happens = "vanishes" if ratio < 0.01 else "explodes"
    means_that = (
        "the first layers hardly learn"
        if ratio < 0.01
        else "a step that suits the last layers throws the first ones away"
    )
    return f"The gradient {happens}: ×{_short(depth.factor)} at each layer, and {means_that}. {_remedy(spec, depth, suited)}"


def _remedy(spec: DepthSpec, depth: Depth, suited: str) -> str:
    title = ACTIVATIONS[spec.activation].title
    if spec.activation == "sigmoid" and spec.gain == 1 and spec.init == spec.suited():
        return "A sigmoid's slope is at most 0.25: raise the gain to make up for it, or try Tanh with Glorot, ReLU with He."
    if spec.init != spec.suited() or spec.gain != 1:
        gain = "" if spec.gain == 1 else " at gain 1"
        near = spec.gain / depth.factor if depth.factor > 0 else math.inf
        hint = (
            f", or a gain near {near:.2f}"
            if spec.activation in _PROPORTIONAL and not spec.biases and 0.1 <= near <= 5 and abs(near - 1) > 0.03
            else ""
        )
        return f"Try what suits {title}: {suited}{gain}{hint}."
    if spec.biases:
        return "Biases push sums away from where the theory has them: try without."
    return f"Few units stray far from the theory, and {title} only nearly obeys it: try more width, or another gain."


def what_you_see(spec: DepthSpec, depth: Depth) -> str:
    """The paragraph under the picture."""
    passed, stretch = means(depth)
    mean_slope = float(depth.slopes.mean())
    return (
        f"**What you see.** {_named(spec)}, {spec.layers} layers of {spec.width} units, gain {spec.gain:g}: a real random network. "
        f"A batch of 64 went through it from left to right (*signal*), a random gradient came back from right to left "
        f"(*gradient*, 1 in the last layer). On average the slope of the activation is {mean_slope:.2f}; the slopes let "
        f"×{_short(passed)} of the gradient's length through, the weights make that ×{_short(stretch)}. "
        f"{_alike(spec, depth)} "
        "**Try** to drag the gain until both bars cancel: then the curve is level. The right gain depends on the "
        "activation, which is why each has an initialisation of its own."
    )


def _alike(spec: DepthSpec, depth: Depth) -> str:
    """What is meant by units that are not alike."""
    found = int(depth.distinct.min())
    told = (
        f"In every layer all {spec.width} units"
        if found == spec.width
        else f"In one layer only {found} of {spec.width} units"
    )
    return f"{told} answer the batch differently; units that answer alike get equal gradients, stay alike and count as one."


def product(spec: DepthSpec, depth: Depth) -> tuple[str, str]:
    """The whole way as a formula, and the same with this network's numbers."""
    passed, stretch = means(depth)
    last, result = spec.layers, _tex(arriving(depth))
    general = (
        rf"\frac{{\lVert \delta_1 \rVert}}{{\lVert \delta_{{{last}}} \rVert}} = \prod_{{l=1}}^{{{last - 1}}} "
        r"\underbrace{s_l}_{\text{slopes}} \cdot \underbrace{w_{l+1}}_{\text{weights}}"
    )
    if last == 1 or passed == 0 or stretch == 0:
        return general, f"= {result}"
    return general, rf"\approx ({passed:.3f} \cdot {stretch:.3f})^{{{last - 1}}} = {result}"


def _decades(values: Floats, reference: float = 1.0) -> NDArray[np.float32]:
    """Logarithms to base 10; -300 stands for nothing at all, 300 for more than any number."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logs = np.log10(values) - np.log10(reference)
    return np.asarray(np.nan_to_num(logs, nan=-300.0, posinf=300.0, neginf=-300.0).clip(-300, 300), dtype=np.float32)


def _named(spec: DepthSpec) -> str:
    return f"{ACTIVATIONS[spec.activation].title} with {INITIALISERS[spec.init].title}"


def _short(x: float) -> str:
    if x == 0 or not math.isfinite(x):
        return "0" if x == 0 else "∞"
    if 0.001 <= abs(x) < 1000:
        return f"{x:#.3g}".rstrip(".")
    mantissa, exponent = f"{x:.1e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(_RAISED)}"


def _tex(x: float) -> str:
    if x == 0 or not math.isfinite(x):
        return "0" if x == 0 else r"\infty"
    if 0.001 <= abs(x) < 1000:
        return f"{x:.3g}"
    mantissa, exponent = f"{x:.1e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
