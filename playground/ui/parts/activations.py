"""The view Curve: an activation and its slope, with a place on them that the hand drags."""

from __future__ import annotations

import functools
import re

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core import frames
from playground.core.numbers import percent
from playground.functional.activations import ACTIVATIONS
from playground.specs.activations import REACH, ActivationsSpec
from playground.ui import controls, lesson
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.picker import Tile
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus
from playground.viz import thumbnails

HEIGHT = 470
STEPS_PER_UNIT = 100
"""The curves are sampled wherever the marker can stand, so that what is read is exact."""

FLAT = 0.05
"""A slope smaller than this lets next to nothing of a gradient through."""

# As in the registry, with the parameters as letters instead of their usual values.
FORMULAS = {
    "leaky_relu": r"\begin{cases} x & x > 0 \\ \mathrm{slope}\;x & x \le 0 \end{cases}",
    "prelu": r"\begin{cases} x & x > 0 \\ a\;x & x \le 0 \end{cases}",
    "elu": r"\begin{cases} x & x > 0 \\ \alpha\,(e^x - 1) & x \le 0 \end{cases}",
    "silu": r"\frac{x}{1 + e^{-\beta\,x}}",
}
# How to find each of them there.
_LETTERS = {"slope": r"\\mathrm\{slope\}", "a": r"(?<![a-z\\])a(?![a-z])", "alpha": r"\\alpha", "beta": r"\\beta"}


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view: controls, the two curves, what they mean, code and papers."""
    spec = controls.begin(ActivationsSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key, tiles={"activation": tiles()}, skip=["x"])
    with picture:
        visual("activations", frame(spec), key=key, height=HEIGHT, edits=["x"], x=spec.x)
    with corner:
        detail_switch()
    share(spec, corner)
    # Presenting, there are no words beside it.
    formula, words = st.columns([11, 1] if lesson.current().present else [5, 7], vertical_alignment="center")
    with formula:
        st.latex(put_in(spec))
    with words:
        prose(minus(what_you_see(spec)))
    code, papers = st.tabs(["Code", "References"], key=f"{key}-tabs", on_change="rerun")
    if code.open:
        with code:
            prose("What drew the two curves, and what a network that uses this activation runs:")
            for function in (ACTIVATIONS[spec.activation].function, ACTIVATIONS[spec.activation].derivative):
                show_source(f"{function.__module__}:{function.__name__}")
    if papers.open:
        with papers:
            references(
                *dict.fromkeys(ACTIVATIONS[name].source for name in spec.drawn()),
                "X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010 (saturation)",
                "S. R. Dubey, S. K. Singh, B. B. Chaudhuri: Activation functions in deep learning, 2022 (a survey)",
            )


@functools.cache
def tiles() -> list[Tile]:
    """A tile for each activation: its curve."""
    reach = 3.0
    x = np.linspace(-reach, reach, 61)
    return [
        Tile(name, entry.title.removesuffix(" (linear)"), thumbnails.curve(x, entry.function(x), reach))
        for name, entry in ACTIVATIONS.items()
    ]


def frame(spec: ActivationsSpec) -> bytes:
    """Value and slope of every drawn activation, ``(2, k, n)``, at each place where the marker can stand."""
    places = int(REACH * STEPS_PER_UNIT)
    x = np.arange(-places, places + 1) / STEPS_PER_UNIT
    lines, named = [], []
    for name in spec.drawn():
        entry, given = ACTIVATIONS[name], spec.parameters(name)
        lines.append((entry.function(x, **given), entry.derivative(x, **given)))
        named.append(entry.title.removesuffix(" (linear)"))
    curves = np.array(lines, dtype=np.float32).transpose(1, 0, 2)
    header = {"names": named, "reach": REACH, "per_unit": STEPS_PER_UNIT, "flat": FLAT, "share": flat_share(spec)}
    return frames.pack("activations", header, {"curves": curves})


def at(spec: ActivationsSpec) -> tuple[float, float]:
    """Value and slope of the chosen activation at the marker."""
    entry, given, x = ACTIVATIONS[spec.activation], spec.parameters(spec.activation), np.array([spec.x])
    return float(entry.function(x, **given)[0]), float(entry.derivative(x, **given)[0])


def flat_share(spec: ActivationsSpec) -> float:
    """The share of the drawn axis where the chosen activation is next to level."""
    x = np.linspace(-REACH, REACH, 1201)
    slope = ACTIVATIONS[spec.activation].derivative(x, **spec.parameters(spec.activation))
    return float(np.mean(np.abs(slope) < FLAT))


def put_in(spec: ActivationsSpec) -> str:
    """The definition for KaTeX, and the same with the marker's number put in."""
    formula = FORMULAS.get(spec.activation, ACTIVATIONS[spec.activation].formula)
    branch = re.search(r"\\begin\{cases\}(.*?)&.*?\\\\(.*?)&.*?\\end\{cases\}", formula)
    inner = formula
    if branch:  # only the line that holds at this x
        chosen = branch[1] if spec.x > 0 else branch[2]
        chosen = f"({chosen.strip()})" if formula[: branch.start()].strip() else chosen.strip()
        inner = formula[: branch.start()] + chosen + formula[branch.end() :]
    for name, number in spec.parameters(spec.activation).items():
        inner = re.sub(_LETTERS[name], _number(number), inner)
    inner = re.sub(r"\^x", f"^{{{spec.x:.2f}}}", inner)
    inner = re.sub(r"(?<![A-Za-z\\])x(?![A-Za-z])", _number(spec.x), inner)
    inner = re.sub(r"(?<=\d)\)?\\[,;](?=[\d(])", lambda found: found[0][:-2] + r"\cdot ", inner)
    value = _shown(at(spec)[0])
    return rf"\begin{{aligned}} f(x) &= {formula} \\[6pt] f({spec.x:.2f}) &= {inner} = {value} \end{{aligned}}"


def _number(value: float) -> str:
    return f"{value:.2f}" if value >= 0 else f"({value:.2f})"


def _shown(value: float) -> str:
    """About three digits; a power of ten where there are none left."""
    if value and abs(value) < 5e-4:
        base, power = f"{value:.1e}".split("e")
        return rf"{base} \cdot 10^{{{int(power)}}}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"


def what_you_see(spec: ActivationsSpec) -> str:
    """Two or three sentences about this curve, and a thing to try."""
    entry, flat = ACTIVATIONS[spec.activation], flat_share(spec)
    slope = at(spec)[1]
    return " ".join([entry.summary, _learning(spec.activation, flat), _try(spec, slope)])


def _learning(name: str, flat: float) -> str:
    if name == "step":
        return "Its slope is 0 everywhere: no gradient ever comes through, so backpropagation cannot train what lies before it."
    if name == "identity":
        return "Its slope is 1 everywhere: gradients pass untouched, but many such layers together are still one straight line."
    if flat < 0.01:
        return "Nowhere on this axis is it flat: some of every gradient comes through."
    return (
        f"On {percent(flat)} of this axis it is flat (slope under {FLAT:g}). A unit whose sum lies there is **saturated**: hardly "
        "any gradient comes through, and the weights before it hardly learn."
    )


def _steeper(spec: ActivationsSpec) -> str:
    """Where to drag the point, from a flat place, for a slope that is worth having; empty where there is none."""
    entry, given = ACTIVATIONS[spec.activation], spec.parameters(spec.activation)
    ways = (("towards 0", 0.5 * np.sign(spec.x)), ("past 0", -0.5 * np.sign(spec.x)))
    for said, x in ways:
        if x and abs(float(entry.derivative(np.array([x]), **given)[0])) >= 2 * FLAT:
            return said
    return ""


def _try(spec: ActivationsSpec, slope: float) -> str:
    if abs(slope) < FLAT and (goal := _steeper(spec)):
        return f"Drag the point {goal} and watch the tangent rise and the bars on the right come back."
    if spec.activation == "sigmoid":
        return (
            "Drag the point to 0: even at its steepest, only a quarter of a gradient comes through. Then compare tanh."
        )
    if spec.activation in ("relu", "hard_tanh"):
        return "Drag the point across the corner: the slope jumps, nothing in between."
    if ACTIVATIONS[spec.activation].parameters:
        return "Move the slider of its parameter and watch the left half of the slope."
    return "Drag the point along the curve, and compare with ReLU and the sigmoid."
