"""The view from logits to a loss: exponentials, their sum, probabilities, cross-entropy, and all slopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.softmax import (
    softmax_jacobian,
    tempered,
    tempered_cross_entropy,
    tempered_cross_entropy_gradient,
)
from playground.specs.losses import SoftmaxSpec
from playground.ui import controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus


def numbers(spec: SoftmaxSpec) -> dict[str, Any]:
    """Every number that the view writes out."""
    z, t = np.array([spec.logits]), np.eye(len(spec.logits))[[spec.truth - 1]]
    heat = spec.temperature
    exponentials = np.exp(z / heat)
    return {
        "scaled": (z / heat)[0].tolist(),
        "exp": exponentials[0].tolist(),
        "sum": float(exponentials.sum()),
        "p": tempered(z, heat)[0].tolist(),
        "t": t[0].astype(int).tolist(),
        "loss": float(tempered_cross_entropy(z, t, heat)[0]),
        "gradient": tempered_cross_entropy_gradient(z, t, heat)[0].tolist(),
        "jacobian": softmax_jacobian(z, heat)[0].tolist(),
    }


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(SoftmaxSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    moved: dict[str, Any] = {"logits": list(spec.logits), "truth": spec.truth}
    with picture:
        header = {**numbers(spec), **moved, "temperature": spec.temperature}
        visual("softmax", pack("losses.softmax", header, {}), key=key, height=470, edits=("logits", "truth"), **moved)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            st.latex(
                r"p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}, \qquad \frac{\partial p_i}{\partial z_j} = "
                r"\frac{1}{T}\left(\delta_{ij}\,p_i - p_i\,p_j\right), \qquad \frac{\partial L}{\partial z_j} = \frac{p_j - t_j}{T}"
            )
            prose(
                "The largest logit is taken off all of them first. That changes nothing but keeps the exponentials finite."
            )
            show_source("playground.functional.losses:softmax")
            for name in ("tempered", "softmax_jacobian", "tempered_cross_entropy", "tempered_cross_entropy_gradient"):
                show_source(f"playground.functional.softmax:{name}")
    with papers:
        references(
            "Bridle (1990), *Probabilistic interpretation of feedforward classification network outputs*, Neurocomputing (NATO ASI F 68).",
            "Hinton, Vinyals and Dean (2015), *Distilling the knowledge in a neural network*, arXiv:1503.02531 (temperature).",
        )


def what_you_see(spec: SoftmaxSpec) -> str:
    """A few sentences about this very state, and a thing to try."""
    n = numbers(spec)
    best, most = int(np.argmax(n["p"])) + 1, max(n["p"])
    if spec.temperature < 0.3:
        start = (
            f"At temperature {spec.temperature:g} nearly all goes to the largest logit: class {best} has {most:.3f}. Towards 0 the "
            "softmax becomes the argmax."
        )
    elif spec.temperature > 5:
        start = (
            f"At temperature {spec.temperature:g} the logits hardly count: every class is near 1/{len(n['p'])}, "
            f"the largest has {most:.3f}. Towards infinity all are alike."
        )
    else:
        start = f"Class {best} has the largest logit and so the largest probability, {most:.3f}; all of them sum to 1."
    return (
        f"{start} The true class {spec.truth} has {n['p'][spec.truth - 1]:.3f}, and the loss is the negative logarithm of that, "
        f"{n['loss']:.3f}. Press +1 on all: every exponential grows by the same factor, and nothing to the right of them changes. "
        "Each row and column of the Jacobian sums to 0: what one class gains, the others lose."
    )
