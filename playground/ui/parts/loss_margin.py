"""The view of losses of one logit that decides between two classes."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.core.numbers import percent
from playground.functional.activations import sigmoid
from playground.functional.losses import LOSSES, OfSamples
from playground.functional.margin import crowd_share, zero_one, zero_one_gradient
from playground.specs.losses import MarginSpec
from playground.ui import controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

REACH, STEP = 6.0, 0.01


def drawn(name: str) -> tuple[str, OfSamples, OfSamples]:
    """Title, value and gradient of one of the losses."""
    if name == "zero_one":
        return "0-1 loss", zero_one, zero_one_gradient
    return LOSSES[name].title, LOSSES[name].value, LOSSES[name].gradient


def parameters(name: str, spec: MarginSpec) -> dict[str, float]:
    """What a loss is given by name."""
    return {"gamma": spec.gamma} if name == "focal" else {}


def frame(spec: MarginSpec) -> bytes:
    """Curves over the logit, sampled so that the browser can follow a hand."""
    count = round(2 * REACH / STEP) + 1
    z = np.linspace(-REACH, REACH, count)[:, None]
    t = np.full_like(z, float(spec.truth))
    chosen = [(*drawn(name), parameters(name, spec)) for name in spec.shown]
    return pack(
        "losses.margin",
        {
            "low": -REACH,
            "step": STEP,
            "losses": [{"name": name, "title": drawn(name)[0]} for name in spec.shown],
            "truth": spec.truth,
            "gamma": spec.gamma,
            "crowd": spec.crowd,
        },
        {
            "values": np.stack([value(z, t, **given) for _, value, _, given in chosen]).astype(np.float32),
            "slopes": np.stack([slope(z, t, **given)[:, 0] for _, _, slope, given in chosen]).astype(np.float32),
            "sigmoid": sigmoid(z[:, 0]).astype(np.float32),
        },
    )


def heard(spec: MarginSpec, name: str) -> float:
    """The part of the gradient under one loss that comes from the easy examples."""
    side = 2.0 * float(spec.truth) - 1.0
    one, many, t = (np.full((1, 1), value) for value in (spec.logit, side * spec.easy, float(spec.truth)))
    return crowd_share(drawn(name)[2], one, many, t, spec.crowd, **parameters(name, spec))


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(MarginSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    with picture:
        visual(
            "loss_margin", frame(spec), key=key, height=470, edits=("logit", "easy"), logit=spec.logit, easy=spec.easy
        )
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            for name in spec.shown:
                module = "margin" if name == "zero_one" else "losses"
                show_source(f"playground.functional.{module}:{name}")
                show_source(f"playground.functional.{module}:{name}_gradient")
            show_source("playground.functional.margin:crowd_share")
    with papers:
        references(
            "Cox (1958), *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B 20.",
            "Cortes and Vapnik (1995), *Support-vector networks*, Machine Learning 20.",
            "Lin, Goyal, Girshick, He and Dollár (2017), *Focal loss for dense object detection*, ICCV.",
        )


def what_you_see(spec: MarginSpec) -> str:
    """A few sentences about this very state, and a thing to try."""
    margin = spec.logit * (2 * int(spec.truth) - 1)
    said = [
        f"The margin is the logit counted towards the true class: {margin:g} here, "
        f"so the unit is {'right' if margin > 0 else 'wrong'}."
    ]
    if "zero_one" in spec.shown:
        said.append("The 0-1 loss is what is counted in the end, but it is flat: no slope says where to go.")
    if "hinge" in spec.shown:
        said.append("Hinge is flat once the margin is beyond 1.")
    if "cross_entropy" in spec.shown:
        said.append("Cross-entropy never quite is.")
    if {"focal", "cross_entropy"} <= set(spec.shown):
        said.append(
            f"Focal turns down the easy ones: of all the gradient, {spec.crowd:,} of them at margin {spec.easy:g} have "
            f"{percent(heard(spec, 'cross_entropy'), 1)} under cross-entropy and {percent(heard(spec, 'focal'), 1)} under focal "
            f"(γ = {spec.gamma:g})."
        )
    return " ".join(said) + " Move the square to 1 and beyond, and see who falls silent."
