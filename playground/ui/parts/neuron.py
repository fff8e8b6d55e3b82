"""The view One neuron: two inputs, two weights, a bias and an activation, and the plane they cut in two."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.core import frames
from playground.functional.activations import ACTIVATIONS
from playground.specs.activations import ANSWERS, CORNERS, HEAVIEST, PLANE, TASKS, WANTED, NeuronSpec, right
from playground.ui import controls, lesson
from playground.ui.page import detail_switch, instrument, prose, references, show_source
from playground.ui.share import share
from playground.ui.visual import visual
from playground.ui.words import minus

HEIGHT = 470
FURTHEST = 2 * HEAVIEST * PLANE + HEAVIEST
"""No sum on the plane is larger."""

STEPS_PER_UNIT = 50
UNBOUNDED = 4.0
"""Colours of an activation without bounds end here."""

ON_THE_PICTURE = ("task", "w1", "w2", "bias", "x1", "x2")


def show(key: str, corner: DeltaGenerator) -> None:
    """Draw the view: controls, the neuron and its plane, what they mean, code and papers."""
    spec = controls.begin(NeuronSpec, key)
    rail, picture = instrument()
    with rail:
        spec = controls.edit(spec, key=key, skip=["task"])
    with picture:
        values = {name: getattr(spec, name) for name in ON_THE_PICTURE}
        visual("neuron", frame(spec.activation), key=key, height=HEIGHT, edits=ON_THE_PICTURE, values=values)
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
            prose("The activation, and how the page counts the corners that lie on their side of the line:")
            function = ACTIVATIONS[spec.activation].function
            show_source(f"{function.__module__}:{function.__name__}")
            show_source("playground.specs.activations:right")
    if papers.open:
        with papers:
            references(
                "W. S. McCulloch, W. Pitts: A logical calculus of the ideas immanent in nervous activity, 1943",
                "F. Rosenblatt: The perceptron: a probabilistic model for information storage and organization in the brain, 1958",
                "M. Minsky, S. Papert: Perceptrons, 1969 (why one line cannot do XOR)",
                ACTIVATIONS[spec.activation].source,
            )


def frame(activation: str) -> bytes:
    """The activation at every sum that can occur, and how its output is coloured."""
    entry = ACTIVATIONS[activation]
    places = int(FURTHEST * STEPS_PER_UNIT)
    y = entry.function(np.arange(-places, places + 1) / STEPS_PER_UNIT)
    low, high = round(float(y[0]), 3), round(float(y[-1]), 3)
    bounded = high - low <= 2.001
    header = {
        "name": entry.title.removesuffix(" (linear)"),
        "per_unit": STEPS_PER_UNIT,
        "scale": [low, high] if bounded else [-UNBOUNDED, UNBOUNDED],
        "bounded": bounded,
        "plane": PLANE,
        "heaviest": HEAVIEST,
        "tasks": TASKS,
        "corners": CORNERS,
        "wanted": WANTED,
        "answers": ANSWERS,
    }
    return frames.pack("neuron", header, {"table": y.astype(np.float32)})


def put_in(spec: NeuronSpec) -> str:
    """The neuron's sum and output for KaTeX, with the numbers of the page put in."""
    z = spec.sum()
    y = float(ACTIVATIONS[spec.activation].function(np.array([z]))[0])
    w1, x1, w2, x2, b = (
        f"{value:.2f}" if value >= 0 else f"({value:.2f})" for value in (spec.w1, spec.x1, spec.w2, spec.x2, spec.bias)
    )
    return (
        r"\begin{aligned} z &= w_1 x_1 + w_2 x_2 + b \\ "
        rf"&= {w1} \cdot {x1} + {w2} \cdot {x2} + {b} = {z:.3f} \\ "
        rf"y &= f(z) = f({z:.3f}) = {y:.3f} \end{{aligned}}"
    )


def what_you_see(spec: NeuronSpec) -> str:
    """What weights and bias do, where this point lies, and a thing to try."""
    z = spec.sum()
    side = "on the line" if z == 0 else "on the side that the arrow points to" if z > 0 else "on the other side"
    steep = float(np.hypot(spec.w1, spec.w2))
    if steep == 0:
        what = "Both weights are 0: whatever comes in, the sum is the bias and the plane has one colour. Pull the arrow out."
    else:
        what = (
            f"The sum is {z:.2f}, so the point lies {side} of the **decision line**, where the sum is 0. The **weights** turn "
            f"that line (their arrow stands upright on it) and set how steep the output rises across it: the arrow's length is "
            f"{steep:.2f}. The **bias** moves the line without turning it; now it passes 0 at a distance of "
            f"{abs(spec.bias) / steep:.2f}."
        )
    return f"{what} {_try(spec)}"


def _try(spec: NeuronSpec) -> str:
    if spec.task == "none":
        return "Choose AND below the picture and place the line so that only the corner (1, 1) lies beyond it."
    count = right(spec.task, spec.w1, spec.w2, spec.bias)
    if spec.task == "xor":
        return (
            "XOR wants two opposite corners on one side. No straight line does that, however you turn it: at most 3 of 4 "
            "are right. It takes a hidden layer; the view Sums and the multilayer perceptron show how."
        )
    if count == len(CORNERS):
        return f"All four corners of {TASKS[spec.task]} are right: one neuron is enough. Now try XOR."
    return f"{count} of 4 corners are right. Drag the arrow to turn the line, and the square on the line to move it."
