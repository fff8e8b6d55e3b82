"""The view Sums of the page Activations: how a few neurons of one hidden layer bend a line into a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional import sums
from playground.functional.activations import ACTIVATIONS
from playground.functional.sums import EXTENT, TARGETS
from playground.specs.sums import LARGEST, MOST, STEEPEST, SumsSpec
from playground.ui import controls, lesson
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

_EDITS = ("target", "activation", "neurons")
_HEIGHT = 470
_REACH = 2 * EXTENT * STEEPEST
"""As far as a neuron's sum gets, so that the table need not be guessed beyond its ends."""
_TABLE = int(_REACH * 100) + 1
_SYMBOLS = {"sigmoid": "σ", "identity": "", "relu": "ReLU", "step": "step"}
_TRIES: tuple[tuple[str, str, str, tuple[float, ...]], ...] = (
    ("A bump of two steps", "bump", "sigmoid", (-0.95, 4, 1, 0.95, 4, -1)),
    ("Without an activation", "bump", "identity", (-0.95, 0.5, 1, 0.95, 0.5, -0.6)),
    ("Three kinks", "bump", "relu", (-1.6, 1, 0.62, 0, 1, -1.24, 1.6, 1, 0.62)),
    ("Stairs", "stairs", "sigmoid", (-2.7, 2, 0.5, 0.4, 2, 0.5, 2.7, 2, 0.5)),
    ("Wave", "sine", "tanh", (-3.5, 1.5, 1, -1.2, 1.5, -0.8, 0.3, 1.5, 0.8, 1.8, 1.5, -0.8, 3.4, 1.5, 0.6)),
)


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view.

    Args:
        key: The view's key.
        corner: What ``page.heading`` returned.
    """
    spec = controls.begin(SumsSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
        _fit(spec, key)
    with picture:
        visual("sums", frame(spec), key=key, height=_HEIGHT, edits=_EDITS)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec)))
    formula, code, papers = st.tabs(["The theorem", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    with formula:
        st.latex(r"y(x) = \sum_{i=1}^{k} v_i \, f(w_i x + b_i), \qquad \text{kink at } x = -\frac{b_i}{w_i}")
        prose(
            "**What it promises.** With enough neurons such a sum comes as close as you like to any continuous curve on an "
            "interval: Cybenko (1989) for sigmoids, Hornik (1991) for any bounded activation that is not constant, Leshno "
            "and others (1993) for everything but polynomials. Identity is a polynomial, and so are sums of it: a line.\n\n"
            "**What it does not.** It says that good weights exist. It does not say how few neurons are enough, nor that "
            "training finds the weights, nor that the sum is right between and beyond the points it was fitted to."
        )
    if code.open:
        with code:
            prose("Both fits, and the gradient that training follows:")
            show_source("playground.functional.sums:solve_outputs")
            show_source("playground.specs.sums:SumsSpec.trained")
            show_source("playground.functional.sums:gradient")
    with papers:
        references(
            "Cybenko (1989), *Approximation by superpositions of a sigmoidal function*, MCSS 2.",
            "Hornik (1991), *Approximation capabilities of multilayer feedforward networks*, Neural Networks 4.",
            "Leshno, Lin, Pinkus and Schocken (1993), *Multilayer feedforward networks with a nonpolynomial activation "
            "function can approximate any function*, Neural Networks 6.",
            "Kingma and Ba (2015), *Adam: a method for stochastic optimization*, ICLR.",
        )


def frame(spec: SumsSpec) -> bytes:
    """What the browser draws: the activation as a table, the target where it is compared, the neurons."""
    activation = ACTIVATIONS[spec.activation]
    bounded = abs(float(activation.function(np.array([100.0]))[0])) < 2
    header = {
        "neurons": spec.neurons,
        "target": spec.target,
        "targetTitle": TARGETS[spec.target].title,
        "activation": spec.activation,
        "title": activation.title,
        "symbol": _SYMBOLS.get(spec.activation, activation.title),
        "reach": _REACH,
        "extent": EXTENT,
        "steepest": STEEPEST,
        "largest": LARGEST,
        "most": MOST,
        # How far into a neuron's bend its round handle lies: near the end of an S, one unit up a ramp.
        "bend": 4.0 if bounded else 1.0,
        "line": sums.line_error(sums.places(), spec.wanted()),
        "tries": tries(),
    }
    z = np.linspace(-_REACH, _REACH, _TABLE)
    blocks = {
        "table": np.asarray(activation.function(z), dtype=np.float32),
        "target": spec.wanted().astype(np.float32),
    }
    return pack("sums", header, blocks)


def tries() -> list[dict[str, Any]]:
    """Experiments that are one press away."""
    return [
        {"label": label, "changes": {"target": target, "activation": activation, "neurons": list(neurons)}}
        for label, target, activation, neurons in _TRIES
    ]


def what_you_see(spec: SumsSpec) -> str:
    """The paragraph under the picture."""
    count = len(spec.rows())
    line = sums.line_error(sums.places(), spec.wanted())
    title = ACTIVATIONS[spec.activation].title
    seen = (
        f"**What you see.** A hidden layer of {count} neuron{'s' if count > 1 else ''} with {title} (thin lines, each "
        f"weighted by its output weight), their sum (bold) and the target (dashed). The mean squared error over "
        f"{sums.SAMPLES} places is {spec.error():.3g}; the best straight line has {line:.3g}. "
    )
    if spec.activation == "identity":
        return seen + (
            "**Identity** bends nothing: $v_1(w_1 x + b_1) + v_2(w_2 x + b_2) + \\dots$ is "
            "$(v_1 w_1 + v_2 w_2 + \\dots)\\,x + (v_1 b_1 + v_2 b_2 + \\dots)$, again one line, however many neurons or "
            "layers. The activation is what makes depth and width worth having. **Try** any other one."
        )
    if spec.activation == "step":
        return seen + (
            "A **step** has no slope to follow: *Fit them for me* can change only the output weights, and the kinks stay "
            "where you put them. **Try** a sigmoid, which is a step that can be trained."
        )
    return seen + (
        "**Try** to beat *Fit them for me*: it follows the gradient from where your neurons stand, so it ends in different "
        "places from different starts, sometimes in a poor one. *Solve weights* leaves kinks and slopes "
        "alone; what remains is linear, and has one best answer."
    )


@once(32)
def _trained(spec: SumsSpec) -> tuple[float, ...]:
    return spec.trained()


def _fit(spec: SumsSpec, key: str) -> None:
    """The two buttons that fit the neurons here, in Python."""
    told = lesson.current()
    if "neurons" in told.hide:
        return
    st.button(
        "Fit them for me", key=f"{key}-train", width="stretch",
        help=f"{spec.steps:,} steps of gradient descent (Adam) on all numbers of all neurons, from where they stand now.",
        disabled="neurons" in told.lock, on_click=lambda: controls.assign(key, neurons=_trained(spec)),
    )  # fmt: skip
    st.button(
        "Solve weights", key=f"{key}-solve", width="stretch",
        help="Kinks and slopes stay; the output weights with the smallest error are solved for at once (least squares).",
        disabled="neurons" in told.lock, on_click=lambda: controls.assign(key, neurons=spec.solved()),
    )  # fmt: skip
