"""The view of losses of a number: what a miss costs, and which constant each loss puts in place of many points."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack
from playground.functional.location import location
from playground.functional.losses import LOSSES
from playground.specs.losses import LossesSpec
from playground.ui import controls
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

# A constant within the plane of the points is at most so far from any of them.
REACH, STEP = 12.0, 0.02


def parameters(name: str, spec: LossesSpec) -> dict[str, float]:
    """What a loss is given by name."""
    return {"delta": spec.delta} if name == "huber" else {}


def picks(spec: LossesSpec) -> dict[str, tuple[float, float]]:
    """The constants that each shown loss chooses for the points, lowest and highest."""
    points = np.array(spec.points)
    return {name: location(LOSSES[name].gradient, points, **parameters(name, spec)) for name in spec.shown}


def frame(spec: LossesSpec) -> bytes:
    """Curves sampled so that the browser can follow a hand, and what the points make of each loss."""
    miss = np.arange(-REACH, REACH + STEP / 2, STEP)[:, None]
    chosen = [(LOSSES[name], parameters(name, spec)) for name in spec.shown]
    return pack(
        "losses.residual",
        {
            "low": -REACH,
            "step": STEP,
            "losses": [{"name": loss.name, "title": loss.title} for loss, _ in chosen],
            "points": list(spec.points),
            "picks": list(picks(spec).values()),
        },
        {
            "values": np.stack([loss.value(miss, 0 * miss, **given) for loss, given in chosen]).astype(np.float32),
            "slopes": np.stack([loss.gradient(miss, 0 * miss, **given)[:, 0] for loss, given in chosen]).astype(
                np.float32
            ),
        },
    )


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(LossesSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    with picture:
        visual(
            "loss_residual", frame(spec), key=key, height=470, edits=("residual", "points"),
            residual=spec.residual, points=list(spec.points),
        )  # fmt: skip
    with corner:
        detail_switch()
    share(spec, corner)

    prose(minus(what_you_see(spec)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            for name in spec.shown:
                st.latex(LOSSES[name].formula)
                show_source(f"playground.functional.losses:{name}")
                show_source(f"playground.functional.losses:{name}_gradient")
            show_source("playground.functional.location:location")
    with papers:
        references(
            "Huber (1964), *Robust estimation of a location parameter*, Annals of Mathematical Statistics 35.",
            *(LOSSES[name].source for name in spec.shown if name != "huber"),
        )


def what_you_see(spec: LossesSpec) -> str:
    """A few sentences about this very state, and a thing to try."""
    r, chosen = spec.residual, {name: sum(ends) / 2 for name, ends in picks(spec).items()}
    said = []
    if "mse" in spec.shown:
        said.append(
            f"At a residual of {r:g} squared error costs {r * r:.3g} and pulls with {2 * r:.3g}: twice the miss, twice the pull."
        )
    if "mae" in spec.shown:
        said.append("Absolute error pulls with 1 on either side, however far it is.")
    if "huber" in spec.shown:
        near = abs(r) <= spec.delta
        said.append(
            f"Huber is {'still a parabola here' if near else 'already a straight line here'}, as the miss is "
            f"{'not above' if near else 'above'} δ = {spec.delta:g}."
        )
    if {"mse", "mae"} <= chosen.keys():
        said.append(
            f"So the constant that squared error chooses for the points is their mean, {chosen['mse']:.2f}, and absolute "
            f"error's is their median, {chosen['mae']:.2f}."
        )
    return " ".join(said) + " Drag the farthest point further out: the mean follows it, the median does not move."
