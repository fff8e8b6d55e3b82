"""Schedules: how each lets the learning rate change, and how far each gets with it, in noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core.frames import pack, single
from playground.functional.surfaces import SURFACES
from playground.optim.descent import Paths
from playground.optim.landscape import Floats
from playground.optim.rules import RULES
from playground.optim.schedules import SCHEDULES
from playground.specs.schedules import SchedulesSpec
from playground.ui import controls
from playground.ui.computing import once
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.parts.ground import ground
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

_SHARE = 0.1
"""The last part of a run, over which its loss is averaged."""


@dataclass(frozen=True)
class View:
    """What the page shows of one experiment: the packed picture, and each schedule's mean loss at the end."""

    frame: bytes
    ends: dict[str, float]
    begin: float


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view."""
    spec = controls.begin(SchedulesSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key)
    seen = view(spec)
    with picture:
        visual("schedules", seen.frame, key=key, height=470, edits=("schedule",))
    with corner:
        detail_switch()
    share(spec, corner)
    prose(minus(_prose(spec, seen)))
    formula, code, papers = st.tabs(["Formula", "Code", "References"], key=f"{key}-tabs", on_change="rerun")
    with formula:
        chosen = SCHEDULES[spec.schedule]
        prose(f"{chosen.title}: the learning rate at step $t$ of $T$ is $\\eta_t = \\eta\\,\\varphi(t)$ with")
        st.latex(r"\varphi(t) = " + chosen.formula)
        values = ", ".join(
            f"${_SYMBOLS.get(name, name)} = {value:g}$" for name, value in spec.parameters(spec.schedule).items()
        )
        prose(
            f"Here $\\eta = {spec.rate:g}$, $T = {spec.steps}$"
            + (f", {values}." if values else ".")
            + f" {chosen.summary}"
        )
    if code.open:
        with code:
            show_source(f"playground.optim.schedules:{spec.schedule}")
            show_source("playground.optim.descent:descend")
    with papers:
        references(
            SCHEDULES[spec.schedule].source + ".",
            "Loshchilov and Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*, ICLR.",
            "Goyal et al. (2017), *Accurate, large minibatch SGD: training ImageNet in 1 hour*.",
            "Smith and Topin (2018), *Super-convergence: very fast training of neural networks using large learning rates*.",
            "Bottou, Curtis and Nocedal (2018), *Optimization methods for large-scale machine learning*, SIAM Review 60.",
        )


_SYMBOLS = {
    "every": "s / T",
    "gamma": r"\gamma",
    "final": "f",
    "share": "w / T",
    "first": "f",
    "peak": "p",
    "start": "d",
}


@once(32)
def view(spec: SchedulesSpec) -> View:
    """Race all schedules and pack what is drawn."""
    race = spec.race()
    means = {name: mean_excess(paths) for name, paths in race.items()}
    last = max(1, round(_SHARE * spec.steps))
    ends = {name: float(np.mean(mean[-last:])) for name, mean in means.items()}
    begin = float(means["constant"][0])
    land = ground(SURFACES[spec.surface])
    header = {
        **land.header,
        "names": list(race), "titles": [SCHEDULES[name].title for name in race], "chosen": list(race).index(spec.schedule),
        "rate": spec.rate, "ends": list(ends.values()), "runs": spec.runs if spec.noise > 0 else 1, "begin": begin,
        "words": minus(_words(spec, ends)), "alt": minus(_alt(spec, ends)),
        "start": SURFACES[spec.surface].start, "minima": SURFACES[spec.surface].minima,
    }  # fmt: skip
    blocks = {
        "factors": np.array([paths.factors for paths in race.values()], dtype=np.float32),
        "losses": single(np.array(list(means.values()))),
        "paths": single(np.array([paths.positions[0] for paths in race.values()]).transpose(0, 2, 1)),
        **land.blocks,
    }  # fmt: skip
    return View(pack("schedules", header, blocks), ends, begin)


def mean_excess(paths: Paths) -> Floats:
    """How far above the lowest place the runs are on average at each step; not-a-number once one has left for good."""
    found: Floats = paths.losses.mean(axis=0) - paths.verdict.lowest
    return found


def _ranked(ends: dict[str, float]) -> list[str]:
    return sorted((name for name in ends if np.isfinite(ends[name])), key=ends.__getitem__)


def _words(spec: SchedulesSpec, ends: dict[str, float]) -> str:
    title, mine, plain = SCHEDULES[spec.schedule].title, ends[spec.schedule], ends["constant"]
    if not np.isfinite(mine) or mine > 1e6:
        return f"{title} diverges: {spec.rate:g} is too large a rate here. Lower it."
    if spec.schedule == "constant":
        kept = "keeps jittering at" if spec.noise > 0 else "ends at"
        best = _ranked(ends)[0]
        return f"Constant {kept} a loss of {mine:.3g}. The best schedule, {SCHEDULES[best].title}, ends at {ends[best]:.3g}."
    if not np.isfinite(plain) or plain > 1e6:
        return f"{title} ends at a loss of {mine:.3g}; a constant rate of {spec.rate:g} diverges."
    ratio = plain / max(mine, 1e-300)
    told = (
        f"{ratio:.3g} times lower than"
        if ratio > 1.15
        else f"{1 / ratio:.3g} times higher than"
        if ratio < 0.87
        else "about as low as"
    )
    return f"{title} ends at a mean loss of {mine:.3g}, {told} a constant rate ({plain:.3g})."


def _alt(spec: SchedulesSpec, ends: dict[str, float]) -> str:
    listed = ", ".join(f"{SCHEDULES[name].title} {ends[name]:.3g}" for name in _ranked(ends))
    return (
        f"{len(SCHEDULES)} schedules drive {RULES[spec.optimizer].title} on {SURFACES[spec.surface].title} for {spec.steps} steps "
        f"at a rate of {spec.rate:g}, gradient noise {spec.noise:g}. Mean loss over the last tenth, from the lowest: {listed}. "
        f"{_words(spec, ends)}"
    )


def _prose(spec: SchedulesSpec, seen: View) -> str:
    if spec.noise == 0:
        return (
            "There is no noise: a constant rate below the limit goes on falling, and a rate that decays only comes late. "
            "Give the gradients noise, as they have when they are measured on a few samples, and see why rates are let fall."
        )
    mean = f"The lower picture is the mean of {spec.runs} runs, each with noise of its own. " if spec.runs > 1 else ""
    return (
        f"{mean}Each step carries noise times the rate, so a constant rate settles into a jitter whose height it sets: halve it "
        "and the floor falls, but the way down takes longer. A schedule has both: large steps first, small ones last. "
        "Click a line or its name to look at it; raise the learning rate until the constant one diverges, and see which survive."
    )
