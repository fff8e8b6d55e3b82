"""The view of one sigmoid unit that begins sure and wrong, trained with squared error and with cross-entropy."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.core.numbers import decimal
from playground.functional.activations import sigmoid
from playground.functional.losses import LOSSES
from playground.functional.ops import Array
from playground.functional.saturation import first_above, trained_logit
from playground.specs.losses import SaturationSpec
from playground.ui import controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

REACH, STEP = 10.0, 0.02
# The Brier score of one sigmoid is its squared error.
TITLES = {"brier": "Squared error", "cross_entropy": "Cross-entropy"}


def paths(spec: SaturationSpec) -> dict[str, Array]:
    """The probability of the right class before each step, by loss."""
    return {name: sigmoid(trained_logit(LOSSES[name].gradient, spec.logit, spec.lr, spec.steps)) for name in TITLES}


def frame(spec: SaturationSpec, walked: dict[str, Array]) -> bytes:
    """Both losses over the logit, sampled so that the browser can follow a hand, and both paths."""
    z = np.linspace(-REACH, REACH, round(2 * REACH / STEP) + 1)[:, None]
    t = np.ones_like(z)
    return pack(
        "losses.saturation",
        {
            "low": -REACH,
            "step": STEP,
            "losses": [{"name": name, "title": title} for name, title in TITLES.items()],
            "logit": spec.logit,
            "halfway": [first_above(path, 0.5) for path in walked.values()],
        },
        {
            "values": np.stack([LOSSES[name].value(z, t) for name in TITLES]).astype(np.float32),
            "slopes": np.stack([LOSSES[name].gradient(z, t)[:, 0] for name in TITLES]).astype(np.float32),
            "paths": np.stack(list(walked.values())).astype(np.float32),
        },
    )


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(SaturationSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    walked = paths(spec)
    with picture:
        visual("saturation", frame(spec, walked), key=key, height=470, edits=("logit",), logit=spec.logit)
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec, walked)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            st.latex(
                r"\frac{d}{dz}(p - 1)^2 = 2\,(p - 1)\,p\,(1 - p), \qquad \frac{d}{dz}(-\ln p) = p - 1, \qquad p = \sigma(z)"
            )
            for name in ("brier_gradient", "cross_entropy_gradient"):
                show_source(f"playground.functional.losses:{name}")
            show_source("playground.functional.saturation:trained_logit")
    with papers:
        references(
            "Solla, Levin and Fleisher (1988), *Accelerated learning in layered neural networks*, Complex Systems 2.",
            "Golik, Doetsch and Ney (2013), *Cross-entropy vs. squared error training: a theoretical and experimental "
            "comparison*, Interspeech.",
        )


def what_you_see(spec: SaturationSpec, walked: dict[str, Array]) -> str:
    """A few sentences about this very state, and a thing to try."""
    z, t = np.full((1, 1), spec.logit), np.ones((1, 1))
    p = float(sigmoid(z)[0, 0])
    slopes = {name: float(LOSSES[name].gradient(z, t)[0, 0]) for name in TITLES}
    ends = {name: float(path[-1]) for name, path in walked.items()}
    start = (
        f"At logit {spec.logit:g} the unit says {p:.3g}, and its target is 1. "
        f"Squared error has the slope {decimal(slopes['brier'])} there, "
        f"cross-entropy {decimal(slopes['cross_entropy'])}. "
    )
    if spec.logit < -2:
        start += (
            "Squared error's slope is twice the miss, p − 1, times the sigmoid's own slope, p (1 − p), which is nearly 0 where the "
            "unit is sure: the more wrong it is, the less it learns. In cross-entropy's slope that factor cancels, and p − 1 is left. "
        )
    return start + (
        f"After {spec.steps} steps at learning rate {spec.lr:g} squared error has come to {ends['brier']:.3g}, cross-entropy to "
        f"{ends['cross_entropy']:.3g}. Drag the start towards 0: from there both learn."
    )
